import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, test } from 'vitest';
import type { BacktestDocument } from '#core/runtime/backtest-document.ts';
import { strat } from './cli-in-process.ts';
import { temporaryFolder } from './cli-process.ts';

const DAY = 86_400_000;
const START = Date.UTC(2024, 0, 1);
const folder = temporaryFolder();
const place = (name: string): string => join(folder, name);
const DATA = ['x_AAA-USDT_1d.csv', 'x_BBB-USDT_1d.csv'].flatMap((name) => ['--data', place(name)]);

interface Ran {
  readonly code: number;
  readonly out: string;
  readonly err: string;
}

const told = ({ code, out, err }: Ran): Ran => ({ code, out: out.replaceAll(/\s+/g, ' '), err: err.replaceAll(/\s+/g, ' ') });
const run = async (...argv: readonly string[]): Promise<Ran> => strat('backtest', ...argv, ...DATA);
const documentOf = async (...argv: readonly string[]): Promise<BacktestDocument> =>
  JSON.parse((await run(...argv, '--json')).out) as BacktestDocument;

beforeAll(() => {
  const put = (name: string, price: (day: number) => number): void => {
    const lines = Array.from({ length: 30 }, (_, day) =>
      [START + day * DAY, ...Array.from({ length: 4 }, () => price(day)), 1000].join(','),
    );
    writeFileSync(place(name), `timestamp,open,high,low,close,volume\n${lines.join('\n')}\n`);
  };
  put('x_AAA-USDT_1d.csv', (day) => 100 + day);
  put('x_BBB-USDT_1d.csv', (day) => 60 - day);
  const write = (name: string, market: string, more = ''): void => {
    const text = `strat 1\nstrategy "${name}"\nparam start = 2 bars\ntrade ${market}\n${more}enter long when bar_index == start\nexit long when bar_index == start + 5 bars\nsize 30% of equity\nstop 50%\n`;
    writeFileSync(place(`${name}.strat`), text);
  };
  write('up', 'AAA/USDT on 1d');
  write('down', 'BBB/USDT on 1d');
  write('hours', 'BBB/USDT on 4h');
  put('x_USD-JPY_1d.csv', (day) => 150 + day);
  put('x_EUR-JPY_1d.csv', (day) => 160 + day);
  write('yen', 'USD/JPY on 1d');
  write('saver', 'USD/JPY on 1d', 'account { capital 50000 JPY }\n');
  write('rich', 'BBB/USDT on 1d', 'account { capital 50000 USDT }\n');
  write('poor', 'AAA/USDT on 1d', 'account { capital 500 USDT }\n');
  writeFileSync(place('wrong.strat'), 'strat 1\nstrategy "wrong"\ntrade AAA/USDT on 1d\nenter long when clse > 1\n');
});

