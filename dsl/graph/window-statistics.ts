import type { StatefulOp } from './node.ts';

/** Statistics of a full window that need more than a pass over it, as node.ts defines them: slow and plain, what emitted code is compared with. */
const STATISTICS = {
  nearestRank: (window, percent) => ascending(window)[Math.max(Math.ceil((percent * window.length) / 100), 1) - 1] ?? Number.NaN,
  mode,
  medianDeviation: (window) => {
    const middle = medianOf(ascending(window));
    return medianOf(ascending(window.map((x) => Math.abs(x - middle))));
  },
  skewness: (window) => {
    const [second, third] = moments(window, (square, x) => square * x);
    return second > 0 ? third / (second * Math.sqrt(second)) : Number.NaN;
  },
  kurtosis: (window) => {
    const [second, fourth] = moments(window, (square) => square * square);
    return second > 0 ? fourth / (second * second) - 3 : Number.NaN;
  },
  entropy,
  rankCorrelation,
  rescaledRange,
} as const satisfies Partial<Record<StatefulOp, (window: readonly number[], argument: number) => number>>;

export type WindowStatistic = keyof typeof STATISTICS;

export const isWindowStatistic = (op: StatefulOp): op is WindowStatistic => Object.hasOwn(STATISTICS, op);

/** @param argument percent, bins or correction, of those that have one */
export function windowStatistic(op: WindowStatistic, window: readonly number[], argument: number): number {
  return STATISTICS[op](window, argument);
}

const ascending = (window: readonly number[]): readonly number[] => window.toSorted((a, b) => a - b);
const sumOf = (values: readonly number[]): number => values.reduce((sum, x) => sum + x, 0);

function medianOf(sorted: readonly number[]): number {
  const n = sorted.length;
  return (sorted[(n - 1) >> 1]! + sorted[n >> 1]!) / 2;
}

function mode(window: readonly number[]): number {
  const counts = new Map<number, number>();
  for (const x of ascending(window)) counts.set(x, (counts.get(x) ?? 0) + 1);
  const most = Math.max(...counts.values());
  return [...counts].find(([, count]) => count === most)![0];
}

/** Mean square of the deviations from the mean, and mean of another power of them. */
function moments(window: readonly number[], power: (square: number, x: number) => number): readonly [number, number] {
  const n = window.length;
  const newest = window[n - 1]!;
  const mean = sumOf(window.map((x) => x - newest)) / n;
  const deviations = window.map((x) => x - newest - mean);
  return [sumOf(deviations.map((x) => x * x)) / n, sumOf(deviations.map((x) => power(x * x, x))) / n];
}

function entropy(window: readonly number[], bins: number): number {
  const [low, high] = [Math.min(...window), Math.max(...window)];
  if (low === high) return 0;
  const counts = new Map<number, number>();
  for (const x of ascending(window)) {
    const bin = Math.min(Math.floor(((x - low) / (high - low)) * bins), bins - 1);
    counts.set(bin, (counts.get(bin) ?? 0) + 1);
  }
  const shares = [...counts.values()].map((count) => count / window.length);
  return 0 - sumOf(shares.map((share) => share * Math.log(share))) / Math.LN2;
}

function rankCorrelation(window: readonly number[]): number {
  const n = window.length;
  // Ranks are whole or half numbers, so that these sums are exact.
  const products = sumOf(window.map((x, place) => rankOf(window, x) * (place + 1)));
  const ties = sumOf([...new Set(window)].map((x) => tiesOf(window.filter((other) => other === x).length)));
  const ofPlaces = (n * (n * n - 1)) / 12;
  const ofRanks = ofPlaces - ties / 12;
  return ofRanks > 0 ? (products - (n * (n + 1) * (n + 1)) / 4) / Math.sqrt(ofRanks * ofPlaces) : Number.NaN;
}

const tiesOf = (alike: number): number => alike * alike * alike - alike;

/** Mean of the ranks, 1 for the lowest, of all values that are equal to x. */
function rankOf(window: readonly number[], x: number): number {
  const below = window.filter((other) => other < x).length;
  const alike = window.filter((other) => other === x).length;
  return below + (alike + 1) / 2;
}

function rescaledRange(window: readonly number[], isCorrected: number): number {
  const n = window.length;
  let [scales, sumX, sumY, sumXY, sumXX] = [0, 0, 0, 0, 0];
  for (let parts = 1; parts <= 32 && Math.floor(n / parts) >= 8; parts *= 2) {
    const size = Math.floor(n / parts);
    let total = 0;
    for (let part = 0; part < parts; part += 1) total += rangeByDeviation(window.slice(n - size * (parts - part)).slice(0, size));
    const found = total / parts;
    const ratio = isCorrected === 1 ? found - expectedRange(size) + Math.sqrt((Math.PI * size) / 2) : found;
    // Nothing moved.
    if (!(found > 0 && ratio > 0)) return Number.NaN;
    const [x, y] = [Math.log(size), Math.log(ratio)];
    scales += 1;
    sumX += x;
    sumY += y;
    sumXY += x * y;
    sumXX += x * x;
  }
  return scales > 1 ? (scales * sumXY - sumX * sumY) / (scales * sumXX - sumX * sumX) : Number.NaN;
}

/** Range of the summed deviations from the mean in standard deviations. */
function rangeByDeviation(part: readonly number[]): number {
  const mean = sumOf(part) / part.length;
  let [sum, low, high, squares] = [0, Infinity, -Infinity, 0];
  for (const x of part) {
    const deviation = x - mean;
    sum += deviation;
    if (sum < low) low = sum;
    if (sum > high) high = sum;
    squares += deviation * deviation;
  }
  return squares > 0 ? (high - low) / Math.sqrt(squares / part.length) : 0;
}

/**
 * What Anis and Lloyd (1976) expect of independent values: gamma((n - 1) / 2) / (sqrt(pi) * gamma(n / 2)) times the sum of sqrt((n - j) / j). The quotient of gammas is 1 for n = 2, 2 / pi for n = 3, and (n - 1) / n of its
 * own for n + 2.
 */
function expectedRange(n: number): number {
  let gammas = n % 2 === 0 ? 1 : 2 / Math.PI;
  for (let k = n % 2 === 0 ? 2 : 3; k < n; k += 2) gammas *= (k - 1) / k;
  let sum = 0;
  for (let j = 1; j < n; j += 1) sum += Math.sqrt((n - j) / j);
  return gammas * sum;
}
