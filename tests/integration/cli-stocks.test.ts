import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, test } from 'vitest';
import type { BacktestDocument } from '#core/runtime/backtest-document.ts';
import { strat } from './cli-in-process.ts';
import { temporaryFolder } from './cli-process.ts';

const DAY = 86_400_000;
const START = Date.UTC(2024, 0, 1);
const folder = temporaryFolder();
const place = (name: string): string => join(folder, name);

const run = (...args: readonly string[]): ReturnType<typeof strat> =>
  strat('backtest', place('s.strat'), '--data', place('us_ACME-USD_1d.csv'), ...args);
const json = async (...args: readonly string[]): Promise<BacktestDocument> =>
  JSON.parse((await run(...args, '--json')).out) as BacktestDocument;

/** Forty days at 100, which a split of two for one after the twentieth makes 50. */
const price = (day: number): number => (day < 20 ? 100 : 50);

beforeAll(() => {
  const lines = Array.from({ length: 40 }, (_, day) => `${START + day * DAY},${price(day)},${price(day)},${price(day)},${price(day)},1000`);
  writeFileSync(place('us_ACME-USD_1d.csv'), `timestamp,open,high,low,close,volume\n${lines.join('\n')}\n`);
  writeFileSync(
    place('s.strat'),
    'strat 1\nstrategy "holds"\ntrade ACME/USD on 1d\nenter long when bar_index == 2\nsize 10 ACME\nstop 10%\n',
  );
  writeFileSync(place('factors.csv'), '20231201,0.98,0.5,100\n20240110,0.98,0.5,100\n20240120,1,0.5,100\n20501231,1,1,0\n');
  writeFileSync(place('twice.csv'), '20231201,1,0.5,200\n20240120,1,0.5,200\n20501231,1,1,0\n');
});

describe('strat backtest --factors', () => {
  test('carries a position over a split, and names the file and what it told', async () => {
    const [without, told] = [
      await json('--fee', '0%', '--slippage', '0%'),
      await json('--fee', '0%', '--slippage', '0%', '--factors', place('factors.csv')),
    ];
    expect(without.trades).toMatchObject([{ exitReason: 'stop', profit: -500 }]);
    expect(told.trades).toMatchObject([{ exitReason: 'open', qty: 20, entryPrice: 50 }]);
    expect(told.data[0]!.stock).toEqual({ file: 'factors.csv', sha256: expect.stringMatching(/^[0-9a-f]{64}$/), splits: 1, dividends: 1 });
    expect(told.metrics.dividends).toBeCloseTo(20, 9);
    const page = place('report.html');
    const { out } = await run('--factors', place('factors.csv'), '--report', page);
    expect(out).toContain('1 split and 1 dividend of --factors');
    expect(readFileSync(page, 'utf8')).toContain('1 split and 1 dividend of --factors');
  });

  test('is part of the receipt', async () => {
    const receipt = place('receipt.json');
    await run('--factors', place('factors.csv'), '--receipt', receipt);
    expect((await strat('verify', receipt)).code).toBe(0);
    mkdirSync(place('other'));
    writeFileSync(place('other/factors.csv'), '20231201,1,0.5,100\n20240120,1,0.5,100\n20501231,1,1,0\n');
    const { code, out } = await strat('verify', receipt, '--factors', place('other/factors.csv'));
    expect([code, out]).toEqual([1, expect.stringContaining('the factor file is another')]);
  });

  test.for([
    [
      'candles that are adjusted already',
      ['--factors', place('twice.csv')],
      'on 2024-01-20 it knows a close of 200, and the candles one of 100',
    ],
    ['bars longer than a day', ['--factors', place('factors.csv'), '--timeframe', '1w'], 'splits and dividends lie inside of bars of 1w'],
    ['a file that is none', ['--factors', place('s.strat')], 'line 1: "strat 1" is not'],
    ['no file', ['--factors', place('none.csv')], 'there is no such file'],
  ] as const)('refuses %s', async ([, args, reason]) => {
    const { code, err } = await run(...args);
    expect([code, err]).toEqual([1, expect.stringContaining(reason)]);
  });
});

describe('strat backtest --delisted', () => {
  test('ends the market on that day', async () => {
    const document = await json('--delisted', '2024-01-15', '--fee', '0%', '--slippage', '0%');
    expect(document.settings.period.to).toBe('2024-01-15T00:00:00.000Z');
    expect(document.trades).toMatchObject([{ exitReason: 'delisting', exitPrice: 100, exitTime: '2024-01-15T00:00:00.000Z' }]);
  });

  test('says nothing of it before', async () => {
    const document = await json('--delisted', '2024-01-15', '--to', '2024-01-10');
    expect(document.trades).toMatchObject([{ exitReason: 'open' }]);
  });

  test('says where the candles end long before', async () => {
    const of = async (day: string): Promise<string> => JSON.stringify((await json('--delisted', day)).warnings);
    expect(await of('2024-06-01')).toContain('end on 2024-02-09, and --delisted says 2024-06-01: what is held goes at their last close');
    expect(await of('2024-02-12')).not.toContain('--delisted');
  });

  test('refuses a day before the first that counts', async () => {
    const refused = [2, expect.stringContaining('--delisted 2023-06-01: no bar that counts is before the end of that day')];
    const { code, err } = await run('--delisted', '2023-06-01');
    expect([code, err.replaceAll(/\s+/g, ' ')]).toEqual(refused);
  });
});
