import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import type { SweepDocument } from '#core/cli/sweep/sweep-document.ts';
import { candles, CANDLES, HOUR } from './cli-fixtures.ts';
import { strat } from './cli-in-process.ts';
import { ROOT, temporaryFolder } from './cli-process.ts';

const folder = temporaryFolder();
const place = (name: string): string => join(folder, name);

function put(name: string, rules: string, trade = 'trade BTC/USDT:USDT on 1h'): string {
  writeFileSync(place(name), `strat 1\nstrategy "${name}"\n${trade}\n${rules}\n`);
  return place(name);
}

const RULES = `enter long when sma(close, fast) crosses above sma(close, slow)
exit long when sma(close, fast) crosses below sma(close, slow)
size 20% of equity
stop 5%`;
const MARGIN = put(
  'margin.strat',
  `account { capital 10000 USDT leverage 3 }\nparam fast = 5\nparam slow = 20 in 5..90 step 5\nrequire fast < slow\n${RULES}`,
);
/** Of 42 sets some cannot run, and some are left out. */
const OVER = ['--param', 'fast=3,0,6,2.5,9,11,14', '--param', 'slow=5,10,15,20,40,60'];
const MARKET = ['--synthetic', '3', '--bars', '4000'];

async function sweep(...args: readonly string[]): Promise<SweepDocument> {
  const { code, out, err } = await strat('sweep', ...args, '--json');
  expect([code, err]).toEqual([0, '']);
  return JSON.parse(out) as SweepDocument;
}

/** Workers are found in /proc. */
const isLinux = process.platform === 'linux';

const linesOf = (file: string): readonly string[] => (existsSync(file) ? readFileSync(file, 'utf8').trimEnd().split('\n') : []);
const pidsOf = (of: ChildProcess): readonly number[] =>
  readFileSync(`/proc/${of.pid}/task/${of.pid}/children`, 'utf8').split(' ').filter(Boolean).map(Number);
const isRunning = (pid: number): boolean => {
  try {
    return !/^State:\s+[ZX]/m.test(readFileSync(`/proc/${pid}/status`, 'utf8'));
  } catch {
    return false;
  }
};

