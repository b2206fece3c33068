import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, expect, test } from 'vitest';
import { readCandleFile } from '#core/data/candle-file.ts';
import { openSeriesStore } from '#core/data/store/open-series-store.ts';
import type { SeriesKey } from '#core/data/store/series-key.ts';
import type { SeriesRows } from '#core/data/store/series-rows.ts';
import { CANDLES, candles, HOUR, START, statements, workplace } from './cli-fixtures.ts';

const { path, put, strat, backtest } = workplace();
const BTC: SeriesKey = { venue: 'binance', market: 'BTC/USDT', kind: 'candles', timeframe: '1h' };
const QUARTERS = 'binance_BTC-USDT_15m.csv';

const rowsOf = (file: string): SeriesRows => {
  const { columns, rows } = readCandleFile(path(file));
  return { length: rows, columns: { ...columns } };
};
const store = (): ReturnType<typeof openSeriesStore> => openSeriesStore(join(path('.strat'), 'data'), { now: () => START });

beforeAll(async () => {
  put(QUARTERS, candles(800, HOUR / 4));
  put('kraken_ETH-USDT_1h.csv', candles(600, HOUR));
  put('cross.strat', statements('enter long when close crosses above sma(close, 10)', 'exit long when close crosses below sma(close, 10)'));
  const open = store();
  await open.merge(BTC, rowsOf(CANDLES), { source: 'hours' });
  await open.merge({ ...BTC, timeframe: '15m' }, rowsOf(QUARTERS), { source: 'quarters' });
  for (const venue of ['kraken', 'okx'])
    await open.merge({ ...BTC, venue, market: 'ETH/USDT' }, rowsOf('kraken_ETH-USDT_1h.csv'), { source: venue });
  await open.merge({ ...BTC, market: 'XRP/USDT' }, withPrice(rowsOf(CANDLES), 5, -1), { source: 'broken' });
  open.close();
});

function withPrice(rows: SeriesRows, row: number, low: number): SeriesRows {
  rows.columns['low']![row] = low;
  return rows;
}

const shared = ({ resultHash, metrics, trades }: Record<string, unknown>): unknown => ({ resultHash, metrics, trades });

test('a backtest takes the candles of its market from the store, and says which', async () => {
  const [stored, named, file] = [
    await backtest('cross.strat'),
    await backtest('cross.strat', '--market', 'binance:BTC/USDT'),
    await backtest('cross.strat', '--data', CANDLES),
  ];
  expect(file['trades']).not.toEqual([]);
  expect(shared(stored)).toEqual(shared(file));
  expect(shared(named)).toEqual(shared(file));
  const { digest } = store().find(BTC)!;
  expect(stored['data']).toMatchObject([
    { market: 'BTC/USDT', rows: 600, sha256: digest, stored: { series: 'binance:BTC/USDT', timeframe: '1h', version: 1 } },
  ]);
});

test('shorter bars of the store are made into those of the strategy', async () => {
  const two = ['cross.strat', '--timeframe', '30m'];
  const [stored, file] = [await backtest(...two), await backtest(...two, '--data', QUARTERS)];
  expect(shared(stored)).toEqual(shared(file));
  expect(stored['data']).toMatchObject([{ timeframe: '30m', rows: 400, stored: { timeframe: '15m' } }]);
});

test('a receipt names the version that was read, and holds when there is a newer one', async () => {
  await strat(['backtest', 'cross.strat', '--receipt', 'receipt.json']);
  const { digest } = store().find(BTC)!;
  expect(JSON.parse(readFileSync(path('receipt.json'), 'utf8'))).toMatchObject({
    args: ['cross.strat', '--market', `binance:BTC/USDT@${digest.slice(0, 16)}`],
  });
  const open = store();
  const { columns } = rowsOf(CANDLES);
  const later = { time: columns['time']!.map((time) => time + 600 * HOUR) };
  await open.merge(BTC, { length: 600, columns: { ...columns, ...later } }, { source: 'more' });
  open.close();
  expect((await backtest('cross.strat'))['data']).toMatchObject([{ rows: 1200, stored: { version: 2 } }]);
  expect((await backtest('cross.strat', '--market', 'binance:BTC/USDT@1'))['data']).toMatchObject([{ rows: 600, stored: { version: 1 } }]);
  expect(await strat(['verify', 'receipt.json'])).toMatchObject({
    status: 0,
    stdout: expect.stringContaining('receipt.json holds') as string,
  });
  const verified = await strat(['verify', 'receipt.json', '--data', CANDLES]);
  expect([verified.status, verified.stdout]).toEqual([1, expect.stringContaining('data[0].stored')]);
});

