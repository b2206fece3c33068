import { type GraphNode, isStatefulOp, lengthPlaceOf, type NodeId } from '../graph/node.ts';
import { isRebuiltOp } from '../graph/rebuilding.ts';
import type { Program } from '../program.ts';
import { longestLength } from './length-bounds.ts';
import { machineBlock } from './machine-block.ts';
import { pluginBlock } from './plugin-block.ts';

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
  /** Scalars that are indexes of bars: small integers, not doubles. */
  readonly integers: ReadonlySet<number>;
  /** Rows of the columns before the bar at hand that the code may read. */
  readonly lookBack: number;
  /** The longest length that a node's block serves. */
  readonly blockLengths: ReadonlyMap<NodeId, number>;
  /** The last value of nodes that other charts read. */
  readonly sampled: ReadonlyMap<NodeId, NodeState>;
  /** The node of each loop. */
  readonly loops: ReadonlyMap<number, NodeId>;
  /** Of each chart in use but the traded one: slots of the count of its bars and of the close time of the last. */
  readonly charts: ReadonlyMap<number, readonly [count: number, closed: number]>;
  /** Of each chart with sums that are built anew: the slot of when its next block begins, and the nodes. */
  readonly rebuilt: ReadonlyMap<number, { readonly slot: number; readonly nodes: readonly NodeId[] }>;
  /** Nodes without any state, as they are computed ahead of the bars. */
  readonly ahead: ReadonlySet<NodeId>;
}

/** The layout as the code of a part of the nodes sees it: other charts are with the rules. */
export function layoutOfPart(layout: StateLayout, nodes: ReadonlySet<NodeId>, hasCharts: boolean): StateLayout {
  const rebuilt = [...layout.rebuilt].map(([chart, all]) => [chart, { ...all, nodes: all.nodes.filter((id) => nodes.has(id)) }] as const);
  return { ...layout, rebuilt: new Map(rebuilt), charts: hasCharts ? layout.charts : new Map() };
}

/** Lays out the state of the nodes in use; scalars first, so that the loop loads and stores one dense range. */
export function layOutState(program: Program, used: ReadonlySet<NodeId>, ahead: ReadonlySet<NodeId>): StateLayout {
  const nodes = [...program.graph.nodes.entries()].filter(([id]) => used.has(id) && !ahead.has(id));
  const stateful = nodes.filter(([, node]) => isStatefulOp(node.op) || node.op === 'loop' || node.op === 'plugin' || node.op === 'machine');
  const needs = stateful.map(([id, node]) => ({ id, lookBack: lookBackOf(program, node), ...needOf(program, node) }));
  const sources = new Set(nodes.flatMap(([, node]) => (node.op === 'sample' ? [node.args[0]!] : [])));
  const chartNumbers = new Set(nodes.flatMap(([, { chart }]) => (chart > 0 ? [chart] : [])));
  let nextScalar = 0;
  const take = (count: number): readonly number[] => Array.from({ length: count }, () => nextScalar++);
  const scalars = needs.map((need) => take(need.scalars));
  const sampled = new Map([...sources].map((id) => [id, { scalars: take(1), block: -1 }]));
  const charts = new Map([...chartNumbers].toSorted((a, b) => a - b).map((chart) => [chart, [nextScalar++, nextScalar++] as const]));
  const sums = stateful.filter(([, { op }]) => isRebuiltOp(op));
  const summed = new Set(sums.map(([, { chart }]) => chart));
  const rebuilt = new Map(
    [...summed].map((chart) => [chart, { slot: nextScalar++, nodes: sums.flatMap(([id, node]) => (node.chart === chart ? [id] : [])) }]),
  );
  let nextBlock = nextScalar;
  const byNode = new Map<NodeId, NodeState>();
  for (const [index, need] of needs.entries()) {
    byNode.set(need.id, { scalars: scalars[index]!, block: need.block === 0 ? -1 : nextBlock });
    nextBlock += need.block;
  }
  return {
    slots: nextBlock,
    scalarSlots: nextScalar,
    integers: new Set(needs.flatMap(({ id }, index) => (isScanned(program, program.graph.nodes[id]!) ? [scalars[index]![1]!] : []))),
    lookBack: needs.reduce((most, need) => Math.max(most, need.lookBack), 0),
    byNode,
    blockLengths: new Map(needs.map((need) => [need.id, need.longest])),
    sampled,
    loops: new Map(nodes.flatMap(([id, node]) => (node.op === 'loop' ? [[node.loop, id] as const] : []))),
    charts,
    rebuilt,
    ahead,
  };
}

