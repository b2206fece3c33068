import type { Graph, GraphNode, NodeId } from '../graph/node.ts';

/** The part of a graph that a program needs, numbered anew; `idOf` translates (undefined: not part of it). */
export interface ReachableGraph {
  readonly graph: Graph;
  readonly idOf: ReadonlyMap<NodeId, NodeId>;
}

/** Leaves out what no root depends on: unused names, functions checked for themselves, forms of a value that were not asked for. */
export function reachableGraph({ nodes }: Graph, roots: Iterable<NodeId>): ReachableGraph {
  const isNeeded = new Uint8Array(nodes.length);
  for (const root of roots) isNeeded[root] = 1;
  for (let id = nodes.length - 1; id >= 0; id -= 1) {
    if (isNeeded[id] === 1) for (const arg of nodes[id]!.args) isNeeded[arg] = 1;
  }
  const idOf = new Map<NodeId, NodeId>();
  const kept: GraphNode[] = [];
  for (const [id, node] of nodes.entries()) {
    if (isNeeded[id] !== 1) continue;
    idOf.set(id, kept.length);
    kept.push({ ...node, args: node.args.map((arg) => idOf.get(arg)!) });
  }
  return { graph: { nodes: kept }, idOf };
}
