import type { Graph, NodeId } from './node.ts';
import { ANYTHING, type Interval, nodeRange } from './node-range.ts';

/** How fast a loop forgets. */
export interface Contraction {
  /** Share of a difference in its past that is left after `lag` bars, at most; below 1. */
  readonly rate: number;
  /** How many bars back it reads. */
  readonly lag: number;
}

/** Ends of the derivative of a value with respect to what the loop was some bars before, by bars. */
type Slopes = ReadonlyMap<number, Interval>;

const exactly = (value: number): Interval => ({ low: value, high: value, whole: false });

/**
 * Whether a loop forgets where it started: if its value changes by less than its past does, which interval arithmetic over the derivative shows for
 * `line[1] + a * (x - line[1])` with a between 0 and 1. Bars on which another value is na do not count, as with recursive averages.
 * null = it could not be shown: the loop may keep its start for ever.
 *
 * @param part the nodes that depend on the loop and that it depends on, in graph order
 * @param ranges of all nodes
 */
export function contractionOf({ nodes }: Graph, part: readonly NodeId[], constants: Float64Array, ranges: Ranges): Contraction | null {
  const none: Slopes = new Map();
  const slopes = new Map<NodeId, Slopes | null>();
  const slopesOf = (id: NodeId): Slopes | null => slopes.get(id) ?? (slopes.has(id) ? null : none);
  const loops = part.filter((id) => nodes[id]!.op === 'loop');
  const [loop] = loops;
  if (loop === undefined || loops.length > 1) return null;
  for (const id of part) if (id !== loop) slopes.set(id, nodeSlopes(id));
  const value = slopesOf(nodes[loop]!.args[0]!);
  if (value === null) return null;
  const rate = [...value.values()].reduce((sum, { low, high }) => sum + Math.max(Math.abs(low), Math.abs(high)), 0);
  return rate < 1 ? { rate, lag: Math.max(1, ...value.keys()) } : null;

  /** null = not bounded. */
  function nodeSlopes(id: NodeId): Slopes | null {
    const { op, args } = nodes[id]!;
    if (op === 'self') return new Map([[1, exactly(1)]]);
    const [a = -1, b = -1, c = -1] = args;
    if (op === 'select') {
      const taken = branchTaken(a);
      if (taken !== null) return slopesOf(taken ? b : c);
      return slopes.has(a) ? null : joined(slopesOf(b), slopesOf(c), hull);
    }
    const [x, y] = [slopesOf(a), b < 0 ? none : slopesOf(b)];
    if (x === null || y === null) return null;
    switch (op) {
      case 'add':
        return joined(x, y, (p, q) => ({ low: p.low + q.low, high: p.high + q.high, whole: false }));
      case 'sub':
        return joined(x, y, (p, q) => ({ low: p.low - q.high, high: p.high - q.low, whole: false }));
      case 'neg':
        return scaled(x, exactly(-1));
      case 'abs':
        return scaled(x, { low: -1, high: 1, whole: false });
      case 'min':
      case 'max':
        return joined(x, y, hull);
      case 'mul':
        return x.size > 0 && y.size > 0 ? null : x.size > 0 ? scaled(x, ranges[b]!) : scaled(y, ranges[a]!);
      case 'div':
        return y.size > 0 ? null : scaled(x, inverse(ranges[b]!));
      case 'delay':
        return new Map([...x].map(([lag, slope]) => [lag + constants[b]!, slope]));
      default:
        return x.size === 0 && y.size === 0 ? none : null;
    }
  }

  /** Of `if x is na` the branch for what is not. */
  function branchTaken(condition: NodeId): boolean | null {
    const { op, args } = nodes[condition]!;
    if (op === 'isNa') return false;
    return op === 'not' && nodes[args[0]!]!.op === 'isNa' ? true : null;
  }
}

/** Ranges by node. */
export type Ranges = readonly Interval[];

/** Ranges of all nodes, with these values of what does not change within a run. */
export function rangesOf({ nodes }: Graph, constants: Float64Array): Ranges {
  const ranges: Interval[] = [];
  for (const [id, node] of nodes.entries()) {
    const value = constants[id]!;
    const isKnown = node.rate !== 'series' && !Number.isNaN(value);
    ranges.push(
      isKnown
        ? exactly(value)
        : nodeRange(node, { nodeOf: (arg) => nodes[arg]!, rangeOf: (arg) => ranges[arg]!, paramRange: () => ANYTHING }),
    );
  }
  return ranges;
}

/** Both together; at a lag that one of them does not have, its slope is 0. */
function joined(x: Slopes | null, y: Slopes | null, join: (p: Interval, q: Interval) => Interval): Slopes | null {
  if (x === null || y === null) return null;
  const lags = new Set([...x.keys(), ...y.keys()]);
  return new Map([...lags].map((lag) => [lag, join(x.get(lag) ?? exactly(0), y.get(lag) ?? exactly(0))]));
}

const hull = (p: Interval, q: Interval): Interval => ({ low: Math.min(p.low, q.low), high: Math.max(p.high, q.high), whole: false });

function scaled(slopes: Slopes, by: Interval): Slopes {
  const times = ({ low, high }: Interval): Interval => {
    // 0 x infinity is 0: a value without bounds is finite still.
    const corners = [low * by.low, low * by.high, high * by.low, high * by.high].map((corner) => (Number.isNaN(corner) ? 0 : corner));
    return { low: Math.min(...corners), high: Math.max(...corners), whole: false };
  };
  return new Map([...slopes].map(([lag, slope]) => [lag, times(slope)]));
}

function inverse({ low, high }: Interval): Interval {
  return low > 0 || high < 0 ? { low: 1 / high, high: 1 / low, whole: false } : ANYTHING;
}
