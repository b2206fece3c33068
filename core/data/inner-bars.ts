import { StratError } from '#core/errors/strat-error.ts';
import { type Columns, sharedDoubles } from '#core/model/columns.ts';
import { type InnerBars, innerOf } from '#core/model/inner-bars.ts';
import { nextOpen, type Timeframe } from '#core/model/timeframe.ts';

/** Candles of one market and their length. */
export interface TimedColumns {
  readonly columns: Columns;
  readonly timeframe: Timeframe;
}

/**
 * Finds the finer bars that each bar is made of: those that open and end within it, where together they have its open, high, low and close.
 * Where they do not, some of them are missing, and an order could be met by what is not there: such a bar has no inner bars. O(rows).
 * @param file name of the file of the finer bars, for errors
 * @throws StratError DATA_DETAIL when a finer bar leaves the range of its bar: the two do not tell of the same market
 */
export function innerBars(bars: TimedColumns, finer: TimedColumns, file: string): InnerBars {
  const { time } = bars.columns;
  const opens = finer.columns.time;
  const ends = sharedDoubles(time.length);
  const kept: number[] = [];
  let at = 0;
  for (let bar = 0; bar < time.length; bar++) {
    const close = Math.min(nextOpen(bars.timeframe, time[bar]!), time[bar + 1] ?? Infinity);
    while (at < opens.length && opens[at]! < time[bar]!) at += 1;
    const first = at;
    while (at < opens.length && opens[at]! < close) at += 1;
    const isWithin = at > first && nextOpen(finer.timeframe, opens[at - 1]!) <= close;
    if (isWithin) refuseOutside(bars, finer, bar, first, at, file);
    if (isWithin && isMadeOf(bars.columns, bar, finer.columns, first, at)) for (let one = first; one < at; one++) kept.push(one);
    ends[bar] = kept.length;
  }
  const columnOf = (values: Float64Array): Float64Array => {
    const column = sharedDoubles(kept.length);
    for (let place = 0; place < kept.length; place++) column[place] = values[kept[place]!]!;
    return column;
  };
  const { open, high, low, close, volume } = finer.columns;
  return innerOf([ends, ...[opens, open, high, low, close, volume].map(columnOf)]);
}

const minuteOf = (time: number): string => new Date(time).toISOString().slice(0, 16).replace('T', ' ');

const HOUR_MS = 3_600_000;
/** Fewer bars could be made up by chance. */
const LEAST_SEEN = 5;
/** Bars that are looked at. */
const SAMPLE = 500;

/**
 * What is to be added to the times of `bars` so that the finer ones make them up, ms: 0 unless they do so nearly everywhere with it, and mostly not without.
 * Tried are a bar of either (times of the close in the place of the open) and whole hours (zones).
 */
export function timeShift(bars: TimedColumns, finer: TimedColumns): number {
  const places = new Map(Array.from(finer.columns.time, (time, place) => [time, place]));
  const madeShare = (shiftMs: number): number => {
    let [made, seen] = [0, 0];
    for (let bar = 0; bar < bars.columns.time.length && seen < SAMPLE; bar++) {
      const open = bars.columns.time[bar]! + shiftMs;
      const first = places.get(open);
      const last = places.get(nextOpen(bars.timeframe, open) - finer.timeframe.stepMs);
      if (first === undefined || last === undefined) continue;
      seen += 1;
      if (isMadeOf(bars.columns, bar, finer.columns, first, last + 1)) made += 1;
    }
    return seen < LEAST_SEEN ? 0 : made / seen;
  };
  if (madeShare(0) > 0.5) return 0;
  const steps = [bars.timeframe.stepMs, finer.timeframe.stepMs].flatMap((step) => [-step, step]);
  const hours = Array.from({ length: 14 }, (_, hour) => (hour + 1) * HOUR_MS).flatMap((shift) => [-shift, shift]);
  return [...steps, ...hours].find((shift) => madeShare(shift) > 0.9) ?? 0;
}

/** Whether finer bars [first, end) have the prices of a bar. They lie within its range. */
function isMadeOf(bars: Columns, bar: number, finer: Columns, first: number, end: number): boolean {
  let [hasHigh, hasLow] = [false, false];
  for (let at = first; at < end; at++) {
    hasHigh ||= finer.high[at] === bars.high[bar];
    hasLow ||= finer.low[at] === bars.low[bar];
  }
  return hasHigh && hasLow && finer.open[first] === bars.open[bar] && finer.close[end - 1] === bars.close[bar];
}

function refuseOutside(bars: TimedColumns, finer: TimedColumns, bar: number, first: number, end: number, file: string): void {
  const [high, low] = [bars.columns.high[bar]!, bars.columns.low[bar]!];
  for (let at = first; at < end; at++) {
    const [top, bottom] = [finer.columns.high[at]!, finer.columns.low[at]!];
    if (top <= high && bottom >= low) continue;
    const inner = `its ${finer.timeframe.name} bar of ${minuteOf(finer.columns.time[at]!)} trades from ${bottom} to ${top}`;
    const outer = `the ${bars.timeframe.name} bar of ${minuteOf(bars.columns.time[bar]!)}, which trades from ${low} to ${high}`;
    throw new StratError('DATA_DETAIL', {
      file,
      reason: `${inner}, outside of ${outer}`,
      hint: `Give bars of the same market and venue; or let strat make the longer ones from them: the same file for --data and --detail, with --timeframe ${bars.timeframe.name}`,
    });
  }
}
