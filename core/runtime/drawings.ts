import { settingsArray } from '#core/engine/simulation-settings.ts';
import { openTradingRegisters, POSITION } from '#core/engine/trading/registers.ts';
import { TradingEngine } from '#core/engine/trading/trading-engine.ts';
import { ACCOUNT } from '#core/model/strategy-abi.ts';
import type { FurtherColumns } from '#core/model/chart-column.ts';
import type { ChartMark } from '#core/model/chart-mark.ts';
import { barAt, columnList, type Columns } from '#core/model/columns.ts';
import type { BookSnapshots } from '#core/model/book-snapshots.ts';
import type { InnerBars } from '#core/model/inner-bars.ts';
import { fundingPlace } from '#dsl/graph/columns.ts';
import type { NodeId } from '#dsl/graph/node.ts';
import { RowInterpreter } from '#dsl/graph/row-interpreter.ts';
import { tradePlanOf } from '#dsl/trade-plan.ts';
import { marksOf } from './chart-marks.ts';
import type { PreparedStrategy } from './prepare-strategy.ts';

/** What plugins may take of this process, which walks their code: a quarter of a minute. The run itself has it printed, and ends at its time limit. */
const MOST_FUEL = 20_000_000;

/** A `plot` line of the strategy as a series, one value a bar; NaN where it is na. */
export interface PlotSeries {
  readonly label: string;
  readonly values: Float64Array;
  /** Colour name of the language; null = the report chooses. */
  readonly color: string | null;
  /** Pane below the price that it is drawn in; null = on the price. */
  readonly pane: string | null;
  /** `histogram`, ...; null = a line. */
  readonly style: string | null;
}

/** What a strategy draws on its chart. */
export interface Drawings {
  readonly plots: readonly PlotSeries[];
  readonly marks: readonly ChartMark[];
  /** The stop in force after each bar, where they were asked for; NaN = none. */
  readonly stops?: Float64Array;
}

export interface DrawingOptions {
  /** Turns of loops and calls of plugins; where they are used up the plots end, and say so, and the marks too. */
  readonly mostFuel?: number;
  /** Of several markets on one account: what looks at the account is left out. */
  readonly isOneOfMany?: boolean;
  /** What happened inside of bars, if the run knew. */
  readonly inner?: InnerBars | undefined;
  /** What buys met, if it knew. */
  readonly ask?: Columns | undefined;
  readonly mark?: Columns | undefined;
  /** What market orders took from, if it knew. */
  readonly books?: BookSnapshots | undefined;
  /** The stops are wanted too. */
  readonly hasStops?: boolean;
}

/**
 * Computes the plots and marks of a strategy by the interpreter and the engine on the host: the same numbers as the run, slower, and only
 * when a chart asks for them.
 */
export function drawingsOf(
  prepared: PreparedStrategy,
  market: string,
  columns: Columns,
  further: FurtherColumns,
  fromIndex: number,
  { mostFuel = MOST_FUEL, isOneOfMany = false, inner, ask, mark, books, hasStops = false }: DrawingOptions = {},
): Drawings {
  const { program, params, settings } = prepared;
  // The account of several markets is no business of one alone.
  const isOwn = (ids: readonly NodeId[]): boolean => !isOneOfMany || ids.every((id) => !program.graph.nodes[id]!.usesAccount);
  const plots = program.plots.filter(({ value }) => isOwn([value]));
  const planned = tradePlanOf(program).marks.filter((_, place) => isOwn([program.marks[place]!.when]));
  if (plots.length === 0 && planned.length === 0 && !hasStops) return { plots: [], marks: [] };
  const rows = columns.time.length;
  const firstBar = Math.max(prepared.warmUpBars, fromIndex);
  const array = settingsArray(settings, firstBar, rows);
  const { plan } = prepared.compiled;
  const interpreter = new RowInterpreter(program, params, array);
  const registers = openTradingRegisters(plan, settings.capital);
  const engine = new TradingEngine(plan, array, settings.conventions, registers, inner ?? null);
  if (books !== undefined) engine.useBooks(books);
  const series = plots.map(({ label, color, pane, style }) => ({ label, color, pane, style, values: new Float64Array(rows) }));
  const marks: ChartMark[] = [];
  const stops = hasStops ? new Float64Array(rows).fill(Number.NaN) : null;
  const list = columnList(columns, further.columns);
  const funding = fundingPlace(program);
  for (let index = 0; index < rows; index++) {
    const bar = barAt(columns, index);
    if (ask !== undefined) engine.showAsk(barAt(ask, index));
    if (mark !== undefined) engine.showMark(index, Number.isNaN(mark.open[index]!) ? undefined : barAt(mark, index));
    engine.openBar(
      index,
      bar.time,
      bar.open,
      bar.high,
      bar.low,
      bar.close,
      bar.volume,
      funding === null ? Number.NaN : list[funding]![index]!,
    );
    engine.mark(bar.close);
    const row = interpreter.decide(index, list, registers);
    for (const [place, plot] of plots.entries()) series[place]!.values[index] = interpreter.valueOf(plot.value);
    if (index >= firstBar) marks.push(...marksOf(planned, row, market, bar.time));
    engine.decide(index, row);
    engine.drainLog();
    if (stops !== null && registers[ACCOUNT.qty] !== 0) stops[index] = stopOf(registers);
    if (interpreter.pluginFuel() > mostFuel) return { plots: series.map((plot) => endedAt(plot, index)), marks };
  }
  return { plots: series, marks, ...(stops === null ? {} : { stops }) };
}

function stopOf(registers: Float64Array): number {
  const level = registers[POSITION.stopLevel]!;
  return Number.isNaN(level) ? registers[POSITION.closingLevel]! : level;
}

function endedAt(plot: PlotSeries, index: number): PlotSeries {
  return { ...plot, label: `${plot.label} (ends early: a plugin is too slow)`, values: plot.values.fill(Number.NaN, index + 1) };
}
