import type { Graph, NodeId } from './node.ts';

/** A seed weighs less than this share of the value once a recursive average counts as settled. */
const SEED_WEIGHT = 1e-6;

/**
 * Bars before the values of `roots` may be acted on, with these values of what does not change within a run (`runConstants`).
 *
 * - `first`: index of the first bar on which all are defined: a window of n needs n - 1 bars before it.
 * - `settled`: in addition a recursive average waits until its seed weighs less than 1e-6, k = ln(1e-6) / ln(1 - a) bars
 *   after its first value (ema of n: about 7 n; rma of n: about 14 n).
 */
export function warmUpBars(graph: Graph, constants: Float64Array, roots: readonly NodeId[], kind: 'settled' | 'first'): number {
  const bars = new Float64Array(graph.nodes.length);
  for (const [id, node] of graph.nodes.entries()) {
    const before = node.args.reduce((most, arg) => Math.max(most, bars[arg]!), 0);
    bars[id] =
      before +
      ownBars(
        node.op,
        node.args.map((arg) => constants[arg]!),
        kind,
      );
  }
  return roots.reduce((most, root) => Math.max(most, bars[root]!), 0);
}

function ownBars(op: string, args: readonly number[], kind: 'settled' | 'first'): number {
  const [, second = 0, third = 0] = args;
  switch (op) {
    case 'delay':
      return second;
    case 'sum':
    case 'variance':
    case 'highest':
    case 'lowest':
      return second - 1;
    case 'recursive':
      return third - 1 + (kind === 'first' || second >= 1 ? 0 : Math.ceil(Math.log(SEED_WEIGHT) / Math.log(1 - second)));
    case 'plugin':
      return args.at(-1)!;
    default:
      return 0;
  }
}
