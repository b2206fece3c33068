import type { Graph, NodeId } from '../graph/node.ts';
import type { ProgramParam } from '../program.ts';

/** The longest window that the language allows (E0308). */
export const MAX_LENGTH = 10_000;

interface Interval {
  readonly low: number;
  readonly high: number;
}

const ANYTHING: Interval = { low: -Infinity, high: Infinity };

/**
 * Upper bound of a length over all values its params may take, so that one compilation serves every trial of an optimiser.
 * Interval arithmetic for + - * min max and negation; anything else counts as the longest window allowed.
 */
export function longestLength(graph: Graph, id: NodeId, params: readonly ProgramParam[]): number {
  const { high } = intervalOf(graph, id, params);
  return Math.min(Math.max(1, Math.ceil(high)), MAX_LENGTH);
}

function intervalOf(graph: Graph, id: NodeId, params: readonly ProgramParam[]): Interval {
  const node = graph.nodes[id]!;
  if (node.op === 'const') return { low: node.value, high: node.value };
  if (node.op === 'param') {
    const param = params[node.index]!;
    return { low: Math.min(param.min, param.value), high: Math.max(param.max, param.value) };
  }
  const [a = ANYTHING, b = ANYTHING] = node.args.map((arg) => intervalOf(graph, arg, params));
  switch (node.op) {
    case 'neg':
      return { low: -a.high, high: -a.low };
    case 'add':
      return { low: a.low + b.low, high: a.high + b.high };
    case 'sub':
      return { low: a.low - b.high, high: a.high - b.low };
    case 'mul': {
      const products = [a.low * b.low, a.low * b.high, a.high * b.low, a.high * b.high];
      return products.some(Number.isNaN) ? ANYTHING : { low: Math.min(...products), high: Math.max(...products) };
    }
    case 'min':
      return { low: Math.min(a.low, b.low), high: Math.min(a.high, b.high) };
    case 'max':
      return { low: Math.max(a.low, b.low), high: Math.max(a.high, b.high) };
    default:
      return ANYTHING;
  }
}
