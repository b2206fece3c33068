import fc from 'fast-check';
import { expect, test } from 'vitest';
import { type Columns, columnList, sharedColumns, sliceColumns } from '#core/model/columns.ts';
import { parseTimeframe } from '#core/model/timeframe.ts';
import { prepareSeries } from '#core/runtime/series/prepare-series.ts';
import { seriesInput } from '#core/runtime/series/series-input.ts';
import { createCompiler } from '#dsl/compile.ts';
import { REBUILT_STEPS } from '#dsl/graph/rebuilding.ts';

/** Sums that are carried on from bar to bar are built anew where a block of 4,096 steps begins. Exact values are those of whole numbers, as BigInt. */
const MINUTE = parseTimeframe('1m')!;
const BLOCK_MS = REBUILT_STEPS * 60_000;
const LENGTH = 50;
const compiler = createCompiler();

const EXPRESSIONS = [
  `sma(close, ${LENGTH})`,
  `sma(close - open, ${LENGTH})`,
  `variance(close, ${LENGTH})`,
  `variance(close - open, ${LENGTH})`,
  `covariance(close, open, ${LENGTH})`,
  `bbands(close, ${LENGTH}, 2).upper`,
  `mfi(${LENGTH})`,
  `cmf(${LENGTH})`,
  `corr(close, volume, ${LENGTH})`,
];
const ON_LONGER = EXPRESSIONS.map((text) => `(${text}) on 5m`);

function series(expressions: readonly string[], columns: Columns, change = (text: string): string => text): Float64Array[] {
  const result = prepareSeries(compiler, { expressions, market: 'BTC/USDT', timeframe: '1m' });
  if (!result.ok) throw new Error(JSON.stringify(result.error));
  const { compiled } = result.value;
  const other = { market: 'BTC/USDT', timeframe: MINUTE, columns, further: new Map(), file: '', sha256: '', warnings: [] };
  const input = seriesInput(result.value, { timeframe: MINUTE, columns, others: [other] });
  type Series = (...given: unknown[]) => void;
  // oxlint-disable-next-line no-implied-eval, no-new-func -- the emitted text is the thing under test
  const loaded = new Function(`return ${change(compiled.text)}`)() as { readonly series: Series };
  const rows = columns.time.length;
  const results = Array.from({ length: compiled.results }, () => new Float64Array(rows));
  const state = new Float64Array(compiled.stateSlots);
  const list = columnList(input.columns, input.further.columns);
  for (let lo = 0; lo < rows; lo += 5000)
    loaded.series(lo, Math.min(lo + 5000, rows), list, input.params, input.settings, state, results, input.further.bars);
  return results;
}

/** As if the first block never ended. */
const withoutBlocks = (text: string): string => text.replaceAll(/\b(?:245760000|1228800000)\b/g, '1e30');

/** A walk of whole steps of 2^-20 from a price on; bars are missing, the first of a block too. */
function walked(rows: number, seed: number, price: number, startMs: number, step = 1): Columns {
  const columns = sharedColumns(rows);
  let [state, time, last] = [seed >>> 0, startMs, price * 2 ** 20];
  for (let i = 0; i < rows; i += 1) {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    const open = last + ((state % 1009) - 504) * step;
    last = Math.max(open + (((state >>> 9) % 2017) - 1008) * step, price * 2 ** 19);
    const [low, high] = [Math.min(open, last), Math.max(open, last) + ((state >>> 20) % 101)];
    columns.time[i] = time;
    for (const [name, value] of Object.entries({ open, high, low, close: last })) columns[name as 'open'][i] = value / 2 ** 20;
    columns.volume[i] = (state >>> 5) % 1000;
    time += 60_000 * (state % 11 === 0 ? 3 : 1);
  }
  return columns;
}

test('runs that began at different bars agree to the last bit once a block has begun', () => {
  const run = (change?: (text: string) => string): void =>
    fc.assert(
      fc.property(fc.nat(2 ** 30), fc.nat(900), fc.nat(5000), (seed, before, cut) => {
        const rows = 9000;
        const columns = walked(rows, seed, 30_000, 400 * 5 * BLOCK_MS - before * 60_000);
        const later = sliceColumns(columns, cut, rows);
        // A longer chart begins its block of five times that time.
        for (const [expressions, stepMs] of [
          [EXPRESSIONS, 60_000],
          [ON_LONGER, 300_000],
        ] as const) {
          const blockMs = REBUILT_STEPS * stepMs;
          const start = (Math.floor(later.time[0]! / blockMs) + 1) * blockMs;
          const first = columns.time.findIndex((time) => time >= start + stepMs);
          // The window has to be full when the block begins.
          if (first < 0 || start - later.time[0]! < (LENGTH + 2) * 3 * stepMs) continue;
          const [whole, part] = [series(expressions, columns, change), series(expressions, later, change)];
          const wrong = whole.flatMap((values, place) => {
            const bar = values.findIndex((value, at) => at >= first && !Object.is(value, part[place]![at - cut]));
            return bar < 0 ? [] : [`${expressions[place]} at bar ${bar}: ${values[bar]} and ${part[place]![bar - cut]}`];
          });
          expect(wrong).toEqual([]);
        }
      }),
      { numRuns: Number(process.env['STRAT_FC_RUNS'] ?? 6), endOnFailure: true },
    );
  run();
  expect(() => run(withoutBlocks)).toThrow('Property failed');
});

test.each([
  ['1e8', 1e-2],
  ['1e-8', 1e-18],
])('ten million bars at prices about %s leave no drift', (_, unit) => {
  const rows = 10_000_000;
  const columns = walked(rows, 7, 1e10 / 2 ** 20, 0, 100);
  const whole = columns.close.map((value) => value * 2 ** 20);
  for (const [i, value] of whole.entries()) columns.close[i] = value * unit;
  /** Largest errors over the last bars, as shares of the exact values. */
  const errors = (change?: (text: string) => string): readonly [number, number] => {
    const [mean, variance] = series([`sma(close, ${LENGTH})`, `variance(close, ${LENGTH})`], columns, change);
    let [ofMean, ofVariance] = [0, 0];
    for (let bar = rows - 5000; bar < rows; bar += 1) {
      const window = Array.from(whole.subarray(bar - LENGTH + 1, bar + 1), BigInt);
      const sum = window.reduce((total, x) => total + x, 0n);
      const squares = window.reduce((total, x) => total + (BigInt(LENGTH) * x - sum) ** 2n, 0n);
      const exactMean = (Number(sum) / LENGTH) * unit;
      const exactVariance = (Number(squares) / LENGTH ** 3) * unit * unit;
      ofMean = Math.max(ofMean, Math.abs(mean![bar]! / exactMean - 1));
      ofVariance = Math.max(ofVariance, Math.abs(variance![bar]! / exactVariance - 1));
    }
    return [ofMean, ofVariance];
  };
  const [mean, variance] = errors();
  expect(mean).toBeLessThan(1e-12);
  expect(variance).toBeLessThan(1e-9);
  expect(errors(withoutBlocks)[1]).toBeGreaterThan(1e-9);
});
