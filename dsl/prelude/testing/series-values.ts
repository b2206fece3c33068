import type { ChartColumn } from '#core/model/chart-column.ts';
import { type Columns, columnList, sharedColumns } from '#core/model/columns.ts';
import { ACCOUNT_FIELDS, SETTING_FIELDS } from '#core/model/strategy-abi.ts';
import { createCompiler } from '#dsl/compile.ts';
import { GraphEvaluator } from '#dsl/graph/evaluator.ts';
import type { Program } from '#dsl/program.ts';

const HOUR_MS = 3_600_000;
const compiler = createCompiler();

/** Candles by column, and the calendar of their opens; what is left out is the close, volume 1, times one hour apart, January 1970. */
export type Bars = Readonly<Partial<Record<'time' | 'open' | 'high' | 'low' | 'volume' | 'month' | 'year', readonly number[]>>> & {
  readonly close: readonly number[];
};

export function barColumns(bars: Bars): Columns {
  const { close } = bars;
  const columns = sharedColumns(close.length);
  for (const name of ['open', 'high', 'low', 'close'] as const) columns[name].set(bars[name] ?? close);
  columns.volume.set(bars.volume ?? close.map(() => 1));
  columns.time.set(bars.time ?? close.map((_, bar) => bar * HOUR_MS));
  return columns;
}

/** A strategy that plots each of these expressions, numbers or conditions. @param definitions lines that they may use the names of */
export function plottedProgram(expressions: readonly string[], definitions: readonly string[] = []): Program {
  const lines = ['strat 1', 'strategy "values"', 'trade BTC/USDT on 1h', 'enter long when close > open', 'size 1 BTC', 'stop 5%'];
  const { program, diagnostics } = compiler.compile(
    [...lines, ...definitions, ...expressions.map((expression) => `plot ${expression}`)].join('\n'),
  );
  if (program === null) throw new Error(JSON.stringify(diagnostics));
  return program;
}

/** Values of expressions of the language bar by bar, as the interpreter of the graph computes them. A condition is written `if c then 1 else 0`. */
export function seriesValues(expressions: readonly string[], bars: Bars, definitions: readonly string[] = []): readonly Float64Array[] {
  return programValues(plottedProgram(expressions, definitions), bars);
}

/** As many programs as hold these expressions: one has at most 20,000 parts, its functions written out. */
export function plottedPrograms(expressions: readonly string[]): readonly Program[] {
  const size = 100;
  return Array.from({ length: Math.ceil(expressions.length / size) }, (_, part) =>
    plottedProgram(expressions.slice(size * part, size * part + size)),
  );
}

/** @param host the columns besides the candles of the traded chart */
export function programValues(
  program: Program,
  bars: Bars,
  host: (column: ChartColumn) => Float64Array = (column) => hostColumn(column, barColumns(bars), bars),
): readonly Float64Array[] {
  const columns = barColumns(bars);
  const rows = columns.time.length;
  const evaluator = new GraphEvaluator(program, new Float64Array(), new Float64Array(SETTING_FIELDS));
  const account = new Float64Array(ACCOUNT_FIELDS);
  const list = [...columnList(columns), ...program.columns.map(host)];
  const values = program.plots.map(() => new Float64Array(rows));
  for (let bar = 0; bar < rows; bar += 1) {
    evaluator.step(bar, list, account);
    for (const [plot, { value }] of program.plots.entries()) values[plot]![bar] = evaluator.values[value]!;
  }
  return values;
}

/** Days in UTC; months and years as the bars say. */
export function hostColumn({ column }: ChartColumn, { time }: Columns, bars: Bars): Float64Array {
  if (column.kind === 'calendar' && column.name === 'day') return time.map((ms) => Math.floor(ms / (24 * HOUR_MS)));
  if (column.kind === 'calendar' && column.name === 'month') return time.map((_, bar) => bars.month?.[bar] ?? 1);
  if (column.kind === 'calendar' && column.name === 'year') return time.map((_, bar) => bars.year?.[bar] ?? 1970);
  throw new RangeError(`no test needs ${JSON.stringify(column)}`);
}
