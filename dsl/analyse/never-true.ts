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
/** Ways through the `or`s of a condition that are tried; beyond, nothing is said. */
const MAX_WAYS = 256;

interface Literal {
  readonly id: NodeId;
  readonly isTrue: boolean;
}

/**
 * Whether a condition can be seen never to be true, whatever the market does and wherever its params lie: comparisons of one value with bounds that exclude each
 * other, or of one pair of values in ways that exclude each other. Sound, not complete: false says nothing.
 */
export function isNeverTrue(root: NodeId, nodeOf: (id: NodeId) => GraphNode, intervalOf: IntervalOf): boolean {
  let ways = 0;
  const isPossible = (open: readonly Literal[], facts: Facts): boolean => {
    const [first, ...rest] = open;
    if (first === undefined) return true;
    const node = nodeOf(first.id);
    const [a = 0, b = 0] = node.args;
    if (node.op === 'const') return node.value === (first.isTrue ? 1 : 0) && isPossible(rest, facts);
    if (node.op === 'not') return isPossible([{ id: a, isTrue: !first.isTrue }, ...rest], facts);
    if (node.op === 'and' || node.op === 'or') {
      const left = { id: a, isTrue: first.isTrue };
      const right = { id: b, isTrue: first.isTrue };
      if ((node.op === 'and') === first.isTrue) return isPossible([left, right, ...rest], facts);
      ways += 1;
      return ways > MAX_WAYS || isPossible([left, ...rest], facts) || isPossible([right, ...rest], facts);
    }
    const next = facts.with(first, node, intervalOf);
    return next !== null && isPossible(rest, next);
  };
  return !isPossible([{ id: root, isTrue: true }], new Facts(new Map(), new Map(), new Map()));
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
