import { spawn } from 'node:child_process';
import { existsSync, readdirSync, readFileSync, readlinkSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, describe, expect, it } from 'vitest';
import type { CompiledStrategy } from '#core/model/strategy-abi.ts';
import type { RunnerLimits, StrategyRunner } from '#core/sandbox/runner.ts';
import { startRunner } from '#core/sandbox/runner.ts';
import {
  accountAt,
  barAt,
  meanDecisions,
  meanParams,
  meanStrategy,
  meanStrategyDoing,
  noSettings,
  strategyDoing,
  walk,
} from '#core/sandbox/testing/fixture-strategies.ts';
import { historyInMemory } from '#core/sandbox/testing/history-in-memory.ts';

const root = join(import.meta.dirname, '../..');
const hostile = join(root, 'core/sandbox/testing/hostile-runner.ts');
const columns = walk(3000, 3);
const plain = meanDecisions(columns, 0.1);
const accounts = plain.map((_, index) => accountAt(index));
const started: StrategyRunner[] = [];

async function start(strategy: CompiledStrategy, bars = 0, limits: Partial<RunnerLimits> = {}, entry?: string): Promise<StrategyRunner> {
  const history = historyInMemory(columns, accounts.slice(0, bars));
  const options = {
    id: 'test',
    strategy,
    params: meanParams,
    settings: noSettings,
    limits: { memoryMb: 64, timeoutMs: 500, ...limits },
    history,
  };
  const runner = await startRunner(options, entry);
  started.push(runner);
  return runner;
}
const decide = (runner: StrategyRunner, index: number): Promise<Float64Array> =>
  runner.decide(index, barAt(columns, index), accountAt(index));
const alive = (pid: number): boolean => {
  try {
    return !/^State:\s+Z/m.test(readFileSync(`/proc/${pid}/status`, 'latin1'));
  } catch {
    return false;
  }
};
async function until(what: () => boolean, limitMs = 10_000): Promise<void> {
  for (let waited = 0; !what(); waited += 20) {
    if (waited > limitMs) throw new Error('it did not happen');
    await sleep(20);
  }
}

afterEach(async () => {
  for (const runner of started.splice(0)) await runner.close();
});

describe('startRunner', () => {
  it('decides what a plain loop gives', async () => {
    const runner = await start(meanStrategy);
    for (let index = 0; index < 200; index += 1) expect(await decide(runner, index)).toEqual(plain[index]);
    expect(runner.bars()).toBe(200);
  });

  it.each([1, 1024, 1025, 2990])('given a history of %i bars, decides as one that never stopped', async (bars) => {
    const runner = await start(meanStrategy, bars);
    for (let index = bars; index < bars + 10; index += 1) expect(await decide(runner, index)).toEqual(plain[index]);
  });

  it('refuses a bar out of turn without harm', async () => {
    const runner = await start(meanStrategy, 5);
    await expect(decide(runner, 7)).rejects.toMatchObject({ code: 'SANDBOX_INPUT' });
    expect(await decide(runner, 5)).toEqual(plain[5]);
  });

  it('says why a strategy does not load', async () => {
    await expect(start({ ...meanStrategy, text: '({' })).rejects.toThrow(/runner of strategy "test" failed: .*Unexpected end of input/);
    await expect(start({ ...meanStrategy, text: '({})', paramCount: 5 })).rejects.toThrow(/params has 2 values instead of 5/);
  });

  it('leaves no process, directory or descriptor behind when closed', async () => {
    const runner = await start(meanStrategy);
    const { pid } = runner;
    const open = decide(runner, 0);
    open.catch(() => undefined);
    await runner.close();
    await expect(open).rejects.toMatchObject({ code: 'RUNNER_FAILED' });
    await expect(decide(runner, 0)).rejects.toThrow('it was closed');
    expect(alive(pid)).toBe(false);
    expect(await runner.ended).toEqual({ reason: 'it was closed', closed: true });
  });

  describe.skipIf(!existsSync('/proc/self/status'))('with /proc to look into', () => {
    it('has no environment, no terminal, an empty directory of its own, and the limits of the system', async () => {
      const runner = await start(meanStrategy);
      const proc = `/proc/${runner.pid}`;
      expect(readFileSync(`${proc}/environ`, 'latin1')).toBe('');
      expect(readlinkSync(`${proc}/fd/0`)).toBe('/dev/null');
      expect(readlinkSync(`${proc}/cwd`)).toMatch(/strat-runner-\w+ \(deleted\)$/);
      expect(readdirSync(`${proc}/cwd`)).toEqual([]);
      expect(runner.osLimit).toBe(existsSync('/usr/bin/prlimit') || existsSync('/bin/prlimit') ? 'prlimit' : undefined);
      const data = /^Max data size\s+(\S+)/m.exec(readFileSync(`${proc}/limits`, 'latin1'))?.[1];
      expect(data === 'unlimited').toBe(runner.osLimit === undefined);
      const commandLine = readFileSync(`${proc}/cmdline`, 'latin1').split('\0');
      expect(commandLine).toContain('--permission');
      expect(commandLine).not.toContain('--allow-fs-write');
    });

    it('kills a runner that outgrows its resident memory', async () => {
      // The first look may come while it still starts.
      const reason = await start(meanStrategy, 0, { residentMb: 10 }).then(
        async ({ ended }) => (await ended).reason,
        (error: unknown) => String(error),
      );
      expect(reason).toMatch(/it used \d+ MB of memory, 10 are allowed/);
    });

    it('dies with the bot, even while its strategy cannot be stopped', async () => {
      const script = `
        import { startRunner } from '#core/sandbox/runner.ts';
        import { accountAt, barAt, meanParams, meanStrategyDoing, noSettings, walk } from '#core/sandbox/testing/fixture-strategies.ts';
import { historyInMemory } from '#core/sandbox/testing/history-in-memory.ts';
        const limits = { memoryMb: 64, timeoutMs: 60000 };
        const bomb = meanStrategyDoing(0, '(2n ** (2n ** 24n)) ** 64n');
        const runner = await startRunner({ id: 'bomb', strategy: bomb, params: meanParams, settings: noSettings, limits });
        runner.decide(0, barAt(walk(1), 0), accountAt(0)).catch(() => undefined);
        setTimeout(() => console.log(runner.pid), 300);`;
      const bot = spawn(process.execPath, ['--input-type=module-typescript', '-e', script], {
        cwd: root,
        stdio: ['ignore', 'pipe', 'inherit'],
      });
      const pid = await new Promise<number>((resolve) => bot.stdout.once('data', (line: Buffer) => resolve(Number(line.toString()))));
      expect(alive(pid)).toBe(true);
      bot.kill('SIGKILL');
      await until(() => !alive(pid));
    });
  });
});

