import type { ChartColumn } from '#core/model/chart-column.ts';
import { type GraphNode, isStatefulOp, type NodeId } from '../graph/node.ts';
import { reach } from '../graph/reach.ts';
import type { Program } from '../program.ts';
import { longestLength } from './length-bounds.ts';
import { orderRoots, tradingRoots } from './usage.ts';

/** A program in parts: series that runs with different params have in common, and the rest, which reads them as columns. */
export interface SignalCut {
  readonly groups: readonly SignalGroup[];
  /** Behind the columns of the program come those of the groups, in their order. */
  readonly rest: Program;
  /** A value of a bar stands at `index & mask` of its column, and stays there for so many bars more at least. */
  readonly mask: number;
  readonly lookBack: number;
}

/** Series that are made of the same params. */
export interface SignalGroup {
  /** Plots the series, in the order of their columns. */
  readonly signals: Program;
  readonly count: number;
  /** Nodes of the whole program that do not change within a run: where they have equal values, the series are equal. */
  readonly keys: readonly NodeId[];
}

/** More columns than that cost more than they save. */
const MOST_COLUMNS = 12;
/** Delays of series that columns hold: so far back is looked instead of keeping another column. */
const LONGEST_LOOK = 64;
/** Bars of a column, where nothing looks further back. */
const RING = 1024;

/**
 * Cuts a program where what runs have in common ends, so that it is computed once for all of them. null where that saves nothing: a column costs about as much as
 * carrying on an average or a sum, so more than one such step has to go for each.
 * @param isShared whether enough runs have the same values of these nodes, which do not change within a run
 * @param ring bars of a column, a power of two; more where code looks further back
 */
export function cutSignals(program: Program, isShared: (keys: readonly NodeId[]) => boolean, ring: number = RING): SignalCut | null {
  const { nodes } = program.graph;
  const keys = keysOf(program);
  const keyText = keys.map((of) => of.join(' '));
  const shared = new Map<string, boolean>();
  const isOwn = (id: NodeId): boolean => {
    const known = shared.get(keyText[id]!) ?? isShared(keys[id]!);
    shared.set(keyText[id]!, known);
    return nodes[id]!.rate === 'series' && !known;
  };
  const changed = spread(program, (node, id) => node.usesAccount || isOwn(id));
  const remembers = rememberingNodes(nodes);
  const border = borderOf(program, changed, remembers, keyText);
  if (border.length === 0 || border.length > MOST_COLUMNS) return null;
  const byKey = Map.groupBy(border, (id) => keyText[id]!);
  const ordered = [...byKey.values()].flat();
  const places = new Map(ordered.map((id, place) => [id, place]));
  const lookBack = Math.max(0, ...[...nodes.values()].map((node) => lookOf(program, node, places)));
  const mask = 2 ** Math.ceil(Math.log2(Math.max(ring, 2 * lookBack))) - 1;
  const renewed = nodes.map((node, id): GraphNode => {
    const signal = places.get(id);
    if (signal === undefined) return node;
    const { rate, isCondition, usesAccount, chart } = node;
    return { op: 'column', column: { kind: 'signal', signal, mask }, args: [], rate, isCondition, usesAccount, chart };
  });
  const columns = ordered.map((_, signal): ChartColumn => ({ chart: 0, column: { kind: 'signal', signal, mask } }));
  const rest = { ...program, graph: { ...program.graph, nodes: renewed }, columns: [...program.columns, ...columns] };
  if (stepsOf(program) - stepsOf(rest) <= columnsAtEveryBar(rest)) return null;
  const span = { start: 0, end: 0 };
  const groups = [...byKey.values()].map((ids) => {
    const plots = ids.map((value) => ({ label: '', value, color: null, pane: null, style: null, span }));
    return { signals: { ...program, plots }, count: ids.length, keys: keys[ids[0]!]! };
  });
  return { groups, rest, mask, lookBack };
}

/** Of each node those that do not change within a run and decide what it is; of others none. */
function keysOf({ graph: { nodes } }: Program): readonly (readonly NodeId[])[] {
  const loops = new Map([...nodes.entries()].flatMap(([id, node]) => (node.op === 'loop' ? [[node.loop, id] as const] : [])));
  const found = nodes.map(() => new Set<NodeId>());
  const add = (id: NodeId, from: Iterable<NodeId>): boolean => {
    const before = found[id]!.size;
    for (const key of from) found[id]!.add(key);
    return found[id]!.size > before;
  };
  // The past of a loop is made of the loop, which comes later.
  for (let isMore = true; isMore;) {
    isMore = false;
    for (const [id, node] of nodes.entries()) {
      if (node.rate !== 'series') continue;
      for (const arg of node.args) if (add(id, nodes[arg]!.rate === 'param' ? [arg] : found[arg]!)) isMore = loops.size > 0;
      if (node.op === 'self' && add(id, found[loops.get(node.loop)!]!)) isMore = true;
    }
  }
  return found.map((keys) => [...keys].toSorted((a, b) => a - b));
}

