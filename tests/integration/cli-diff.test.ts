import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { DiffDocument } from '#core/runtime/diff/diff-runs.ts';
import { candles, CANDLES, HOUR, STRATEGY } from './cli-fixtures.ts';
import { strat } from './cli-in-process.ts';
import { temporaryFolder } from './cli-process.ts';

const folder = temporaryFolder();
const place = (name: string): string => join(folder, name);

/** Writes a strategy and gives its path. */
function put(name: string, rules: string, trade = 'trade BTC/USDT on 1h'): string {
  writeFileSync(place(name), `strat 1\nstrategy "${name}"\n${trade}\n${rules}\n`);
  return place(name);
}

const RULES = `let mid = sma(close, 10)
enter long when close crosses above mid
exit long when close crosses below mid reason "over"
size 20% of equity
stop 5%`;
const A = put('a.strat', RULES);
const B = put('b.strat', RULES.replaceAll('mid', 'usual').replace('stop 5%', 'stop 0.05%  # near'));
writeFileSync(place(CANDLES), candles(600, HOUR));

async function diff(...args: readonly string[]): Promise<DiffDocument> {
  const { code, out, err } = await strat('diff', ...args, '--json');
  expect([code, err]).toEqual([0, '']);
  return JSON.parse(out) as DiffDocument;
}

/** Whole units of 1e-60, by the digits of the text. */
const units = (text: string): bigint => {
  const [, sign, whole, rest = ''] = /^(-?)(\d+)(?:\.(\d+))?$/.exec(text)!;
  return BigInt(`${sign}${whole}${rest.padEnd(60, '0')}`);
};

/** Whether the trades lead from one profit to the other, and the profits are those of the figures. */
function reconciles({ trades, reconciliation, metrics }: DiffDocument): void {
  const sum = (texts: readonly string[]): bigint => texts.reduce((total, text) => total + units(text), 0n);
  const profits = (positions: readonly { readonly profit: string }[]): bigint => sum(positions.map(({ profit }) => profit));
  const way =
    profits(trades.appeared) -
    profits(trades.vanished) +
    profits(trades.changed.map(({ b }) => b)) -
    profits(trades.changed.map(({ a }) => a));
  expect(units(reconciliation.profitA) + way).toBe(units(reconciliation.profitB));
  expect(units(reconciliation.appeared) - units(reconciliation.vanished) + units(reconciliation.changed)).toBe(way);
  const net = metrics.find(({ name }) => name === 'netProfit');
  expect([net?.a, net?.b]).toEqual([Number(reconciliation.profitA), Number(reconciliation.profitB)]);
}