/** A sweep as a process of its own, once its workers have run some sets. */
async function started(
  file: string,
  ...more: readonly string[]
): Promise<{ readonly child: ChildProcess; readonly workers: readonly number[] }> {
  const args = ['sweep', MARGIN, ...MARKET, ...OVER, '--workers', '2', '--out', file, ...more];
  const child = spawn(process.execPath, ['--max-old-space-size=600', join(ROOT, 'bin/strat.js'), ...args], {
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  // The first sets are those of the sweep itself.
  while (linesOf(file).length < 8 && child.exitCode === null) await pause(2);
  return { child, workers: pidsOf(child) };
}

const gone = async (pids: readonly number[]): Promise<void> => {
  while (pids.some(isRunning)) await pause(5);
};

describe('a sweep of backtests in several processes', () => {
  const whole = place('one.jsonl');

  it('writes the same file with any number of them, with sets that are left out and sets that cannot run', async () => {
    const one = await sweep(MARGIN, ...MARKET, ...OVER, '--workers', '1', '--out', whole);
    const three = await sweep(MARGIN, ...MARKET, ...OVER, '--workers', '3', '--out', place('three.jsonl'));
    expect([one.workers, three.workers]).toEqual([1, 3]);
    expect(one.plain).toBe('its account is on margin, or pays for what it holds');
    // 5 < 6, 9, 11, 14; 10 < 11, 14; and every window of 0 or 2.5 bars, whatever the slow one is.
    expect(one.sets).toMatchObject({ asked: 42, ran: 24, leftOut: 6, invalid: 12 });
    expect(readFileSync(place('three.jsonl'), 'utf8')).toBe(readFileSync(whole, 'utf8'));
    expect({ ...three, workers: 1, out: null, timing: null }).toEqual({ ...one, out: null, timing: null });
  });

  it('has no more of them than sets', async () => {
    const few = await sweep(MARGIN, ...MARKET, '--param', 'fast=3,6', '--workers', '9');
    expect(few.workers).toBe(2);
    expect((await sweep(MARGIN, ...MARKET, '--param', 'fast=3', '--workers', '9')).workers).toBe(1);
    const { out } = await strat('sweep', MARGIN, ...MARKET, '--param', 'fast=3,6', '--workers', '2');
    expect(out.replaceAll(/\s+/g, ' ')).toMatch(/One backtest a set: its account is on margin.* s in 2 processes\./);
  });

  it('ends with the error of the first set that has one, after all sets before it', async () => {
    writeFileSync(place(CANDLES), candles(800, HOUR));
    const frames = put(
      'frames.strat',
      'trade BTC/USDT on frame\nparam n = 5 in 2..20 step 1\nenter long when close > sma(close, n)\nexit long when close < sma(close, n)\nsize 20% of equity',
      'param frame = 1h in [1h, 2h, 30m, 4h]',
    );
    for (const workers of ['1', '3']) {
      const out = place(`frames-${workers}.jsonl`);
      const args = [
        frames,
        '--data',
        place(CANDLES),
        '--param',
        'frame=2h,1h,30m,4h',
        '--param',
        'n=4,5,6',
        '--workers',
        workers,
        '--out',
        out,
      ];
      const { code, err } = await strat('sweep', ...args);
      expect(code).toBe(1);
      expect(err).toContain('Cannot make 30m bars from 1h bars');
      expect(linesOf(out).length).toBe(1 + 6);
    }
    expect(readFileSync(place('frames-3.jsonl'), 'utf8')).toBe(readFileSync(place('frames-1.jsonl'), 'utf8'));
  });

  it.runIf(isLinux)('loses nothing and counts nothing twice when one of them is killed in the middle', async () => {
    const file = place('killed.jsonl');
    const { child, workers } = await started(file, '--json');
    let told = '';
    child.stdout!.on('data', (chunk: Buffer) => void (told += chunk.toString()));
    const closed = once(child, 'close');
    expect(workers.length).toBe(2);
    process.kill(workers[0]!, 'SIGKILL');
    expect(await closed).toEqual([0, null]);
    expect((JSON.parse(told) as SweepDocument).sets).toMatchObject({ ran: 24, leftOut: 6, invalid: 12 });
    if (!existsSync(whole)) await sweep(MARGIN, ...MARKET, ...OVER, '--workers', '1', '--out', whole);
    expect(readFileSync(file, 'utf8')).toBe(readFileSync(whole, 'utf8'));
    await gone(workers);
  });

  it.runIf(isLinux).each([
    { signal: 'SIGINT', ends: [130, null] },
    { signal: 'SIGKILL', ends: [null, 'SIGKILL'] },
  ] as const)('ends them with the sweep when it gets $signal, and goes on with what is written', async ({ signal, ends }) => {
    const file = place(`${signal}.jsonl`);
    const { child, workers } = await started(file);
    const closed = once(child, 'close');
    child.stdout!.resume();
    expect(workers.length).toBe(2);
    child.kill(signal);
    expect(await closed).toEqual(ends);
    await gone(workers);
    const kept = readFileSync(file, 'utf8');
    const resumed = await sweep(MARGIN, ...MARKET, ...OVER, '--workers', '2', '--out', file, '--resume');
    expect(resumed.sets).toMatchObject({ ran: 24, leftOut: 6, invalid: 12 });
    expect(resumed.sets.resumedAt).toBeGreaterThan(6);
    if (!existsSync(whole)) await sweep(MARGIN, ...MARKET, ...OVER, '--workers', '1', '--out', whole);
    expect(readFileSync(file, 'utf8')).toBe(readFileSync(whole, 'utf8'));
    expect(readFileSync(file, 'utf8').startsWith(kept.slice(0, kept.lastIndexOf('\n') + 1))).toBe(true);
  });

  it('reads its candles once: what becomes of the file meanwhile changes nothing', async () => {
    const data = place('perp_BTC-USDT_1h.csv');
    const args = ['sweep', MARGIN, '--data', `BTC/USDT:USDT=${data}`, ...OVER, '--workers', '1'];
    writeFileSync(data, candles(1500, HOUR));
    expect((await strat(...args, '--out', place('as-it-was.jsonl'))).code).toBe(0);
    const file = place('changed.jsonl');
    const child = spawn(process.execPath, [join(ROOT, 'bin/strat.js'), ...args, '--out', file], { stdio: 'ignore' });
    const closed = once(child, 'close');
    while (linesOf(file).length < 2) await pause(2);
    expect(linesOf(file).length).toBeLessThan(37);
    writeFileSync(data, 'nonsense');
    expect(await closed).toEqual([0, null]);
    expect(readFileSync(file, 'utf8')).toBe(readFileSync(place('as-it-was.jsonl'), 'utf8'));
  });
});
