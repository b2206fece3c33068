import { generateMarket } from '#core/data/market-generator.ts';
import type { Predictions } from '#core/data/columns/predictions.ts';
import { barSource, programColumns } from '#core/data/columns/program-columns.ts';
import type { FurtherColumns, MarketColumn } from '#core/model/chart-column.ts';
import { COLUMN_NAMES, type Columns, sharedColumns, sliceColumns } from '#core/model/columns.ts';
import { parseTimeframe } from '#core/model/timeframe.ts';
import type { Program } from '#dsl/program.ts';

const START = Date.UTC(2015, 0, 1);
const DATA = ['quote_volume', 'funding_rate', 'open_interest', 'spread'] as const satisfies readonly MarketColumn[];

/** What of the bars a run gets: those of [from, to), and from `noiseFrom` on others in their place. */
export interface Stretch {
  readonly from: number;
  readonly to: number;
  readonly noiseFrom: number;
}

/** Generated bars of every market that a program reads, what its data hold besides, and what its models say. */
export class GeneratedMarkets {
  readonly #program: Program;
  readonly #traded: Columns;
  readonly #others: ReadonlyMap<string, Columns>;
  readonly #data: ReadonlyMap<MarketColumn, Float64Array>;
  readonly #predictions: Predictions;

  constructor(program: Program, bars: number, seed: number) {
    const { stepMs } = program;
    const market = (place: number): Columns =>
      generateMarket({ seed: 1000 * seed + place, bars, stepMs, startTime: START, startPrice: 100, tick: 1e-6 });
    const names = program.graph.charts.flatMap(({ market: name }) => (name === null ? [] : [name]));
    const shares = (place: number): Float64Array => market(100 + place).close.map((value) => value / 10_000);
    this.#program = program;
    this.#traded = market(0);
    this.#others = new Map(names.map((name, place) => [name, market(place + 1)]));
    this.#data = new Map(DATA.map((name, place) => [name, shares(place)]));
    this.#predictions = { time: this.#traded.time, up: shares(10), down: shares(11), value: shares(12) };
  }

  /** The candles of a run, and the columns that it reads besides, as the host makes them. */
  columnsOf({ from, to, noiseFrom }: Stretch): { readonly candles: Columns; readonly further: FurtherColumns } {
    const { charts } = this.#program.graph;
    const { columns, sessions, models } = this.#program;
    const part = (whole: Columns): Columns => sliceColumns(noisy(whole, noiseFrom), from, to);
    const values = (whole: Float64Array): Float64Array => noisyValues(whole, noiseFrom);
    const data = new Map([...this.#data].map(([name, whole]) => [name, values(whole).subarray(from, to)]));
    const { time, up, down, value } = this.#predictions;
    const predictions = { time, up: values(up!), down: values(down!), value: values(value!) };
    const timeframe = parseTimeframe(this.#program.timeframe)!;
    const plan = { charts, columns, sessions, models: models.map(() => predictions), timeframe };
    const others = new Map([...this.#others].map(([name, bars]) => [name, barSource(part(bars), data)]));
    const candles = part(this.#traded);
    return { candles, further: programColumns(plan, candles, others, data) };
  }
}

function noisyValues(whole: Float64Array, from: number): Float64Array {
  return whole.map((value, bar) => (bar < from ? value : 1 + ((bar * 7919) % 997)));
}

function noisy(whole: Columns, from: number): Columns {
  if (from >= whole.time.length) return whole;
  const copy = sharedColumns(whole.time.length);
  for (const name of COLUMN_NAMES) copy[name].set(name === 'time' ? whole.time : noisyValues(whole[name], from));
  for (let bar = from; bar < whole.time.length; bar++) {
    const low = copy.low[bar]!;
    copy.open[bar] = low * 2;
    copy.close[bar] = low * 3;
    copy.high[bar] = low * 4;
  }
  return copy;
}
