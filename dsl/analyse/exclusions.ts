import type { CompareOp, GraphNode, NodeId } from '../graph/node.ts';
import { isCompareOp } from '../graph/node.ts';
import type { IntervalOf } from './exposure-bound.ts';

/** How two numbers can stand to each other. */
type Relation = 'lt' | 'eq' | 'gt';

const ALLOWED: Readonly<Record<CompareOp, readonly Relation[]>> = {
  lt: ['lt'],
  le: ['lt', 'eq'],
  gt: ['gt'],
  ge: ['gt', 'eq'],
  eq: ['eq'],
  ne: ['lt', 'gt'],
};
const OPPOSITE: Readonly<Record<CompareOp, CompareOp>> = { lt: 'ge', le: 'gt', gt: 'le', ge: 'lt', eq: 'ne', ne: 'eq' };
const MIRRORED: Readonly<Record<Relation, Relation>> = { lt: 'gt', eq: 'eq', gt: 'lt' };
/** Ways through the `or`s of one question that are tried, and facts that are looked at for all questions about a program; beyond, nothing is said. */
const MAX_WAYS = 256;
const MAX_WORK = 100_000;

export interface Literal {
  readonly id: NodeId;
  readonly isTrue: boolean;
}

/** What is still to be taken in. */
type Open = { readonly first: Literal; readonly rest: Open } | null;

/**
 * Whether conditions can be seen never to be true (or false) together, whatever the market does and wherever the params lie: comparisons of one value with
 * bounds that exclude each other, or of one pair of values in ways that exclude each other. Sound, not complete: false says nothing. One for each program.
 */
export class Exclusions {
  readonly #nodeOf: (id: NodeId) => GraphNode;
  readonly #intervalOf: IntervalOf;
  #work = MAX_WORK;
  #ways = 0;

  constructor(nodeOf: (id: NodeId) => GraphNode, intervalOf: IntervalOf) {
    this.#nodeOf = nodeOf;
    this.#intervalOf = intervalOf;
  }

  /** Nothing more will be found: too much has been looked at. */
  get isSpent(): boolean {
    return this.#work <= 0;
  }

  exclude(...literals: readonly Literal[]): boolean {
    this.#ways = 0;
    const open = literals.reduceRight<Open>((rest, first) => ({ first, rest }), null);
    return !this.#isPossible(open, new Facts(new Map(), new Map(), new Map()));
  }

  isNeverTrue(id: NodeId): boolean {
    return this.exclude({ id, isTrue: true });
  }

  #isPossible(literals: Open, known: Facts): boolean {
    let [open, facts] = [literals, known];
    while (open !== null) {
      const { first, rest }: NonNullable<Open> = open;
      const { isTrue } = first;
      this.#work -= 1;
      if (this.#work <= 0) return true;
      const node = this.#nodeOf(first.id);
      const [a = 0, b = 0] = node.args;
      open = rest;
      if (node.op === 'const') {
        if (node.value !== (isTrue ? 1 : 0)) return false;
      } else if (node.op === 'not') open = { first: { id: a, isTrue: !isTrue }, rest };
      else if (node.op === 'and' || node.op === 'or') {
        const [left, right] = [
          { id: a, isTrue },
          { id: b, isTrue },
        ];
        if ((node.op === 'and') === isTrue) open = { first: left, rest: { first: right, rest } };
        else {
          this.#ways += 1;
          return this.#ways > MAX_WAYS || this.#isPossible({ first: left, rest }, facts) || this.#isPossible({ first: right, rest }, facts);
        }
      } else {
        const next = facts.with(first, node, this.#intervalOf);
        if (next === null) return false;
        this.#work -= next.count;
        facts = next;
      }
    }
    return true;
  }
}

/** What holds on one way through a condition. */
class Facts {
  readonly #truths: ReadonlyMap<NodeId, boolean>;
  readonly #bounds: ReadonlyMap<NodeId, { readonly low: number; readonly high: number }>;
  readonly #relations: ReadonlyMap<string, readonly Relation[]>;

  constructor(
    truths: ReadonlyMap<NodeId, boolean>,
    bounds: ReadonlyMap<NodeId, { readonly low: number; readonly high: number }>,
    relations: ReadonlyMap<string, readonly Relation[]>,
  ) {
    this.#truths = truths;
    this.#bounds = bounds;
    this.#relations = relations;
  }

  get count(): number {
    return this.#truths.size;
  }

  /** These facts and one more; null when they exclude each other. */
  with({ id, isTrue }: Literal, node: GraphNode, intervalOf: IntervalOf): Facts | null {
    const known = this.#truths.get(id);
    if (known !== undefined) return known === isTrue ? this : null;
    const truths = new Map(this.#truths).set(id, isTrue);
    if (!isCompareOp(node.op)) return new Facts(truths, this.#bounds, this.#relations);
    const op = isTrue ? node.op : OPPOSITE[node.op];
    const [a = 0, b = 0] = node.args;
    const relations = this.#related(a, b, op);
    const bounds = this.#bounded(a, b, op, intervalOf);
    return relations === null || bounds === null ? null : new Facts(truths, bounds, relations);
  }

  #related(a: NodeId, b: NodeId, op: CompareOp): ReadonlyMap<string, readonly Relation[]> | null {
    const isOrdered = a <= b;
    const allowed = isOrdered ? ALLOWED[op] : ALLOWED[op].map((relation) => MIRRORED[relation]);
    const key = isOrdered ? `${a} ${b}` : `${b} ${a}`;
    const left = (this.#relations.get(key) ?? (['lt', 'eq', 'gt'] as const)).filter((relation) => allowed.includes(relation));
    return left.length === 0 ? null : new Map(this.#relations).set(key, left);
  }

  #bounded(a: NodeId, b: NodeId, op: CompareOp, intervalOf: IntervalOf): ReadonlyMap<NodeId, { low: number; high: number }> | null {
    const bounds = new Map(this.#bounds);
    const x = bounds.get(a) ?? intervalOf(a);
    const y = bounds.get(b) ?? intervalOf(b);
    const isStrict = op === 'lt' || op === 'gt';
    const [low, high] = op === 'gt' || op === 'ge' ? [y, x] : [x, y];
    if (op === 'ne') return bounds;
    if (op === 'eq') {
      const shared = { low: Math.max(x.low, y.low), high: Math.min(x.high, y.high) };
      return shared.low > shared.high ? null : bounds.set(a, shared).set(b, shared);
    }
    // low <= high: neither can be beyond the other's end.
    if (low.low > high.high || (isStrict && low.low === high.high)) return null;
    const [lowId, highId] = op === 'gt' || op === 'ge' ? [b, a] : [a, b];
    return bounds
      .set(lowId, { low: low.low, high: Math.min(low.high, high.high) })
      .set(highId, { low: Math.max(high.low, low.low), high: high.high });
  }
}
