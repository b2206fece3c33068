import { type GraphNode, isCompareOp, type NodeId } from '../graph/node.ts';
import { mapNodes } from '../program-nodes.ts';
import type { Program } from '../program.ts';
import { tradePlanOf } from '../trade-plan.ts';
import { knownFrom } from './known-from.ts';
import { boundsOf } from './length-bounds.ts';
import { numberText } from './number-text.ts';

/**
 * The program with comparisons of quotients, such as means, as comparisons of a difference with zero: `a > b` as `a - b > 0`, and `a[1] <= b[1]` as
 * `(a - b)[1] <= 0`. Of numbers that are finite both say the same. Where nothing but the sign of a difference is read, code need not divide to know it
 * (`signText`), and keeps one number from bar to bar instead of two.
 */
export function withComparedDifferences(program: Program): Program {
  const { nodes } = program.graph;
  const quotients = comparedQuotients(program);
  if (quotients.size === 0) return program;
  const sure = knownFrom(program);
  const renewed: GraphNode[] = [];
  const places = new Map<NodeId, NodeId>();
  const known = new Map<string, NodeId>();
  const add = (node: GraphNode): NodeId => {
    const key = JSON.stringify(node);
    const place = known.get(key) ?? renewed.push(node) - 1;
    known.set(key, place);
    return place;
  };
  for (const [id, node] of nodes.entries()) {
    const sides = isCompareOp(node.op) ? sidesOf(node, nodes) : null;
    const isBetter = sides?.args.some((arg) => quotients.has(arg)) === true && sides.args.every((arg) => (sure[arg] ?? null) !== null);
    if (sides === null || !isBetter) {
      places.set(id, renewed.push({ ...node, args: node.args.map((arg) => places.get(arg)!) }) - 1);
      continue;
    }
    const { chart, usesAccount } = node;
    const series = { rate: 'series', isCondition: false, usesAccount, chart } as const;
    const difference = add({ op: 'sub', args: sides.args.map((arg) => places.get(arg)!), isSignOnly: true, ...series });
    const compared = sides.one === null ? difference : add({ op: 'delay', args: [difference, places.get(sides.one)!], ...series });
    const zero = add({ op: 'const', value: 0, args: [], rate: 'const', isCondition: false, usesAccount: false, chart: 0 });
    places.set(id, renewed.push({ ...node, args: [compared, zero] }) - 1);
  }
  const mapped = mapNodes(program, (id) => places.get(id)!);
  return { ...mapped, graph: { ...mapped.graph, nodes: renewed } };
}

/** Quotients by a number above zero that nothing reads but comparisons, of this bar or the one before. */
function comparedQuotients(program: Program): ReadonlySet<NodeId> {
  const { nodes } = program.graph;
  const readers = new Map<NodeId, NodeId[]>();
  for (const [id, { args }] of nodes.entries()) for (const arg of args) readers.set(arg, [...(readers.get(arg) ?? []), id]);
  const roots = new Set(tradePlanOf(program).values);
  const isOnlyCompared = (id: NodeId, isDelayed: boolean): boolean =>
    !roots.has(id) &&
    (readers.get(id) ?? []).every((reader) => {
      if (isCompareOp(nodes[reader]!.op)) return nodes[reader]!.op !== 'eq' && nodes[reader]!.op !== 'ne';
      return !isDelayed && delayOfOne(nodes[reader]!, nodes) !== null && isOnlyCompared(reader, true);
    });
  const isQuotient = ({ op, args, chart }: GraphNode): boolean => op === 'div' && chart === 0 && isDivisor(program, args[1]!);
  return new Set([...nodes.entries()].flatMap(([id, node]) => (isQuotient(node) && isOnlyCompared(id, false) ? [id] : [])));
}

/** A number that is the same at all bars, and at least 1: one that is written, or that params make by all that they allow. */
function isDivisor({ graph, params }: Program, id: NodeId): boolean {
  const node = graph.nodes[id]!;
  if (node.rate === 'series' || node.isCondition || (node.op !== 'const' && hasUnit(graph.nodes, id))) return false;
  const { low, high } = node.op === 'const' ? { low: node.value, high: node.value } : boundsOf(graph, id, params);
  return low >= 1 && high < 1e6;
}

