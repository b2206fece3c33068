import type { Chart } from '#core/model/chart-column.ts';
import { components } from './components.ts';
import { type Contraction, contractionOf, type Ranges, rangesOf } from './contraction.ts';
import { type Graph, isStatefulOp, lengthPlaceOf, type NodeId } from './node.ts';

/** The mean that a recursive average starts from weighs less than this share of the value once it counts as settled. */
const SEED_WEIGHT = 1e-6;
/** What a loop starts from is anything, also on the other side of zero: then it is twice the largest value away. */
const START_WEIGHT = SEED_WEIGHT / 2;
/** The longest month by the mean one, which is what a chart knows. */
const LONGEST_MONTH = 31 / (365.2425 / 12);

export type WarmUpKind = 'settled' | 'first';

/**
 * Bars of the traded chart before the values of `roots` may be acted on, with these values of what does not change within a run (`runConstants`).
 *
 * - `first`: index of the first bar on which all are defined: a window of n needs n - 1 bars before it, a bar of another chart those that it is made of.
 * - `settled`: in addition what reads its own past waits until its start weighs less than 1e-6: a recursive average k = ln(1e-6) / ln(1 - a) bars
 *   after its first value (ema of n: about 7 n; rma of n: about 14 n), a loop by the rate at which it forgets until 5e-7. And the first bar of a longer chart
 *   does not count, as the data may begin in the middle of it.
 *
 * What never forgets its start (`unforgetting`) is waited for until it is defined. Charts count as if no bar were missing.
 *
 * @param parts the components of the graph, for who asks often
 */
export function warmUpBars(
  graph: Graph,
  constants: Float64Array,
  roots: readonly NodeId[],
  kind: WarmUpKind,
  parts: ReturnType<typeof components> = components(graph),
): number {
  const { nodes, charts } = graph;
  const memory = new Memory(graph, constants);
  const bars = new Float64Array(nodes.length);

  /** Of the nodes of one part, when its loops' own pasts are there from bar `past` on. */
  const fill = (part: readonly NodeId[], past: number): void => {
    for (const id of part) {
      const node = nodes[id]!;
      const before = node.args.reduce((most, arg) => Math.max(most, bars[arg]!), 0);
      if (node.op === 'self') bars[id] = past;
      else if (node.op === 'sample') bars[id] = sampledBars(before, charts[nodes[node.args[0]!]!.chart]!, charts[node.chart]!, kind);
      else
        bars[id] =
          before +
          memory.windowOf(id) +
          (kind === 'settled' ? settling(memory.contractionOf(id, part), node.op === 'loop' ? START_WEIGHT : SEED_WEIGHT) : 0);
    }
  };
  for (const part of parts) {
    const [first = -1] = part;
    const alone = nodes[first]!;
    if (part.length === 1) fill(part, alone.op === 'self' ? bars[memory.loopOf(alone.loop)]! + 1 : 0);
    else {
      fill(part, 0);
      const loops = part.filter((id) => nodes[id]!.op === 'loop');
      const settled = Math.max(...loops.map((id) => bars[id]!));
      fill(part, settled + 1);
      for (const id of loops) bars[id] = settled;
    }
  }
  return roots.reduce((most, root) => Math.max(most, bars[root]!), 0);
}

/**
 * Nodes that may keep their start for ever, so that runs which begin at different bars need not agree: loops that are not shown to forget, averages whose
 * factor does not let them, Wilder's parabolic, machines. In graph order. (Counts of bars and the account do not forget either, and say so by their names.)
 */
export function unforgetting(graph: Graph, constants: Float64Array): readonly NodeId[] {
  const memory = new Memory(graph, constants);
  return components(graph)
    .flatMap((part) => part.filter((id) => memory.contractionOf(id, part) === null))
    .toSorted((a, b) => a - b);
}

/** Bars until a start weighs less than `weight`; 0 for what never forgets it. */
function settling(contraction: Contraction | null, weight: number): number {
  if (contraction === null) return 0;
  const { rate, lag } = contraction;
  return rate === 0 ? lag : lag * Math.ceil(Math.log(weight) / Math.log(rate));
}

/** Index of the bar of `to` at which bar `index` of `from` has closed, wherever in its first bar the data begin. */
function sampledBars(index: number, from: Chart, to: Chart, kind: WarmUpKind): number {
  const stepMs = from.timeframe.endsWith('mo') ? from.stepMs * LONGEST_MONTH : from.stepMs;
  const begunMs = kind === 'settled' ? Math.max(0, stepMs - to.stepMs) : 0;
  return Math.ceil(((index + 1) * stepMs + begunMs) / to.stepMs) - 1;
}

/** What nodes remember. */
class Memory {
  readonly #graph: Graph;
  readonly #constants: Float64Array;
  readonly #loops: ReadonlyMap<number, NodeId>;
  #ranges: Ranges | null = null;

  constructor(graph: Graph, constants: Float64Array) {
    this.#graph = graph;
    this.#constants = constants;
    this.#loops = new Map(graph.nodes.flatMap((node, id) => (node.op === 'loop' ? [[node.loop, id] as const] : [])));
  }

  loopOf(loop: number): NodeId {
    return this.#loops.get(loop)!;
  }

  /** Bars before the one at hand that a node has to have seen. */
  windowOf(id: NodeId): number {
    const { op, args } = this.#graph.nodes[id]!;
    if (op === 'parabolic') return 1;
    // The last argument of a plugin is how far it looks back.
    if (op === 'plugin') return this.#constants[args.at(-1)!]!;
    if (!isStatefulOp(op)) return 0;
    const length = this.#constants[args[lengthPlaceOf(op)!]!]!;
    return op === 'delay' ? length : length - 1;
  }

  /** How a node forgets what it started from; null = it may keep it for ever. */
  contractionOf(id: NodeId, part: readonly NodeId[]): Contraction | null {
    const { op, args } = this.#graph.nodes[id]!;
    if (op === 'parabolic' || op === 'machine') return null;
    if (op === 'recursive') {
      const rate = Math.abs(1 - this.#constants[args[1]!]!);
      return rate < 1 ? { rate, lag: 1 } : null;
    }
    if (op !== 'loop') return { rate: 0, lag: 0 };
    this.#ranges ??= rangesOf(this.#graph, this.#constants);
    return contractionOf(this.#graph, part, this.#constants, this.#ranges);
  }
}
