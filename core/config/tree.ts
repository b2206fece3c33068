/** Where a value stands: in the file, or what gave it instead (an environment variable, a built-in default). */
export interface Place {
  readonly line: number | null;
  readonly column: number | null;
  /** Said in front of a message: `STRAT_HTTP__PORT`; null for the file. */
  readonly origin: string | null;
}

export type Scalar = string | number | boolean | null;

/** The config as written: values with their places. Keys are in a Map, so no name means anything to JavaScript. */
export type Tree =
  | { readonly kind: 'map'; readonly at: Place; readonly entries: Map<string, Entry> }
  | { readonly kind: 'list'; readonly at: Place; readonly items: Tree[] }
  | { readonly kind: 'scalar'; readonly at: Place; readonly value: Scalar; readonly text: string };

export interface Entry {
  readonly keyAt: Place;
  readonly node: Tree;
}

export type MapTree = Extract<Tree, { kind: 'map' }>;

export const emptyMap = (at: Place): MapTree => ({ kind: 'map', at, entries: new Map() });

/** A step into a tree: a key or an index. */
export type Step = string | number;

/** `strategies[0].params.fast` */
export function pathText(steps: readonly Step[]): string {
  return steps
    .map((step, index) => (typeof step === 'number' ? `[${step}]` : index === 0 ? plainKey(step) : `.${plainKey(step)}`))
    .join('');
}

const plainKey = (key: string): string =>
  /^[\w/-]{1,64}$/.test(key) ? key : JSON.stringify(key.slice(0, 64)).replace(/[^\x20-\x7e]/g, '?');

export function childOf(tree: Tree | undefined, step: Step): Tree | undefined {
  if (tree?.kind === 'map') return tree.entries.get(String(step))?.node;
  return tree?.kind === 'list' ? tree.items[Number(step)] : undefined;
}

/** The node at the end of the steps, or the last one on the way that exists. */
export function nearestNode(tree: Tree, steps: readonly Step[]): Tree {
  let node = tree;
  for (const step of steps) {
    const next = childOf(node, step);
    if (next === undefined) return node;
    node = next;
  }
  return node;
}

/** Fresh plain data; names that mean something to JavaScript were refused when the text was read. */
export function plainData(tree: Tree): unknown {
  if (tree.kind === 'scalar') return tree.value;
  if (tree.kind === 'list') return tree.items.map(plainData);
  return Object.fromEntries([...tree.entries].map(([key, { node }]) => [key, plainData(node)]));
}
