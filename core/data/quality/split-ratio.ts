import type { Columns } from '#core/model/columns.ts';
import { medianOf } from './robust-scale.ts';

/** New shares for one old one: splits, and reverse splits as parts. Smaller ones look like a bad day. */
const RATIOS = [3 / 2, 2, 3, 4, 5, 6, 7, 8, 10, 15, 20, 25, 30, 50, 100].flatMap((ratio) => [ratio, 1 / ratio]);
/** Share by which the open may be off the ratio: the night's own move, which is small beside it. */
const TOLERANCE = 0.03;
/** Bars on each side by which levels and turnover are compared. */
const AROUND = 10;
/** Turnover in money goes on over a split; a crash multiplies it. */
const MOST_TURNOVER = 3;
const LEAST_BARS = 5;

/**
 * The ratio of a split between this bar and the one before; null when it seems none. The open stands at a ratio of splits to the last close, the bar
 * itself is a usual one, prices stay there, and money goes on changing hands as before: at three times as many shares for 1/3 of the price.
 */
export function splitAt(columns: Columns, row: number): number | null {
  const { open, close, high, low, volume } = columns;
  if (row < LEAST_BARS || row + 1 >= close.length) return null;
  const quotient = close[row - 1]! / open[row]!;
  if (Math.abs(Math.log(quotient)) < Math.log(1.4)) return null;
  const ratio = RATIOS.find((one) => Math.abs(quotient / one - 1) <= TOLERANCE);
  if (ratio === undefined) return null;
  const size = Math.abs(Math.log(ratio));
  // What moves on within the bar as it did between the bars is a crash.
  if (Math.log(high[row]! / low[row]!) > size / 2) return null;
  const from = Math.max(0, row - AROUND);
  const to = Math.min(close.length, row + AROUND);
  const [before, after] = [medianOf(close.slice(from, row)), medianOf(close.slice(row, to))];
  if (Math.abs(Math.log(before / after / ratio)) > size / 3) return null;
  const money = (begin: number, end: number): number =>
    medianOf(Float64Array.from({ length: end - begin }, (_, at) => volume[begin + at]! * close[begin + at]!));
  const turnover = money(row, to) / money(from, row);
  const isQuiet = Number.isNaN(turnover) || (turnover < MOST_TURNOVER && turnover > 1 / MOST_TURNOVER);
  return isQuiet ? ratio : null;
}
