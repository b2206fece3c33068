import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, test } from 'vitest';
import type { BacktestDocument } from '#core/runtime/backtest-document.ts';
import { strat } from './cli-in-process.ts';
import { temporaryFolder } from './cli-process.ts';

const DAY = 86_400_000;
const START = Date.UTC(2024, 0, 1);
const folder = temporaryFolder();
const place = (name: string): string => join(folder, name);

async function run(
  strategy: string,
  ...argv: readonly string[]
): Promise<{ readonly code: number; readonly out: string; readonly err: string }> {
  const { code, out, err } = await strat('backtest', place(strategy), ...argv);
  return { code, out, err: err.replaceAll(/\s+/g, ' ') };
}
const data = (...names: readonly string[]): readonly string[] => names.flatMap((name) => ['--data', place(name)]);

beforeAll(() => {
  const put = (name: string, price: (day: number) => number): void => {
    const lines = Array.from({ length: 30 }, (_, day) =>
      [START + day * DAY, ...Array.from({ length: 4 }, () => price(day)), 1000].join(','),
    );
    writeFileSync(place(name), `timestamp,open,high,low,close,volume\n${lines.join('\n')}\n`);
  };
  mkdirSync(place('copy'));
  for (const name of ['x_AAA-USDT_1d.csv', 'copy/x_AAA-USDT_1d.csv']) put(name, (day) => 100 + day);
  put('x_BBB-USDT_1d.csv', (day) => 60 - day);
  put('ask_BBB-USDT_1d.csv', (day) => 61 - day);
  writeFileSync(place('factors.csv'), '20231201,0.98,1,100\n20240110,0.98,1,109\n20501231,1,1,0\n');
  writeFileSync(place('other.csv'), '20231201,0.97,1,100\n20240110,0.97,1,109\n20501231,1,1,0\n');
  put('x_AAA-USD_1d.csv', () => 100);
  put('plain.csv', () => 100);
  const rules = 'enter long when bar_index == 2\nsize 30% of equity\nstop 10%\n';
  writeFileSync(place('markets.strat'), `strat 1\nstrategy "markets"\ntrade AAA/USDT, BBB/USDT on 1d\n${rules}`);
  writeFileSync(
    place('universe.strat'),
    `strat 1\nstrategy "universe"\nuniverse { quote USDT exclude [BBB/USDT] rebalance every 1d }\ntrade universe on 1d\n${rules}`,
  );
});

