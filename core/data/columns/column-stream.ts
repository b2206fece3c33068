import type { MarketBar } from '#core/model/bar.ts';
import type { Chart, ChartColumn, MarketColumn } from '#core/model/chart-column.ts';
import { hasWholeDays, nextOpen, parseTimeframe, type Timeframe } from '#core/model/timeframe.ts';
import { StratError } from '#core/errors/strat-error.ts';
import { sessionDays, type SessionHours } from '../calendar/session-clock.ts';
import { UTC_CLOCK } from '../calendar/zone-clock.ts';
import { COLUMN_RULES } from '../data-columns.ts';
import { type BarGrid, sessionGrid, utcGrid } from '../bar-grid.ts';
import { type LongerBar, LongerBars } from '../longer-bars.ts';
import { ChartReaders, type ColumnOrigins, type ColumnReader, furtherValue } from './column-readers.ts';
import type { Predictions } from './predictions.ts';

/** What a program asks the host for (dsl/program.ts), and on which bars it runs. */
export interface ColumnPlan {
  readonly charts: readonly Chart[];
  readonly columns: readonly ChartColumn[];
  readonly sessions: readonly SessionHours[];
  readonly models: readonly Predictions[];
  /** Of the bars that are traded. */
  readonly timeframe: Timeframe;
  /** By number of the rank, the place of the traded market among the members of its universe at each of its bars; left out: it has none. */
  readonly ranks?: readonly Float64Array[] | undefined;
}

/** Bars of a market by index, on the timeframe that is traded; null behind the last. */
export type BarSource = (index: number) => MarketBar | null;

/** Takes the columns of a bar of a chart other than the traded one, in the order of the plan; the array is used again for the next. */
export type ClosedBarSink = (chart: number, values: Float64Array) => void;

/**
 * The columns of a program, bar by bar: what a backtest has at once, a bot gets from the same code as time goes on. Nothing that closes after a
 * bar has a part in its values.
 */
export class ColumnStream {
  readonly #traded: ChartRow;
  readonly #timeframe: Timeframe;
  readonly #own: readonly LongerChart[];
  readonly #others: readonly OtherMarket[];

