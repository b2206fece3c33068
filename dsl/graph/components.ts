import type { Graph, NodeId } from './node.ts';

/**
 * The nodes in parts that depend on each other in a circle, every part after those it depends on; within a part in graph order. A node without a past of its
 * own is a part alone; the nodes between the past of a loop and the loop are one part, with all loops that read each other.
 * R. Tarjan, Depth-First Search and Linear Graph Algorithms, 1972; without recursion, as graphs can be deep.
 */
export function components({ nodes }: Pick<Graph, 'nodes'>): readonly (readonly NodeId[])[] {
  const loops = new Map(nodes.flatMap((node, id) => (node.op === 'loop' ? [[node.loop, id] as const] : [])));
  const sourcesOf = (id: NodeId): readonly NodeId[] => {
    const node = nodes[id]!;
    return node.op === 'self' ? [loops.get(node.loop)!] : node.args;
  };
  const found: NodeId[][] = [];
  const order = new Int32Array(nodes.length).fill(-1);
  const lowest = new Int32Array(nodes.length);
  const isOpen = new Uint8Array(nodes.length);
  const open: NodeId[] = [];
  let next = 0;
  for (const root of nodes.keys()) {
    if (order[root]! >= 0) continue;
    const path: { readonly id: NodeId; readonly sources: readonly NodeId[]; place: number }[] = [];
    const enter = (id: NodeId): void => {
      order[id] = lowest[id] = next++;
      isOpen[id] = 1;
      open.push(id);
      path.push({ id, sources: sourcesOf(id), place: 0 });
    };
    enter(root);
    for (let step = path.at(-1); step !== undefined; step = path.at(-1)) {
      const source = step.sources[step.place];
      step.place += 1;
      if (source === undefined) {
        path.pop();
        const user = path.at(-1);
        if (user !== undefined) lowest[user.id] = Math.min(lowest[user.id]!, lowest[step.id]!);
        if (lowest[step.id] !== order[step.id]) continue;
        const part = open.splice(open.lastIndexOf(step.id));
        for (const id of part) isOpen[id] = 0;
        found.push(part.toSorted((a, b) => a - b));
      } else if (order[source]! < 0) enter(source);
      else if (isOpen[source] === 1) lowest[step.id] = Math.min(lowest[step.id]!, order[source]!);
    }
  }
  return found;
}
