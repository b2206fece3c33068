import { createParabolic } from './parabolic.ts';
import type { StatefulOp } from './node.ts';
import { isWindowStatistic, windowStatistic } from './window-statistics.ts';

/**
 * A primitive with memory as node.ts defines it, fed bar by bar with its inputs (`y` of those that have two). Slow and plain on purpose: this is what
 * emitted code is compared with.
 */
export interface Primitive {
  (x: number, y: number): number;
  /** Builds its sums anew from the window that ends with the last bar (see rebuilding.ts). */
  readonly rebuild?: () => void;
}

/** @param fixed the arguments behind the inputs: length, factor, percent */
export function createPrimitive(op: StatefulOp, fixed: readonly number[]): Primitive {
  const [first = Number.NaN, second = Number.NaN] = fixed;
  switch (op) {
    case 'delay':
      return delay(first);
    case 'recursive':
      return recursive(first, second);
    case 'parabolic':
      return createParabolic(first, second);
    case 'allOf':
      return quantified(first, 1);
    case 'anyOf':
      return quantified(first, 0);
    case 'covariance':
      return rollingCovariance(first);
    case 'sum':
      return rollingSum(first);
    case 'variance':
      return rollingVariance(first);
    case 'bellMean': {
      const weights = bellWeights(first, second, fixed[2] ?? Number.NaN);
      const total = weights.reduce((sum, weight) => sum + weight, 0);
      return windowed(first, (window) => window.reduce((sum, x, place) => sum + weights[place]! * x, 0) / total);
    }
    case 'lastMean':
      return ofLast(
        first,
        () => 1,
        (sum, count) => sum / count,
      );
    case 'sineSum':
      return ofLast(first, Math.sin, (sum) => sum);
    case 'cosineSum':
      return ofLast(first, Math.cos, (sum) => sum);
    default:
      if (isWindowStatistic(op)) return windowed(first, (window) => windowStatistic(op, window, second));
      return windowed(first, (window) => ofWindow(op, window, second));
  }
}

const isFinite = (x: number): boolean => x - x === 0;

function delay(n: number): Primitive {
  const inputs: number[] = [];
  return (x) => {
    inputs.push(x);
    return inputs[inputs.length - 1 - n] ?? Number.NaN;
  };
}

/** The last n inputs once there are as many finite ones in a row. */
function windowed(n: number, value: (window: readonly number[]) => number): Primitive {
  let window: number[] = [];
  return (x) => {
    window = isFinite(x) ? [...window.slice(-n + 1 || window.length), x] : [];
    return window.length < n ? Number.NaN : value(window);
  };
}

/** The last floor(k) of at most n inputs, newest first, each times the weight of its angle; k is the second input. */
function ofLast(n: number, weight: (angle: number) => number, result: (sum: number, count: number) => number): Primitive {
  let run: number[] = [];
  return (x, k) => {
    run = isFinite(x) ? [x, ...run.slice(0, n - 1)] : [];
    const count = Math.floor(k);
    if (!(count >= 1 && count <= run.length)) return Number.NaN;
    const sum = run.slice(0, count).reduce((total, value, age) => total + weight((age * (2 * Math.PI)) / count) * value, 0);
    return result(sum, count);
  };
}

function bellWeights(n: number, center: number, sharpness: number): readonly number[] {
  const [peak, width] = [center * (n - 1), n / sharpness];
  return Array.from({ length: n }, (_, place) => Math.exp(-((place - peak) * (place - peak)) / (2 * width * width)));
}

function ofWindow(op: StatefulOp, window: readonly number[], percent: number): number {
  const n = window.length;
  const newest = window[n - 1]!;
  switch (op) {
    case 'highest':
      return window.reduce((best, x) => (x >= best ? x : best));
    case 'lowest':
      return window.reduce((best, x) => (x <= best ? x : best));
    case 'highestFirstAge':
      return n - 1 - window.indexOf(Math.max(...window));
    case 'lowestFirstAge':
      return n - 1 - window.indexOf(Math.min(...window));
    case 'highestAge':
      return n - 1 - window.reduce((best, x, place) => (x >= window[best]! ? place : best), 0);
    case 'lowestAge':
      return n - 1 - window.reduce((best, x, place) => (x <= window[best]! ? place : best), 0);
    case 'weightedSum':
      return window.reduce((sum, x, place) => sum + (place + 1) * x, 0);
    case 'meanDeviation': {
      const mean = window.reduce((sum, x) => sum + x, 0) / n;
      return window.reduce((sum, x) => sum + Math.abs(x - mean), 0) / n;
    }
    case 'percentile': {
      const sorted = window.toSorted((a, b) => a - b);
      const place = ((n - 1) * percent) / 100;
      const low = Math.floor(place);
      const [a, b] = [sorted[low], sorted[Math.min(low + 1, n - 1)]];
      // A percent outside of 0..100 points to no place.
      return a === undefined || b === undefined ? Number.NaN : a + (b - a) * (place - low);
    }
    case 'percentRank':
      return (100 * window.slice(0, -1).filter((x) => x <= newest).length) / (n - 1);
    default:
      throw new RangeError(`"${op}" is no window`);
  }
}

