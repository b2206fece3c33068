import { type GraphNode, isStatefulOp, type NodeId } from '../graph/node.ts';
import type { Program } from '../program.ts';
import { longestLength } from './length-bounds.ts';

/** Where a node with memory keeps it: scalars become locals of the loop, the block stays in the array S. */
export interface NodeState {
  /** Slots of scalars in S, in the order the code of the operator uses them. */
  readonly scalars: readonly number[];
  /** First slot of the block (rings); -1 without one. */
  readonly block: number;
}

export interface StateLayout {
  readonly slots: number;
  readonly scalarSlots: number;
  readonly byNode: ReadonlyMap<NodeId, NodeState>;
  /** Rows of the columns before the bar at hand that the code may read. */
  readonly lookBack: number;
  /** The longest length that a node's block serves. */
  readonly blockLengths: ReadonlyMap<NodeId, number>;
}

/** Lays out the state of the nodes in use; scalars first, so that the loop loads and stores one dense range. */
export function layOutState(program: Program, used: ReadonlySet<NodeId>): StateLayout {
  const stateful = [...program.graph.nodes.entries()].filter(([id, node]) => used.has(id) && isStatefulOp(node.op));
  const needs = stateful.map(([id, node]) => ({ id, lookBack: lookBackOf(program, node), ...needOf(program, node) }));
  const scalarSlots = needs.reduce((sum, need) => sum + need.scalars, 0);
  let nextScalar = 0;
  let nextBlock = scalarSlots;
  const byNode = new Map<NodeId, NodeState>();
  for (const need of needs) {
    const scalars = Array.from({ length: need.scalars }, (_, k) => nextScalar + k);
    byNode.set(need.id, { scalars, block: need.block === 0 ? -1 : nextBlock });
    nextScalar += need.scalars;
    nextBlock += need.block;
  }
  const blockLengths = new Map(needs.map((need) => [need.id, need.longest]));
  const lookBack = needs.reduce((most, need) => Math.max(most, need.lookBack), 0);
  return { slots: nextBlock, scalarSlots, lookBack, byNode, blockLengths };
}

/** Whether an input is a candle column: always finite, and its history is the column itself. */
export function isColumn(program: Program, id: NodeId): boolean {
  return program.graph.nodes[id]!.op === 'column';
}

/** Operators whose window over a column is the column itself. */
const READ_BACK: ReadonlySet<string> = new Set(['delay', 'sum', 'variance']);

function lookBackOf(program: Program, node: GraphNode): number {
  const [input, length] = node.args;
  if (input === undefined || length === undefined || !isColumn(program, input) || !READ_BACK.has(node.op)) return 0;
  return longestLength(program.graph, length, program.params);
}

function needOf(program: Program, node: GraphNode): { readonly scalars: number; readonly block: number; readonly longest: number } {
  const [input, length] = node.args;
  const isRaw = input !== undefined && isColumn(program, input);
  const longest = length === undefined ? 1 : longestLength(program.graph, length, program.params);
  switch (node.op) {
    case 'delay':
      return { scalars: 0, block: isRaw ? 0 : longest, longest };
    case 'sum':
      return isRaw ? { scalars: 1, block: 0, longest } : { scalars: 2, block: longest, longest };
    case 'variance':
      return isRaw ? { scalars: 2, block: 0, longest } : { scalars: 3, block: longest, longest };
    case 'highest':
    case 'lowest':
      return { scalars: 0, block: 3 + 2 * longest, longest };
    case 'recursive':
      return { scalars: 2, block: 0, longest };
    default:
      return { scalars: 0, block: 0, longest };
  }
}
