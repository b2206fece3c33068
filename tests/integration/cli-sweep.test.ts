import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import type { SweepDocument } from '#core/cli/sweep/sweep-document.ts';
import type { SweepRow } from '#core/runtime/sweep/sweep-file.ts';
import { TRIAL_METRICS } from '#core/runtime/sweep/trial-metrics.ts';
import { candles, CANDLES, HOUR } from './cli-fixtures.ts';
import { strat } from './cli-in-process.ts';
import { ROOT, temporaryFolder } from './cli-process.ts';

const folder = temporaryFolder();
const place = (name: string): string => join(folder, name);
const DATA = ['--data', place(CANDLES)];
writeFileSync(place(CANDLES), candles(1500, HOUR));

function put(name: string, rules: string, trade = 'trade BTC/USDT on 1h'): string {
  writeFileSync(place(name), `strat 1\nstrategy "${name}"\n${trade}\n${rules}\n`);
  return place(name);
}

const CROSS = `let a = sma(close, fast)
let b = sma(close, slow)
enter long when a crosses above b
exit long when a crosses below b`;
const PLAIN = put(
  'plain.strat',
  `param fast = 5 in 2..30 step 1\nparam slow = 20 in 5..90 step 5\nparam loss = 5% in 1%..20%\nrequire fast < slow "the fast one is the shorter one"\n${CROSS}\nsize 20% of equity\nstop loss`,
);
const FREE = put('free.strat', `param fast = 5\nparam slow = 20\n${CROSS}\nsize 20% of equity`);

async function sweep(...args: readonly string[]): Promise<SweepDocument> {
  const { code, out, err } = await strat('sweep', ...args, '--json');
  expect([code, err]).toEqual([0, '']);
  return JSON.parse(out) as SweepDocument;
}

const linesOf = (file: string): readonly string[] => readFileSync(file, 'utf8').trimEnd().split('\n');
const rowsOf = (file: string): readonly SweepRow[] =>
  linesOf(file)
    .slice(1)
    .map((line) => JSON.parse(line) as SweepRow);

/** Whether a row has the figures of `strat backtest` with its values; sums of doubles differ from the exact books by less than 1e-9. */
async function isBacktest({ params, metrics }: SweepRow, file: string, ...args: readonly string[]): Promise<void> {
  const set = Object.entries(params).flatMap(([name, value]) => ['--set', `${name}=${value}`]);
  const { code, out, err } = await strat('backtest', file, ...args, ...set, '--json');
  expect([code, err]).toEqual([0, '']);
  const { metrics: all } = JSON.parse(out) as { readonly metrics: Readonly<Record<string, number | null>> };
  for (const name of TRIAL_METRICS) {
    const [a, b] = [metrics![name], all[name]!];
    const isAlike = a === null || b === null ? a === b : Math.abs(a - b) <= 1e-9 * Math.max(1, Math.abs(b));
    expect(isAlike, `${name}: ${a} and ${b}`).toBe(true);
  }
}