describe('strat backtest of several strategies', () => {
  test('tells each trade its strategy, in table, JSON, CSV and report, and its receipt holds', async () => {
    const files = ['trades.csv', 'report.html', 'receipt.json'].map(place);
    const [trades, report, receipt] = files as [string, string, string];
    const args = [place('up.strat'), place('down.strat'), '--trades', trades, '--report', report, '--receipt', receipt];
    const { code, out } = told(await run(...args));
    expect(code).toBe(0);
    expect(out).toContain('up + down');
    expect(out).toContain('up: AAA/USDT; params start=2');
    expect(out).toMatch(/By strategy Name Exits Won % Profit Fees Mean % up 1 100.0/);
    expect(
      readFileSync(trades, 'utf8')
        .split('\r\n')
        .slice(0, 3)
        .map((line) => line.split(',').slice(0, 3).join(',')),
    ).toEqual(['positionId,strategy,market', '1,up,AAA/USDT', '2,down,BBB/USDT']);
    const page = readFileSync(report, 'utf8');
    for (const text of ['<h1>up + down</h1>', 'down, BBB/USDT: price and trades', 'By strategy', 'Source of down', 'up.start'])
      expect(page).toContain(text);
    const verified = told(await strat('verify', receipt));
    expect(verified.out).toContain('holds: run again');
    writeFileSync(place('down.strat'), readFileSync(place('down.strat'), 'utf8').replace('30%', '31%'));
    const edited = told(await strat('verify', receipt));
    expect(edited.code).toBe(1);
    expect(edited.out).toContain('strategies[1].sha256');
    expect(edited.out).toContain('a strategy file, or what it was given, is another');
    writeFileSync(place('down.strat'), readFileSync(place('down.strat'), 'utf8').replace('31%', '30%'));
  });

  test('a receipt is verified where the files lie elsewhere, all of them named', async () => {
    const receipt = place('elsewhere.json');
    await run(place('up.strat'), place('down.strat'), '--receipt', receipt);
    for (const name of ['up', 'down']) writeFileSync(place(`${name}-copy.strat`), readFileSync(place(`${name}.strat`)));
    const named = ['up', 'down'].flatMap((name) => ['--strategy', place(`${name}-copy.strat`)]);
    expect(told(await strat('verify', receipt, ...named)).out).toContain('holds');
    expect(
      (await strat('verify', receipt, ...named.toReversed().flatMap((word) => (word === '--strategy' ? [] : ['--strategy', word])))).code,
    ).toBe(1);
  });

  test('takes one file twice, with params of its own', async () => {
    const { strategies, trades } = await documentOf(place('up.strat'), place('up.strat'), '--set', 'start=3', '--set', 'up#2.start=10');
    expect(strategies!.map(({ label, params }) => [label, params])).toEqual([
      ['up', { start: 3 }],
      ['up#2', { start: 10 }],
    ]);
    expect(trades.map(({ strategy, entryTime }) => [strategy, entryTime.slice(8, 10)])).toEqual([
      ['up', '05'],
      ['up#2', '12'],
    ]);
  });

  test('gives a single strategy what it gave alone', async () => {
    const [alone, twice] = [await documentOf(place('up.strat')), await documentOf(place('up.strat'), place('down.strat'))];
    expect(alone.strategies).toBeUndefined();
    expect(alone.trades[0]).toEqual({ ...twice.trades[0], strategy: undefined });
  });

  test('an option may be for what one file alone says', async () => {
    writeFileSync(
      place('lent.strat'),
      readFileSync(place('up.strat'), 'utf8').replace('enter', 'account { leverage 3 }\ncosts { funding true }\nenter'),
    );
    const { settings } = await documentOf(place('down.strat'), place('lent.strat'), '--maintenance', '1%', '--funding-every', '4h');
    expect(settings).toMatchObject({ margin: { leverage: 3, maintenance: [{ rate: 0.01 }] }, funding: { everyMs: DAY / 6 } });
    const { err, code } = told(await run(place('down.strat'), place('up.strat'), '--maintenance', '1%'));
    expect([code, err]).toEqual([2, expect.stringContaining('and the strategy has neither leverage nor margin')]);
  });

  test('takes the length of bars from a config that gives it to all', async () => {
    const entries = ['hours', 'up'].map((name) => `  - { file: ${name}.strat, exchange: demo, timeframe: 2d }\n`);
    writeFileSync(place('strat.yaml'), `exchanges:\n  demo: { use: exchange/sim, seed: 7, speed: 10 }\nstrategies:\n${entries.join('')}`);
    const { settings } = await documentOf(place('hours.strat'), place('up.strat'), '--config', place('strat.yaml'));
    // The first of January 2024 is day 19723, the second half of a bar.
    expect(settings.period.bars).toBe(16);
  });

  test('runs them on generated markets, one for each market', async () => {
    const { code, out } = await strat('backtest', place('up.strat'), place('down.strat'), '--synthetic', '1', '--bars', '40', '--json');
    expect(code).toBe(0);
    const { data } = JSON.parse(out) as BacktestDocument;
    expect(data.map(({ market }) => market)).toEqual(['AAA/USDT', 'BBB/USDT']);
    expect(data[0]!.sha256).not.toBe(data[1]!.sha256);
  });

  test('compares results by strategy', async () => {
    for (const [name, day] of [
      ['a', '2'],
      ['b', '4'],
    ] as const)
      writeFileSync(place(`${name}.json`), (await run(place('up.strat'), place('down.strat'), '--set', `down.start=${day}`, '--json')).out);
    const { out } = told(await strat('report', 'compare', place('a.json'), place('b.json')));
    expect(out).toContain('strategy down param start: 2 in A, 4 in B');
  });

  const YEN = ['--data', place('x_USD-JPY_1d.csv')];

  test('an account in a currency of its own: rates from the market itself, a file or a number; the receipt holds', async () => {
    const [receipt, trades] = [place('yen.json'), place('yen.csv')];
    const alone = told(await strat('backtest', place('yen.strat'), ...YEN, '--currency', 'USD', '--receipt', receipt, '--trades', trades));
    expect(alone.out).toContain('Starting capital 10,000.00 USD');
    expect(alone.out).toContain('JPY in USD by USD/JPY, at the end');
    expect(readFileSync(trades, 'utf8')).toContain('exitPrice,qty,rate,fees');
    expect(told(await strat('verify', receipt)).out).toContain('holds');
    const both = [place('yen.strat'), place('up.strat'), ...YEN, ...DATA, '--currency', 'USD'];
    const missing = told(await strat('backtest', ...both));
    expect(missing.err).toContain('The account is in USD, and nothing tells what USDT is worth in it. Give a rate: --rate USD/USDT=PATH');
    const rated = [...both, '--rate', 'USDT/USD=1', '--rate', place('x_EUR-JPY_1d.csv'), '--receipt', receipt];
    expect(told(await strat('backtest', ...rated)).err).toContain('--rate EUR/JPY: no currency of the run is converted by it');
    const numbers = rated.filter((word) => !word.includes('EUR-JPY')).toSpliced(-3, 1);
    const { code, out } = await strat('backtest', ...numbers, '--json');
    expect(code).toBe(0);
    const { currencies, settings } = JSON.parse(out) as BacktestDocument;
    expect(settings.currency).toBe('USD');
    expect(currencies!.map(({ currency, by, rate }) => [currency, by, rate])).toEqual([
      ['JPY', ['USD/JPY'], 1 / 179],
      ['USDT', ['USDT/USD'], 1],
    ]);
    expect(told(await strat('verify', receipt)).out).toContain('holds');
  });

  const currencies: readonly (readonly [what: string, argv: readonly string[], err: string])[] = [
    [
      'markets in several currencies',
      [place('yen.strat'), place('up.strat'), ...DATA],
      'The markets are in JPY, USDT: say in which currency the account is, --currency JPY',
    ],
    [
      'a rate without a currency',
      [place('yen.strat'), '--rate', 'USD/JPY=150'],
      '--rate tells what a currency is worth in that of the account: add --currency',
    ],
    [
      'a rate that nothing needs',
      [place('yen.strat'), '--currency', 'JPY', '--rate', 'USD/JPY=150'],
      'All markets are in JPY, so that no --rate is needed',
    ],
    ['no name of a currency', [place('yen.strat'), '--currency', 'usd'], '--currency takes a name such as USD, found "usd"'],
    [
      'a rate of zero',
      [place('yen.strat'), '--currency', 'EUR', '--rate', 'EUR/JPY=0'],
      'A rate is a number above zero, found "EUR/JPY=0"',
    ],
    ['fees by tiers', [place('yen.strat'), '--currency', 'USD', '--fee', '0.1%,1000:0.05%'], 'know one currency'],
    [
      'a capital in yen',
      [place('saver.strat'), '--currency', 'USD'],
      'names a capital in the currency of its market, and the account is in USD: add --capital',
    ],
  ];

  test.each(currencies)('refuses %s', async (_, argv, err) => {
    const ran = told(await strat('backtest', ...argv, ...YEN));
    expect(ran.code).not.toBe(0);
    expect(ran.err).toContain(err);
  });

  const refused: readonly (readonly [what: string, argv: readonly string[], err: string])[] = [
    [
      'bars of other lengths',
      ['up.strat', 'hours.strat'],
      'run on bars of one length, and these are "up" on bars of 1d and "hours" on bars of 4h',
    ],
    ['other accounts', ['rich.strat', 'poor.strat'], 'their account blocks differ in capital: 50000 and 500'],
    ['params that none has', ['up.strat', 'down.strat', '--set', 'up.night=3'], 'No strategy of the run has a param "up.night"'],
    ['files with mistakes', ['up.strat', 'wrong.strat'], 'I do not know "clse"'],
  ];

  test.each(refused)('refuses %s', async (_, argv, err) => {
    const words = argv.map((word) => (word.endsWith('.strat') ? place(word) : word));
    const ran = told(await run(...words));
    expect(ran.code).not.toBe(0);
    expect(ran.err).toContain(err);
  });
});