describe('strat backtest on several markets', () => {
  test('gives the same whatever the order of the files', async () => {
    const results = await Promise.all(
      [
        ['x_AAA-USDT_1d.csv', 'x_BBB-USDT_1d.csv'],
        ['x_BBB-USDT_1d.csv', 'x_AAA-USDT_1d.csv'],
      ].map(async (names) => JSON.parse((await run('markets.strat', ...data(...names), '--json')).out) as BacktestDocument),
    );
    expect(results[0]!.trades).toHaveLength(2);
    expect(results[1]!.resultHash).toBe(results[0]!.resultHash);
  });

  test('refuses two files of one market, and does not leave the market out', async () => {
    const { code, err } = await run('markets.strat', ...data('x_AAA-USDT_1d.csv', 'copy/x_AAA-USDT_1d.csv', 'x_BBB-USDT_1d.csv'));
    expect(code).toBe(1);
    expect(err).toBe('Several files fit AAA/USDT: x_AAA-USDT_1d.csv, x_AAA-USDT_1d.csv. Give --data AAA/USDT=PATH ');
  });

  test('says of each market what is missing where there is none', async () => {
    const { err } = await run('markets.strat', ...data('plain.csv'));
    expect(err).toContain('No candles for AAA/USDT, BBB/USDT: none of the files given is of this market. Give');
  });

  const both = data('x_AAA-USDT_1d.csv', 'x_BBB-USDT_1d.csv');

  test('takes what is told of each market, and keeps it in receipts', async () => {
    const told = [
      '--factors',
      `AAA/USDT=${place('factors.csv')}`,
      '--ask',
      place('ask_BBB-USDT_1d.csv'),
      '--delisted',
      'BBB/USDT=2024-01-05',
    ];
    const receipt = place('receipt.json');
    const { out } = await run('markets.strat', ...both, ...told, '--json', '--receipt', receipt);
    const document = JSON.parse(out) as BacktestDocument;
    expect(document.data).toMatchObject([
      { market: 'AAA/USDT', rows: 30, stock: { file: 'factors.csv', splits: 0, dividends: 1 } },
      { market: 'BBB/USDT', rows: 5, ask: { rows: 5 }, delisted: true },
    ]);
    expect(document.trades.map(({ market, exitReason }) => `${market} ${exitReason}`)).toEqual(['BBB/USDT delisting', 'AAA/USDT open']);
    expect((await run('markets.strat', ...both, ...told)).out).toMatch(
      /--ask, sales those of --data of 1 market[^]*0 splits and 1 dividend of --factors of 1 market[^]*Delisted: BBB\/USDT on 2024-01-05;/,
    );
    expect((await strat('verify', receipt)).code).toBe(0);
    const other = await strat('verify', receipt, '--factors', `AAA/USDT=${place('other.csv')}`);
    expect([other.code, other.out]).toEqual([1, expect.stringContaining('the factor file is another')]);
  });

  test.for([
    [
      'a day without a market',
      ['--delisted', '2024-01-20'],
      '--delisted 2024-01-20: the run trades AAA/USDT, BBB/USDT; say of which market it tells, --delisted MARKET=DATE',
    ],
    [
      'a file without a market',
      ['--factors', 'f.csv'],
      '--factors f.csv: the run trades AAA/USDT, BBB/USDT; say of which market it tells, --factors MARKET=PATH',
    ],
    ['another market', ['--delisted', 'CCC/USDT=2024-01-20'], '--delisted tells of CCC/USDT, and the run trades AAA/USDT, BBB/USDT'],
    [
      'a market twice',
      ['--delisted', 'AAA/USDT=2024-01-20', '--delisted', 'AAA/USDT=2024-01-21'],
      '--delisted is given twice for AAA/USDT',
    ],
    ['what is no day', ['--delisted', 'AAA/USDT=soon'], '--delisted takes a date such as 2024-01-31 (UTC), found "soon"'],
  ] as const)('refuses %s', async ([, given, reason]) => {
    const { code, err } = await run('markets.strat', ...both, ...given);
    expect([code, err]).toEqual([2, expect.stringContaining(reason)]);
  });
});

describe('strat backtest on a universe', () => {
  test('says which files were given where none is of it', async () => {
    const { code, err } = await run('universe.strat', ...data('x_AAA-USD_1d.csv', 'x_BBB-USDT_1d.csv', 'plain.csv'));
    expect(code).toBe(1);
    expect(err).toContain(
      'No candles for the universe: none of the files given is of a market in USDT that it does not exclude (found AAA/USD, BBB/USDT, plain.csv, which names no market). Give',
    );
  });

  test('holds the first of the alphabet of markets with one rank, whatever the order of the files', async () => {
    const rules =
      'universe { quote USDT rank by volume hold top 1 }\ntrade universe on 1d\nenter long when true\nsize 30% of equity\nstop 90%\n';
    writeFileSync(place('ties.strat'), `strat 1\nstrategy "ties"\n${rules}`);
    for (const names of [
      ['x_AAA-USDT_1d.csv', 'x_BBB-USDT_1d.csv'],
      ['x_BBB-USDT_1d.csv', 'x_AAA-USDT_1d.csv'],
    ]) {
      const { trades } = JSON.parse((await run('ties.strat', ...data(...names), '--json')).out) as BacktestDocument;
      expect([...new Set(trades.map(({ market }) => market))]).toEqual(['AAA/USDT']);
    }
  });

  test('ends its members where they were delisted', async () => {
    const { out } = await run('universe.strat', ...data('x_AAA-USDT_1d.csv'), '--delisted', '2024-01-05', '--json');
    expect((JSON.parse(out) as BacktestDocument).trades.at(-1)).toMatchObject({ market: 'AAA/USDT', exitReason: 'delisting' });
  });
});
