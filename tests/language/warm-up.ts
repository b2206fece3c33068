import { columnList } from '#core/model/columns.ts';
import { ACCOUNT_FIELDS, SETTING_FIELDS } from '#core/model/strategy-abi.ts';
import { GraphEvaluator } from '#dsl/graph/evaluator.ts';
import type { NodeId } from '#dsl/graph/node.ts';
import { reach } from '#dsl/graph/reach.ts';
import { runConstants } from '#dsl/graph/run-constants.ts';
import { unforgetting, warmUpBars } from '#dsl/graph/warm-up.ts';
import type { Program } from '#dsl/program.ts';
import { GeneratedMarkets } from './generated-markets.ts';

const LOOKED_AT = 1000;

/** A value at the first bar that may be traded which is not that of a run with ten times the history. */
export interface LeftOver {
  readonly node: NodeId;
  /** Difference as a share of the largest input or output of the last 1,000 bars; NaN when only one of the two runs knows a value. */
  readonly share: number;
}

export interface WarmUpSeen {
  readonly warmUp: number;
  /** The largest first. */
  readonly leftOver: readonly LeftOver[];
  /** Number of the values that were compared, and of those that may never forget where the data begin. */
  readonly compared: number;
  readonly kept: number;
}

/**
 * Runs a program twice, on generated markets that end with the same bar: once with just its warm-up before that bar, once with ten times as much.
 * Compares everything that `roots` are made of on the traded chart.
 * @param cut share of the warm-up that the short run gets, for offenders
 */
export function warmUpSeen(program: Program, roots: readonly NodeId[], seed: number, cut = 1): WarmUpSeen {
  const { graph } = program;
  const params = Float64Array.from(program.params, ({ value }) => value);
  // One of each unit of the market.
  const settings = new Float64Array(SETTING_FIELDS).fill(1);
  const constants = runConstants(graph, params, settings);
  const warmUp = Math.floor(warmUpBars(graph, constants, roots, 'settled') * cut);
  const starts = new Set(unforgetting(graph, constants));
  const counts = counting(program);
  const series = [...reach(graph, roots)].filter((id) => {
    const { rate, chart, op } = graph.nodes[id]!;
    return rate === 'series' && chart === 0 && op !== 'plugin' && !counts.has(id);
  });
  const kept = series.filter((id) => [...reach(graph, [id])].some((part) => starts.has(part)));
  const compared = series.filter((id) => !kept.includes(id));

  const rows = 10 * (warmUp + 1) + (seed % 50);
  const markets = new GeneratedMarkets(program, rows, seed);
  const long = valuesFrom(program, params, settings, markets, rows, 0);
  const short = valuesFrom(program, params, settings, markets, rows, rows - 1 - warmUp).at(-1)!;
  const largest = (id: NodeId): number => long.reduce((most, values) => (Math.abs(values[id]!) > most ? Math.abs(values[id]!) : most), 0);
  const leftOver = compared.map((node): LeftOver => {
    const [a, b] = [long.at(-1)![node]!, short[node]!];
    if (Object.is(a, b)) return { node, share: 0 };
    const inputs = [...reach(graph, [node])].filter((id) => isMeasure(program, id));
    return { node, share: Math.abs(a - b) / Math.max(...[node, ...inputs].map(largest)) };
  });
  const order = ({ share }: LeftOver): number => (Number.isNaN(share) ? Infinity : share);
  return { warmUp, leftOver: leftOver.toSorted((a, b) => order(b) - order(a)), compared: compared.length, kept: kept.length };
}

/** What is made of the count of bars or of the age of the market, which say by their names that they begin with the data. A covariance with it is that with any other count. */
function counting({ graph }: Program): ReadonlySet<NodeId> {
  const found = new Set<NodeId>();
  for (const [id, node] of graph.nodes.entries()) {
    const { op, args } = node;
    const isCount = op === 'barIndex' || (op === 'column' && node.column.kind === 'data' && node.column.name === 'age');
    if (isCount || (op !== 'covariance' && args.some((arg) => found.has(arg)))) found.add(id);
  }
  return found;
}

/** A column whose size says something about the size of what is made of it: not a moment. */
function isMeasure({ graph }: Program, id: NodeId): boolean {
  const node = graph.nodes[id]!;
  return node.op === 'column' && node.column.kind !== 'closeTime' && !('name' in node.column && node.column.name === 'time');
}

/** Values of all nodes at each of the last bars of a run whose data begin at bar `from`. */
function valuesFrom(
  program: Program,
  params: Float64Array,
  settings: Float64Array,
  markets: GeneratedMarkets,
  rows: number,
  from: number,
): readonly Float64Array[] {
  const { candles, further } = markets.columnsOf({ from, to: rows, noiseFrom: rows });
  const list = columnList(candles, further.columns);
  const evaluator = new GraphEvaluator(program, params, settings);
  const account = new Float64Array(ACCOUNT_FIELDS);
  const last: Float64Array[] = [];
  for (let bar = 0; bar < rows - from; bar++) {
    evaluator.step(bar, list, account);
    if (bar >= rows - from - LOOKED_AT) last.push(evaluator.values.slice());
  }
  return last;
}
