import { columnList } from '#core/model/columns.ts';
import { parseTimeframe } from '#core/model/timeframe.ts';
import { type PreparedSeries, prepareSeries } from '#core/runtime/series/prepare-series.ts';
import { type SeriesInput, seriesInput } from '#core/runtime/series/series-input.ts';
import { createCompiler } from '#dsl/compile.ts';
import { barColumns } from '#dsl/prelude/testing/series-values.ts';
import type { TimedBars } from './bar-kinds.ts';

const HOUR = parseTimeframe('1h')!;
const compiler = createCompiler();

/** Expressions of one program, ready to be run on any bars of an hour. @throws Error for one that is not valid */
export function prepared(expressions: readonly string[]): PreparedSeries {
  const result = prepareSeries(compiler, { expressions, market: 'BTC/USDT', timeframe: '1h' });
  if (!result.ok) throw new Error(JSON.stringify(result.error));
  return result.value;
}

export const inputOf = (series: PreparedSeries, bars: TimedBars): SeriesInput =>
  seriesInput(series, { timeframe: HOUR, columns: barColumns(bars) });

/** The bars [from, to). */
export function cut(bars: TimedBars, from: number, to: number): TimedBars {
  const part = (x: readonly number[]): readonly number[] => x.slice(from, to);
  return {
    time: part(bars.time),
    open: part(bars.open),
    high: part(bars.high),
    low: part(bars.low),
    close: part(bars.close),
    volume: part(bars.volume),
  };
}

type SeriesFunction = (...given: unknown[]) => void;

/** A fresh instance of the emitted code. */
function instanceOf(text: string): SeriesFunction {
  // oxlint-disable-next-line no-implied-eval, no-new-func -- the emitted text is the thing under test
  return (new Function(`return ${text}`)() as { readonly series: SeriesFunction }).series;
}

/** Where pieces of bars begin, and the end. */
export const edgesOf = (rows: number, cuts: readonly number[]): readonly number[] =>
  [...new Set([0, ...cuts.map((bar) => bar % rows), rows])].toSorted((a, b) => a - b);

/**
 * The emitted code over pieces of the bars, each by an instance of its own that gets a copy of the state which the last one left.
 * @param change of the emitted text, for offenders
 */
export function emittedInPieces(
  { compiled }: PreparedSeries,
  { columns, further, params, settings }: SeriesInput,
  edges: readonly number[],
  change = (text: string): string => text,
): readonly Float64Array[] {
  const list = columnList(columns, further.columns);
  const results = Array.from({ length: compiled.results }, () => new Float64Array(columns.time.length));
  let state = new Float64Array(compiled.stateSlots);
  for (const [place, lo] of edges.slice(0, -1).entries()) {
    state = Float64Array.from(state);
    instanceOf(change(compiled.text))(lo, edges[place + 1], list, params, settings, state, results, further.bars);
  }
  return results;
}

/** The emitted code one bar at a time, its state in the array between bars. */
export function emittedBarByBar(
  { compiled }: PreparedSeries,
  { columns, further, params, settings }: SeriesInput,
): readonly Float64Array[] {
  const list = columnList(columns, further.columns);
  const rows = columns.time.length;
  const results = Array.from({ length: compiled.results }, () => new Float64Array(rows));
  const state = new Float64Array(compiled.stateSlots);
  const series = instanceOf(compiled.text);
  for (let bar = 0; bar < rows; bar += 1) series(bar, bar + 1, list, params, settings, state, results, further.bars);
  return results;
}

/** Where two runs first differ in bits, up to a bar; null: nowhere. */
export function firstDifference(
  { program }: PreparedSeries,
  found: readonly Float64Array[],
  expected: readonly Float64Array[],
  bars = expected[0]!.length,
): string | null {
  for (const [place, values] of expected.entries()) {
    for (let bar = 0; bar < bars; bar += 1) {
      if (!Object.is(found[place]![bar], values[bar]))
        return `${program.plots[place]!.label} at bar ${bar}: ${found[place]![bar]}, not ${values[bar]}`;
    }
  }
  return null;
}
