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

  test('refuses what is told of one market', async () => {
    const { code, err } = await run('markets.strat', ...data('x_AAA-USDT_1d.csv', 'x_BBB-USDT_1d.csv'), '--delisted', '2024-01-20');
    expect(code).not.toBe(0);
    expect(err).toContain('--delisted: told of one market, and the strategy trades 2');
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

  test('refuses what is told of one market, also where it has only one', async () => {
    for (const given of [
      ['--delisted', '2024-01-20'],
      ['--swap-long', '5%'],
      ['--ask', place('copy/x_AAA-USDT_1d.csv')],
    ]) {
      const { code, err } = await run('universe.strat', ...data('x_AAA-USDT_1d.csv'), ...given);
      expect(code).not.toBe(0);
      expect(err).toContain('told of one market, and the strategy trades a universe');
    }
  });
});
