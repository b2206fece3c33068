import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, test } from 'vitest';
import type { BacktestDocument } from '#core/runtime/backtest-document.ts';
import { strat } from './cli-in-process.ts';
import { temporaryFolder } from './cli-process.ts';

const HOUR = 3_600_000;
const START = Date.UTC(2024, 0, 15);
const folder = temporaryFolder();
const place = (name: string): string => join(folder, name);

const run = (...args: readonly string[]): ReturnType<typeof strat> =>
  strat('backtest', place('s.strat'), '--data', place('x_EUR-USD_1h.csv'), '--fee', '0%', '--slippage', '0%', ...args);

/** Ninety hours at one price. */
function candles(name: string, price: number, skipped = -1): void {
  const lines = Array.from({ length: 90 }, (_, hour) => `${START + hour * HOUR},${price},${price},${price},${price},1`);
  writeFileSync(place(name), `timestamp,open,high,low,close,volume\n${lines.filter((_, hour) => hour !== skipped).join('\n')}\n`);
}

beforeAll(() => {
  candles('x_EUR-USD_1h.csv', 1.1);
  candles('ask_EUR-USD_1h.csv', 1.1002);
  candles('short_EUR-USD_1h.csv', 1.1002, 7);
  candles('below_EUR-USD_1h.csv', 1.0998);
  writeFileSync(
    place('s.strat'),
    'strat 1\nstrategy "long"\ntrade EUR/USD on 1h\nenter long when bar_index == 2\nexit long when bar_index == 80\nsize 1000 EUR\nstop 10%\n',
  );
});

test.for([
  ['EUR/USD', 1.1, 0.0001],
  ['USD/JPY', 150, 0.01],
] as const)('a pip of %s', async ([market, price, pip]) => {
  const file = place(`y_${market.replace('/', '-')}_1h.csv`);
  const at = (hour: number, low: number): string => `${START + hour * HOUR},${price},${price},${low},${price},1`;
  const lines = [
    ...Array.from({ length: 5 }, (_, hour) => at(hour, price)),
    at(5, price - 15 * pip),
    at(6, price - 25 * pip),
    at(7, price),
  ];
  writeFileSync(file, `timestamp,open,high,low,close,volume\n${lines.join('\n')}\n`);
  writeFileSync(
    place('pips.strat'),
    `strat 1\nstrategy "pips"\ntrade ${market} on 1h\nenter long when bar_index == 2\nsize 10% of equity\nstop 20 pips\n`,
  );
  const { out } = await strat('backtest', place('pips.strat'), '--data', file, '--fee', '0%', '--slippage', '0%', '--json');
  const [trade] = (JSON.parse(out) as BacktestDocument).trades;
  expect(trade).toMatchObject({ exitReason: 'stop', exitTime: new Date(START + 6 * HOUR).toISOString() });
  expect(trade!.exitPrice).toBeCloseTo(price - 20 * pip, 9);
});

describe('strat backtest --ask and --swap-long', () => {
  test('a round trip costs the spread, and a night its interest; the result names both, and a receipt holds', async () => {
    const args = ['--ask', place('ask_EUR-USD_1h.csv'), '--swap-long', '3.65%', '--swap-short', '-1%'];
    const document = JSON.parse((await run(...args, '--json')).out) as BacktestDocument;
    expect(document.trades).toMatchObject([{ entryPrice: 1.1002, exitPrice: 1.1 }]);
    // Monday, Tuesday, Wednesday: five nights at 1100 * 3.65 % / 365.
    expect(document.metrics.swap).toBeCloseTo(5 * 0.11, 9);
    expect(document.metrics.netProfit).toBeCloseTo(-0.2 - 0.55, 9);
    expect(document.data[0]!.ask).toMatchObject({ market: 'EUR/USD', rows: 90 });
    expect(document.settings.swap).toEqual({ long: 0.0365, short: -0.01 });
    const receipt = place('receipt.json');
    const { out } = await run(...args, '--receipt', receipt);
    expect(out).toContain('Buys met the candles of --ask');
    expect(out).toContain('Longs pay 3.65 % a year and shorts -1 %, by the night');
    expect((await strat('verify', receipt)).code).toBe(0);
    const other = await strat('verify', receipt, '--ask', place('x_EUR-USD_1h.csv'));
    expect([other.code, other.out]).toEqual([1, expect.stringContaining('the ask candles are others')]);
  });

  test.for([
    ['short_EUR-USD_1h.csv', 'it lacks 1 of 90 bars, the first at 2024-01-15 07:00 UTC'],
    ['below_EUR-USD_1h.csv', 'its prices are below those of --data on 90 of 90 bars: the two are the wrong way round'],
    ['s.strat', 'is'],
  ] as const)('%s is refused', async ([file, reason]) => {
    const { code, err } = await run('--ask', place(file));
    expect([code, err]).toEqual([1, expect.stringContaining(reason)]);
  });
});

test('figures are brought to a year by the days of the calendar that is named', async () => {
  const lines = Array.from({ length: 40 }, (_, day) => day)
    .filter((day) => new Date(START + day * 24 * HOUR).getUTCDay() % 6 !== 0)
    .map((day) => `${START + day * 24 * HOUR},1,1.1,0.9,${1 + 0.01 * Math.sin(day)},1`);
  writeFileSync(place('days_EUR-USD_1d.csv'), `timestamp,open,high,low,close,volume\n${lines.join('\n')}\n`);
  writeFileSync(
    place('days.strat'),
    'strat 1\nstrategy "days"\ntrade EUR/USD on 1d\nenter long when bar_index == 2\nsize 1000 EUR\nstop 50%\n',
  );
  const documentOf = async (...args: readonly string[]): Promise<BacktestDocument> => {
    const { out, err } = await strat('backtest', place('days.strat'), '--data', place('days_EUR-USD_1d.csv'), ...args, '--json');
    expect(err).toBe('');
    return JSON.parse(out) as BacktestDocument;
  };
  const [plain, forex, stocks] = [await documentOf(), await documentOf('--calendar', 'fx'), await documentOf('--calendar', 'xnys')];
  expect(plain.settings.conventions.calendar).toBeUndefined();
  expect(forex.settings.conventions.calendar).toEqual({ name: 'forex', daysOfYear: 260 });
  expect(forex.metrics.sharpe! / plain.metrics.sharpe!).toBeCloseTo(Math.sqrt(260 / 252), 12);
  expect(stocks.metrics).toEqual(plain.metrics);
  expect(forex.resultHash).toBe(plain.resultHash);
  const { out } = await strat('backtest', place('days.strat'), '--data', place('days_EUR-USD_1d.csv'), '--calendar', 'xetra');
  expect(out.replaceAll(/\s+/g, ' ')).toContain('figures are brought to a year of 254 days of trading (calendar xetr)');
  const wrong = await strat('backtest', place('days.strat'), '--data', place('days_EUR-USD_1d.csv'), '--calendar', 'moon');
  expect([wrong.code, wrong.err]).toEqual([
    2,
    expect.stringContaining(
      '--calendar takes 24x7, forex, forex-oanda, forex-fxcm, forex-metatrader, metals, xnys, xlon, xetr, found "moon"',
    ),
  ]);
});