test.for<{ args: readonly string[]; markets?: string; status: number; says: string }>([
  { args: [], markets: 'SOL/USDT', status: 2, says: 'the data store has none of SOL/USDT' },
  { args: [], markets: 'ETH/USDT', status: 1, says: 'kraken:ETH/USDT, okx:ETH/USDT. Choose one, such as --market kraken:ETH/USDT' },
  { args: [], markets: 'XRP/USDT', status: 1, says: '2024-01-01T05:00:00Z: low is -1, not above 0' },
  { args: ['--market', 'BTC/USDT'], status: 2, says: '--market takes VENUE:MARKET' },
  { args: ['--market', 'bitmex:BTC/USDT'], status: 1, says: 'no candles of bitmex:BTC/USDT. There is binance:BTC/USDT' },
  { args: ['--market', 'binance:BTC/USDT@77'], status: 1, says: 'no version of binance:BTC/USDT@77' },
  { args: ['--market', 'binance:BTC/USDT', '--timeframe', '1m'], status: 1, says: 'Cannot make 1m bars from 15m bars' },
  { args: ['--market', 'binance:BTC/USDT', '--synthetic', '1'], status: 2, says: '--synthetic and --market exclude each other' },
])('what the store cannot give is said: $markets $args', async ({ args, markets = 'BTC/USDT', status, says }) => {
  const file = put(`${markets.replace('/', '-')}.strat`, statements('enter long when close > close[1]').replace('BTC/USDT', markets));
  const outcome = await strat(['backtest', file, ...args]);
  expect(outcome.stderr).toContain(says);
  expect(outcome.status).toBe(status);
});

test('a strategy of several markets has each from the venue that is named, or the one that has it', async () => {
  const file = put(
    'both.strat',
    statements('enter long when close > close[1] and close of ETH/USDT rises', 'exit long when close < close[1]'),
  );
  const { data } = await backtest(file, '--market', 'okx:ETH/USDT');
  expect(data).toMatchObject([
    { market: 'BTC/USDT', stored: { series: 'binance:BTC/USDT' } },
    { market: 'ETH/USDT', stored: { series: 'okx:ETH/USDT' } },
  ]);
});

test('a receipt names the version of the funding rates, and holds when there are other ones', async () => {
  const perpetual: SeriesKey = { ...BTC, market: 'BTC/USDT:USDT' };
  const funding: SeriesKey = { ...perpetual, kind: 'funding', timeframe: null };
  const rates = (rate: number): SeriesRows => ({
    length: 75,
    columns: {
      time: Float64Array.from({ length: 75 }, (_, at) => START + at * 8 * HOUR),
      rate: new Float64Array(75).fill(rate),
    },
  });
  const open = store();
  await open.merge(perpetual, rowsOf(CANDLES), { source: 'hours' });
  await open.merge(funding, rates(0.0001), { source: 'rates' });
  const { digest } = open.find(funding)!;
  const file = put(
    'carry.strat',
    statements('costs { funding true }', 'enter long when bar_index == 2').replace('BTC/USDT', 'BTC/USDT:USDT'),
  );
  const before = await backtest(file, '--receipt', 'carry.json');
  await open.merge(funding, rates(0.001), { source: 'corrected' });
  open.close();
  expect(JSON.parse(readFileSync(path('carry.json'), 'utf8'))).toMatchObject({
    args: [file, '--market', expect.stringMatching(new RegExp(`^binance:BTC/USDT:USDT@[0-9a-f]{16},${digest.slice(0, 16)}$`)) as string],
  });
  expect(await strat(['verify', 'carry.json'])).toMatchObject({ status: 0, stdout: expect.stringContaining('carry.json holds') as string });
  const now = await backtest(file);
  expect(now['resultHash']).not.toBe(before['resultHash']);
  expect(shared(await backtest(file, '--market', 'binance:BTC/USDT:USDT@1,1'))).toEqual(shared(before));
  expect(shared(await backtest(file, '--market', 'binance:BTC/USDT:USDT@1'))).toEqual(shared(now));
  expect(await strat(['backtest', file, '--market', 'binance:BTC/USDT:USDT@1,9'])).toMatchObject({
    status: 1,
    stderr: expect.stringContaining('funding') as string,
  });
});