/** Whether a unit of the market is a part of it, which nothing is known of. */
const hasUnit = (nodes: readonly GraphNode[], id: NodeId): boolean =>
  nodes[id]!.op === 'unit' || nodes[id]!.args.some((arg) => hasUnit(nodes, arg));

/** Divisors that params make, whose inverse is computed once. */
export function inverted(program: Program, used: ReadonlySet<NodeId>): readonly NodeId[] {
  const { nodes } = program.graph;
  const divisors = [...used]
    .flatMap((id) => (nodes[id]!.isSignOnly === true ? nodes[id]!.args : []))
    .flatMap((arg) => {
      const { op, args } = nodes[arg]!;
      const [, divisor] = args;
      return op === 'div' && nodes[divisor!]!.op !== 'const' && isDivisor(program, divisor!) ? [divisor!] : [];
    });
  return [...new Set(divisors)];
}

/** The node that a delay of one bar delays, and that of the one; null of other nodes. */
function delayOfOne(node: GraphNode, nodes: readonly GraphNode[]): { readonly source: NodeId; readonly one: NodeId } | null {
  if (node.op !== 'delay') return null;
  const [source, one] = node.args;
  const length = nodes[one!]!;
  return length.op === 'const' && length.value === 1 ? { source: source!, one: one! } : null;
}

/** What a comparison compares, without the delay of one bar that both sides have (a number stays what it is); null where they are of different bars. */
function sidesOf(node: GraphNode, nodes: readonly GraphNode[]): { readonly args: readonly NodeId[]; readonly one: NodeId | null } | null {
  if (node.op === 'eq' || node.op === 'ne') return null;
  const delays = node.args.map((arg) => delayOfOne(nodes[arg]!, nodes));
  const isFixed = (arg: NodeId): boolean => nodes[arg]!.op === 'const';
  if (delays.every((delay) => delay === null)) return { args: node.args, one: null };
  if (!node.args.every((arg, side) => delays[side] !== null || isFixed(arg))) return null;
  return { args: node.args.map((arg, side) => delays[side]?.source ?? arg), one: delays.find((delay) => delay !== null)!.one };
}

/** A difference nearer to zero than this share of its first part may have the other sign once all is divided and rounded: three roundings of each part. */
const SHARE_OF_DOUBT = 1e-14;

/**
 * Statements for a number with the sign of `a - b`, where quotients by numbers are products with the inverse first, and divided only in doubt. Measured on the
 * crossing of two means: 12 % of the time of the loop.
 * @param bound local with the share of doubt, which begins with infinity: what happens once in a million bars V8 has not seen when it optimises the loop, and would
 * throw the loop's code away when it comes; so the first bar always divides. null = the number itself
 * @param use the local or the number of a node
 */
export function signText(
  name: string,
  bound: string | null,
  [a, b]: readonly NodeId[],
  program: Program,
  use: (id: NodeId) => string,
): string {
  const { nodes } = program.graph;
  const text = (id: NodeId, divided: (divisor: NodeId) => string): string => {
    const { op, args } = nodes[id]!;
    return op === 'div' && isDivisor(program, args[1]!) ? `${use(args[0]!)}${divided(args[1]!)}` : use(id);
  };
  const inverse = (id: NodeId): string => {
    const node = nodes[id]!;
    return node.op === 'const' ? numberText(1 / node.value) : `r${id}`;
  };
  const product = (id: NodeId): string => text(id, (divisor) => `*${inverse(divisor)}`);
  const quotient = (id: NodeId): string => text(id, (divisor) => `/${use(divisor)}`);
  const seen = bound === null ? '' : `${bound}=${SHARE_OF_DOUBT};`;
  return `{const x=${product(a!)};${name}=x-${product(b!)};if(!(Math.abs(${name})>Math.abs(x)*${bound ?? SHARE_OF_DOUBT})){${name}=${quotient(a!)}-${quotient(b!)};${seen}}}`;
}
