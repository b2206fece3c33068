import type { Graph, GraphNode, NodeId } from '../graph/node.ts';
import { reach } from '../graph/reach.ts';

/** The part of a graph that a program needs, numbered anew; `idOf` translates (undefined: not part of it). */
export interface ReachableGraph {
  readonly graph: Graph;
  readonly idOf: ReadonlyMap<NodeId, NodeId>;
}

/** Leaves out what no root depends on: unused names, functions checked for themselves, forms of a value that were not asked for. */
export function reachableGraph(graph: Graph, roots: Iterable<NodeId>): ReachableGraph {
  const idOf = new Map<NodeId, NodeId>();
  const kept: GraphNode[] = [];
  for (const id of reach(graph, roots)) {
    const node = graph.nodes[id]!;
    idOf.set(id, kept.length);
    kept.push({ ...node, args: node.args.map((arg) => idOf.get(arg)!) });
  }
  return { graph: { nodes: kept, charts: graph.charts }, idOf };
}
