import type { AccountRegister } from '#core/model/strategy-abi.ts';
import type { MachineName } from './machines/machines.ts';
import type { Chart, ColumnRef } from '#core/model/chart-column.ts';

/** Index of a node in `Graph.nodes`; arguments always come before the nodes that use them. */
export type NodeId = number;

/** How often a value can change: never, once a run (it depends on params or the market's units), every bar. */
export type Rate = 'const' | 'param' | 'series';

/** Arithmetic on numbers; na (NaN) passes through. `min` and `max` give na when either side is. Angles are radians; `asin` and `acos` of what is beyond -1 to 1 are na. */
export const NUMERIC_OPS = [
  'neg',
  'abs',
  'sqrt',
  'log',
  'exp',
  'sin',
  'cos',
  'tan',
  'asin',
  'acos',
  'atan',
  'floor',
  'ceil',
  'round',
  'sign',
  'add',
  'sub',
  'mul',
  'div',
  'pow',
  'min',
  'max',
] as const;
export type NumericOp = (typeof NUMERIC_OPS)[number];

/** Numbers to a condition: true, false, or unknown when a side is na. */
export const COMPARE_OPS = ['lt', 'le', 'gt', 'ge', 'eq', 'ne'] as const;
export type CompareOp = (typeof COMPARE_OPS)[number];

/** Three-valued logic (Kleene); `isNa` of a number or condition is never unknown. */
export const LOGIC_OPS = ['not', 'and', 'or', 'isNa'] as const;
export type LogicOp = (typeof LOGIC_OPS)[number];

/**
 * Primitives with memory. The first arguments are inputs, the others are lengths or factors that do not change within a
 * run. A window gives na until it holds `n` finite inputs in a row; an input that is na or infinite empties it.
 *
 * - `delay(x, n)`: x n bars ago, whatever it was; na before there were n bars.
 * - `sum(x, n)`: built oldest first when the window fills, and where a block of time begins (rebuilding.ts), else `s + (x - x[n])` a bar. Of a condition: 1 for
 *   true, 0 for false, na for unknown.
 * - `variance(x, n)`: mean of squared deviations (ddof 0), built as sums are, updated as Welford's rolling form; never below zero. Values count from the oldest
 *   of the window that it was built from, so that nothing is lost where prices are large and move little.
 * - `covariance(x, y, n)`: mean of products of deviations, the same way; a bar counts when both are finite.
 * - `highest(x, n)`, `lowest(x, n)`; `highestAge(x, n)`, `lowestAge(x, n)`: bars since that value (0..n-1), of equal ones the latest; of `highestFirstAge`, `lowestFirstAge` the earliest.
 * - `weightedSum(x, n)`: 1 x oldest + 2 x next + ... + n x newest, added oldest first.
 * - `bellMean(x, n, c, d)`: weights `exp(-(k - c * (n - 1))^2 / (2 * (n / d)^2))`, k = 0 for the oldest; products added oldest first / weights added so.
 * - `meanDeviation(x, n)`: mean distance from the window's mean (built oldest first).
 * - `percentile(x, n, p)`: p in percent (0..100) of the sorted window, linear between neighbours: place (n - 1) * p / 100, value `a + (b - a) * fraction`.
 * - `percentRank(x, n)`: share in percent of the window's other n - 1 values that are below or equal to the newest; na for n = 1.
 * - `nearestRank(x, n, p)`: member of the sorted window at place max(ceil(n * p / 100), 1) of 1..n, p in percent (0..100).
 * - `mode(x, n)`: the value that the window holds most often; of several the lowest.
 * - `medianDeviation(x, n)`: median of the distances from the window's median, each the mean of the two in the middle when n is even.
 * - `skewness(x, n)`, `kurtosis(x, n)`: m3 / m2^1.5 and m4 / m2^2 - 3 of the mean powers of deviations (divided by n), which are taken from the newest value
 *   first, so that large prices lose no digits; na when nothing moved.
 * - `entropy(x, n, b)`: Shannon entropy in bits of b bins of one width from the lowest to the highest, which belongs to the last one; 0 when nothing moved.
 * - `rankCorrelation(x, n)`: correlation of the ranks of the window with their places, equal values at the mean of their ranks; na when nothing moved.
 * - `rescaledRange(x, n, c)`: Hurst's exponent, the slope of log(R/S) against log(size) over 1, 2, 4, ... 32 parts of at least 8 values each, the oldest left over
 *   dropped: R the range of the summed deviations from a part's mean, S their deviation, R/S their mean, 0 of a part that did not move. c = 1 replaces what Anis and
 *   Lloyd expect of pure chance by sqrt(pi * size / 2). na when R/S is not above 0, and for n < 16.
 * - `lastMean(x, k, n)`: mean of the last floor(k) values, newest first; k may vary from 1 to n. `sineSum(x, k, n)`, `cosineSum(x, k, n)`: their sum, the one of
 *   j bars ago times the sine or cosine of 2 pi j / floor(k). na when so many finite ones in a row are not there.
 * - `recursive(x, a, n)`: mean of the first n finite inputs, then `y + (x - y) * a`; an na input gives na and changes nothing.
 * - `allOf(c, n)`, `anyOf(c, n)`: `and`, `or` over a condition and its last n - 1 values; bars before the first are unknown.
 * - `parabolic(high, low, step, max)`: Wilder's parabolic stop and reverse, the level that holds for this bar (see parabolic.ts).
 */
