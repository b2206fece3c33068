import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { main } from '#core/cli/main.ts';
import type { EvalDocument } from '#core/runtime/series/eval-document.ts';
import { strat } from './cli-in-process.ts';
import { ROOT, startStrat, temporaryFolder } from './cli-process.ts';

const folder = temporaryFolder();
const HOUR = 3_600_000;
const START = Date.UTC(2024, 0, 1);

/** Closes 1, 2, 3, ... by the hour, each bar opening where the last one closed. */
const candles = (bars: number, factor = 1): string =>
  [
    'timestamp,open,high,low,close,volume',
    ...Array.from({ length: bars }, (_, i) => [START + i * HOUR, ...[i || 1, i + 1, i || 1, i + 1].map((x) => x * factor), 10].join(',')),
  ].join('\n');

const put = (name: string, text: string): string => {
  writeFileSync(join(folder, name), text);
  return join(folder, name);
};
const BTC = put('binance_BTC-USDT_1h.csv', candles(30));
const ETH = put('binance_ETH-USDT_1h.csv', candles(30, 10));
const PLAIN = put('plain.csv', candles(30));
const SMA = join(ROOT, 'strategies/sma-cross/sma-cross.strat');

const document = async (...argv: readonly string[]): Promise<EvalDocument> => {
  const { code, out, err } = await strat('eval', ...argv, '--json');
  expect([code, err]).toEqual([0, '']);
  return JSON.parse(out) as EvalDocument;
};
const valuesOf = ({ expressions }: EvalDocument): readonly (readonly unknown[])[] =>
  expressions.flatMap(({ results }) => results.map(({ values }) => values));

