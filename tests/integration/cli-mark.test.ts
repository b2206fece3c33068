import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, expect, test } from 'vitest';
import { openSeriesStore } from '#core/data/store/open-series-store.ts';
import type { SeriesKey } from '#core/data/store/series-key.ts';
import { HOUR, START, workplace } from './cli-fixtures.ts';

const { path, put, strat, backtest } = workplace();
const PERP: SeriesKey = { venue: 'okx', market: 'BTC/USDT:USDT', kind: 'candles', timeframe: '1h' };
const BARS = 24;

/** Bars that open and close at 100; one of them goes down to `low`. */
function bars(length: number, stepMs: number, low: number): Readonly<Record<string, Float64Array>> {
  const all = (value: number): Float64Array => new Float64Array(length).fill(value);
  const lows = all(100);
  lows[length / 2] = low;
  return {
    time: Float64Array.from({ length }, (_, bar) => START + bar * stepMs),
    open: all(100),
    high: all(100),
    low: lows,
    close: all(100),
  };
}

async function store(key: SeriesKey, columns: Readonly<Record<string, Float64Array>>): Promise<void> {
  const open = openSeriesStore(join(path('.strat'), 'data'), { now: () => START });
  await open.merge(key, { length: columns['time']!.length, columns }, { source: 'test' });
  open.close();
}

beforeAll(async () => {
  put(
    'carry.strat',
    'strat 1\nstrategy "carry"\ntrade BTC/USDT:USDT on 1h\ncosts { funding true }\naccount { leverage 5 }\nenter long when bar_index == 0 size 500% of equity\n',
  );
  // The market stays, its mark falls to 70 for a minute of the twelfth hour.
  await store(PERP, { ...bars(BARS, HOUR, 99), volume: new Float64Array(BARS).fill(1) });
  await store({ ...PERP, kind: 'mark', timeframe: '30m' }, bars(2 * BARS, HOUR / 2, 70));
  await store({ ...PERP, kind: 'funding', timeframe: null }, { time: Float64Array.of(START + 8 * HOUR), rate: Float64Array.of(0.0001) });
});

const fee = ['--fee', '0', '--slippage', '0'];

test('a run on margin takes the mark prices of the store, and says so', async () => {
  const result = await backtest('carry.strat', ...fee);
  expect(result['data']).toMatchObject([{ mark: { rows: BARS, stored: { series: 'okx:BTC/USDT:USDT', timeframe: '30m', version: 1 } } }]);
  expect(result['trades']).toMatchObject([{ exitReason: 'liquidation', exitPrice: 99 }]);
  const { stdout } = await strat(['backtest', 'carry.strat', ...fee]);
  expect(stdout).toContain('By mark prices of the data store, version 1: liquidation and funding');
});

test('without them it says that the candles were taken', async () => {
  const result = await backtest('carry.strat', ...fee, '--last-prices');
  expect(result['data']).not.toMatchObject([{ mark: {} }]);
  expect(result['trades']).toMatchObject([{ exitReason: 'open' }]);
  const { stdout } = await strat(['backtest', 'carry.strat', ...fee, '--last-prices']);
  expect(stdout).toContain('By prices of the candles, no mark prices: liquidation and funding');
});

test('a file of them goes before those of the store', async () => {
  const lines = Array.from({ length: BARS }, (_, bar) => `${START + bar * HOUR},100,101,99,100,0`);
  put('marks_1h.csv', `timestamp,open,high,low,close,volume\n${lines.join('\n')}\n`);
  const result = await backtest('carry.strat', ...fee, '--mark', 'marks_1h.csv');
  expect(result['data']).toMatchObject([{ mark: { rows: BARS } }]);
  expect(result['trades']).toMatchObject([{ exitReason: 'open' }]);
});

test('a receipt keeps their version, and holds when there are newer ones', async () => {
  expect((await strat(['backtest', 'carry.strat', ...fee, '--receipt', 'receipt.json'])).status).toBe(0);
  await store({ ...PERP, kind: 'mark', timeframe: '30m' }, bars(2 * BARS, HOUR / 2, 98));
  expect(readFileSync(path('receipt.json'), 'utf8')).toMatch(/okx:BTC\/USDT:USDT@[0-9a-f]+,[0-9a-f]+,[0-9a-f]+"/);
  const verified = await strat(['verify', 'receipt.json']);
  expect(verified.stdout).toContain('receipt.json holds');
  expect((await backtest('carry.strat', ...fee))['trades']).toMatchObject([{ exitReason: 'open' }]);
  const missing = await strat(['backtest', 'carry.strat', '--market', 'okx:BTC/USDT:USDT@1,,99']);
  expect(missing.stderr).toContain('version 99 of mark prices of okx:BTC/USDT:USDT');
});

test('a strategy that neither borrows nor pays funding has no use for them', async () => {
  put('plain.strat', 'strat 1\nstrategy "plain"\ntrade BTC/USDT:USDT on 1h\nenter long when bar_index == 0 size 50% of equity\n');
  expect((await backtest('plain.strat'))['data']).not.toMatchObject([{ mark: {} }]);
  const { status, stderr } = await strat(['backtest', 'plain.strat', '--mark', 'marks_1h.csv']);
  expect([status, stderr]).toEqual([2, expect.stringContaining('no leverage and pays no funding')]);
});