export const STATEFUL_OPS = [
  'delay',
  'sum',
  'variance',
  'covariance',
  'highest',
  'lowest',
  'highestAge',
  'highestFirstAge',
  'lowestFirstAge',
  'lowestAge',
  'weightedSum',
  'bellMean',
  'meanDeviation',
  'percentile',
  'percentRank',
  'nearestRank',
  'mode',
  'medianDeviation',
  'skewness',
  'kurtosis',
  'entropy',
  'rankCorrelation',
  'rescaledRange',
  'lastMean',
  'sineSum',
  'cosineSum',
  'recursive',
  'allOf',
  'anyOf',
  'parabolic',
] as const;
export type StatefulOp = (typeof STATEFUL_OPS)[number];

/** Number of leading arguments that are inputs. */
export function inputsOf(op: StatefulOp): 1 | 2 {
  return op === 'covariance' || op === 'parabolic' || isOfLast(op) ? 2 : 1;
}

/** Place among the arguments of the window's length; null for an operator without one. */
export function lengthPlaceOf(op: StatefulOp): number | null {
  if (op === 'parabolic') return null;
  return op === 'covariance' || op === 'recursive' || isOfLast(op) ? 2 : 1;
}

/** Whether it looks at as many of the last values as a series says. */
const isOfLast = (op: StatefulOp): boolean => op === 'lastMean' || op === 'sineSum' || op === 'cosineSum';

/** Units of the market that the host knows: smallest price step (0 = not known), pip (0.0001 or 0.01), base units of a contract. */
export const MARKET_UNITS = ['tick', 'pip', 'contract'] as const;
export type MarketUnit = (typeof MARKET_UNITS)[number];

interface NodeBase {
  readonly args: readonly NodeId[];
  readonly rate: Rate;
  /** Its value is true, false or unknown (1, 0, NaN where stored) rather than a number. */
  readonly isCondition: boolean;
  /** It depends on the account, so it is computed after the broker's steps of the bar. */
  readonly usesAccount: boolean;
  /** The chart whose bars it is computed on (0 = the traded one); of values that are no series always 0. */
  readonly chart: number;
  /** Of a difference: nothing of it is read but whether it is above or below zero. Left out: more is. */
  readonly isSignOnly?: boolean;
}

export type GraphNode = NodeBase &
  (
    | { readonly op: 'const'; readonly value: number }
    | { readonly op: 'param'; readonly index: number }
    | { readonly op: 'unit'; readonly unit: MarketUnit }
    | { readonly op: 'column'; readonly column: ColumnRef }
    /** Index of the bar on its chart. */
    | { readonly op: 'barIndex' }
    | { readonly op: 'account'; readonly register: AccountRegister }
    /**
     * The value that loop number `loop` had on the bar before; na on its first bar. The `loop` node, args [value, start], is `start` while the value
     * before is na, else `value`. Every `self` has exactly one `loop`, which comes after it and lies on the same chart.
     */
    | { readonly op: 'self'; readonly loop: number }
    | { readonly op: 'loop'; readonly loop: number }
    /**
     * Args [x]: the value of x, a node of another chart than the traded one, at the last bar of that chart which closed not after this bar's close; na before the first, and
     * when that bar closed more than `maxAgeMs` before this bar's close (null: it never gets too old).
     */
    | { readonly op: 'sample'; readonly maxAgeMs: number | null }
    /**
     * An indicator plugin of the program's list: args are its inputs, its params, doubles of state (at most `stateSize`), bars of lookback. It has no value
     * of its own.
     */
    | { readonly op: 'plugin'; readonly plugin: number; readonly stateSize: number }
    /** Args [plugin]: one of its outputs. */
    | { readonly op: 'pluginOutput'; readonly output: number }
    /**
     * A machine of dsl/graph/machines/: args are its inputs, then what it is made with. It has no value of its own.
     */
    | { readonly op: 'machine'; readonly machine: MachineName }
    /** Args [machine]: one of its outputs. */
    | { readonly op: 'machineOutput'; readonly output: number }
    | { readonly op: DerivedOp }
  );

/** Operators that only combine other nodes. */
export type DerivedOp = 'select' | NumericOp | CompareOp | LogicOp | StatefulOp;

export type Op = GraphNode['op'];

export interface Graph {
  readonly nodes: readonly GraphNode[];
  /** Charts by number; the first is the traded one. */
  readonly charts: readonly Chart[];
}

const isOneOf =
  <T extends string>(ops: readonly T[]) =>
  (op: string): op is T =>
    (ops as readonly string[]).includes(op);

export const isNumericOp = isOneOf(NUMERIC_OPS);
export const isCompareOp = isOneOf(COMPARE_OPS);
export const isLogicOp = isOneOf(LOGIC_OPS);
export const isStatefulOp = isOneOf(STATEFUL_OPS);
