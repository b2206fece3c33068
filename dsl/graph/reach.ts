import type { Graph, NodeId } from './node.ts';

/** The nodes and everything they are made of, in graph order. The past of a loop is made of the loop. */
export function reach({ nodes }: Pick<Graph, 'nodes'>, roots: Iterable<NodeId>): ReadonlySet<NodeId> {
  const loops = new Map<number, NodeId>();
  for (const [id, node] of nodes.entries()) if (node.op === 'loop') loops.set(node.loop, id);
  const found = new Set<NodeId>();
  const open = [...roots];
  for (let id = open.pop(); id !== undefined; id = open.pop()) {
    if (found.has(id)) continue;
    found.add(id);
    const node = nodes[id]!;
    open.push(...node.args);
    const loop = node.op === 'self' ? loops.get(node.loop) : undefined;
    if (loop !== undefined) open.push(loop);
  }
  return new Set([...found].toSorted((a, b) => a - b));
}
