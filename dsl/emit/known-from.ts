import { isCompareOp, isLogicOp, type GraphNode, inputsOf, isStatefulOp, lengthPlaceOf, type NodeId } from '../graph/node.ts';
import { nodeRange, type Interval } from '../graph/node-range.ts';
import type { Program } from '../program.ts';
import { longestLength, paramRange } from './length-bounds.ts';

/** Larger values might overflow in what follows. */
const LARGEST_POWER = 290;
/** Candles have prices up to 1e15 and volumes up to 1e20. */
const CANDLE_POWER = 20;

/** What is sure of a node: at every bar a number of it is finite and below 10^power in size, or na; and from `bar` on it is known. */
export interface Sure {
  readonly bar: number;
  readonly power: number;
}

/**
 * For each node from which bar of the traded chart on its value cannot be na or infinite, whatever the market does; null where that cannot be said. Code for
 * later bars needs no tests for it.
 */
export function knownFrom(program: Program): readonly (Sure | null)[] {
  const { nodes } = program.graph;
  const sure: (Sure | null)[] = [];
  const ranges: Interval[] = [];
  const lengthOf = (node: GraphNode): number => {
    const place = isStatefulOp(node.op) ? lengthPlaceOf(node.op) : null;
    return place === null ? 1 : longestLength(program.graph, node.args[place]!, program.params);
  };
  for (const [id, node] of nodes.entries()) {
    ranges.push(
      nodeRange(node, {
        nodeOf: (arg) => nodes[arg]!,
        rangeOf: (arg) => ranges[arg]!,
        paramRange: (index) => paramRange(program.params[index]!),
      }),
    );
    const isGiven = node.op === 'const' || node.op === 'param';
    const found = isNever(node) ? NEVER : isGiven ? ofGiven(ranges[id]!) : ofComputed(node, { sure, ranges, nodes, lengthOf });
    sure.push(found !== null && found.power <= LARGEST_POWER ? found : null);
  }
  return sure;
}

interface Known {
  readonly sure: readonly (Sure | null)[];
  readonly ranges: readonly Interval[];
  readonly nodes: readonly GraphNode[];
  readonly lengthOf: (node: GraphNode) => number;
}

/** The number that is na. */
const isNever = (node: GraphNode): boolean => node.op === 'const' && Number.isNaN(node.value);
const NEVER: Sure = { bar: Infinity, power: 0 };

/** A little more than the logarithm, which is rounded. */
const powerOf = (size: number): number => Math.log10(Math.max(1, size)) + 0.01;

function ofGiven({ low, high }: Interval): Sure | null {
  const size = Math.max(Math.abs(low), Math.abs(high));
  return size < Infinity ? { bar: 0, power: powerOf(size) } : null;
}

function ofComputed(node: GraphNode, known: Known): Sure | null {
  if (node.chart > 0) return null;
  if (node.op === 'column') {
    const { kind } = node.column;
    return kind === 'bar' || kind === 'calendar' || kind === 'closeTime' ? { bar: 0, power: CANDLE_POWER } : null;
  }
  if (node.op === 'barIndex') return { bar: 0, power: CANDLE_POWER };
  if (node.op === 'isNa') return { bar: 0, power: 0 };
  if (node.op === 'select') return ofSelect(node.args, known);
  const count = isStatefulOp(node.op) ? inputsOf(node.op) : node.args.length;
  const inputs = node.args.slice(0, count).map((arg) => known.sure[arg] ?? null);
  if (inputs.some((input) => input === null)) return null;
  const parts = inputs as readonly Sure[];
  const bar = Math.max(0, ...parts.map((part) => part.bar));
  const power = Math.max(0, ...parts.map((part) => part.power));
  const sum = parts.reduce((total, part) => total + part.power, 0);
  if (isCompareOp(node.op) || isLogicOp(node.op)) return { bar, power: 0 };
  const length = known.lengthOf(node);
  switch (node.op) {
    case 'neg':
    case 'abs':
    case 'floor':
    case 'ceil':
    case 'round':
    case 'sign':
    case 'min':
    case 'max':
      return { bar, power: power + 1 };
    case 'add':
    case 'sub':
      return { bar, power: power + 1 };
    case 'mul':
      return { bar, power: sum };
    case 'div':
      return ofQuotient(bar, parts[0]!.power, known.ranges[node.args[1]!]!);
    case 'sqrt':
      return known.ranges[node.args[0]!]!.low >= 0 ? { bar, power } : null;
    case 'delay':
      return { bar: bar + length, power };
    case 'highest':
    case 'lowest':
    case 'allOf':
    case 'anyOf':
      return { bar: bar + length, power };
    case 'sum':
      return { bar: bar + length, power: power + powerOf(length) + 1 };
    case 'variance':
    case 'covariance':
      return { bar: bar + length, power: 2 * power + powerOf(length) + 2 };
    case 'recursive': {
      const factor = known.ranges[node.args[1]!]!;
      return factor.low >= 0 && factor.high <= 1 ? { bar: bar + length, power: power + powerOf(length) + 1 } : null;
    }
    default:
      return null;
  }
}