describe('strat sweep', () => {
  it.each([
    { what: 'with its broker inlined', file: PLAIN, params: ['fast=2..8:3', 'slow=10,45', 'loss=1%,4.5%'] },
    { what: 'of params without a range', file: FREE, params: ['fast=3..9:3', 'slow=12,50'] },
    {
      what: 'of sides, shares and a trail',
      file: put(
        'both.strat',
        'param n = 8 in 2..40\nparam far = 3% in 1%..9%\nlet m = ema(close, n)\nenter long when close crosses above m\nenter short when close crosses below m\nexit long 50% when close > 1.02 * m\nsize 30% of cash\ntrail far',
      ),
      params: ['n=4,20', 'far=2%,8%'],
    },
    {
      what: 'that takes the engine',
      file: put(
        'engine.strat',
        'param n = 8 in 2..40\nparam gain = 3% in 1%..9% step 1%\nlet m = sma(close, n)\nenter long when close crosses above m\nexit long when close crosses below m\nsize 25% of equity\nstop 4%\ntake 50% at gain',
      ),
      params: ['n=5,15', 'gain=1%,3%'],
    },
    {
      what: 'that computes its signals once for several sets',
      file: put(
        'late.strat',
        'param n = 8 in 2..40\nparam warm = 60 in 50..90 step 5\nparam far = 2 in 1..4 step 0.5\nlet r = rsi(close, n)\nlet wide = bbands(close, 20, 2)\nenter long when r < 40 and close < wide.mid\nexit long when r > warm\nsize 20% of equity\nstop far * atr(14)',
      ),
      params: ['far=1,2,3.5', 'n=5,9', 'warm=55,70'],
    },
    { what: 'on the days of an exchange', file: FREE, params: ['fast=3,9'], options: ['--calendar', 'xnys'] },
  ])('gives each set the figures of a backtest: a strategy $what', async ({ file, params, options = [] }) => {
    const out = `${file}${options.join('')}.jsonl`;
    const document = await sweep(file, ...DATA, ...options, ...params.flatMap((param) => ['--param', param]), '--out', out, '--top', '3');
    expect(document.plain).toBeNull();
    const rows = rowsOf(out);
    expect(rows.length).toBe(document.sets.ran);
    expect(rows.length + document.sets.leftOut).toBe(document.sets.asked);
    for (const row of rows) await isBacktest(row, file, ...DATA, ...options);
    expect(rows.some(({ metrics }) => metrics!.tradeCount! > 3)).toBe(true);
    const sharpes = rows.map(({ metrics }) => metrics!.sharpe ?? -Infinity).toSorted((a, b) => b - a);
    expect(document.best.map(({ metrics }) => metrics!.sharpe ?? -Infinity)).toEqual(sharpes.slice(0, 3));
  });

  it('has a backtest for each set where blocks cannot tell, and says why', async () => {
    const lengths = put(
      'lengths.strat',
      'trade BTC/USDT on frame\nparam n = 5 in 2..20 step 1\nenter long when close > sma(close, n)\nexit long when close < sma(close, n)\nsize 20% of equity',
      'param frame = 1h in [1h, 4h]',
    );
    const document = await sweep(lengths, ...DATA, '--param', 'frame=1h,4h', '--param', 'n=5,9', '--out', place('lengths.jsonl'));
    expect(document.plain).toBe('frame chooses a chart');
    const rows = rowsOf(place('lengths.jsonl'));
    expect(rows.map(({ params }) => params)).toEqual([
      { frame: '1h', n: '5' },
      { frame: '1h', n: '9' },
      { frame: '4h', n: '5' },
      { frame: '4h', n: '9' },
    ]);
    for (const row of rows) await isBacktest(row, lengths, ...DATA);
    const two = put(
      'two.strat',
      'param n = 5 in 2..20\nenter long when close > sma(close, n)\nexit long when close < sma(close, n)\nsize 20% of equity',
      'trade BTC/USDT, ETH/USDT on 1h',
    );
    const both = ['--data', `BTC/USDT=${place(CANDLES)}`, '--data', `ETH/USDT=${place(CANDLES)}`];
    const markets = await sweep(two, ...both, '--param', 'n=4,8', '--out', place('two.jsonl'));
    expect(markets.plain).toBe('it trades several markets, or has a universe or baskets');
    for (const row of rowsOf(place('two.jsonl'))) await isBacktest(row, two, ...both);
  });

  it('leaves out what breaks a requirement, and names what cannot run', async () => {
    const { sets } = await sweep(PLAIN, ...DATA, '--param', 'fast=4..12:2', '--param', 'slow=5,10');
    // 4 < 5; 4, 6, 8 < 10.
    expect(sets).toMatchObject({ asked: 10, ran: 4, leftOut: 6, invalid: 0 });
    const invalid = await sweep(FREE, ...DATA, '--param', 'fast=0,2.5,4');
    expect(invalid.sets).toMatchObject({ ran: 1, invalid: 2 });
    expect(invalid.sets.invalidNamed.map(({ params }) => params)).toEqual([{ fast: '0' }, { fast: '2.5' }]);
    const { out } = await strat('sweep', FREE, ...DATA, '--param', 'fast=0,4');
    expect(out).toContain('Could not run: fast=0:');
  });

  it('writes the same file with any number of threads, and the same sample for the same seed', async () => {
    const over = [PLAIN, ...DATA, '--param', 'fast=2..30', '--param', 'slow=5..90'];
    await sweep(...over, '--workers', '1', '--out', place('one.jsonl'));
    await sweep(...over, '--workers', '3', '--out', place('three.jsonl'));
    expect(linesOf(place('three.jsonl'))).toEqual(linesOf(place('one.jsonl')));
    const all = new Map(rowsOf(place('one.jsonl')).map(({ params, metrics }) => [JSON.stringify(params), metrics]));
    const drawn: (readonly SweepRow[])[] = [];
    for (const seed of ['7', '7', '8']) {
      const out = place(`sample-${drawn.length}.jsonl`);
      await sweep(...over, '--sample', '60', '--seed', seed, '--out', out);
      drawn.push(rowsOf(out));
    }
    expect(drawn[1]).toEqual(drawn[0]);
    expect(drawn[2]).not.toEqual(drawn[0]);
    const kinds = drawn[0]!.map(({ params }) => JSON.stringify(params));
    expect(new Set(kinds).size).toBe(kinds.length);
    for (const { params, metrics } of drawn[0]!) expect(metrics).toEqual(all.get(JSON.stringify(params)));
  });

  it('goes over what the file declares when nothing is named', async () => {
    const { axes, sets } = await sweep(PLAIN, ...DATA, '--set', 'loss=3%');
    expect(axes.map(({ name, values }) => [name, values.length, values[0], values.at(-1)])).toEqual([
      ['fast', 29, '2', '30'],
      ['slow', 18, '5', '90'],
    ]);
    expect(sets.combinations).toBe(29 * 18);
  });

  it.each([
    [['--param', 'fats=2..9'], 'There is no param "fats"; did you mean fast'],
    [['--param', 'fast=2..99'], '99 is outside of 2 .. 30'],
    [['--param', 'fast=2..9:0.5'], '2.5 is not on the steps of 1 from 2'],
    [['--param', 'loss=1%..5%'], 'it has no step of its own: write 1%..5%:STEP'],
    [['--param', 'fast=9..2'], 'the range is empty'],
    [['--param', 'fast=5,5'], '5 is there twice'],
    [['--param', 'fast=5', '--set', 'fast=6'], '--param and --set both name fast'],
    [['--param', 'fast=5', '--by', 'luck'], '--by takes finalEquity or '],
    [['--param', 'fast=5', '--seed', '3'], '--seed is that of a sample and needs --sample'],
    [['--param', 'fast=5', '--resume'], '--resume goes on with the file of --out FILE'],
    [
      ['--param', 'loss=1%..20%:0.0005%', '--param', 'slow=5..90', '--param', 'fast=2..30'],
      'sets of loss (38001), slow (18), fast (29): name fewer values, or draw some',
    ],
  ])('refuses %j', async (args, reason) => {
    const { code, out, err } = await strat('sweep', PLAIN, ...DATA, ...args);
    expect(err).toContain(reason);
    expect([code, out]).toEqual([2, '']);
  });
});

