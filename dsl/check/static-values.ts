import type { CalendarColumn, ColumnRef } from '#core/model/chart-column.ts';
import { applyCompare, applyLogic, applyNumeric, applySelect } from '../graph/arithmetic.ts';
import type { GraphBuilder } from '../graph/graph-builder.ts';
import { type GraphNode, isCompareOp, isLogicOp, isNumericOp, type NodeId } from '../graph/node.ts';

/** What a param may be: its whole range, and whether every value in it is a whole number. */
export interface ParamSpace {
  readonly low: number;
  readonly high: number;
  readonly whole: boolean;
}

/** Bounds of the values that a node can have, over the whole range of its params and any market. */
export type Interval = ParamSpace;

const ANYTHING: Interval = { low: -Infinity, high: Infinity, whole: false };

interface KnownParam {
  readonly space: ParamSpace;
  readonly default: number;
  readonly value: number;
}

/**
 * What is known of nodes before the run: the values of those that are fixed by then (const and param), at the defaults and
 * as set for this compilation, and bounds of all of them. Nodes come in order, so each is computed once.
 */
export class StaticValues {
  readonly #builder: GraphBuilder;
  readonly #params: KnownParam[] = [];
  readonly #defaults: number[] = [];
  readonly #values: number[] = [];
  readonly #intervals: Interval[] = [];
  readonly #bounds = new Map<NodeId, Interval>();
  readonly #lengthParams = new Set<number>();
  readonly #markedLengths = new Set<NodeId>();

  constructor(builder: GraphBuilder) {
    this.#builder = builder;
  }

  /** What is known of a node beyond what it is made of; to be said before the node is asked about. */
  bound(id: NodeId, interval: Interval): void {
    this.#bounds.set(id, interval);
  }

  addParam(space: ParamSpace, defaultValue: number, value: number): void {
    this.#params.push({ space, default: defaultValue, value });
  }

  isStatic(id: NodeId): boolean {
    return this.#builder.node(id).rate !== 'series';
  }

  isConst(id: NodeId): boolean {
    return this.#builder.node(id).op === 'const';
  }

  defaultOf(id: NodeId): number {
    this.#extendTo(id);
    return this.#defaults[id] ?? Number.NaN;
  }

  valueOf(id: NodeId): number {
    this.#extendTo(id);
    return this.#values[id] ?? Number.NaN;
  }

  intervalOf(id: NodeId): Interval {
    this.#extendTo(id);
    return this.#intervals[id] ?? ANYTHING;
  }

  /** Says what is known of a node from its definition, beyond what arithmetic shows. */
  declare(id: NodeId, interval: Interval): void {
    const { low, high, whole } = this.intervalOf(id);
    this.#intervals[id] = { low: Math.max(low, interval.low), high: Math.min(high, interval.high), whole: whole || interval.whole };
  }

  /** Says that a node serves as a length, so the params in it are whole numbers. */
  markLength(id: NodeId): void {
    const node = this.#builder.node(id);
    if (node.op === 'param') this.#lengthParams.add(node.index);
    if (node.op === 'param' || this.#markedLengths.has(id)) return;
    this.#markedLengths.add(id);
    // A rounded value takes any number.
    if (node.op === 'round' || node.op === 'floor' || node.op === 'ceil') return;
    for (const arg of node.args) this.markLength(arg);
  }

  get lengthParams(): ReadonlySet<number> {
    return this.#lengthParams;
  }

  #extendTo(id: NodeId): void {
    for (let next = this.#intervals.length; next <= id; next += 1) {
      const node = this.#builder.node(next);
      this.#defaults.push(this.#compute(node, this.#defaults, (param) => param.default));
      this.#values.push(this.#compute(node, this.#values, (param) => param.value));
      this.#intervals.push(this.#bounds.get(next) ?? this.#span(node));
    }
  }

  #isColumn(id: NodeId | undefined, column: string): boolean {
    const node = id === undefined ? undefined : this.#builder.node(id);
    return node?.op === 'column' && node.column.kind === 'bar' && node.column.name === column;
  }

  #compute(node: GraphNode, known: readonly number[], pick: (param: KnownParam) => number): number {
    if (node.rate === 'series') return Number.NaN;
    if (node.op === 'const') return node.value;
    if (node.op === 'param') {
      const param = this.#params[node.index];
      return param === undefined ? Number.NaN : pick(param);
    }
    const [a = Number.NaN, b = Number.NaN, c = Number.NaN] = node.args.map((arg) => known[arg]!);
    if (node.op === 'select') return applySelect(a, b, c);
    if (isNumericOp(node.op)) return applyNumeric(node.op, a, b);
    if (isCompareOp(node.op)) return applyCompare(node.op, a, b);
    return isLogicOp(node.op) ? applyLogic(node.op, a, b) : Number.NaN;
  }

  #span(node: GraphNode): Interval {
    if (node.op === 'const')
      return Number.isNaN(node.value) ? ANYTHING : { low: node.value, high: node.value, whole: Number.isInteger(node.value) };
    if (node.op === 'param') return this.#params[node.index]?.space ?? ANYTHING;
    const args = node.args.map((arg) => this.#intervals[arg]!);
    const [a = ANYTHING, b = ANYTHING, c = ANYTHING] = args;
    if (node.isCondition) return TRUTH;
    if (node.op === 'column') return columnRange(node.column);
    if (node.op === 'barIndex') return { ...NOT_NEGATIVE, whole: true };
    if (node.op === 'unit') return NOT_NEGATIVE;
    if (node.op === 'sub' && this.#isColumn(node.args[0], 'high') && this.#isColumn(node.args[1], 'low')) return NOT_NEGATIVE;
    if (node.op === 'select') return { low: Math.min(b.low, c.low), high: Math.max(b.high, c.high), whole: b.whole && c.whole };
    return spanOf(node.op, a, b);
  }
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
    case 'sample':
    case 'delay':
    case 'highest':
    case 'lowest':
      return a;
    case 'recursive':
    case 'percentile':
      return keepsBounds(a) ? a : ANYTHING;
    case 'sum':
      // What is added and taken away again leaves a rounding error behind, except of whole numbers.
      return a.whole && a.low >= 0 ? { low: 0, high: a.high === 0 ? 0 : a.high * b.high, whole: true } : ANYTHING;
    case 'weightedSum':
      return a.low >= 0 ? NOT_NEGATIVE : ANYTHING;
    case 'variance':
    case 'meanDeviation':
      return NOT_NEGATIVE;
    case 'percentRank':
      return { low: 0, high: 100, whole: false };
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