  /**
   * @param others bars of the plan's other markets by their names
   * @throws StratError SESSION_ZONE, SESSION_HOLIDAYS; DATA_MISSING when a market is not among `others`
   */
  constructor(plan: ColumnPlan, others: ReadonlyMap<string, BarSource>, onClosed: ClosedBarSink) {
    const { charts, columns, timeframe } = plan;
    const origins = originsOf(plan);
    const gridOf = (length: Timeframe): BarGrid =>
      plan.sessions.length === 1 && !origins.isDated ? sessionGrid(length, plan.sessions[0]!) : utcGrid(length);
    const rowOf = (chart: number): ChartRow => new ChartRow(chart, columns, origins, onClosed);
    const used = [...new Set(columns.map(({ chart }) => chart))].filter((chart) => chart > 0);
    const namesOf = (number: number): readonly MarketColumn[] => fileColumns(columns.filter(({ chart }) => chart === number));
    const longerOf = (market: string | null): readonly LongerChart[] =>
      used
        .filter((chart) => charts[chart]!.market === market && charts[chart]!.timeframe !== charts[0]!.timeframe)
        .map((chart) => new LongerChart(rowOf(chart), gridOf(lengthOf(charts[chart]!)), namesOf(chart)));
    this.#timeframe = timeframe;
    this.#traded = rowOf(0);
    this.#own = longerOf(null);
    const markets = new Set(used.map((chart) => charts[chart]!.market).filter((market) => market !== null));
    this.#others = [...markets].map((market) => {
      const source = others.get(market);
      if (source === undefined)
        throw new StratError('DATA_MISSING', { market, reason: 'the strategy reads it', hint: `Give --data ${market}=PATH` });
      const base = used.find((chart) => charts[chart]!.market === market && charts[chart]!.timeframe === charts[0]!.timeframe);
      return new OtherMarket(source, timeframe, base === undefined ? null : rowOf(base), longerOf(market));
    });
  }

  /** Shows the next bar of the traded market; gives its columns, in an array that is used again for the next. */
  next(bar: MarketBar): Float64Array {
    const closeMs = nextOpen(this.#timeframe, bar.time);
    for (const chart of this.#own) {
      chart.take(bar, closeMs);
      chart.closeBy(closeMs);
    }
    for (const market of this.#others) market.advance(closeMs);
    return this.#traded.read(bar, closeMs);
  }
}

/** Columns that data may hold besides candles, among others. */
export function fileColumns(columns: readonly ChartColumn[]): readonly MarketColumn[] {
  return [...new Set(columns.flatMap(({ column }) => (column.kind === 'data' && column.name !== 'age' ? [column.name] : [])))];
}

function originsOf({ sessions, models, timeframe, ranks = [] }: ColumnPlan): ColumnOrigins {
  const days = sessions.map(sessionDays);
  return {
    clock: days.length === 1 ? days[0]!.clock : UTC_CLOCK,
    sessions: days,
    models,
    timeframe,
    ranks,
    isDated: hasWholeDays(timeframe),
  };
}

function lengthOf({ timeframe }: Chart): Timeframe {
  const length = parseTimeframe(timeframe);
  if (length === null) throw new StratError('INTERNAL', { reason: `a chart of "${timeframe}" bars` });
  return length;
}

/** The columns of one chart at its bars. */
class ChartRow {
  readonly #chart: number;
  readonly #readers: readonly ColumnReader[];
  readonly #values: Float64Array;
  readonly #onClosed: ClosedBarSink;

  constructor(chart: number, columns: readonly ChartColumn[], origins: ColumnOrigins, onClosed: ClosedBarSink) {
    const readers = new ChartReaders(origins);
    this.#chart = chart;
    this.#readers = columns.filter((column) => column.chart === chart).map(({ column }) => readers.reader(column));
    this.#values = new Float64Array(this.#readers.length);
    this.#onClosed = onClosed;
  }

  read(bar: MarketBar, closeMs: number): Float64Array {
    const readers = this.#readers;
    for (let place = 0; place < readers.length; place++) this.#values[place] = readers[place]!(bar, closeMs);
    return this.#values;
  }

  tell(bar: MarketBar, closeMs: number): void {
    this.#onClosed(this.#chart, this.read(bar, closeMs));
  }
}

class LongerChart {
  readonly #row: ChartRow;
  readonly #bars: LongerBars;
  readonly #names: readonly MarketColumn[];
  readonly #values: Float64Array;

  /** @param names columns besides the candles that the chart has */
  constructor(row: ChartRow, grid: BarGrid, names: readonly MarketColumn[]) {
    this.#row = row;
    this.#names = names;
    this.#values = new Float64Array(names.length);
    this.#bars = new LongerBars(
      grid,
      names.map((name) => COLUMN_RULES[name].merging),
    );
  }

  take(bar: MarketBar, closeMs: number): void {
    for (const [at, name] of this.#names.entries()) this.#values[at] = furtherValue(bar, name);
    this.#tell(this.#bars.add(bar, closeMs, this.#values));
  }

  /** Closes the bar that is over by then, whether its last parts came or not. */
  closeBy(nowMs: number): void {
    this.#tell(this.#bars.endedBy(nowMs));
  }

  #tell(longer: LongerBar | null): void {
    if (longer === null) return;
    const { bar, end, values } = longer;
    const further = Object.fromEntries(this.#names.map((name, at) => [name, values[at]!]));
    this.#row.tell(this.#names.length === 0 ? bar : { ...bar, further }, end);
  }
}

class OtherMarket {
  readonly #source: BarSource;
  readonly #timeframe: Timeframe;
  readonly #base: ChartRow | null;
  readonly #longer: readonly LongerChart[];
  #index = 0;
  /** Bar `#index` once it is known: asking again may cost time. */
  #pending: MarketBar | null = null;

  constructor(source: BarSource, timeframe: Timeframe, base: ChartRow | null, longer: readonly LongerChart[]) {
    this.#source = source;
    this.#timeframe = timeframe;
    this.#base = base;
    this.#longer = longer;
  }

  /** Takes in all bars that closed by `nowMs`. */
  advance(nowMs: number): void {
    for (;;) {
      this.#pending ??= this.#source(this.#index);
      const bar = this.#pending;
      const closeMs = bar === null ? Infinity : nextOpen(this.#timeframe, bar.time);
      if (bar === null || closeMs > nowMs) {
        for (const chart of this.#longer) chart.closeBy(nowMs);
        return;
      }
      this.#index += 1;
      this.#pending = null;
      this.#base?.tell(bar, closeMs);
      for (const chart of this.#longer) chart.take(bar, closeMs);
    }
  }
}