/** Whether an input is a candle column: always finite, and its history is the column itself. */
export function isCandle(program: Program, id: NodeId): boolean {
  const node = program.graph.nodes[id]!;
  return node.op === 'column' && node.column.kind === 'bar';
}

/** Longer windows are kept in order, as looking through them at every bar of a long fall would cost too much. */
const LONGEST_SCANNED = 64;

/** Whether the extreme of a window is found by looking through the candles again when it leaves. */
export function isScanned(program: Program, { op, args }: GraphNode): boolean {
  if (op !== 'highest' && op !== 'lowest') return false;
  const [input, length] = args;
  return isCandle(program, input!) && longestLength(program.graph, length!, program.params) <= LONGEST_SCANNED;
}

/** Operators whose window over a column is the column itself. */
const READ_BACK: ReadonlySet<string> = new Set(['delay', 'sum', 'variance']);

function lookBackOf(program: Program, node: GraphNode): number {
  const [input, length] = node.args;
  if (isScanned(program, node)) return longestLength(program.graph, length!, program.params);
  if (input === undefined || length === undefined || !READ_BACK.has(node.op)) return 0;
  const isRead = node.op === 'delay' ? program.graph.nodes[input]!.op === 'column' : isCandle(program, input);
  return isRead ? longestLength(program.graph, length, program.params) : 0;
}

/** A delay of one bar, written so: its value is a scalar, not a ring of one. */
function isLastBar(program: Program, { args: [, length] }: GraphNode): boolean {
  const given = program.graph.nodes[length!]!;
  return given.op === 'const' && given.value === 1;
}

/** Values of a window that stand in locals: to pass on so few costs less than a ring. */
const LONGEST_HELD = 4;

/** Whether a window of computed values is kept in scalars, the oldest first, behind those of its sums. */
export function isHeldWindow(program: Program, { op, args: [input, length] }: GraphNode): boolean {
  if ((op !== 'sum' && op !== 'variance') || isCandle(program, input!)) return false;
  const given = program.graph.nodes[length!]!;
  return given.op === 'const' && given.value <= LONGEST_HELD;
}

function needOf(program: Program, node: GraphNode): { readonly scalars: number; readonly block: number; readonly longest: number } {
  if (node.op === 'plugin') return { scalars: 0, block: pluginBlock(program, node), longest: 1 };
  if (node.op === 'machine') return { scalars: 0, block: machineBlock(program, node), longest: 1 };
  const [input] = node.args;
  const isRaw = input !== undefined && isCandle(program, input);
  const place = isStatefulOp(node.op) ? lengthPlaceOf(node.op) : null;
  const longest = place === null ? 1 : longestLength(program.graph, node.args[place]!, program.params);
  switch (node.op) {
    case 'delay':
      if (input !== undefined && program.graph.nodes[input]!.op === 'column') return { scalars: 0, block: 0, longest };
      return isLastBar(program, node) ? { scalars: 1, block: 0, longest } : { scalars: 0, block: longest, longest };
    case 'sum':
    case 'variance': {
      const sums = node.op === 'sum' ? 1 : 3;
      if (isRaw) return { scalars: sums, block: 0, longest };
      const isHeld = isHeldWindow(program, node);
      return { scalars: sums + 1 + (isHeld ? longest : 0), block: isHeld ? 0 : longest, longest };
    }
    case 'covariance':
      return { scalars: 6, block: 2 * longest, longest };
    case 'highest':
    case 'lowest':
      return isScanned(program, node) ? { scalars: 2, block: 0, longest } : { scalars: 0, block: 3 + 2 * longest, longest };
    case 'highestAge':
    case 'highestFirstAge':
    case 'lowestFirstAge':
    case 'lowestAge':
      return { scalars: 0, block: 3 + 2 * longest, longest };
    case 'weightedSum':
    case 'meanDeviation':
    case 'percentRank':
    case 'percentile':
    case 'nearestRank':
    case 'mode':
    case 'medianDeviation':
    case 'skewness':
    case 'kurtosis':
    case 'entropy':
    case 'rescaledRange':
    case 'lastMean':
    case 'sineSum':
    case 'cosineSum':
      return { scalars: 0, block: 1 + 2 * longest, longest };
    case 'rankCorrelation':
      return { scalars: 0, block: 1 + 3 * longest, longest };
    case 'bellMean':
      return { scalars: 0, block: 2 + 3 * longest, longest };
    case 'parabolic':
      return { scalars: 0, block: 7, longest };
    case 'recursive':
    case 'allOf':
    case 'anyOf':
    case 'loop':
      return { scalars: 2, block: 0, longest };
    default:
      return { scalars: 0, block: 0, longest };
  }
}
