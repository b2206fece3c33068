import { cpSync, existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { BacktestDocument } from '#core/runtime/backtest-document.ts';
import type { PaperEvent } from '#core/runtime/paper/paper-event.ts';
import type { PreparedStrategy } from '#core/runtime/prepare-strategy.ts';
import {
  backtestEssence,
  BUSY_STRATEGY,
  essences,
  gappyFile,
  onFile,
  prepared,
  ROOT,
  runPaper,
  startStrat,
  type StratProcess,
  temporaryFolder,
} from './paper-runs.ts';

const OTHER = 'strategies/sma-cross/sma-cross.strat';
const other = (): PreparedStrategy => prepared(readFileSync(join(ROOT, OTHER), 'utf8'), OTHER);
const busy = (): PreparedStrategy => prepared(BUSY_STRATEGY, 'busy.strat');

/** Buys on the first bar and holds behind a stop of 2 %. */
const HOLDER = `strat 1
strategy "Holder"
trade BTC/USDT on 1h
enter long when close > 0
size 50% of equity
stop 2%
`;

/** The compiled strategy whose decide executes `body` on bar `index`: what no text that passes the compiler can do. */
function sabotaged(strategy: PreparedStrategy, index: number, body: string): PreparedStrategy {
  const [head = '', tail = ''] = strategy.compiled.text.split(/(?=function decide)/);
  const text = head + tail.replace(/for\(;i<(?:hi|end);i\+\+\)\{/, (loop) => `${loop}if(i===${index}){${body}}`);
  if (text === strategy.compiled.text) throw new Error('decide has another form than this test knows');
  return { ...strategy, compiled: { ...strategy.compiled, text } };
}

describe('a fault in one strategy', () => {
  it.each([
    ['in the middle of a decision', Infinity, 1500, [300, 301, 900]],
    // The first 80 bars serve the other's warm-up and are not waited for.
    ['between two bars', 20, 130, [90, 91, 110]],
  ])('SIGKILL of its runner %s, again and again, changes nothing in the result', async (_, barsPerSecond, bars, kills) => {
    const folder = temporaryFolder();
    const file = gappyFile(folder, bars);
    const strategies = [busy(), other()];
    const events: PaperEvent[] = [];
    let pid = 0;
    const outcomes = await runPaper(
      join(folder, 'home'),
      strategies.map((strategy) => onFile(strategy, file)),
      {
        barsPerSecond,
        onEvent: (event) => {
          if (event.id === 'busy' && event.type === 'runner' && 'pid' in event.event && event.event.type !== 'killed')
            pid = event.event.pid;
          if (event.id === 'busy' && event.type === 'bar' && kills.includes(event.index)) process.kill(pid, 'SIGKILL');
          if (event.type === 'runner' || (event.id === 'busy' && event.type === 'bar' && event.index >= kills[0]!)) events.push(event);
        },
      },
    );
    expect(essences(outcomes)).toEqual(await Promise.all(strategies.map(async (strategy) => backtestEssence(strategy, file))));
    const restarts = events.flatMap((event) =>
      event.type === 'runner' && event.event.type === 'restarted' ? [[event.id, event.event.bars]] : [],
    );
    // Back from the last journaled bar: the one after those that were decided.
    expect(restarts).toEqual(kills.map((index) => ['busy', index + 1]));
    expect(outcomes.map(({ end }) => end)).toEqual([
      { reason: 'finished', undecided: 0 },
      { reason: 'finished', undecided: 0 },
    ]);
  });

  it.each([
    ['a loop without end', 'for(;;);'],
    ['an operation that cannot be interrupted', 'D[0]=Number((2n**(2n**24n))**64n);'],
  ])('%s in its isolate disables it, keeps its stop in force, and leaves the other trading', async (_, body) => {
    const folder = temporaryFolder();
    // A market that falls through the stop long after the fault.
    const file = gappyFile(folder, 1500, 4);
    const holder = prepared(HOLDER, 'holder.strat');
    const hung = sabotaged(holder, 5, body);
    const { rows } = onFile(other(), file).feed;
    const events: PaperEvent[] = [];
    let barsOfOther = 0;
    /** How far the other was when this one was tried anew, and when it was given up. */
    const progress: number[] = [];
    const outcomes = await runPaper(
      join(folder, 'home'),
      [hung, other()].map((strategy) => onFile(strategy, file)),
      {
        limits: { memoryMb: 64, timeoutMs: 300 },
        onEvent: (event) => {
          if (event.id === 'holder') events.push(event);
          else if (event.type === 'bar') barsOfOther += 1;
          if (event.type === 'runner' && ['restarted', 'disabled'].includes(event.event.type)) progress.push(barsOfOther);
        },
      },
    );
    // The other went on, or was through, while this one was still being given its chances.
    const [first, ...later] = progress;
    expect(later.length).toBeGreaterThan(0);
    expect(later.at(-1)! > first! || first === rows).toBe(true);
    expect(essences(outcomes.slice(1))).toEqual([await backtestEssence(other(), file)]);
    expect(outcomes[0]?.end).toEqual({ reason: 'finished', undecided: 1495 });
    const fills = events.filter((event) => event.type === 'fill');
    const columns = onFile(holder, file).feed;
    const entry = columns.bar(1)!.open * 1.0005;
    // Bought at the open of bar 1, before the fault; sold by the stop 2 % below, after it, at the level or a worse open.
    expect(fills.map(({ fill }) => fill.kind)).toEqual(['entry', 'stop']);
    const [bought, sold] = fills.map(({ fill }) => fill);
    expect(bought?.price).toBeCloseTo(entry, 6);
    expect(sold?.bar).toBeGreaterThan(5);
    const bar = columns.bar(sold?.bar ?? 0)!;
    expect(bar.low).toBeLessThanOrEqual(entry * 0.98);
    expect(sold?.price).toBeCloseTo(Math.min(entry * 0.98, bar.open) * 0.9995, 6);
  });

  it('that a restart of the bot finds again: the hung strategy is tried anew, and what was decided stays', async () => {
    const folder = temporaryFolder();
    const file = gappyFile(folder, 60);
    const limits = { memoryMb: 64, timeoutMs: 300 };
    const home = join(folder, 'home');
    await runPaper(home, [onFile(sabotaged(busy(), 20, 'for(;;);'), file)], { limits, stopAfter: 30 });
    const [outcome] = await runPaper(home, [onFile(busy(), file)], { limits });
    expect(outcome?.end).toEqual({ reason: 'finished', undecided: 0 });
    const decisions = readFileSync(join(home, 'paper/busy/journal.jsonl'), 'utf8')
      .split('\n')
      .filter((line) => line.includes('"type":"decision"'));
    expect(decisions).toHaveLength(60);
    expect(decisions.filter((line) => line.includes('"missing":'))).toHaveLength(10);
  });
});

/** Two strategies on a file, at a speed that leaves time to be killed. */
function start(folder: string, file: string, more: readonly string[] = []): StratProcess {
  writeFileSync(join(folder, 'busy.strat'), BUSY_STRATEGY);
  return startStrat(['run', join(folder, 'busy.strat'), OTHER, '--replay', file, '--home', join(folder, 'home'), ...more]);
}

async function resultsOf(folder: string, file: string): Promise<readonly string[]> {
  const run = start(folder, file, ['--json']);
  expect(await run.ended).toEqual({ code: 0, signal: null });
  return (JSON.parse(run.output()) as readonly BacktestDocument[]).map(({ resultHash }) => resultHash);
}

/** Numbers of the runner processes, from the log that the bot writes to stderr. */
function runnersOf(run: StratProcess): readonly number[] {
  return run
    .errors()
    .split('\n')
    .flatMap((line) => {
      const pid = /"runnerPid":(\d+).*"msg":"runner started"/.exec(line)?.[1];
      return pid === undefined ? [] : [Number(pid)];
    });
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
  } catch {
    return false;
  }
  // What was killed and is not yet waited for by its new parent is as good as gone.
  return !(existsSync(`/proc/${pid}/stat`) && / Z /.test(readFileSync(`/proc/${pid}/stat`, 'latin1')));
}

const hashOf = (result: object): unknown => ('resultHash' in result ? result.resultHash : undefined);

describe('the bot as a process', () => {
  it('killed with SIGKILL again and again ends as an uninterrupted one, and leaves no runner behind', async () => {
    const folder = temporaryFolder();
    const file = gappyFile(folder, 400);
    for (let kill = 0; kill < 4; kill++) {
      const run = start(folder, file, ['--speed', '150']);
      await run.says('equity', 4);
      await expect.poll(() => runnersOf(run), { timeout: 20_000 }).toHaveLength(2);
      const runners = runnersOf(run);
      run.kill('SIGKILL');
      expect((await run.ended).signal).toBe('SIGKILL');
      for (const pid of runners) await expect.poll(() => isAlive(pid), { timeout: 20_000 }).toBe(false);
      expect(run.output()).toContain(kill === 0 ? 'new account' : 'continuing from bar ');
    }
    const results = await resultsOf(folder, file);
    expect(results).toEqual((await Promise.all([busy(), other()].map(async (strategy) => backtestEssence(strategy, file)))).map(hashOf));
  });

  it.each(['SIGINT', 'SIGTERM', 'SIGHUP'] as const)('stops cleanly on %s, exits 0 and continues at the next start', async (signal) => {
    const folder = temporaryFolder();
    const file = gappyFile(folder, 400);
    const run = start(folder, file, ['--speed', '150']);
    await run.says('equity', 3);
    run.kill(signal);
    expect(await run.ended).toEqual({ code: 0, signal: null });
    expect(run.output()).toContain('The next start continues from here.');
    const journal = readFileSync(join(folder, 'home/paper/busy/journal.jsonl'), 'utf8');
    expect(journal.trim().split('\n').at(-1)).toMatch(/"type":"stop".*"reason":"stopped"/);
    expect(existsSync(join(folder, 'home/bot.lock'))).toBe(false);
    expect(await resultsOf(folder, file)).toEqual(
      (await Promise.all([busy(), other()].map(async (strategy) => backtestEssence(strategy, file)))).map(hashOf),
    );
  });

  it('takes the same Ctrl-C twice, as npm passes it on, for one', async () => {
    const folder = temporaryFolder();
    const run = start(folder, gappyFile(folder, 400), ['--speed', '50']);
    await run.says('equity');
    run.kill('SIGINT');
    run.kill('SIGINT');
    expect(await run.ended).toEqual({ code: 0, signal: null });
  });

  it('refuses a second bot on the same state, with the number of the first, and exits 1', async () => {
    const folder = temporaryFolder();
    const file = gappyFile(folder, 400);
    const first = start(folder, file, ['--speed', '50']);
    await first.says('equity');
    const second = start(folder, file);
    expect(await second.ended).toEqual({ code: 1, signal: null });
    expect(second.errors()).toContain(`process ${first.pid}`);
    expect(second.errors()).toContain('--home');
    first.kill('SIGTERM');
    expect(await first.ended).toEqual({ code: 0, signal: null });
  });

  it('refuses a damaged journal with file and line, keeps it, and begins anew with --fresh', async () => {
    const folder = temporaryFolder();
    const file = gappyFile(folder, 300);
    const expected = await resultsOf(folder, file);
    const journal = join(folder, 'home/paper/busy/journal.jsonl');
    const lines = readFileSync(journal, 'utf8').split(/(?<=\n)/);
    lines[99] = lines[99]!.replace('"bar":', '"bar":1');
    writeFileSync(journal, lines.join(''));
    cpSync(journal, join(folder, 'damaged'));
    const refused = start(folder, file);
    expect(await refused.ended).toEqual({ code: 1, signal: null });
    expect(refused.errors()).toContain(`"${journal}" is damaged at line 100`);
    expect(readFileSync(journal)).toEqual(readFileSync(join(folder, 'damaged')));
    const fresh = start(folder, file, ['--fresh', '--json']);
    expect(await fresh.ended).toEqual({ code: 0, signal: null });
    expect((JSON.parse(fresh.output()) as readonly BacktestDocument[]).map(({ resultHash }) => resultHash)).toEqual(expected);
    const [stamp = ''] = readdirSync(join(folder, 'home/old'));
    expect(readFileSync(join(folder, 'home/old', stamp, 'busy/journal.jsonl'))).toEqual(readFileSync(join(folder, 'damaged')));
  });

  it('writes what happened to a log of its own', async () => {
    const folder = temporaryFolder();
    await resultsOf(folder, gappyFile(folder, 300));
    const lines = readFileSync(join(folder, 'home/bot.log'), 'utf8')
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line) as { msg: string; strategy?: string });
    expect(new Set(lines.map(({ msg }) => msg))).toEqual(
      new Set(['journal opened', 'runner started', 'fill', 'order not filled as wanted', 'runner closed', 'bot ended']),
    );
  });

  it('without arguments trades two strategies on a market that it calls synthetic, and continues', async () => {
    const folder = temporaryFolder();
    const first = startStrat(['run', '--speed', '200'], folder);
    await first.says('profit', 2);
    first.kill('SIGINT');
    expect(await first.ended).toEqual({ code: 0, signal: null });
    expect(first.output()).toMatch(/SYNTHETIC market/);
    expect(first.output().match(/ {2}[\w-]+ +BTC\/USDT 1h +capital .*new account/g)).toHaveLength(2);
    const second = startStrat(['run', '--speed', '200'], folder);
    await second.says('equity');
    second.kill('SIGINT');
    expect(await second.ended).toEqual({ code: 0, signal: null });
    expect(second.output().match(/continuing from bar \d+ of 2024-/g)).toHaveLength(2);
    expect(readdirSync(join(folder, '.strat')).toSorted()).toEqual(['bot.log', 'paper']);
  });
});