function rollingSum(n: number): Primitive {
  let sum = 0;
  let run = 0;
  const inputs: number[] = [];
  const rebuild = (): void => {
    if (run >= n) sum = inputs.slice(-n).reduce((total, value) => total + value, 0);
  };
  const next = (x: number): number => {
    inputs.push(x);
    run = isFinite(x) ? run + 1 : 0;
    if (run === n) rebuild();
    else if (run > n) sum += x - inputs[inputs.length - 1 - n]!;
    return run >= n ? sum : Number.NaN;
  };
  return Object.assign(next, { rebuild });
}

function rollingCovariance(n: number): Primitive {
  let [run, originX, originY, meanX, meanY, products] = [0, 0, 0, 0, 0, 0];
  const pairs: (readonly [number, number])[] = [];
  const rebuild = (): void => {
    if (run < n) return;
    const window = pairs.slice(-n);
    [originX, originY] = window[0]!;
    meanX = window.reduce((sum, [a]) => sum + (a - originX), 0) / n;
    meanY = window.reduce((sum, [, b]) => sum + (b - originY), 0) / n;
    products = window.reduce((sum, [a, b]) => sum + (a - originX - meanX) * (b - originY - meanY), 0);
  };
  const next = (x: number, y: number): number => {
    pairs.push([x, y]);
    run = isFinite(x) && isFinite(y) ? run + 1 : 0;
    if (run < n) return Number.NaN;
    if (run === n) rebuild();
    else {
      const [oldX, oldY] = pairs[pairs.length - 1 - n]!;
      const nextY = meanY + (y - oldY) / n;
      products += (x - oldX) * (y - originY - nextY) + (y - oldY) * (oldX - originX - meanX);
      meanX += (x - oldX) / n;
      meanY = nextY;
    }
    return products / n;
  };
  return Object.assign(next, { rebuild });
}

function rollingVariance(n: number): Primitive {
  let [run, origin, mean, squares] = [0, 0, 0, 0];
  const inputs: number[] = [];
  const rebuild = (): void => {
    if (run < n) return;
    const window = inputs.slice(-n);
    origin = window[0]!;
    mean = window.reduce((sum, value) => sum + (value - origin), 0) / n;
    squares = window.reduce((sum, value) => sum + (value - origin - mean) * (value - origin - mean), 0);
  };
  const next = (x: number): number => {
    inputs.push(x);
    run = isFinite(x) ? run + 1 : 0;
    if (run < n) return Number.NaN;
    if (run === n) rebuild();
    else {
      const old = inputs[inputs.length - 1 - n]!;
      const moved = mean + (x - old) / n;
      squares += (x - old) * (x - origin - moved + (old - origin - mean));
      mean = moved;
    }
    return squares > 0 ? squares / n : 0;
  };
  return Object.assign(next, { rebuild });
}

function recursive(factor: number, n: number): Primitive {
  let [count, total, mean] = [0, 0, 0];
  return (x) => {
    if (!isFinite(x)) return Number.NaN;
    if (count === n) mean += (x - mean) * factor;
    else {
      total += x;
      count += 1;
      if (count === n) mean = total / n;
    }
    return count === n ? mean : Number.NaN;
  };
}

/** `and` (1) or `or` (0) over the last n values of a condition: all of them alike is `alike`, one of the other kind decides, else it is unknown. */
function quantified(n: number, alike: 0 | 1): Primitive {
  const values: number[] = [];
  return (x) => {
    values.push(x);
    const window = values.slice(-n);
    if (window.some((value) => value === 1 - alike)) return 1 - alike;
    return window.length === n && window.every((value) => value === alike) ? alike : Number.NaN;
  };
}
