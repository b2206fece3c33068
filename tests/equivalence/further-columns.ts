import type { Chart, ChartColumn } from '#core/model/chart-column.ts';
import type { Columns } from '#core/model/columns.ts';
import type { Program } from '#dsl/program.ts';
import type { Further } from './three-forms.ts';

/** A whole number from 0 to 999 that looks like chance, from a place and a seed. */
const noise = (seed: number, place: number): number => {
  const x = Math.imul((place + 1) ^ Math.imul(seed + 11, 0x9e3779b1), 0x85ebca6b);
  return ((x ^ (x >>> 13)) >>> 0) % 1000;
};

/**
 * The columns that a program reads besides candles, made up: bars of other charts with gaps, also where the traded chart has none, and with bars that close
 * after the end; host columns with na in between.
 */
export function furtherColumns(columns: Columns, program: Program): Further {
  const { charts } = program.graph;
  return { arrays: arraysOf(columns, program.columns, charts), counts: barCounts(columns, charts) };
}

function arraysOf(columns: Columns, wanted: readonly ChartColumn[], charts: readonly Chart[]): readonly Float64Array[] {
  const bars = new Map(
    charts.map((chart, number) => [number, number === 0 ? tradedCloses(columns, chart.stepMs) : closesOf(columns, chart, number)]),
  );
  return wanted.map(({ chart, column }, place) => {
    const closes = bars.get(chart)!;
    const seed = 31 * chart + place;
    const x = (bar: number): number => noise(seed, bar);
    switch (column.kind) {
      case 'closeTime':
        return closes;
      case 'bar':
        return closes.map((_, bar) => (column.name === 'time' ? closes[bar]! - charts[chart]!.stepMs : 50 + x(bar) / 10));
      case 'session':
        return closes.map((_, bar) => (column.name === 'elapsed' ? x(bar) * 60_000 : x(bar) % 2));
      case 'calendar':
        return closes.map((_, bar) => x(bar) % 24);
      case 'data':
        if (column.name === 'funding_rate') return closes.map((_, bar) => (x(bar) < 100 ? Number.NaN : (x(bar) - 500) / 100_000));
        return closes.map((_, bar) => (x(bar) < 100 ? Number.NaN : x(bar) / 1000));
      default:
        return closes.map((_, bar) => (x(bar) < 100 ? Number.NaN : x(bar) / 1000));
    }
  });
}

function barCounts(columns: Columns, charts: readonly Chart[]): number[] {
  return charts.map((chart, number) => (number === 0 ? columns.time.length : closesOf(columns, chart, number).length));
}

const tradedCloses = (columns: Columns, stepMs: number): Float64Array => columns.time.map((time) => time + stepMs);

/** Bars of a chart by when they close; those of another market close between the grid on some data. */
function closesOf(columns: Columns, { market, stepMs }: Chart, number: number): Float64Array {
  const offset = market !== null && Math.round((columns.open[0] ?? 0) * 100) % 3 === 0 ? stepMs / 2 : 0;
  const from = (columns.time[0] ?? 0) - 3 * stepMs;
  const to = (columns.time.at(-1) ?? 0) + 5 * stepMs;
  const closes: number[] = [];
  for (let close = Math.ceil(from / stepMs) * stepMs + offset, k = 0; close <= to; close += stepMs, k++)
    if (noise(number, k) > 60) closes.push(close);
  return Float64Array.from(closes);
}
