import type { Columns } from '#core/model/columns.ts';
import { barsBetween, type Timeframe } from '#core/model/timeframe.ts';
import { ExpectedBars } from '../calendar/expected-bars.ts';
import type { MarketCalendar } from '../calendar/market-calendar.ts';
import { medianOf } from './robust-scale.ts';

/** A place at which bars are missing. */
export interface Gap {
  /** Opens of the bars on both sides, ms. */
  readonly after: number;
  readonly before: number;
  readonly missing: number;
  /** Of the bar behind it. */
  readonly row: number;
}

/** Places at which bars are missing that the calendar has, in the order of time. */
export function gapsOf({ time }: Pick<Columns, 'time'>, timeframe: Timeframe, calendar: MarketCalendar): readonly Gap[] {
  const expected = new ExpectedBars(calendar, timeframe);
  const gaps: Gap[] = [];
  for (let row = 1; row < time.length; row++) {
    const [after, before] = [time[row - 1]!, time[row]!];
    if (barsBetween(timeframe, after, before) <= 1) continue;
    const missing = expected.between(after, before);
    if (missing > 0) gaps.push({ after, before, missing, row });
  }
  return gaps;
}

/** A market that trades at all is seldom without a quote for longer. */
const QUIET_MS = 5 * 60_000;
const SAMPLE_BARS = 65_536;

/**
 * Which of the gaps look as if nobody had quoted or traded, rather than as if something were lost: no longer than five minutes, on a market with
 * hours of its own, with a bar beside them that moves no more than half of all bars do, and the price behind them where it was. Sources that make bars of
 * quotes or trades have none of a minute without any.
 */
export function quietGaps(
  { open, high, low, close }: Omit<Columns, 'time' | 'volume'>,
  timeframe: Timeframe,
  calendar: MarketCalendar,
  gaps: readonly Gap[],
): ReadonlySet<Gap> {
  const short = gaps.filter(({ missing }) => missing * timeframe.stepMs <= QUIET_MS);
  if (short.length === 0 || calendar.spans === null) return new Set();
  const range = (row: number): number => high[row]! / low[row]! - 1;
  // Of long series every so many bars tell as much.
  const every = Math.ceil(high.length / SAMPLE_BARS);
  const usual = medianOf(Float64Array.from({ length: Math.ceil(high.length / every) }, (_, at) => range(at * every)));
  return new Set(
    short.filter(({ row }) => Math.min(range(row - 1), range(row)) <= usual && Math.abs(open[row]! / close[row - 1]! - 1) <= usual),
  );
}

/** Rows of bars outside of the hours of the market. */
export interface OutsideRows {
  /** Nobody trades then. */
  readonly closed: readonly number[];
  /** Before and behind the session of an exchange. */
  readonly extended: readonly number[];
}

/** Bars that are there although the calendar has the market closed, or its session not begun or over. */
export function barsOutside({ time }: Pick<Columns, 'time'>, timeframe: Timeframe, calendar: MarketCalendar): OutsideRows {
  const [closed, extended]: [number[], number[]] = [[], []];
  if (calendar.possible === null) return { closed, extended };
  const expected = new ExpectedBars(calendar, timeframe);
  for (let row = 0; row < time.length; row++) {
    if (expected.isRegular(time[row]!)) continue;
    (calendar.hasExtendedHours && expected.mayTradeIn(time[row]!) ? extended : closed).push(row);
  }
  return { closed, extended };
}
