import type { ChartColumn } from '#core/model/chart-column.ts';
import { type GraphNode, isStatefulOp, type NodeId } from '../graph/node.ts';
import { reach } from '../graph/reach.ts';
import type { Program } from '../program.ts';
import { tradePlanOf } from '../trade-plan.ts';
import { orderRoots } from './usage.ts';

/** A program in two parts: series that some of its params do not change, and the rest, which reads them as columns. */
export interface SignalCut {
  /** Plots the series, in the order of their columns. */
  readonly signals: Program;
  /** Behind the columns of the program come those of the series. */
  readonly rest: Program;
  /** How many there are. */
  readonly count: number;
}

/** More columns than that cost more than they save. */
const MOST_COLUMNS = 12;

/**
 * Cuts a program where what the given params change begins, so that runs that differ in nothing else share what was computed before. null where that saves nothing: a
 * column costs about as much as carrying on an average or a sum, so more than one such step has to go for each.
 * @param varying places of the params
 */
export function cutSignals(program: Program, varying: ReadonlySet<number>): SignalCut | null {
  const { nodes } = program.graph;
  const changed = changedBy(program, varying);
  const plan = tradePlanOf(program);
  const roots = new Set(plan.values);
  const remembers = rememberingNodes(nodes);
  const read = new Set<NodeId>(roots);
  for (const [id, { args }] of nodes.entries()) if (changed.has(id)) for (const arg of args) read.add(arg);
  const border = [...read]
    .filter((id) => !changed.has(id) && nodes[id]!.rate === 'series' && nodes[id]!.chart === 0 && remembers.has(id))
    .toSorted((a, b) => a - b);
  if (border.length === 0 || border.length > MOST_COLUMNS) return null;
  const places = new Map(border.map((id, place) => [id, place]));
  const renewed = nodes.map((node, id): GraphNode => {
    const signal = places.get(id);
    if (signal === undefined) return node;
    const { rate, isCondition, usesAccount, chart } = node;
    return { op: 'column', column: { kind: 'signal', signal }, args: [], rate, isCondition, usesAccount, chart };
  });
  const columns = border.map((_, signal): ChartColumn => ({ chart: 0, column: { kind: 'signal', signal } }));
  const rest = { ...program, graph: { ...program.graph, nodes: renewed }, columns: [...program.columns, ...columns] };
  if (stepsOf(program) - stepsOf(rest) <= columnsAtEveryBar(rest)) return null;
  const span = { start: 0, end: 0 };
  const plots = border.map((value) => ({ label: '', value, color: null, pane: null, style: null, span }));
  return { signals: { ...program, plots }, rest, count: border.length };
}

/** Whether a param changes nothing that has a memory, so that runs which differ in it alone have most of their work in common. */
export function isLateParam(program: Program, param: number): boolean {
  const { nodes } = program.graph;
  const changed = changedBy(program, new Set([param]), false);
  return [...changed].every((id) => nodes[id]!.chart === 0 && !hasMemory(nodes[id]!));
}

/** What the params change, or the account, loops included. */
function changedBy({ graph: { nodes } }: Program, varying: ReadonlySet<number>, withAccount = true): ReadonlySet<NodeId> {
  const changed = new Set<NodeId>();
  const loops = new Map(nodes.flatMap((node, id) => (node.op === 'loop' ? [[node.loop, id] as const] : [])));
  for (let before = -1; before !== changed.size;) {
    before = changed.size;
    for (const [id, node] of nodes.entries()) {
      const isChanged =
        (node.op === 'param' && varying.has(node.index)) ||
        (withAccount && node.usesAccount) ||
        (node.op === 'self' && changed.has(loops.get(node.loop)!)) ||
        node.args.some((arg) => changed.has(arg));
      if (isChanged) changed.add(id);
    }
  }
  return changed;
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
  return [...reach(program.graph, tradePlanOf(program).values)].filter((id) => {
    const node = nodes[id]!;
    return node.rate === 'series' && (hasMemory(node) || node.op === 'div' || node.op === 'sqrt');
  }).length;
}

/** Columns of series that are read before there is an order. */
function columnsAtEveryBar(rest: Program): number {
  const { nodes } = rest.graph;
  const late = new Set(rest.entries.flatMap(orderRoots));
  const roots = tradePlanOf(rest).values.filter((id) => !late.has(id));
  return [...reach(rest.graph, roots)].filter((id) => {
    const node = nodes[id]!;
    return node.op === 'column' && node.column.kind === 'signal';
  }).length;
}
