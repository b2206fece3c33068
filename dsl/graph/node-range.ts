import type { CalendarColumn, ColumnRef } from '#core/model/chart-column.ts';
import type { GraphNode, NodeId } from './node.ts';

/** Bounds of the values that a node can have; whether all of them are whole numbers. na is no value. */
export interface Interval {
  readonly low: number;
  readonly high: number;
  readonly whole: boolean;
}

export const ANYTHING: Interval = { low: -Infinity, high: Infinity, whole: false };

/** What a range is made of besides the node itself. */
export interface RangeContext {
  readonly nodeOf: (id: NodeId) => GraphNode;
  /** Ranges of the arguments, by node. */
  readonly rangeOf: (id: NodeId) => Interval;
  readonly paramRange: (index: number) => Interval;
}

/** The range of a node by interval arithmetic, in any market. */
export function nodeRange(node: GraphNode, { nodeOf, rangeOf, paramRange }: RangeContext): Interval {
  if (node.op === 'const')
    return Number.isNaN(node.value) ? ANYTHING : { low: node.value, high: node.value, whole: Number.isInteger(node.value) };
  if (node.op === 'param') return paramRange(node.index);
  if (node.isCondition) return TRUTH;
  if (node.op === 'column') return columnRange(node.column);
  if (node.op === 'barIndex') return { ...NOT_NEGATIVE, whole: true };
  if (node.op === 'unit') return NOT_NEGATIVE;
  const isColumn = (id: NodeId | undefined, column: string): boolean => {
    const source = id === undefined ? undefined : nodeOf(id);
    return source?.op === 'column' && source.column.kind === 'bar' && source.column.name === column;
  };
  if (node.op === 'sub' && isColumn(node.args[0], 'high') && isColumn(node.args[1], 'low')) return NOT_NEGATIVE;
  const [a = ANYTHING, b = ANYTHING, c = ANYTHING] = node.args.map(rangeOf);
  if (node.op === 'select') return { low: Math.min(b.low, c.low), high: Math.max(b.high, c.high), whole: b.whole && c.whole };
  return spanOf(node.op, a, b);
}

const TRUTH: Interval = { low: 0, high: 1, whole: true };
const NOT_NEGATIVE: Interval = { low: 0, high: Infinity, whole: false };

const CALENDAR_RANGES: Readonly<Record<CalendarColumn, Interval>> = {
  hour: { low: 0, high: 23, whole: true },
  minute: { low: 0, high: 59, whole: true },
  minute_of_day: { low: 0, high: 1439, whole: true },
  weekday: { low: 1, high: 7, whole: true },
  day: { low: -Infinity, high: Infinity, whole: true },
  day_of_month: { low: 1, high: 31, whole: true },
  month: { low: 1, high: 12, whole: true },
  year: { low: 0, high: Infinity, whole: true },
};

function columnRange(column: ColumnRef): Interval {
  if (column.kind === 'calendar') return CALENDAR_RANGES[column.name];
  if (column.kind === 'model') return column.name === 'value' ? ANYTHING : NOT_NEGATIVE;
  // Longs pay, or are paid.
  return column.kind === 'data' && column.name === 'funding_rate' ? ANYTHING : NOT_NEGATIVE;
}

function spanOf(op: string, a: Interval, b: Interval): Interval {
  const whole = a.whole && b.whole;
  switch (op) {
    case 'neg':
      return { low: -a.high, high: -a.low, whole: a.whole };
    case 'abs':
      return { low: Math.max(0, a.low, -a.high), high: Math.max(-a.low, a.high), whole: a.whole };
    case 'add':
      return { low: a.low + b.low, high: a.high + b.high, whole };
    case 'sub':
      return { low: a.low - b.high, high: a.high - b.low, whole };
    case 'mul':
      return hull([a.low * b.low, a.low * b.high, a.high * b.low, a.high * b.high], whole);
    case 'div':
      return b.low > 0 || b.high < 0 ? hull([a.low / b.low, a.low / b.high, a.high / b.low, a.high / b.high], false) : ANYTHING;
    case 'min':
      return { low: Math.min(a.low, b.low), high: Math.min(a.high, b.high), whole };
    case 'max':
      return { low: Math.max(a.low, b.low), high: Math.max(a.high, b.high), whole };
    case 'floor':
      return { low: Math.floor(a.low), high: Math.floor(a.high), whole: true };
    case 'ceil':
      return { low: Math.ceil(a.low), high: Math.ceil(a.high), whole: true };
    case 'round':
      return { low: Math.round(a.low), high: Math.round(a.high), whole: true };
    case 'sqrt':
      return a.low >= 0 ? { low: Math.sqrt(a.low), high: Math.sqrt(a.high), whole: false } : ANYTHING;
    case 'sin':
    case 'cos':
      return { low: -1, high: 1, whole: false };
    case 'atan':
      return { low: -Math.PI / 2, high: Math.PI / 2, whole: false };
    case 'sample':
    case 'delay':
    case 'highest':
    case 'lowest':
    case 'nearestRank':
    case 'mode':
      return a;
    case 'recursive':
    case 'percentile':
      return keepsBounds(a) ? a : ANYTHING;
    case 'sum':
      // What is added and taken away again leaves a rounding error behind, except of whole numbers.
      return a.whole && a.low >= 0 ? { low: 0, high: a.high === 0 ? 0 : a.high * b.high, whole: true } : ANYTHING;
    case 'weightedSum':
    case 'bellMean':
      return a.low >= 0 ? NOT_NEGATIVE : ANYTHING;
    case 'variance':
    case 'meanDeviation':
    case 'medianDeviation':
    case 'entropy':
      return NOT_NEGATIVE;
    case 'percentRank':
      return { low: 0, high: 100, whole: false };
    case 'highestFirstAge':
    case 'lowestFirstAge':
    case 'highestAge':
    case 'lowestAge':
      return { low: 0, high: b.high - 1, whole: true };
    default:
      return ANYTHING;
  }
}

/** Whether a mean cannot leave the bounds by rounding: between 0 and a whole number (or without an upper bound). */
function keepsBounds({ low, high }: Interval): boolean {
  return low === 0 && (high === Infinity || Number.isSafeInteger(high));
}

function hull(corners: readonly number[], whole: boolean): Interval {
  // 0 x infinity and infinity / infinity: the bound itself is never reached, so the corner is at 0 or covered by the others.
  const known = corners.map((corner) => (Number.isNaN(corner) ? 0 : corner));
  return { low: Math.min(...known), high: Math.max(...known), whole };
}
