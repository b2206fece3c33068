import type { Columns } from '#core/model/columns.ts';
import { sharedColumns } from '#core/model/columns.ts';
import type { Timeframe } from '#core/model/timeframe.ts';
import { barOpen, isWholeMultiple, nextOpen } from '#core/model/timeframe.ts';
import { StratError } from '#core/errors/strat-error.ts';

/** Bars of a longer timeframe. */
export interface ResampledColumns {
  /** In shared memory; open times are on the grid of the longer timeframe. */
  readonly columns: Columns;
  /** Whether the last source bar ends where the last bar does. A market that closes earlier (a session, a month that ends on a weekend) never fills it. */
  readonly lastIsComplete: boolean;
}

/** First source row of each bar, and behind them the number of rows. */
function bucketStarts(time: Float64Array, to: Timeframe): number[] {
  const starts: number[] = [];
  let end = -Infinity;
  for (let i = 0; i < time.length; i++) {
    const t = time[i] ?? 0;
    if (t < end) continue;
    starts.push(i);
    end = nextOpen(to, barOpen(to, t));
  }
  starts.push(time.length);
  return starts;
}

/**
 * Makes bars of `to` from the bars of `from`: first open, highest high, lowest low, last close, volumes summed oldest first.
 * A bar exists when at least one source bar opens in it; none is invented. Throws DATA_TIMEFRAME unless `to` is a whole
 * multiple of `from` (see `isWholeMultiple`). O(rows).
 */
export function resampleColumns(source: Columns, from: Timeframe, to: Timeframe): ResampledColumns {
  if (!isWholeMultiple(to, from)) {
    throw new StratError('DATA_TIMEFRAME', {
      from: from.name,
      to: to.name,
      reason: to.stepMs < from.stepMs ? 'they are shorter, and candles cannot be split' : 'they are no whole multiple',
      hint: `Give data of ${to.name} bars, or of bars that fit into them`,
    });
  }
  const starts = bucketStarts(source.time, to);
  const bars = starts.length - 1;
  const columns = sharedColumns(bars);
  for (let bar = 0; bar < bars; bar++) {
    const first = starts[bar] ?? 0;
    const end = starts[bar + 1] ?? 0;
    let high = -Infinity;
    let low = Infinity;
    let volume = 0;
    for (let i = first; i < end; i++) {
      high = Math.max(high, source.high[i] ?? NaN);
      low = Math.min(low, source.low[i] ?? NaN);
      volume += source.volume[i] ?? NaN;
    }
    columns.time[bar] = barOpen(to, source.time[first] ?? NaN);
    columns.open[bar] = source.open[first] ?? NaN;
    columns.high[bar] = high;
    columns.low[bar] = low;
    columns.close[bar] = source.close[end - 1] ?? NaN;
    columns.volume[bar] = volume;
  }
  const lastEnd = nextOpen(from, source.time[source.time.length - 1] ?? NaN);
  return { columns, lastIsComplete: bars > 0 && lastEnd >= nextOpen(to, columns.time[bars - 1] ?? NaN) };
}
