import type { Graph, NodeId } from '../graph/node.ts';
import { type Interval, nodeRange } from '../graph/node-range.ts';
import { reach } from '../graph/reach.ts';
import type { ProgramParam } from '../program.ts';

/** The longest window that the language allows (E0308). */
export const MAX_LENGTH = 10_000;

/** All values that a param may take, the one that was set for this compilation included. */
export const paramRange = ({ min, max, value }: ProgramParam): Interval => ({
  low: Math.min(min, value),
  high: Math.max(max, value),
  whole: false,
});

/**
 * Upper bound of a length over all values its params may take, so that one compilation serves every trial of an optimiser; where none is known, the longest
 * window allowed.
 */
export function longestLength(graph: Graph, id: NodeId, params: readonly ProgramParam[]): number {
  const { high } = boundsOf(graph, id, params);
  return high <= MAX_LENGTH ? Math.max(1, Math.ceil(high)) : MAX_LENGTH;
}

/** All values of a node that its params may give it. */
export function boundsOf(graph: Graph, id: NodeId, params: readonly ProgramParam[]): Interval {
  const ranges = new Map<NodeId, Interval>();
  const context = {
    nodeOf: (arg: NodeId) => graph.nodes[arg]!,
    rangeOf: (arg: NodeId) => ranges.get(arg)!,
    paramRange: (index: number) => paramRange(params[index]!),
  };
  for (const part of reach(graph, [id])) ranges.set(part, nodeRange(graph.nodes[part]!, context));
  return ranges.get(id)!;
}
