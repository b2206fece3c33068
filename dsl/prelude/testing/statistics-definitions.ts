import { type Definition, isFlat, leastSquares, mean, moment, na, window } from './series-math.ts';

const sorted = (w: readonly number[]): number[] => [...w].sort((a, b) => a - b);
const median = (w: readonly number[]): number =>
  w.length % 2 === 1 ? sorted(w)[(w.length - 1) / 2]! : mean(sorted(w).slice(w.length / 2 - 1, w.length / 2 + 1));
const centralMoment = (w: readonly number[], power: number): number => mean(w.map((x) => (x - mean(w)) ** power));
const alike = (w: readonly number[], x: number): number => w.filter((other) => other === x).length;

/** Ranks from 1 on; equal values have the mean of the places that they fill. */
const ranks = (w: readonly number[]): number[] => w.map((x) => mean(sorted(w).flatMap((other, place) => (other === x ? [place + 1] : []))));

/** Share of the window in each of the bins. */
function shares(w: readonly number[], bins: number): number[] {
  const [low, high] = [Math.min(...w), Math.max(...w)];
  const edges = Array.from({ length: bins + 1 }, (_, k) => low + (k * (high - low)) / bins);
  return Array.from({ length: bins }, (_, k) => {
    const isLast = k === bins - 1;
    return w.filter((x) => x >= edges[k]! && (isLast ? x <= high : x < edges[k + 1]!)).length / w.length;
  });
}

/** Statistics of windows by their textbook definitions. Calls as in definitions.ts; what a sample of pandas or R gives is in the reference cases. */
export const STATISTICS_DEFINITIONS: Readonly<Record<string, Definition>> = {
  'percentile_nearest(X, N, 30)': ({ x }, n) =>
    window(x, n, (w) => sorted(w).find((value) => w.filter((other) => other <= value).length >= 0.3 * n)!),
  'percentile_nearest(X, N, 0)': ({ x }, n) => window(x, n, (w) => Math.min(...w)),
  'percentile_nearest(X, N, 100)': ({ x }, n) => window(x, n, (w) => Math.max(...w)),
  'mad(X, N)': ({ x }, n) => window(x, n, (w) => median(w.map((value) => Math.abs(value - median(w))))),
  'mode(X, N)': ({ x }, n) =>
    window(x, n, (w) => Math.min(...w.filter((value) => alike(w, value) === Math.max(...w.map((other) => alike(w, other)))))),
  'skew(X, N)': ({ x }, n) => window(x, n, (w) => (isFlat(w) ? na : centralMoment(w, 3) / centralMoment(w, 2) ** 1.5)),
  'kurtosis(X, N)': ({ x }, n) => window(x, n, (w) => (isFlat(w) ? na : centralMoment(w, 4) / centralMoment(w, 2) ** 2 - 3)),
  // By sums of powers of distances, as Excel writes them.
  'skew(X, N + 2, true)': ({ x }, short) =>
    window(x, short + 2, (w) => {
      const n = short + 2;
      const deviation = Math.sqrt((moment(w, w) * n) / (n - 1));
      return isFlat(w) ? na : (n / ((n - 1) * (n - 2))) * w.reduce((sum, value) => sum + ((value - mean(w)) / deviation) ** 3, 0);
    }),
  'kurtosis(X, N + 3, true)': ({ x }, short) =>
    window(x, short + 3, (w) => {
      const n = short + 3;
      const deviation = Math.sqrt((moment(w, w) * n) / (n - 1));
      const sum = w.reduce((total, value) => total + ((value - mean(w)) / deviation) ** 4, 0);
      const whole = (n * (n + 1)) / ((n - 1) * (n - 2) * (n - 3));
      return isFlat(w) ? na : whole * sum - (3 * (n - 1) ** 2) / ((n - 2) * (n - 3));
    }),
  'entropy(X, N, 4)': ({ x }, n) =>
    window(x, n, (w) => (isFlat(w) ? 0 : shares(w, 4).reduce((sum, share) => sum - (share > 0 ? share * Math.log2(share) : 0), 0))),
  'rci(X, N + 1)': ({ x }, n) =>
    window(x, n + 1, (w) => {
      const [of, times] = [ranks(w), w.map((_, place) => place)];
      return isFlat(w) ? 0 : (100 * moment(of, times)) / Math.sqrt(moment(of, of) * moment(times, times));
    }),
  'standard_error(X, N)': ({ x }, n) => window(x, n, (w) => Math.sqrt(moment(w, w) / n)),
  'linreg_angle(X, N + 1)': ({ x }, n) => window(x, n + 1, (w) => (Math.atan2(leastSquares(w), 1) / Math.PI) * 180),
};
