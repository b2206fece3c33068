import { expect, test } from 'vitest';
import { parseTimeframe } from '#core/model/timeframe.ts';
import { candleTable } from '#core/testkit/candles.ts';
import { computeSeries } from './compute-series.ts';

const timeframe = parseTimeframe('1h')!;
const columns = candleTable(`
  1 4 1 2 10
  2 5 2 4 20
  4 9 4 6 30
  6 8 1 2 40
  2 7 2 7 50
`);
const bars = { timeframe, columns, market: 'BTC/USDT' };

const valuesOf = async (...given: Parameters<typeof computeSeries>): Promise<readonly (readonly number[])[]> => {
  const computed = await computeSeries(...given);
  if (!computed.ok) throw new Error(JSON.stringify(computed.error));
  return computed.value.expressions.flatMap(({ results }) => results.map(({ values }) => [...values]));
};

test('values of several expressions, worked out by hand', async () => {
  const { NaN: na } = Number;
  expect(await valuesOf(['sma(close, 2)', 'close > open', 'donchian(2)', 'close[1]', 'high on 2h', '3'], bars)).toEqual([
    [na, 3, 5, 4, 4.5],
    [1, 1, 1, 0, 1],
    [na, 5, 9, 9, 8],
    [na, 3, 5.5, 5, 4.5],
    [na, 1, 2, 1, 1],
    [na, 2, 4, 6, 2],
    [na, 5, 5, 9, 9],
    [3, 3, 3, 3, 3],
  ]);
});

test('how much of the past they need', async () => {
  const computed = await computeSeries(['close', 'sma(close, 20)', 'ema(close, 20)', 'close[3] on 4h'], bars);
  if (!computed.ok) throw new Error(JSON.stringify(computed.error));
  const [now, window, recursive, longer] = computed.value.expressions.map(({ lookBack, warmUp }) => [lookBack, warmUp]);
  expect([now, window]).toEqual([
    [0, 0],
    [19, 19],
  ]);
  // 1 - 2 / 21 to the power of k falls below a millionth.
  expect(recursive).toEqual([19, 19 + Math.ceil(Math.log(1e-6) / Math.log(19 / 21))]);
  // Four bars of four hours; settled, the first may have begun before the data.
  expect(longer).toEqual([15, 18]);
});

test('other markets, names of a file, and their params', async () => {
  const other = { market: 'ETH/USDT', timeframe, columns, further: new Map(), file: '', sha256: '', warnings: [] };
  const file = 'strat 1\nmodule "lib"\ndef past_open(x) = x - open\n';
  expect(await valuesOf('past_open(close of ETH/USDT)', { ...bars, others: [other] }, { file })).toEqual([[1, 2, 2, -4, 5]]);
  const strategy = 'strat 1\nstrategy "x"\ntrade BTC/USDT on 1h\nparam n = 1 in 1..9\n';
  expect(await valuesOf('close * n', bars, { file: strategy, set: new Map([['n', '2']]) })).toEqual([[4, 8, 12, 4, 14]]);
});

test('what is wrong is a value, and what is not there is told', async () => {
  const wrong = await computeSeries('clos', bars);
  expect(wrong.ok ? null : wrong.error.expressions[0]!.map(({ code }) => code)).toEqual(['E0201']);
  await expect(computeSeries('close of ETH/USDT', bars)).rejects.toMatchObject({ code: 'DATA_MISSING' });
  await expect(computeSeries('n', bars, { file: 'strat 1\nmodule "lib"\n', set: new Map([['n', '2']]) })).rejects.toMatchObject({
    code: 'PARAM_VALUE',
  });
  const imports = await computeSeries('f(close)', bars, { file: 'strat 1\nstrategy "x"\nuse f from "./f.strat"\n' });
  expect(imports.ok ? null : imports.error.file.map(({ code }) => code)).toEqual(['E0702']);
});

test('no bars give no values', async () => {
  expect(await valuesOf('sma(close, 2)', { ...bars, columns: candleTable('') })).toEqual([[]]);
});
