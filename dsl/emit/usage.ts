import { type GraphNode, isStatefulOp, type NodeId } from '../graph/node.ts';
import { isKept } from './expression-code.ts';
import { isCandle } from './state-layout.ts';
import { reach } from '../graph/reach.ts';
import type { EntryRule, Program, TradeBlock } from '../program.ts';
import { tradePlanOf } from '../trade-plan.ts';

/** Which nodes the code needs, when, and which conditions it keeps in a local. */
export interface Usage {
  readonly used: ReadonlySet<NodeId>;
  /** Needed at every bar: what has memory, what rules test, and what these are made of. The rest waits for an order. */
  readonly everyBar: ReadonlySet<NodeId>;
  /** Conditions used more than once, or by an operator that needs their value. */
  readonly stored: ReadonlySet<NodeId>;
  /** Computed before the bars (ahead-code.ts): extremes of candles of the traded chart. Live, bars come one at a time. */
  readonly ahead: ReadonlySet<NodeId>;
  /** What rules and orders read. */
  readonly roots: readonly NodeId[];
}

/** Nodes of a block that matter only once an entry fires. */
export function orderRoots({ block, confidence }: EntryRule): readonly NodeId[] {
  const amounts = [block.size, block.max, block.min].filter((amount) => amount !== null).map((amount) => amount.value);
  return [confidence, ...amounts, ...block.stops.map((stop) => stop.value), ...block.takes.map(({ at }) => at.value), ...trailRoots(block)];
}

function trailRoots({ trail }: TradeBlock): readonly NodeId[] {
  if (trail === null) return [];
  return trail.after === null ? [trail.distance.value] : [trail.distance.value, trail.after.value];
}

/** Everything that trading depends on. */
export function tradingRoots(program: Program): readonly NodeId[] {
  const { values, ruleValues } = tradePlanOf(program);
  return values.slice(0, ruleValues);
}

/** Everything that code computes for a use of it, but for what waits for an order. */
function rootsOf(program: Program, use: CodeUse): readonly NodeId[] {
  if (use === 'inlined') return ruleRoots(program);
  if (use === 'series') return program.plots.map(({ value }) => value);
  const { values, engineValues } = tradePlanOf(program);
  return use === 'engine' ? values.slice(0, engineValues) : values;
}

/**
 * What code computes: of `run` with its broker inlined, of `run` with the engine, of `decide`, which gives the values of messages and marks as well; and of
 * `series`, which trades nothing and gives what is plotted.
 */
export type CodeUse = 'inlined' | 'engine' | 'decide' | 'series';

/** Nodes that every bar's rules read where the broker is inlined. */
function ruleRoots(program: Program): readonly NodeId[] {
  const bases = program.entries.map((entry) => entry.block.trail?.from ?? null).filter((from) => from !== null);
  return [...program.exits.flatMap((exit) => [exit.when, exit.fraction]), ...program.entries.map((entry) => entry.when), ...bases];
}

/** With the broker inlined, what only an order needs is computed when there is one; else every bar gives a row. */
export function usageOf(program: Program, use: CodeUse): Usage {
  const { nodes } = program.graph;
  const roots = rootsOf(program, use);
  const late = use === 'inlined' ? program.entries.flatMap(orderRoots) : [];
  const used = ancestors(program, [...roots, ...late]);
  // What has memory runs at every bar, and so does everything on other charts: their bars come when they come.
  const stateful = [...used].filter(
    (id) =>
      isStatefulOp(nodes[id]!.op) ||
      nodes[id]!.op === 'loop' ||
      nodes[id]!.op === 'plugin' ||
      nodes[id]!.op === 'machine' ||
      nodes[id]!.chart > 0,
  );
  const ahead = new Set(use === 'decide' ? [] : stateful.filter((id) => isAhead(program, nodes[id]!)));
  const everyBar = reach({ nodes: nodes.map((node, id) => (ahead.has(id) ? { ...node, args: [] } : node)) }, [...roots, ...stateful]);
  const uses = new Map<NodeId, number>();
  const count = (id: NodeId): void => void uses.set(id, (uses.get(id) ?? 0) + 1);
  for (const root of [...roots, ...late]) count(root);
  const stored = new Set<NodeId>();
  for (const id of used) {
    const node = nodes[id]!;
    for (const arg of node.args) {
      count(arg);
      if ((isStatefulOp(node.op) || node.op === 'isNa' || node.op === 'plugin') && nodes[arg]!.isCondition) stored.add(arg);
    }
  }
  for (const [id, times] of uses) if (times > 1 && nodes[id]!.isCondition) stored.add(id);
  for (const id of stored) if (nodes[id]!.op === 'const' || isKept(nodes[id]!)) stored.delete(id);
  // A condition that another chart reads is kept as it was.
  for (const id of used) {
    const [source] = nodes[id]!.op === 'sample' ? nodes[id]!.args : [];
    if (source !== undefined && nodes[source]!.isCondition && !isKept(nodes[source]!)) stored.add(source);
  }
  return { used, everyBar, stored, ahead, roots: [...roots, ...late] };
}

function isAhead(program: Program, { op, chart, args }: GraphNode): boolean {
  return (op === 'highest' || op === 'lowest') && chart === 0 && isCandle(program, args[0]!);
}

/** Uses of plugins that rules and messages depend on, in graph order: how decisions number them. */
export function pluginNodes(program: Program): readonly NodeId[] {
  return [...ancestors(program, tradePlanOf(program).values)].filter((id) => program.graph.nodes[id]!.op === 'plugin');
}

/** The nodes and everything they are made of. */
export function ancestors(program: Program, roots: readonly NodeId[]): ReadonlySet<NodeId> {
  return reach(program.graph, roots);
}