function ofQuotient(bar: number, power: number, divisor: Interval): Sure | null {
  const least = divisor.low > 0 ? divisor.low : divisor.high < 0 ? -divisor.high : 0;
  return least > 1e-100 ? { bar, power: power + Math.max(0, -Math.log10(least)) } : null;
}

/** Of `if x is na then ... else ...` the other branch alone, once x is known, but before that nothing may be infinite, which na would not be; `if a == b then ... else ... / (a - b)` never divides by zero. */
function ofSelect([condition = 0, yes = 0, no = 0]: readonly NodeId[], known: Known): Sure | null {
  const { sure, nodes } = known;
  const test = nodes[condition]!;
  if (test.op === 'eq' && test.args.every((arg) => isPrice(arg, nodes))) {
    const parts = [sure[condition] ?? null, sure[yes] ?? null, ofUnequal(no, test.args, known)];
    return parts.every((part) => part !== null) ? largest(parts) : null;
  }
  const asked = test.op === 'isNa' ? (sure[test.args[0]!] ?? null) : null;
  const before = sure[yes] ?? null;
  const instead = asked === null || before === null ? before : { ...before, bar: 0 };
  const branches = [asked ?? sure[condition] ?? null, instead, sure[no] ?? null];
  return branches.every((branch) => branch !== null) ? largest(branches) : null;
}

const largest = (parts: readonly Sure[]): Sure => ({
  bar: Math.max(...parts.map((part) => part.bar)),
  power: Math.max(...parts.map((part) => part.power)),
});

/** A price of a candle, now or before: at least 1e-15, so two that differ do so by more than 1e-32. */
function isPrice(id: NodeId, nodes: readonly GraphNode[]): boolean {
  const node = nodes[id]!;
  if (node.op === 'column') return node.column.kind === 'bar' && node.column.name !== 'time' && node.column.name !== 'volume';
  return (node.op === 'delay' || node.op === 'highest' || node.op === 'lowest') && isPrice(node.args[0]!, nodes);
}
const SMALLEST_DIFFERENCE_POWER = 32;

/** What is sure of a node where two prices are not equal. */
function ofUnequal(id: NodeId, prices: readonly NodeId[], known: Known): Sure | null {
  const { sure, nodes } = known;
  const node = nodes[id]!;
  const [a, b] = node.args;
  if ((sure[id] ?? null) !== null) return sure[id]!;
  if (node.op === 'mul') {
    const parts = node.args.map((arg) => ofUnequal(arg, prices, known));
    if (parts.some((part) => part === null)) return null;
    return { bar: largest(parts as readonly Sure[]).bar, power: parts.reduce((sum, part) => sum + part!.power, 0) };
  }
  const divisor = node.op === 'div' ? nodes[b!]! : null;
  const isDifference = divisor?.op === 'sub' && divisor.args.every((arg) => prices.includes(arg)) && divisor.args[0] !== divisor.args[1];
  const above = isDifference ? (sure[a!] ?? null) : null;
  return above === null ? null : { bar: Math.max(above.bar, sure[b!]?.bar ?? Infinity), power: above.power + SMALLEST_DIFFERENCE_POWER };
}
