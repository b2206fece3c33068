import { type GraphNode, isStatefulOp, type NodeId } from '../graph/node.ts';
import type { Program } from '../program.ts';
import type { Usage } from './usage.ts';

/**
 * Programs with more nodes at every bar have their series in functions of their own, of no more nodes each: V8's optimiser takes longer than linearly in the size of a
 * function, and refuses very large ones.
 */
export const MOST_TOGETHER = 120;

/** Nodes that one function computes. */
export interface SeriesPart {
  readonly nodes: ReadonlySet<NodeId>;
  /** What it reads of other parts: columns of the piece of bars at hand. */
  readonly imports: ReadonlySet<NodeId>;
  /** What others read of it. */
  readonly exports: ReadonlySet<NodeId>;
}

export interface SeriesSplit {
  /** What stays in the loop with the rules. */
  readonly main: SeriesPart;
  /** In the order in which they run; each reads groups before it only. */
  readonly groups: readonly SeriesPart[];
}

/**
 * Series of a long program in groups, each of which is computed for a piece of the bars before the loop with the rules. What is read together stands together, so that groups hand
 * on little. What the account, plugins, machines, other charts or loops of the program have a part in stays in the loop.
 * @param most nodes of one function
 * @returns null for a program that is short enough
 */
export function splitSeries(program: Program, { used, everyBar, ahead, roots }: Usage, most: number): SeriesSplit | null {
  const { nodes } = program.graph;
  const isFree = (id: NodeId): boolean => isInEveryPart(nodes[id]!) || ahead.has(id);
  const movable = new Set<NodeId>();
  for (const id of [...everyBar].toSorted((a, b) => a - b)) {
    const isMovable = !isFree(id) && isPlainSeries(nodes[id]!) && nodes[id]!.args.every((arg) => isFree(arg) || movable.has(arg));
    if (isMovable) movable.add(id);
  }
  if (movable.size <= most || ![...movable].some((id) => isStatefulOp(nodes[id]!.op))) return null;
  const count = Math.ceil(movable.size / most);
  const ids = byUse(movable, nodes);
  const sets = Array.from({ length: count }, (_, group) => {
    const at = (place: number): number => Math.floor((place * ids.length) / count);
    return new Set(ids.slice(at(group), at(group + 1)));
  });
  const rest = new Set([...used].filter((id) => !movable.has(id)));
  const importsOf = (own: ReadonlySet<NodeId>, read: readonly NodeId[] = []): ReadonlySet<NodeId> =>
    new Set([...read, ...[...own].flatMap((id) => readBy(nodes[id]!, nodes))].filter((id) => movable.has(id) && !own.has(id)));
  const main = { nodes: rest, imports: importsOf(rest, roots) };
  const parts = sets.map((own) => ({ nodes: own, imports: importsOf(own) }));
  const read = new Set([main, ...parts].flatMap(({ imports }) => [...imports]));
  return {
    main: { ...main, exports: new Set() },
    groups: parts.map((part) => ({ ...part, exports: new Set([...part.nodes].filter((id) => read.has(id))) })),
  };
}

/** Nodes behind all that they read, and near to what reads them: from each one that no other reads, what goes deepest first. */
function byUse(ids: ReadonlySet<NodeId>, nodes: readonly GraphNode[]): readonly NodeId[] {
  const depths = new Map<NodeId, number>();
  const read = new Set<NodeId>();
  const argsOf = (id: NodeId): readonly NodeId[] => readBy(nodes[id]!, nodes).filter((arg) => ids.has(arg));
  for (const id of ids) {
    const args = argsOf(id);
    depths.set(id, 1 + Math.max(0, ...args.map((arg) => depths.get(arg)!)));
    for (const arg of args) read.add(arg);
  }
  const ordered = new Set<NodeId>();
  const open = [...ids].filter((id) => !read.has(id)).toReversed();
  while (open.length > 0) {
    const id = open.at(-1)!;
    const waiting = ordered.has(id) ? [] : argsOf(id).filter((arg) => !ordered.has(arg));
    if (waiting.length > 0) open.push(...waiting.toSorted((a, b) => depths.get(a)! - depths.get(b)!));
    else {
      ordered.add(id);
      open.pop();
    }
  }
  return [...ordered];
}

/** What the code of a node reads: of a difference of which the sign alone is read, what its quotients are made of besides (compared-quotients.ts). */
export function readBy({ args, isSignOnly }: GraphNode, nodes: readonly GraphNode[]): readonly NodeId[] {
  return isSignOnly === true ? [...args, ...args.flatMap((arg) => nodes[arg]!.args)] : args;
}

/** Constants, params and candles are written wherever they are read. */
export function isInEveryPart({ op, rate, chart }: GraphNode): boolean {
  return rate !== 'series' || op === 'barIndex' || (op === 'column' && chart === 0);
}

/** Those that hand on a value for each bar: machines have theirs in the state. */
const BOUND: ReadonlySet<GraphNode['op']> = new Set([
  'self',
  'loop',
  'sample',
  'plugin',
  'pluginOutput',
  'machine',
  'machineOutput',
  'account',
]);

function isPlainSeries({ op, chart, usesAccount }: GraphNode): boolean {
  return chart === 0 && !usesAccount && !BOUND.has(op);
}
