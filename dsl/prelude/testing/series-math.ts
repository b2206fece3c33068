/** Columns that definitions of functions are written over: na as NaN, conditions as 1, 0 and NaN. */
export interface Data {
  /** The source, with gaps. */
  readonly x: readonly number[];
  /** Conditions that are unknown here and there. */
  readonly c: readonly number[];
  readonly d: readonly number[];
  readonly open: readonly number[];
  readonly high: readonly number[];
  readonly low: readonly number[];
  readonly close: readonly number[];
  readonly volume: readonly number[];
  readonly time: readonly number[];
  readonly month: readonly number[];
  readonly year: readonly number[];
}

export type Definition = (data: Data, n: number) => number[];

export const na = Number.NaN;
export const mean = (w: readonly number[]): number => w.reduce((sum, value) => sum + value, 0) / w.length;
export const moment = (a: readonly number[], b: readonly number[]): number =>
  mean(a.map((value, k) => (value - mean(a)) * (b[k]! - mean(b))));
export const isFlat = (w: readonly number[]): boolean => w.every((value) => value === w[0]);

/** f of the last n values; na while one of them is missing. */
export const window = (x: readonly number[], n: number, f: (w: readonly number[]) => number): number[] =>
  x.map((_, i) => (i < n - 1 || x.slice(i - n + 1, i + 1).some(Number.isNaN) ? na : f(x.slice(i - n + 1, i + 1))));

export const pairs = (
  x: readonly number[],
  y: readonly number[],
  n: number,
  f: (a: readonly number[], b: readonly number[]) => number,
): number[] =>
  window(
    x.map((value, i) => (Number.isNaN(value + y[i]!) ? na : i)),
    n,
    ([from = 0]) => f(x.slice(from, from + n), y.slice(from, from + n)),
  );

/** Recursive averages: the mean of the first n known values, then step by step; bars without a value are passed over. */
export const recursive = (x: readonly number[], n: number, factor: number): number[] => {
  const known: number[] = [];
  let y = na;
  return x.map((value) => {
    if (Number.isNaN(value)) return na;
    known.push(value);
    if (known.length === n) y = mean(known);
    if (known.length > n) y = (1 - factor) * y + factor * value;
    return known.length < n ? na : y;
  });
};

export const ema = (x: readonly number[], n: number): number[] => recursive(x, n, 2 / (n + 1));
export const minus = (a: readonly number[], b: readonly number[]): number[] => a.map((value, i) => value - b[i]!);
export const past = (x: readonly number[], n: number): number[] => x.map((_, i) => x[i - n] ?? na);
/** Slope of the line of least squares of y against x. */
export const leastSquaresOf = (x: readonly number[], y: readonly number[]): number => moment(x, y) / moment(x, x);
export const leastSquares = (w: readonly number[]): number => {
  const index = w.map((_, k) => k);
  return leastSquaresOf(index, w);
};

/** The value of `right` bars ago where it is above all of the bars around it. */
export function turns(x: readonly number[], left: number, right: number): number[] {
  return x.map((_, i) => {
    const around = x.slice(Math.max(0, i - right - left), i + 1);
    const top = around[left]!;
    const isWhole = around.length === left + right + 1 && !around.some(Number.isNaN);
    return isWhole && around.every((value, k) => k === left || value < top) ? top : na;
  });
}

export function trueRanges({ high, low, close }: Data): number[] {
  return high.map((top, i) => Math.max(top, close[i - 1] ?? top) - Math.min(low[i]!, close[i - 1] ?? low[i]!));
}

/** Wilder's average of true ranges, the first bar included. */
export const averageRange = (data: Data, n: number): number[] => recursive(trueRanges(data), n, 1 / n);
