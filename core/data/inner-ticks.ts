import { StratError } from '#core/errors/strat-error.ts';
import { type Columns, sharedDoubles } from '#core/model/columns.ts';
import { type InnerBars, noColumn } from '#core/model/inner-bars.ts';
import { nextOpen } from '#core/model/timeframe.ts';
import type { TimedColumns } from './inner-bars.ts';
import type { Ticks } from './tick-file.ts';

/**
 * Finds the trades, or quotes, that each bar is made of: those of its time, where the first has its open, the last its close, and together they have its
 * high and its low. Of quotes it is the bids that bars are made of, and the one that was in force at the open may be the first. Where they do not, some are
 * missing: such a bar has none. O(rows), in columns of doubles.
 * @param file name of the file of the trades, for errors
 * @throws StratError DATA_DETAIL when one leaves the range of its bar: the two do not tell of the same market
 */
export function innerTicks(bars: TimedColumns, ticks: Ticks, file: string): InnerBars {
  const { time } = bars.columns;
  const rows = time.length;
  const ends = sharedDoubles(rows);
  const firsts = new Float64Array(rows);
  let count = 0;
  let at = 0;
  for (let bar = 0; bar < rows; bar++) {
    const close = Math.min(nextOpen(bars.timeframe, time[bar]!), time[bar + 1] ?? Infinity);
    while (at < ticks.time.length && ticks.time[at]! < time[bar]!) at += 1;
    let first = at;
    while (at < ticks.time.length && ticks.time[at]! < close) at += 1;
    const isInForce = ticks.kind === 'quotes' && first > 0 && ticks.price[first - 1] === bars.columns.open[bar];
    if (isInForce) first -= 1;
    firsts[bar] = first;
    if (at > first && isMadeOf(bars, bar, ticks, first, at, file)) count += at - first;
    ends[bar] = count;
  }
  const kept = (values: Float64Array): Float64Array => {
    if (values.length === 0) return noColumn();
    const column = sharedDoubles(count);
    for (let bar = 0, place = 0; bar < rows; bar++) {
      const length = ends[bar]! - place;
      column.set(values.subarray(firsts[bar], firsts[bar]! + length), place);
      place = ends[bar]!;
    }
    return column;
  };
  return {
    ends,
    time: kept(ticks.time),
    open: kept(ticks.price),
    high: noColumn(),
    low: noColumn(),
    close: noColumn(),
    volume: kept(ticks.qty),
    ask: kept(ticks.ask),
    spread: ticks.kind === 'quotes' ? spreads(bars.columns, ticks) : noColumn(),
  };
}

function isMadeOf({ columns, timeframe }: TimedColumns, bar: number, ticks: Ticks, first: number, end: number, file: string): boolean {
  const [open, high, low, close] = [columns.open[bar]!, columns.high[bar]!, columns.low[bar]!, columns.close[bar]!];
  let [hasHigh, hasLow] = [false, false];
  for (let at = first; at < end; at++) {
    const price = ticks.price[at]!;
    if (price > high || price < low) {
      const what = ticks.kind === 'trades' ? 'its trade' : 'its bid';
      const when = (ms: number): string => new Date(ms).toISOString().replace('T', ' ').replace('Z', '');
      const outer = `the ${timeframe.name} bar of ${when(columns.time[bar]!).slice(0, 16)}, which trades from ${low} to ${high}`;
      throw new StratError('DATA_DETAIL', {
        file,
        reason: `${what} of ${when(ticks.time[at]!)} at ${price} is outside of ${outer}`,
        hint:
          ticks.kind === 'trades'
            ? 'Give trades of the same market and venue'
            : 'Give quotes of the same market and venue; --data has to be candles of their bids',
      });
    }
    hasHigh ||= price === high;
    hasLow ||= price === low;
  }
  return hasHigh && hasLow && ticks.price[first] === open && ticks.price[end - 1] === close;
}

/** Of each bar the spread of the last quote before it; before the first quote that of the first. */
function spreads({ time }: Columns, ticks: Ticks): Float64Array {
  const spread = sharedDoubles(time.length);
  let at = 0;
  for (let bar = 0; bar < time.length; bar++) {
    while (at + 1 < ticks.time.length && ticks.time[at + 1]! < time[bar]!) at += 1;
    spread[bar] = ticks.ask[at]! - ticks.price[at]!;
  }
  return spread;
}
