import { barHolding } from '#core/model/bar-holding.ts';
import { StratError } from '#core/errors/strat-error.ts';
import type { StudyKind } from '#dsl/study.ts';
import { type DataSource, dataSource, isoTime } from '../backtest-document.ts';
import type { MarketData } from '../market-data.ts';
import type { ComputedExpression, ComputedSeries, Series } from './compute-series.ts';
import type { PreparedSeries } from './prepare-series.ts';
import { type SeriesSummary, summaryOf } from './summary.ts';
import { timeText } from './value-text.ts';

/** What `strat eval` gives (docs/eval.md). */
export interface EvalDocument {
  readonly schema: 'strat.eval/1';
  /** The file whose names were used. */
  readonly file: string | null;
  readonly params: Readonly<Record<string, number>>;
  readonly data: readonly DataSource[];
  /** The bars that count: those before served warm-up. Opening times. */
  readonly period: { readonly from: string; readonly to: string; readonly bars: number };
  /** Opening times of the bars whose values follow. */
  readonly time: readonly string[];
  readonly expressions: readonly EvalExpression[];
  readonly warnings: readonly string[];
}

export interface EvalExpression {
  readonly text: string;
  readonly label: string;
  readonly lookBack: number;
  readonly warmUp: number;
  readonly results: readonly EvalResult[];
}

export interface EvalResult {
  readonly label: string;
  readonly member: string | null;
  readonly kind: StudyKind;
  readonly currency: string | null;
  /** What it never leaves; null = not bounded, or not known. */
  readonly low: number | null;
  readonly high: number | null;
  /** Over the period. */
  readonly summary: SeriesSummary;
  /** Conditions as true and false, states by name, everything else as numbers (percents as shares); na, and what is infinite, null. */
  readonly values: readonly (number | boolean | string | null)[];
}

/** Which bars of the period are shown. */
export interface ShownBars {
  /** The last so many; null = all. */
  readonly last: number | null;
  /** The bar that this moment lies in, alone; null = no such wish. */
  readonly at: number | null;
}

/** Indexes [from, to) of the bars shown. @throws StratError DATA_MISSING when no bar holds the moment */
export function shownBars({ market, columns, timeframe, fromIndex }: MarketData, { last, at }: ShownBars): readonly [number, number] {
  const { time } = columns;
  const rows = time.length;
  if (at === null) return [last === null ? fromIndex : Math.max(fromIndex, rows - last), rows];
  const index = barHolding(time, timeframe, at);
  if (index < fromIndex) {
    const reason = `no bar holds ${timeText(at)} UTC`;
    const hint = `The bars open from ${timeText(time[fromIndex]!)} to ${timeText(time[rows - 1]!)} UTC`;
    throw new StratError('DATA_MISSING', { market, reason, hint });
  }
  return [index, index + 1];
}

/** The document of computed expressions. */
export function evalDocument(
  file: string | null,
  data: MarketData,
  prepared: PreparedSeries,
  computed: ComputedSeries,
  warnings: readonly string[],
  [from, to]: readonly [number, number],
): EvalDocument {
  const { fromIndex, columns } = data;
  const { time } = columns;
  return {
    schema: 'strat.eval/1',
    file,
    params: Object.fromEntries(prepared.program.params.map(({ name, value }) => [name, value])),
    data: [data, ...data.others].map(dataSource),
    period: { from: isoTime(time[fromIndex]!), to: isoTime(time.at(-1)!), bars: time.length - fromIndex },
    time: Array.from(time.subarray(from, to), isoTime),
    expressions: computed.expressions.map((expression) => evalExpression(expression, fromIndex, from, to)),
    warnings: [...warnings, ...computed.faults],
  };
}

function evalExpression(
  { text, label, lookBack, warmUp, results }: ComputedExpression,
  first: number,
  from: number,
  to: number,
): EvalExpression {
  return { text, label, lookBack, warmUp, results: results.map((series) => evalResult(series, first, from, to)) };
}

function evalResult(series: Series, first: number, from: number, to: number): EvalResult {
  const { label, member, kind, currency, low, high, values } = series;
  return {
    label,
    member,
    kind,
    currency,
    low: Number.isFinite(low) ? low : null,
    high: Number.isFinite(high) ? high : null,
    summary: summaryOf(values, first, values.length),
    values: Array.from(values.subarray(from, to), (value) => documentValue(series, value)),
  };
}

/** A value as documents have it. */
export function documentValue({ kind, states }: Pick<Series, 'kind' | 'states'>, value: number): number | boolean | string | null {
  if (!Number.isFinite(value)) return null;
  if (kind === 'condition') return value === 1;
  return kind === 'state' ? (states?.[value] ?? null) : value;
}
