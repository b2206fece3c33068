import { plainText } from '#core/runtime/report/plain-text.ts';
import type { ComputedExpression, Series } from '#core/runtime/series/compute-series.ts';
import { valueTexts } from '#core/runtime/series/value-text.ts';
import { sparkline } from '../render/dot-chart.ts';
import type { Paint } from '../render/paint.ts';

/** Bars of the line of blocks beside a value. */
const SPARK_BARS = 32;
const MAX_LABEL = 40;

/** The results of an expression at bar `at`, a line each: value, the bars before it as blocks, kind. */
export function valueLines({ results, lookBack }: ComputedExpression, at: number, paint: Paint): string {
  const rows = results.map((series) => {
    const before = series.values.subarray(Math.max(0, at + 1 - SPARK_BARS), at + 1);
    const value = series.values[at]!;
    const moves = before.some((other) => !Object.is(other, before[0]));
    return {
      name: series.member === null ? '' : plainText(`.${series.member}`, MAX_LABEL),
      text: valueTexts(series, before)(value),
      spark: moves ? sparkline([...before]) : '',
      kind: kindText(series),
      isNa: Number.isNaN(value),
    };
  });
  const [names, texts] = [Math.max(...rows.map(({ name }) => name.length)), Math.max(...rows.map(({ text }) => text.length))];
  const lines = rows.map(({ name, text, spark, kind, isNa }) => {
    const why = isNa && at < lookBack ? `, na for the first ${lookBack} bars` : '';
    return [
      ...(names === 0 ? [] : [name.padEnd(names)]),
      text.padStart(texts),
      ...(spark === '' ? [] : [spark]),
      paint.dim(`${kind}${why}`),
    ].join('  ');
  });
  return `${lines.join('\n')}\n`;
}

/** `price in USDT`, `state: calm, wild`. */
export function kindText({ kind, currency, states }: Pick<Series, 'kind' | 'currency' | 'states'>): string {
  if (states !== null) return `state: ${states.join(', ')}`;
  return `${kind}${currency === null ? '' : ` in ${currency}`}`;
}
