import { generateMarket } from '../../core/data/market-generator.ts';
import type { Columns } from '../../core/model/columns.ts';
import { parseTimeframe } from '../../core/model/timeframe.ts';
import { computeSeries, type ComputedExpression } from '../../core/runtime/series/compute-series.ts';
import { prepareSeries } from '../../core/runtime/series/prepare-series.ts';
import { createCompiler } from '../../dsl/compile.ts';

const HOUR_MS = 3_600_000;
const BARS = 400;
const MARKET = 'BTC/USDT';
const compiler = createCompiler();

/** The market of the examples: the first bars of `--synthetic 1` on 1h. */
export const SAMPLE: Columns = generateMarket({
  seed: 1,
  bars: BARS,
  stepMs: HOUR_MS,
  startTime: Date.UTC(2024, 0, 1),
  startPrice: 30_000,
  tick: 0.01,
});

/** Doubles that the emitted code of an expression keeps between bars. @throws Error for one that is not valid */
export function stateOf(expression: string): number {
  const prepared = prepareSeries(compiler, { expressions: [expression], market: MARKET, timeframe: '1h' });
  if (!prepared.ok) throw new Error(`${expression} is not valid`);
  return prepared.value.compiled.stateSlots;
}

/** Values of expressions on the sample. @throws Error for one that is not valid */
export async function onSample(expressions: readonly string[]): Promise<readonly ComputedExpression[]> {
  const series = await computeSeries(expressions, { timeframe: parseTimeframe('1h')!, columns: SAMPLE, market: MARKET }, { compiler });
  if (series.ok) return series.value.expressions;
  const found = series.error.expressions.flatMap((findings, place) =>
    findings.map(({ code, message }) => `${expressions[place]}: ${code} ${message}`),
  );
  throw new Error(found.join('\n'));
}
