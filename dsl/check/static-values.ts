import { applyCompare, applyLogic, applyNumeric, applySelect } from '../graph/arithmetic.ts';
import type { GraphBuilder } from '../graph/graph-builder.ts';
import { type GraphNode, isCompareOp, isLogicOp, isNumericOp, type NodeId } from '../graph/node.ts';
import { ANYTHING, type Interval, nodeRange, type RangeContext } from '../graph/node-range.ts';

/** What a param may be: its whole range, and whether every value in it is a whole number. */
export type ParamSpace = Interval;

interface KnownParam {
  readonly space: ParamSpace;
  readonly default: number;
  readonly value: number;
}

/** What holds of a program at other values of its params than those of a compilation. */
export interface ParamValues {
  /** Places of the params that choose charts. */
  readonly chartParams: ReadonlySet<number>;
  readonly requirements: readonly Requirement[];
}

/** A `require` of the source. */
export interface Requirement {
  /** As written, and why. */
  readonly text: string;
  /** Whether values of all params keep it. */
  readonly holds: (params: ArrayLike<number>) => boolean;
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
  readonly #ranges: RangeContext = {
    nodeOf: (id) => this.#builder.node(id),
    rangeOf: (id) => this.#intervals[id]!,
    paramRange: (index) => this.#params[index]?.space ?? ANYTHING,
  };
  readonly #lengthParams = new Set<number>();
  readonly #chartParams = new Set<number>();
  readonly #requirements: Requirement[] = [];
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

  /** Says that the value of a node chooses a chart: another value of the params in it makes another program. */
  markChart(id: NodeId): void {
    const node = this.#builder.node(id);
    if (node.op === 'param') this.#chartParams.add(node.index);
    for (const arg of node.args) this.markChart(arg);
  }

  get chartParams(): ReadonlySet<number> {
    return this.#chartParams;
  }

  /** A condition that the values of params have to keep. @param text for people */
  addRequirement(id: NodeId, text: string): void {
    this.#requirements.push({ text, holds: (params) => this.#computeWith(id, params) === 1 });
  }

  get requirements(): readonly Requirement[] {
    return this.#requirements;
  }

  /** The value of a node at other values of the params. */
  #computeWith(id: NodeId, params: ArrayLike<number>): number {
    const node = this.#builder.node(id);
    const known: number[] = [];
    for (const arg of node.args) known[arg] = this.#computeWith(arg, params);
    if (node.op === 'param') return params[node.index] ?? Number.NaN;
    return this.#compute(node, known, () => Number.NaN);
  }

  get lengthParams(): ReadonlySet<number> {
    return this.#lengthParams;
  }

  #extendTo(id: NodeId): void {
    for (let next = this.#intervals.length; next <= id; next += 1) {
      const node = this.#builder.node(next);
      this.#defaults.push(this.#compute(node, this.#defaults, (param) => param.default));
      this.#values.push(this.#compute(node, this.#values, (param) => param.value));
      this.#intervals.push(this.#bounds.get(next) ?? nodeRange(node, this.#ranges));
    }
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
}