describe('a strategy that misbehaves in a runner', () => {
  // Rows 1 to 11 of the attack list; what ends it is our time limit, our watch on its memory, V8 or the system.
  it.each([
    ['BigInt bomb', '(2n ** (2n ** 24n)) ** 64n'],
    ['array of arrays', 'const a = []; for (;;) a.push(new Array(1000).fill(1.1))'],
    ['huge fill', 'new Array(1e9).fill(0)'],
    ['process kill by string', '"x".repeat(2 ** 28).split("")'],
    ['slow conversion', '(2n ** (2n ** 24n)).toString()'],
    ['huge sort', 'const a = []; for (let k = 0; k < 1e8; k += 1) a.push(k % 977); a.sort()'],
    ['infinite loop', 'for (;;) ;'],
    ['regular expression bomb', '/^(a+)+$/.test("a".repeat(40) + "b")'],
    ['endless promises', '(async () => { for (;;) await 0 })(); for (;;) ;'],
    ['recursion', '(function f(n) { return f(n + 1) + 1 })(0)'],
    ['allocation', 'const a = []; for (;;) a.push(new Uint8Array(1e6).fill(1))'],
  ])('%s ends the runner and not the bot', async (_, body) => {
    const runner = await start(meanStrategyDoing(1, body), 0, { timeoutMs: 300 });
    expect(await decide(runner, 0)).toEqual(plain[0]);
    await expect(decide(runner, 1)).rejects.toMatchObject({ code: 'RUNNER_FAILED' });
    await runner.ended;
    expect(alive(runner.pid)).toBe(false);
  });

  it('tells a limit from a fault of the strategy', async () => {
    const reason = async (body: string): Promise<string> => {
      const runner = await start(strategyDoing(body), 0, { timeoutMs: 200 });
      await decide(runner, 0).catch(() => undefined);
      return (await runner.ended).reason;
    };
    expect(await reason('for (;;) ;')).toContain('longer than 200 ms');
    expect(await reason('null.x')).toContain('Cannot read properties of null');
    expect(await reason('new Float64Array(1e9)')).toContain('more than 64 MB');
  });
});

describe('a runner that has been taken over', () => {
  it.each([
    ['noise', 'more than an answer can hold'],
    ['announces 4 GB', 'more than an answer can hold'],
    ['unasked answer', 'what nobody asked'],
    ['other kind of answer', 'another answer than asked for'],
    ['unknown kind', 'another answer than asked for'],
    ['short row', 'a decision of 4 values'],
    ['odd bytes', 'a decision of 0 values'],
    ['plugins off the table', 'pluginsFlagged 1e+300'],
    ['plugins that are no number', 'pluginsDisabled NaN'],
    ['error with control characters', 'failed: [2Jgone evil.'],
    ['half an answer', 'did not answer within 1200 ms'],
    ['exits', /closed its pipe|ended with code 7/],
  ])('is killed for: %s', async (text, reason) => {
    const runner = await start({ ...meanStrategy, text }, 0, { timeoutMs: 200 }, hostile);
    await expect(decide(runner, 0)).rejects.toThrow(reason);
    await runner.ended;
    expect(alive(runner.pid)).toBe(false);
  });

  it('passes when it answers as a runner does', async () => {
    expect(await decide(await start(meanStrategy), 0)).toEqual(plain[0]);
  });
});