describe('the file of a sweep', () => {
  const over = ['--param', 'fast=2..12:2', '--param', 'slow=20,30'];
  const out = place('kept.jsonl');

  it('is gone on with where a kill left it, to the very same file', async () => {
    await sweep(PLAIN, ...DATA, ...over, '--out', out);
    const whole = readFileSync(out, 'utf8');
    // A kill may leave any part of a line, or none of it, but the header of a file that was begun is there or the file is empty.
    for (const cut of [0, 40, whole.indexOf('\n') + 1, Math.floor(whole.length / 2), whole.length - 1, whole.length]) {
      writeFileSync(out, whole.slice(0, cut));
      const { sets } = await sweep(PLAIN, ...DATA, ...over, '--out', out, '--resume');
      expect(readFileSync(out, 'utf8')).toBe(whole);
      expect(sets).toMatchObject({ ran: 12, leftOut: 0 });
    }
  });

  it('is never mixed with those of another sweep', async () => {
    if (!existsSync(out)) await sweep(PLAIN, ...DATA, ...over, '--out', out);
    const again = async (...args: readonly string[]): Promise<string> => {
      const before = readFileSync(out, 'utf8');
      const { code, err } = await strat('sweep', ...args);
      expect(code).toBe(1);
      expect(readFileSync(out, 'utf8')).toBe(before);
      return err;
    };
    const resume = [...over, '--out', out, '--resume'];
    expect(await again(PLAIN, ...DATA, ...over, '--out', out)).toContain('it is there. Add --resume');
    expect(await again(FREE, ...DATA, ...resume)).toContain('it is of another strategy');
    writeFileSync(place('other_BTC-USDT_1h.csv'), candles(1499, HOUR));
    expect(await again(PLAIN, '--data', place('other_BTC-USDT_1h.csv'), ...resume)).toContain('it is of other candles');
    expect(await again(PLAIN, ...DATA, ...resume, '--fee', '0.2%')).toContain('it has other costs');
    expect(await again(PLAIN, ...DATA, ...resume, '--set', 'loss=2%')).toContain('other values were set');
    expect(await again(PLAIN, ...DATA, ...resume.slice(2))).toContain('it goes over other values of params');
    expect(await again(PLAIN, ...DATA, ...resume, '--sample', '5')).toContain('it is of another sample');
    writeFileSync(place('notes.jsonl'), 'my notes\n');
    expect((await strat('sweep', PLAIN, ...DATA, ...over, '--out', place('notes.jsonl'), '--resume')).err).toContain('line 1 is damaged');
    expect(readFileSync(place('notes.jsonl'), 'utf8')).toBe('my notes\n');
    const whole = readFileSync(out, 'utf8');
    const last = JSON.parse(whole.trimEnd().split('\n').at(-1)!) as Required<SweepRow>;
    const damaged: readonly object[] = [
      { set: 1 },
      { ...last, set: 0 },
      { ...last, set: 12, metrics: 5 },
      { ...last, set: 12, metrics: null },
      { ...last, set: 12, metrics: {} },
      { ...last, set: 12, metrics: { ...last.metrics, sharpe: '1.5' } },
      { ...last, set: 12, params: null },
      { ...last, set: 12, params: { fast: 5 } },
      { ...last, set: 12, error: 'it stopped' },
      { set: 12, params: last.params, error: 7 },
    ];
    for (const row of damaged) {
      writeFileSync(out, `${whole}${JSON.stringify(row)}\n`);
      expect(await again(PLAIN, ...DATA, ...resume), JSON.stringify(row)).toContain('line 14 is damaged');
    }
  });

  it('is written by one process at a time', async () => {
    const file = place('held.jsonl');
    const many = [PLAIN, '--synthetic', '3', '--bars', '20000', '--param', 'fast=2..30', '--param', 'slow=5..90', '--out', file];
    const child = spawn(process.execPath, [join(ROOT, 'bin/strat.js'), 'sweep', ...many, '--param', 'loss=1%..5%:0.5%'], {
      stdio: 'ignore',
    });
    const closed = once(child, 'close');
    while (!existsSync(file) || linesOf(file).length < 2) await pause(5);
    for (const more of [[], ['--resume']]) {
      const { code, err } = await strat('sweep', ...many, '--param', 'loss=1%..5%:0.5%', ...more);
      expect([code, err.replaceAll(/\s+/g, ' ')]).toEqual([
        1,
        expect.stringContaining('another sweep that is running writes it. Wait until'),
      ]);
    }
    child.kill('SIGINT');
    await closed;
    // What was taken is given back.
    expect(existsSync(`${file}.lock`)).toBe(false);
    await sweep(...many, '--param', 'loss=1%..5%:0.5%', '--resume');
  });

  it.each([
    { signal: 'SIGKILL', ends: [null, 'SIGKILL'] },
    { signal: 'SIGINT', ends: [130, null] },
  ] as const)('loses nothing that was written when the process gets $signal', async ({ signal, ends }) => {
    const many = [
      PLAIN,
      '--synthetic',
      '3',
      '--bars',
      '20000',
      '--param',
      'fast=2..30',
      '--param',
      'slow=5..90',
      '--param',
      'loss=1%,2%,3%,4%,5%',
    ];
    const file = place(`${signal}.jsonl`);
    const child = spawn(process.execPath, [join(ROOT, 'bin/strat.js'), 'sweep', ...many, '--out', file, '--workers', '2'], {
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    let told = '';
    child.stdout.on('data', (chunk: Buffer) => void (told += chunk.toString()));
    const closed = once(child, 'close');
    while (!existsSync(file) || linesOf(file).length < 100) await pause(5);
    child.kill(signal);
    expect(await closed).toEqual(ends);
    const kept = readFileSync(file, 'utf8');
    const done = kept.split('\n').length - 2;
    expect(done).toBeLessThan(2000);
    expect(told.replaceAll(/\s+/g, ' ').includes('the same command with --resume goes on')).toBe(signal === 'SIGINT');
    const { sets } = await sweep(...many, '--out', file, '--resume');
    expect(sets.resumedAt).toBeGreaterThan(done - 1);
    const whole = await sweep(...many, '--out', place(`${signal}-whole.jsonl`));
    expect(readFileSync(file, 'utf8')).toBe(readFileSync(place(`${signal}-whole.jsonl`), 'utf8'));
    expect(readFileSync(file, 'utf8').startsWith(kept.slice(0, kept.lastIndexOf('\n') + 1))).toBe(true);
    expect(sets).toMatchObject({ ran: whole.sets.ran, leftOut: whole.sets.leftOut });
  });
});
