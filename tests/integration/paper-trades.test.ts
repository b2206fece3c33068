import { expect, test } from 'vitest';
import type { BacktestDocument } from '#core/runtime/backtest-document.ts';
import { START, workplace } from './cli-fixtures.ts';

const { put, strat } = workplace();
const MINUTE = 60_000;
const BARS = 60;

/** Four trades a minute, so that each candle is known: open, high, low, close. */
const prices = (minute: number): readonly number[] => {
  const base = 100 + Math.round(10 * Math.sin(minute / 4));
  return [base, base + 3, base - 2, base + (minute % 3)];
};
const minutes = Array.from({ length: BARS }, (_, minute) => minute);
const trades = minutes.flatMap((minute) => prices(minute).map((price, at) => `${START + minute * MINUTE + at * 10_000},${price},0.5`));
const candles = minutes.slice(0, -1).map((minute) => `${START + minute * MINUTE},${prices(minute).join(',')},2`);

test('strat run trades on the bars that are made of recorded trades as they come, as on the candles of a file; the bar in which they end is none', async () => {
  put('trades.csv', `timestamp,price,qty\n${trades.join('\n')}\n`);
  put('x_BTC-USDT_1m.csv', `timestamp,open,high,low,close,volume\n${candles.join('\n')}\n`);
  put(
    'minutes.strat',
    'strat 1\nstrategy "minutes"\ntrade BTC/USDT on 1m\nenter long when close > close[1]\nexit long when close < close[1]\nsize 10% of equity\nstop 90%\n',
  );
  const run = async (home: string, replay: string, ...more: readonly string[]): Promise<BacktestDocument> => {
    const { status, stdout } = await strat(['run', 'minutes.strat', '--replay', replay, '--home', home, '--json', ...more]);
    expect(status).toBe(0);
    return JSON.parse(stdout) as BacktestDocument;
  };
  const [live, past] = [await run('live', 'BTC/USDT=trades.csv'), await run('past', 'x_BTC-USDT_1m.csv')];
  expect(live.trades.length).toBeGreaterThan(5);
  expect(live.data).toMatchObject([{ market: 'BTC/USDT', timeframe: '1m', rows: BARS - 1 }]);
  expect([live.trades, live.resultHash]).toEqual([past.trades, past.resultHash]);
  const longer = await run('five', 'BTC/USDT=trades.csv', '--timeframe', '5m');
  expect(longer.data).toMatchObject([{ timeframe: '5m', rows: BARS / 5 - 1 }]);
});

test('quotes, and a recording in which no bar ends, are refused', async () => {
  put('quotes.csv', `timestamp,bid,ask\n${START},1,2\n${START + MINUTE},1,2\n`);
  put('short.csv', `timestamp,price,qty\n${START},1,2\n${START + 1000},1,2\n`);
  put('hours.strat', 'strat 1\nstrategy "hours"\ntrade BTC/USDT on 1h\nenter long when close > 1\nsize 10% of equity\nstop 90%\n');
  for (const [file, reason] of [
    ['quotes.csv', 'it holds quotes'],
    ['short.csv', 'no bar of 1h ends in it'],
  ] as const) {
    const { status, stderr } = await strat(['run', 'hours.strat', '--replay', `BTC/USDT=${file}`, '--home', `home-${file}`]);
    expect([status, stderr]).toEqual([1, expect.stringContaining(reason)]);
  }
});