/**
 * Series with a memory that are no more changed, and read by what is. What has no memory itself, and is made of series that more runs have in common, is left to the
 * rest, such as an average times a param.
 */
function borderOf(
  program: Program,
  changed: ReadonlySet<NodeId>,
  remembers: ReadonlySet<NodeId>,
  keyText: readonly string[],
): readonly NodeId[] {
  const { nodes } = program.graph;
  const border = new Set<NodeId>();
  const open = [...tradingRoots(program), ...[...changed].flatMap((id) => nodes[id]!.args)];
  for (let id = open.pop(); id !== undefined; id = open.pop()) {
    if (changed.has(id) || border.has(id) || !remembers.has(id) || nodes[id]!.rate !== 'series' || nodes[id]!.chart > 0) continue;
    const node = nodes[id]!;
    const sources = node.args.filter((arg) => remembers.has(arg));
    const isWider = !hasMemory(node) && sources.some((arg) => keyText[arg] !== keyText[id]);
    const isLook = isShortDelay(node, nodes) && sources.length > 0 && nodes[sources[0]!]!.chart === 0;
    if (isWider || isLook) open.push(...node.args);
    else border.add(id);
  }
  return [...border].toSorted((a, b) => a - b);
}

function isShortDelay(node: GraphNode, nodes: readonly GraphNode[]): boolean {
  const length = node.op === 'delay' ? nodes[node.args[1]!]! : null;
  return length?.op === 'const' && length.value <= LONGEST_LOOK;
}

/** How far back a node looks into columns of the border. */
function lookOf({ graph, params }: Program, { op, args }: GraphNode, border: ReadonlyMap<NodeId, number>): number {
  return op === 'delay' && border.has(args[0]!) ? longestLength(graph, args[1]!, params) : 0;
}

/** Whether a param changes nothing that has a memory, so that runs which differ in it alone have most of their work in common. */
export function isLateParam(program: Program, param: number): boolean {
  const { nodes } = program.graph;
  const changed = spread(program, (node) => node.op === 'param' && node.index === param);
  return [...changed].every((id) => nodes[id]!.chart === 0 && !hasMemory(nodes[id]!));
}

/** Nodes that something is true of, and all that are made of these, loops included. */
function spread({ graph: { nodes } }: Program, isSource: (node: GraphNode, id: NodeId) => boolean): ReadonlySet<NodeId> {
  const found = new Set([...nodes.entries()].flatMap(([id, node]) => (isSource(node, id) ? [id] : [])));
  const loops = new Map([...nodes.entries()].flatMap(([id, node]) => (node.op === 'loop' ? [[node.loop, id] as const] : [])));
  for (let before = -1; before !== found.size;) {
    before = found.size;
    for (const [id, node] of nodes.entries()) {
      if ((node.op === 'self' && found.has(loops.get(node.loop)!)) || node.args.some((arg) => found.has(arg))) found.add(id);
    }
  }
  return found;
}

const hasMemory = ({ op }: GraphNode): boolean => isStatefulOp(op) || op === 'loop' || op === 'self' || op === 'machine' || op === 'sample';

/** Nodes that have a memory, or are made of one. */
function rememberingNodes(nodes: readonly GraphNode[]): ReadonlySet<NodeId> {
  const remembering = new Set<NodeId>();
  for (const [id, node] of nodes.entries()) if (hasMemory(node) || node.args.some((arg) => remembering.has(arg))) remembering.add(id);
  return remembering;
}

/** Steps with a memory, and divisions and roots, that a program takes at every bar. */
function stepsOf(program: Program): number {
  const { nodes } = program.graph;
  return [...reach(program.graph, tradingRoots(program))].filter((id) => {
    const node = nodes[id]!;
    return node.rate === 'series' && (hasMemory(node) || node.op === 'div' || node.op === 'sqrt');
  }).length;
}

/** Columns of series that are read before there is an order. */
function columnsAtEveryBar(rest: Program): number {
  const { nodes } = rest.graph;
  const late = new Set(rest.entries.flatMap(orderRoots));
  const roots = tradingRoots(rest).filter((id) => !late.has(id));
  return [...reach(rest.graph, roots)].filter((id) => {
    const node = nodes[id]!;
    return node.op === 'column' && node.column.kind === 'signal';
  }).length;
}
