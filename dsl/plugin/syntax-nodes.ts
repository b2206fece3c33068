import type { AnyNode } from 'acorn';

/** A node and all nodes below it. Without recursion: a tree may be deeper than the stack. */
export function* nodesOf(root: AnyNode): Generator<AnyNode> {
  const open = [root];
  for (let node = open.pop(); node !== undefined; node = open.pop()) {
    yield node;
    for (const value of Object.values(node) as readonly unknown[])
      for (const child of Array.isArray(value) ? (value as readonly unknown[]) : [value]) if (isNode(child)) open.push(child);
  }
}

function isNode(value: unknown): value is AnyNode {
  return typeof value === 'object' && value !== null && 'type' in value && typeof value.type === 'string';
}
