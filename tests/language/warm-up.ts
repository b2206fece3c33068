import { generateMarket } from '#core/data/market-generator.ts';
import type { Predictions } from '#core/data/columns/predictions.ts';
import { barSource, programColumns } from '#core/data/columns/program-columns.ts';
import type { MarketColumn } from '#core/model/chart-column.ts';
import { type Columns, columnList, sliceColumns } from '#core/model/columns.ts';
import { ACCOUNT_FIELDS, SETTING_FIELDS } from '#core/model/strategy-abi.ts';
import { parseTimeframe } from '#core/model/timeframe.ts';
import { GraphEvaluator } from '#dsl/graph/evaluator.ts';
import type { NodeId } from '#dsl/graph/node.ts';
import { reach } from '#dsl/graph/reach.ts';
import { runConstants } from '#dsl/graph/run-constants.ts';
import { unforgetting, warmUpBars } from '#dsl/graph/warm-up.ts';
import type { Program } from '#dsl/program.ts';

const LOOKED_AT = 1000;
const START = Date.UTC(2015, 0, 1);
const DATA = ['quote_volume', 'funding_rate', 'open_interest', 'spread'] as const satisfies readonly MarketColumn[];

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
  const markets = new Markets(program, rows, seed);
  const long = valuesFrom(program, params, settings, markets, 0);
  const short = valuesFrom(program, params, settings, markets, rows - 1 - warmUp).at(-1)!;
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

/** What is made of the count of bars, which says by its name that it begins with the data. A covariance with it is that with any other count. */
function counting({ graph }: Program): ReadonlySet<NodeId> {
  const found = new Set<NodeId>();
  for (const [id, { op, args }] of graph.nodes.entries())
    if (op === 'barIndex' || (op !== 'covariance' && args.some((arg) => found.has(arg)))) found.add(id);
  return found;
}

/** A column whose size says something about the size of what is made of it: not a moment. */
function isMeasure({ graph }: Program, id: NodeId): boolean {
  const node = graph.nodes[id]!;
  return node.op === 'column' && node.column.kind !== 'closeTime' && !('name' in node.column && node.column.name === 'time');
}

/** Generated bars of every market that a program reads, what its data hold besides, and what its models say. */
class Markets {
  readonly traded: Columns;
  readonly #program: Program;
  readonly #others: ReadonlyMap<string, Columns>;
  readonly #data: ReadonlyMap<MarketColumn, Float64Array>;
  readonly #predictions: Predictions;

  constructor(program: Program, bars: number, seed: number) {
    const { stepMs } = program;
    const market = (place: number): Columns =>
      generateMarket({ seed: 1000 * seed + place, bars, stepMs, startTime: START, startPrice: 100, tick: 1e-6 });
    const names = program.graph.charts.flatMap(({ market: name }) => (name === null ? [] : [name]));
    this.#program = program;
    this.traded = market(0);
    this.#others = new Map(names.map((name, place) => [name, market(place + 1)]));
    const shares = (place: number): Float64Array => {
      const { close } = market(100 + place);
      return close.map((value) => value / 10_000);
    };
    this.#data = new Map(DATA.map((name, place) => [name, shares(place)]));
    this.#predictions = { time: this.traded.time, up: shares(10), down: shares(11), value: shares(12) };
  }

  /** The columns of a run whose data begin at bar `from`. */
  columnsFrom(from: number): { readonly rows: number; readonly list: readonly Float64Array[] } {
    const { charts } = this.#program.graph;
    const { columns, sessions, models } = this.#program;
    const rows = this.traded.time.length - from;
    const cut = (whole: Columns): Columns => sliceColumns(whole, from, whole.time.length);
    const data = new Map([...this.#data].map(([name, values]) => [name, values.subarray(from)]));
    const timeframe = parseTimeframe(this.#program.timeframe)!;
    const plan = { charts, columns, sessions, models: models.map(() => this.#predictions), timeframe };
    const others = new Map([...this.#others].map(([name, bars]) => [name, barSource(cut(bars), data)]));
    return { rows, list: columnList(cut(this.traded), programColumns(plan, cut(this.traded), others, data).columns) };
  }
}

/** Values of all nodes at each of the last bars. */
function valuesFrom(
  program: Program,
  params: Float64Array,
  settings: Float64Array,
  markets: Markets,
  from: number,
): readonly Float64Array[] {
  const { rows, list } = markets.columnsFrom(from);
  const evaluator = new GraphEvaluator(program, params, settings);
  const account = new Float64Array(ACCOUNT_FIELDS);
  const last: Float64Array[] = [];
  for (let bar = 0; bar < rows; bar++) {
    evaluator.step(bar, list, account);
    if (bar >= rows - LOOKED_AT) last.push(evaluator.values.slice());
  }
  return last;
}