describe('strat diff', () => {
  it('tells the rule that means something else, the trades that it moves, and the profit to the last unit', async () => {
    const document = await diff(A, B, '--data', place(CANDLES));
    expect(document.rules).toEqual([
      { kind: 'stop', of: 'long', a: { text: 'stop 5%', line: 8 }, b: { text: 'stop 0.05%', line: 8 }, lets: { a: [], b: [] } },
    ]);
    const { trades } = document;
    expect([trades.appeared, trades.vanished]).toEqual([[], []]);
    expect(trades.changed.some(({ differs, b }) => differs.includes('reason') && b.exits[0]?.reason === 'stop')).toBe(true);
    reconciles(document);
  });

  it('tells nothing of a strategy that is only written otherwise', async () => {
    const same = put('same.strat', `# the same\n${RULES.replaceAll('mid', 'usual')}`);
    const document = await diff(A, same, '--data', place(CANDLES));
    expect(document).toMatchObject({ isSame: true, rules: [], params: [], trades: { appeared: [], vanished: [], changed: [] } });
    expect(document.trades.common).toBeGreaterThan(5);
    const { out } = await strat('diff', A, same, '--data', place(CANDLES));
    expect(out).toContain('They mean the same, and traded the same to the last bit.');
    expect(out).toContain('none differs in what it means');
  });

  it('compares a strategy with itself under other values', async () => {
    const document = await diff(STRATEGY, '--set', 'slow=60', '--set-b', 'fast=30', '--synthetic', '1', '--bars', '1000');
    expect(document).toMatchObject({ rules: [], params: [{ name: 'fast', a: '20', b: '30' }] });
    expect(document.trades.appeared.length + document.trades.changed.length).toBeGreaterThan(0);
    reconciles(document);
    const both = await diff(STRATEGY, '--set', 'fast=30', '--set-b', 'fast=30', '--synthetic', '1', '--bars', '500');
    expect(both.isSame).toBe(true);
  });

  it.each([
    [
      'a perpetual with margin and funding',
      'trade BTC/USDT:USDT on 1h',
      RULES.replace('20% of equity', '150% of equity'),
      ['--leverage', '3', '--funding', '0.01%'],
    ],
    ['an inverse perpetual', 'trade BTC/USD:BTC on 1h', RULES, []],
    ['shorts that borrow', 'trade BTC/USDT on 1h', RULES.replaceAll('long', 'short'), ['--borrow', '20%']],
    ['an account in another currency', 'trade BTC/USDT on 1h', RULES, ['--currency', 'EUR', '--rate', 'EUR/USDT=1.13']],
    ['two markets', 'trade BTC/USDT, ETH/USDT on 1h', RULES, []],
    [
      'parts of positions',
      'trade BTC/USDT on 1h',
      `${RULES}\ntake 30% at 0.7%, 30% at 1.3%\nadd 50% when close > close[1] max 3 times`,
      [],
    ],
  ])('reconciles %s', async (_, trade, rules, options) => {
    const [one, two] = [put('one.strat', rules, trade), put('two.strat', rules.replace('close, 10', 'close, 14'), trade)];
    const document = await diff(one, two, '--synthetic', '5', '--bars', '800', ...options);
    expect(document.trades.appeared.length + document.trades.vanished.length).toBeGreaterThan(2);
    reconciles(document);
  });

  it('counts what is open at the end at the last close', async () => {
    const [one, two] = ['1', '2'].map((bars) => put(`open${bars}.strat`, `enter long when bar_index == ${bars}\nsize 1 BTC\nstop 90%`));
    const document = await diff(one!, two!, '--data', place(CANDLES), '--capital', '1000000');
    expect(document.trades).toMatchObject({ appeared: [{ isOpen: true, exits: [] }], vanished: [{ isOpen: true }], common: 0 });
    reconciles(document);
  });

  it('is readable, and fits a narrow terminal', async () => {
    const { out } = await strat('diff', A, B, '--data', place(CANDLES));
    expect(out).toMatch(
      /^A: .*a\.strat\nB: .*b\.strat\n\nRules\n~ stop \(long\)\n {2}A, line 8: stop 5%\n {2}B, line 8: stop 0\.05%\n\nTrades\n/,
    );
    expect(out).toMatch(/\n= B +-?[\d.,]+ +-?\d+\.\d+\n/);
    expect(out).toMatch(/the other \d+ are equal/);
  });

  it('refuses what it cannot compare', async () => {
    expect(await strat('diff')).toMatchObject({ code: 2, err: expect.stringContaining('No strategy file was given') });
    expect(await strat('diff', A, '--synthetic', '1', '--bars', '200')).toMatchObject({
      code: 2,
      err: expect.stringMatching(/Name two strategies.*--set-b/),
    });
    expect(await strat('diff', A, B, A, '--synthetic', '1', '--bars', '200')).toMatchObject({
      code: 2,
      err: expect.stringContaining('compares two'),
    });
    expect(await strat('diff', A, B)).toMatchObject({ code: 2, err: expect.stringContaining('--data') });
    expect(await strat('diff', A, place('none.strat'), '--synthetic', '1', '--bars', '200')).toMatchObject({
      code: 1,
      err: expect.stringContaining('none.strat'),
    });
    expect(await strat('diff', A, put('wrong.strat', 'enter long when clsoe > 1'), '--synthetic', '1', '--bars', '200')).toMatchObject({
      code: 1,
      err: expect.stringContaining('E0201'),
    });
    expect(await strat('diff', A, B, '--synthetic', '1', '--bars', '200', '--set-b', 'fast=3')).toMatchObject({
      code: 1,
      err: expect.stringContaining('fast'),
    });
    const dollar = put('dollar.strat', RULES, 'trade BTC/USD:BTC on 1h');
    expect(await strat('diff', A, dollar, '--synthetic', '1', '--bars', '200')).toMatchObject({
      code: 2,
      err: expect.stringMatching(/USDT and in BTC/),
    });
  });

  it('reads its strategies and writes nothing', async () => {
    const before = readFileSync(A, 'utf8');
    expect(await strat('diff', A, B, '--synthetic', '1', '--bars', '200', '--report', place('x.html'))).toMatchObject({ code: 2 });
    expect(readFileSync(A, 'utf8')).toBe(before);
  });
});
