import fc from 'fast-check';
import { expect, test } from 'vitest';
import { columnList } from '#core/model/columns.ts';
import { parseTimeframe } from '#core/model/timeframe.ts';
import { interpretSeries } from '#core/runtime/series/interpret-series.ts';
import { type PreparedSeries, prepareSeries } from '#core/runtime/series/prepare-series.ts';
import { type SeriesInput, seriesInput } from '#core/runtime/series/series-input.ts';
import { createCompiler } from '#dsl/compile.ts';
import { stepOf, walk } from '#dsl/prelude/testing/price-walk.ts';
import { barColumns } from '#dsl/prelude/testing/series-values.ts';

const HOUR = parseTimeframe('1h')!;
const compiler = createCompiler();

const FILE = `strat 1
strategy "names"
trade BTC/USDT on 1h
param n = 4 in 2..9
let gap = open - close[1]
let total = total[1] + volume start volume
def band(x, k = 2) = sma(x, n) + k * stdev(x, n)
session open_hours { hours 08:00..17:00 zone "UTC" }
regime market start calm { calm -> wild when tr > 2 * atr(5)  wild -> calm when tr < atr(5) }
chart 4h { let slow = ema(close, 3) }
`;

const EXPRESSIONS = [
  'macd(close, 3, 6, 4)',
  'close > open',
  'not (close > open) or volume == 0',
  'close crosses above sma(close, 3)',
  'close > open for 2 bars',
  'close > open within 3 bars',
  'rsi(close, 3) on 4h',
  'highest(high, 3) of BTC/USDT on 2h',
  'gap',
  'total',
  'band(close, 1.5)',
  'open_hours.active and market is wild',
  'market',
  'slow - close',
  'n * 2%',
  '[high - low, hour, 3 ticks]',
];

/** The emitted function over pieces of the bars. */
function emitted({ compiled }: PreparedSeries, input: SeriesInput, cuts: readonly number[], change = (text: string): string => text) {
  type Series = (...given: unknown[]) => void;
  // oxlint-disable-next-line no-implied-eval, no-new-func -- the emitted text is the thing under test
  const { series } = new Function(`return ${change(compiled.text)}`)() as { readonly series: Series };
  const rows = input.columns.time.length;
  const results = Array.from({ length: compiled.results }, () => new Float64Array(rows));
  const state = new Float64Array(compiled.stateSlots);
  const list = columnList(input.columns, input.further.columns);
  const edges = [...new Set([0, ...cuts.map((cut) => cut % rows), rows])].toSorted((a, b) => a - b);
  for (const [place, lo] of edges.slice(0, -1).entries())
    series(lo, edges[place + 1], list, input.params, input.settings, state, results, input.further.bars);
  return results;
}

function prepared(expressions: readonly string[]): PreparedSeries {
  const result = prepareSeries(compiler, { expressions, file: FILE, market: 'BTC/USDT', timeframe: '1h' });
  if (!result.ok) throw new Error(JSON.stringify(result.error));
  return result.value;
}

const inputOf = (series: PreparedSeries, seeds: readonly number[]): SeriesInput => {
  const columns = barColumns(walk(seeds.map(stepOf)));
  const other = { market: 'BTC/USDT', timeframe: HOUR, columns, further: new Map(), file: '', sha256: '', warnings: [] };
  return seriesInput(series, { timeframe: HOUR, columns, others: [other] });
};

const anySeeds = fc.array(fc.nat(2 ** 30), { minLength: 60, maxLength: 90 });

test('series have the same bits emitted, in any slices and all together, as interpreted one by one', () => {
  const together = prepared(EXPRESSIONS);
  const labels = together.program.plots.map(({ label }) => label);
  const alone = EXPRESSIONS.map((text) => prepared([text]));
  let known = 0;
  fc.assert(
    fc.property(anySeeds, fc.array(fc.nat(90), { maxLength: 3 }), (seeds, cuts) => {
      const found = emitted(together, inputOf(together, seeds), cuts);
      const expected = alone.flatMap((series) => interpretSeries(series, inputOf(series, seeds)));
      for (const [place, values] of expected.entries()) {
        expect([labels[place], ...found[place]!]).toEqual([labels[place], ...values]);
        known += values.filter((value) => Math.abs(value) > 0).length;
      }
    }),
    { numRuns: Number(process.env['STRAT_FC_RUNS'] ?? 30), endOnFailure: true },
  );
  expect(known).toBeGreaterThan(10_000);
});

test('what is emitted wrongly is found', () => {
  const series = prepared(['sum_since(close > open, volume)', 'close > open for 2 bars']);
  const isFound = (change: (text: string) => string): boolean =>
    fc.sample(anySeeds, { numRuns: 20, seed: 3 }).some((seeds) => {
      const input = inputOf(series, seeds);
      const expected = interpretSeries(series, input);
      return emitted(series, input, [], change).some((values, place) => values.some((x, bar) => !Object.is(x, expected[place]![bar])));
    });
  expect(isFound((text) => text)).toBe(false);
  expect(isFound((text) => text.replaceAll('o0[i]=', 'o0[i]=1e-9+'))).toBe(true);
  expect(isFound((text) => text.replace(/(v\d+)>(v\d+)/g, '$1>=$2'))).toBe(true);
});
