import { cpSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { beforeAll, describe, expect, test } from 'vitest';
import { backtest, DEFAULT_LIMITS } from '#core/runtime/backtest.ts';
import type { BacktestDocument } from '#core/runtime/backtest-document.ts';
import { loadDetail } from '#core/runtime/detail-data.ts';
import { loadMarketData } from '#core/runtime/market-data.ts';
import { drawingsOf } from '#core/runtime/drawings.ts';
import { portfolioRun } from '#core/runtime/portfolio/portfolio-run.ts';
import { prepareStrategy } from '#core/runtime/prepare-strategy.ts';
import { createCompiler } from '#dsl/compile.ts';
import { candles } from './cli-fixtures.ts';
import { strat } from './cli-in-process.ts';
import { temporaryFolder } from './cli-process.ts';

const MINUTE = 60_000;
const FINE = 'binance_BTC-USDT_5m.csv';
const HOURS = 'binance_BTC-USDT_1h.csv';
/** Bars that rise and fall by 1 %, so that stop and target often lie in one of them. */
const TEXT = `strat 1
strategy "inside"
trade BTC/USDT on 1h
enter long when close > close[1]
size 10% of equity
stop 0.6%
take at 0.6%
plot equity
`;

const folder = temporaryFolder();
const place = (name: string): string => join(folder, name);

const run = async (...args: readonly string[]): ReturnType<typeof strat> => strat('backtest', place('s.strat'), ...args);
const json = async (...args: readonly string[]): Promise<BacktestDocument> =>
  JSON.parse((await run(...args, '--json')).out) as BacktestDocument;

/** Hours made of five-minute bars. */
function hoursOf(text: string): string {
  const rows = text.trim().split('\n').slice(1);
  const lines: string[] = [];
  for (let at = 0; at + 12 <= rows.length; at += 12) {
    const bars = rows.slice(at, at + 12).map((row) => row.split(',').map(Number));
    const column = (place: number): number[] => bars.map((bar) => bar[place]!);
    lines.push([bars[0]![0], bars[0]![1], Math.max(...column(2)), Math.min(...column(3)), bars[11]![4], 1200].join(','));
  }
  return `timestamp,open,high,low,close,volume\n${lines.join('\n')}\n`;
}

beforeAll(() => {
  const fine = candles(3600, 5 * MINUTE);
  writeFileSync(place(FINE), fine);
  writeFileSync(place(HOURS), hoursOf(fine));
  writeFileSync(place('s.strat'), TEXT);
});

describe('strat backtest --detail', () => {
  test('lets finer bars decide, and says so in every form of the result', async () => {
    const [inside, alone] = [await json('--data', place(HOURS), '--detail', place(FINE)), await json('--data', place(HOURS))];
    expect(inside.data[0]!.detail).toMatchObject({ market: 'BTC/USDT', timeframe: '5m', rows: 3600, barsDecided: 300, barsWithout: 0 });
    expect(inside.data[0]!.detail!.sha256).toMatch(/^[0-9a-f]{64}$/);
    expect(alone.data[0]).not.toHaveProperty('detail');
    expect(inside.resultHash).not.toBe(alone.resultHash);
    expect(inside.metrics.ambiguousBars).toBeLessThan(alone.metrics.ambiguousBars);
    // The hours may as well be made from the same file.
    expect((await json('--data', place(FINE), '--timeframe', '1h', '--detail', place(FINE))).resultHash).toBe(inside.resultHash);
    const { out } = await run('--data', place(HOURS), '--detail', place(FINE), '--report', place('r.html'));
    expect(out).toContain('Inside of bars the 5m bars of --detail decided, in 300 of 300 bars');
    expect(readFileSync(place('r.html'), 'utf8')).toContain(inside.data[0]!.detail!.sha256);
  });

  test('takes trades as well', async () => {
    const rows = readFileSync(place(FINE), 'utf8').trim().split('\n').slice(1);
    const trades = rows.flatMap((row) => {
      const [time, open, high, low, close] = row.split(',').map(Number) as [number, number, number, number, number];
      return [open, low, high, close].map((price, part) => `${time + part * MINUTE},${price},1`);
    });
    const file = place('binance_BTC-USDT_day.trades.csv.gz');
    writeFileSync(file, gzipSync(`timestamp,price,qty\n${trades.join('\n')}\n`));
    const inside = await json('--data', place(HOURS), '--detail', file);
    expect(inside.data[0]!.detail).toMatchObject({ timeframe: 'trades', rows: 4 * 3600, barsDecided: 300, barsWithout: 0 });
    expect(inside.metrics.ambiguousBars).toBe(0);
    expect(inside.ambiguous).toEqual([]);
    const { out } = await run('--data', place(HOURS), '--detail', file);
    expect(out).toContain('Inside of bars the trades of --detail decided, in 300 of 300 bars');
    const other = place('binance_ETH-USDT_day.trades.csv');
    writeFileSync(other, `timestamp,price\n${trades[0]!.split(',').slice(0, 2).join(',')}\n`);
    expect((await run('--data', place(HOURS), '--detail', other)).err).toContain('they are of ETH/USDT, and the strategy trades BTC/USDT');
  });

  test.each([
    ['longer bars', ['--data', FINE, '--detail', HOURS], /of 1h are not shorter than 5m/, ['--timeframe', '5m']],
    ['bars of the same length', ['--data', HOURS, '--detail', HOURS], /of 1h are not shorter than 1h/, []],
    [
      'bars that do not fit',
      ['--data', FINE, '--detail', 'binance_BTC-USDT_7m.csv'],
      /15m bars are no whole number of its 7m bars/,
      ['--timeframe', '15m'],
    ],
    [
      'another market',
      ['--data', HOURS, '--detail', 'binance_ETH-USDT_5m.csv'],
      /they are of ETH\/USDT, and the strategy trades BTC\/USDT/,
      [],
    ],
    [
      'other prices',
      ['--data', HOURS, '--detail', 'kraken_BTC-USDT_5m.csv'],
      /its 5m bar of 2024-01-01 00:\d\d trades from .*, outside of the 1h bar/,
      [],
    ],
    ['bars out of order', ['--data', HOURS, '--detail', 'back.csv'], /Errors in the candles of .*back\.csv/, []],
    ['a file that there is not', ['--data', HOURS, '--detail', 'none.csv'], /none\.csv.*no such file/, []],
    ['a generated market', ['--synthetic', '1', '--detail', FINE], /needs --data/, []],
    ['itself as an output', ['--data', HOURS, '--detail', FINE, '--trades', FINE], /--trades would overwrite/, []],
  ])('refuses %s', async (_, args, message, more) => {
    const text = readFileSync(place(FINE), 'utf8');
    writeFileSync(place('binance_BTC-USDT_7m.csv'), candles(100, 7 * MINUTE));
    writeFileSync(place('binance_ETH-USDT_5m.csv'), text);
    const doubled = text.replaceAll(/^(\d+),(.*),100$/gm, (_line, time: string, prices: string) => {
      return [time, ...prices.split(',').map((price) => Number(price) * 2), 100].join(',');
    });
    writeFileSync(place('kraken_BTC-USDT_5m.csv'), doubled);
    const lines = text.trim().split('\n');
    writeFileSync(place('back.csv'), [lines[0], ...lines.slice(1, 40).toReversed(), ...lines.slice(40)].join('\n'));
    const { code, err } = await run(...args.map((word) => (word.endsWith('.csv') ? place(word) : word)), ...more);
    expect([code > 0, err.replaceAll(/\s+/g, ' ')]).toEqual([true, expect.stringMatching(message)]);
    expect(readFileSync(place(FINE), 'utf8')).toBe(text);
  });

  test('a receipt binds the finer candles, and is checked with them wherever they lie', async () => {
    mkdirSync(place('kept'));
    expect((await run('--data', place(HOURS), '--detail', place(FINE), '--receipt', place('kept/r.json'))).code).toBe(0);
    expect(JSON.parse(readFileSync(place('kept/r.json'), 'utf8')).args).toEqual([
      '../s.strat',
      '--data',
      `../${HOURS}`,
      '--detail',
      `../${FINE}`,
    ]);
    expect(await strat('verify', place('kept/r.json'))).toMatchObject({ code: 0, out: expect.stringContaining('holds') });
    cpSync(place(FINE), place('kept/moved.csv'));
    expect((await strat('verify', place('kept/r.json'), '--detail', place('kept/moved.csv'))).code).toBe(0);
    writeFileSync(place('kept/other.csv'), readFileSync(place(FINE), 'utf8').replace(/,100\n$/, ',101\n'));
    const other = await strat('verify', place('kept/r.json'), '--detail', place('kept/other.csv'));
    expect(other).toMatchObject({ code: 1, out: expect.stringContaining('the finer candles are others') });
    await run('--data', place(HOURS), '--receipt', place('kept/plain.json'));
    const none = await strat('verify', place('kept/plain.json'), '--detail', place(FINE));
    expect(none).toMatchObject({ code: 2, err: expect.stringContaining('leave out --detail') });
  });
});

test('risk rules and charts go through the finer bars as the run does', async () => {
  const prepared = prepareStrategy(createCompiler(), TEXT, place('s.strat'), { isDetailed: true });
  if (!prepared.ok) throw new Error('unreachable');
  const { program } = prepared.value;
  const needs = { file: 's.strat', markets: program.markets, timeframe: program.timeframe };
  const hours = loadMarketData(needs, { data: [place(HOURS)], timeframe: null, from: null, to: null });
  const data = { ...hours, detail: loadDetail(place(FINE), hours) };
  const { outcome } = await backtest(prepared.value, data, DEFAULT_LIMITS, {});
  const ruled = await portfolioRun([{ label: 's', prepared: prepared.value, markets: [data] }], [], DEFAULT_LIMITS);
  expect(ruled.logs).toEqual([outcome.log]);
  expect(ruled.equity).toEqual(outcome.equity);
  const {
    plots: [plot],
  } = drawingsOf(prepared.value, 'BTC/USDT', outcome.columns, outcome.further, 0, { inner: data.detail.inner });
  expect(plot!.values).toEqual(new Float64Array(outcome.equity));
});