describe('strat eval', () => {
  it('prints values by the bar, and what the series is like', async () => {
    const { code, out } = await strat('eval', 'close', 'close > 29', 'sma(close, 29)', 'close / open - 1', '--data', BTC, '--last', '3');
    expect(code).toBe(0);
    const lines = out.split('\n');
    expect(lines[0]).toBe('BTC/USDT 1h: 30 bars from 2024-01-01 00:00 to 2024-01-02 05:00 UTC, binance_BTC-USDT_1h.csv');
    // Means by hand: (1 + .. + 29) / 29 = 15, then 16; 30 / 29 - 1 = 0.0345; the mean of 0, 1/1, 1/2, .. 1/29 is 0.13206.
    expect(lines.filter((line) => /^2024|^time|^series|^close|^sma/.test(line)).map((line) => line.split(/ {2,}/))).toEqual([
      ['time (UTC)', 'close', 'close > 29', 'sma(close, 29)', 'close / open - 1'],
      ['2024-01-02 03:00', '28', 'no', 'na', '0.0370370'],
      ['2024-01-02 04:00', '29', 'no', '15', '0.0357143'],
      ['2024-01-02 05:00', '30', 'yes', '16', '0.0344828'],
      ['series', 'kind', 'look-back', 'warm-up', 'na', 'min', 'mean', 'max'],
      ['close', 'price in USDT', '0', '0', '0', '1', '15.5000', '30'],
      ['close > 29', 'condition', '0', '0', '0', '3.3% yes'],
      ['sma(close, 29)', 'price in USDT', '28', '28', '28', '15', '15.5000', '16'],
      ['close / open - 1', 'ratio', '0', '0', '0', '0', '0.13206', '1'],
    ]);
  });

  it('gives a document, with other charts, other markets and groups', async () => {
    const found = await document('close on 2h', 'close of ETH/USDT', 'donchian(2)', '--data', BTC, '--data', ETH, '--last', '2');
    expect(valuesOf(found)).toEqual([
      [28, 30],
      [290, 300],
      [29, 30],
      [28, 29],
      [27, 28],
    ]);
    const { schema, time, data, period, expressions } = found;
    expect([schema, time, data.map(({ market, rows }) => [market, rows])]).toEqual([
      'strat.eval/1',
      ['2024-01-02T04:00:00.000Z', '2024-01-02T05:00:00.000Z'],
      [
        ['BTC/USDT', 30],
        ['ETH/USDT', 30],
      ],
    ]);
    expect([period, expressions[2]!.results.map(({ label, member, kind, currency }) => [label, member, kind, currency])]).toEqual([
      { from: '2024-01-01T00:00:00.000Z', to: '2024-01-02T05:00:00.000Z', bars: 30 },
      ['upper', 'mid', 'lower'].map((member) => [`donchian(2).${member}`, member, 'price', 'USDT']),
    ]);
  });

  it('shows a period, or the bar of a moment; what is before serves warm-up', async () => {
    const period = await document('sma(close, 3)', '--data', BTC, '--from', '2024-01-01T10:00', '--to', '2024-01-01T13:00');
    expect([valuesOf(period), period.period.bars, period.expressions[0]!.results[0]!.summary]).toEqual([
      [[10, 11, 12]],
      3,
      { na: 0, min: 10, max: 12, mean: 11, ones: 0 },
    ]);
    const moment = await document('close', 'hour', '--data', BTC, '--at', '2024-01-01T10:59');
    expect([moment.time, valuesOf(moment)]).toEqual([['2024-01-01T10:00:00.000Z'], [[11], [10]]]);
    for (const at of ['2023-12-31', '2024-01-02T06:00', '2025-01-01']) {
      const { code, err } = await strat('eval', 'close', '--data', BTC, '--at', at);
      expect([code, err]).toEqual([1, expect.stringContaining('no bar holds')]);
    }
  });

  it('uses the names of a strategy and values of its params', async () => {
    const good = await document('quick - close', 'slow', '--file', SMA, '--set', 'fast=5', '--data', BTC, '--last', '1');
    expect([valuesOf(good), good.params]).toEqual([[[-2], [80]], { fast: 5, slow: 80 }]);
    const refused = await strat('eval', 'quick', '--file', SMA, '--set', 'fast=500', '--data', BTC);
    expect([refused.code, refused.err]).toEqual([1, expect.stringContaining('fast')]);
  });

  it('goes on where lines of the file are wrong that are not needed, and says so', async () => {
    const broken = put('broken.strat', 'strat 1\nstrategy "x"\ntrade BTC/USDT on 1h\nlet a = close\nlet b = clos\n');
    const { code, out } = await strat('eval', 'a', '--file', broken, '--data', BTC, '--last', '1');
    expect([code, out]).toEqual([0, expect.stringContaining('note: broken.strat has a mistake in lines that are not needed here')]);
    const wrong = await strat('eval', 'b', '--file', broken, '--data', BTC);
    expect([wrong.code, wrong.err]).toEqual([1, expect.stringContaining('E0201 5:9   I do not know "clos"')]);
  });

  it('has a generated market where no candles are given, and says so', async () => {
    const { code, out } = await strat('eval', 'close', '--last', '1');
    expect([code, out]).toEqual([
      0,
      expect.stringMatching(/^BTC\/USDT 1h: 10,000 bars .*synthetic seed 7\nnote: synthetic market, seed 7/),
    ]);
    expect((await document('close', '--synthetic', '7', '--last', '3')).expressions).toEqual(
      (await document('close', '--last', '3')).expressions,
    );
    expect((await document('close', '--synthetic', '8', '--bars', '50')).period.bars).toBe(50);
  });

  it('takes candles whose file names no market, on the timeframe that is wanted', async () => {
    const found = await document('close', '--data', PLAIN, '--timeframe', '4h', '--last', '2');
    expect([found.data[0]!.timeframe, valuesOf(found)]).toEqual(['4h', [[28, 30]]]);
  });

  it('draws', async () => {
    const svg = join(folder, 'picture.svg');
    const { code, out } = await strat('eval', 'close', 'close > 10', '--data', BTC, '--chart', '--svg', svg);
    expect([code, readFileSync(svg, 'utf8').slice(0, 4)]).toEqual([0, '<svg']);
    const lines = out.split('\n');
    expect(lines.every((line) => Array.from(line).length <= 80 || line.startsWith('BTC'))).toBe(true);
    // It rises from the lower left to the upper right.
    const top = lines.find((line) => line.includes('30 ┤'))!;
    const bottom = lines.find((line) => line.includes(' 1 ┤'))!;
    expect(top.trimEnd().length).toBeGreaterThan(bottom.trimEnd().length);
    expect(lines.find((line) => line.includes('yes │'))).toMatch(/│ +█+$/);
  });

  it('fits into the terminal: values that do not fit side by side follow below', async () => {
    let text = '';
    const io = {
      width: 40,
      color: false,
      isTerminal: true,
      showsProgress: false,
      env: {},
      err: () => undefined,
      out: (more: string) => void (text += more),
    };
    expect(await main(['eval', 'macd(close)', 'bbands(close, 5)', 'close > 3', '--data', BTC, '--last', '2'], io)).toBe(0);
    const lines = text.split('\n');
    expect(lines.filter((line) => line.startsWith('time (UTC)')).length).toBeGreaterThan(2);
    expect(lines.filter((line) => line.length > 40 && !line.startsWith('BTC'))).toEqual([]);
  });

  it('writes CSV, all bars of it', async () => {
    const file = join(folder, 'values.csv');
    expect((await strat('eval', 'close', 'close > 29', 'sma(close, 30)', '2%', '--data', BTC, '--csv', file)).code).toBe(0);
    const lines = readFileSync(file, 'utf8').trimEnd().split('\r\n');
    expect([lines.length, lines[0], lines[1], lines.at(-1)]).toEqual([
      31,
      'time,close,close > 29,"sma(close, 30)",2%',
      '2024-01-01T00:00:00.000Z,1,false,,0.02',
      '2024-01-02T05:00:00.000Z,30,true,15.5,0.02',
    ]);
    const { out } = await strat('eval', '-close', '--data', BTC, '--csv', '-', '--last', '1').then(() =>
      strat('eval', '--data', BTC, '--csv', '-', '--last', '1', '--', '-close'),
    );
    expect(out).toBe("time,'-close\r\n2024-01-02T05:00:00.000Z,-30\r\n");
  });

  it.for<{ name: string; argv: readonly string[]; code: number; says: string }>([
    { name: 'no expression', argv: [], code: 2, says: 'No expression was given' },
    { name: 'candles as an expression', argv: ['a.csv'], code: 2, says: 'stands behind --data' },
    { name: 'a strategy as an expression', argv: ['a.strat'], code: 2, says: 'stands behind --file' },
    {
      name: 'a mistake',
      argv: ['rsi(cloze)'],
      code: 1,
      says: 'expression: 1 error\nE0201 1:5   I do not know "cloze"\n  rsi(cloze)\n      ^^^^^\n  did you mean close?',
    },
    {
      name: 'several, one with a mistake',
      argv: ['close', 'close +'],
      code: 1,
      says: 'expression 2: 1 error\nE0103 1:8   the expression ends too early',
    },
    { name: 'what looks at the account', argv: ['equity * 2'], code: 1, says: 'E0405 1:1   this looks at the account' },
    { name: 'a market without candles', argv: ['close of ETH/USDT', '--data', BTC], code: 1, says: 'ETH/USDT' },
    { name: 'no such candles', argv: ['close', '--data', 'none.csv'], code: 1, says: 'none.csv' },
    { name: 'no such file', argv: ['close', '--file', 'none.strat'], code: 1, says: 'none.strat' },
    { name: 'two kinds of bars', argv: ['close', '--data', BTC, '--synthetic', '1'], code: 2, says: 'exclude each other' },
    { name: 'two answers', argv: ['close', '--chart', '--json'], code: 2, says: 'exclude each other' },
    { name: 'one bar as a drawing', argv: ['close', '--at', '2024-01-01', '--chart'], code: 2, says: 'nothing to draw' },
    { name: 'a picture over the candles', argv: ['close', '--data', BTC, '--svg', BTC], code: 2, says: 'overwrite' },
    { name: 'no bars', argv: ['close', '--data', BTC, '--from', '2030-01-01'], code: 1, says: 'no bar lies between' },
  ])('refuses $name', async ({ argv, code, says }) => {
    const found = await strat('eval', ...argv);
    expect([found.code, found.err]).toEqual([code, expect.stringContaining(says)]);
    expect(found.err).not.toMatch(/^\s+at /m);
  });

  it('gives mistakes as a document', async () => {
    const { code, out } = await strat('eval', 'cloze', '--json');
    expect([code, JSON.parse(out)]).toEqual([1, [expect.objectContaining({ file: 'expression', code: 'E0201', line: 1, column: 1 })]]);
  });

  it('ends quietly when its reader goes away', async () => {
    const { status, stderr } = await startStrat(['eval', 'close', '--csv', '-'], { closeOutput: true });
    expect([status, stderr]).toEqual([0, '']);
  });
});
