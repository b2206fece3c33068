import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, describe, expect, it } from 'vitest';
import type { CompiledStrategy } from '#core/model/strategy-abi.ts';
import type { RunnerEvent, SupervisedRunner, SuperviseOptions } from '#core/sandbox/supervisor.ts';
import { superviseRunner } from '#core/sandbox/supervisor.ts';
import {
  accountAt,
  barAt,
  meanDecisions,
  meanParams,
  meanStrategy,
  meanStrategyDoing,
  noSettings,
  walk,
} from '#core/sandbox/testing/fixture-strategies.ts';
import { historyInMemory } from '#core/sandbox/testing/history-in-memory.ts';

const hostile = join(import.meta.dirname, '../../core/sandbox/testing/hostile-runner.ts');
const columns = walk(1500, 11);
const plain = meanDecisions(columns, 0.1);
const accounts = plain.map((_, index) => accountAt(index));
const supervised: SupervisedRunner[] = [];

interface Watched {
  readonly runner: SupervisedRunner;
  readonly events: RunnerEvent[];
  readonly types: () => string;
}

function supervise(strategy: CompiledStrategy, options: Partial<SuperviseOptions> = {}): Watched {
  const events: RunnerEvent[] = [];
  const runner = superviseRunner({
    id: 'test',
    strategy,
    params: meanParams,
    settings: noSettings,
    limits: { memoryMb: 64, timeoutMs: 200 },
    now: () => 0,
    onEvent: (event) => events.push(event),
    ...options,
  });
  supervised.push(runner);
  return { runner, events, types: () => events.map(({ type }) => type).join(' ') };
}
const decide = (runner: SupervisedRunner, index: number): ReturnType<SupervisedRunner['decide']> =>
  runner.decide(index, barAt(columns, index), accountAt(index));
const given = (index: number): unknown => ({ ok: true, value: plain[index] });
async function until(what: () => boolean, limitMs = 20_000): Promise<void> {
  for (let waited = 0; !what(); waited += 10) {
    if (waited > limitMs) throw new Error('it did not happen');
    await sleep(10);
  }
}
const killNow = (runner: SupervisedRunner): void => {
  const pid = runner.pid();
  if (pid !== undefined) process.kill(pid, 'SIGKILL');
};

afterEach(async () => {
  await Promise.all(supervised.splice(0).map((runner) => runner.close()));
});

describe('superviseRunner', () => {
  it('is back after a SIGKILL from outside, with the decisions of one that never stopped', async () => {
    const { runner, types } = supervise(meanStrategy, { maxRestartsPerHour: Number.POSITIVE_INFINITY });
    for (let index = 0; index < 30; index += 1) {
      if (index % 10 === 5) {
        killNow(runner);
        await until(() => runner.state() !== 'running');
        await runner.ready();
      }
      expect(await decide(runner, index)).toEqual(given(index));
    }
    expect(types()).toBe('started killed restarted killed restarted killed restarted');
  });

  it('tries an open call once more on the next runner', async () => {
    const { runner, types } = supervise(meanStrategy);
    await runner.ready();
    expect(await decide(runner, 0)).toEqual(given(0));
    const open = decide(runner, 1);
    killNow(runner);
    expect(await open).toEqual(given(1));
    expect(types()).toBe('started killed restarted');
  });

  it('refuses calls while there is no runner, and shows their bars to the next', async () => {
    const { runner } = supervise(meanStrategy);
    await runner.ready();
    killNow(runner);
    await until(() => runner.state() === 'restarting');
    for (const index of [0, 1, 2]) {
      expect(await decide(runner, index)).toMatchObject({ ok: false, error: { state: 'restarting', reason: 'it was ended by SIGKILL' } });
    }
    await runner.ready();
    for (const index of [3, 4]) expect(await decide(runner, index)).toEqual(given(index));
  });

  it('gives calls made at once in their order, on both sides of a kill', async () => {
    const { runner } = supervise(meanStrategy);
    const first = [0, 1, 2, 3].map((index) => decide(runner, index));
    await runner.ready();
    killNow(runner);
    expect(await Promise.all(first)).toEqual([0, 1, 2, 3].map(given));
  });

  it('starts from a given history', async () => {
    const history = historyInMemory(columns, accounts.slice(0, 1400));
    const { runner, events } = supervise(meanStrategy, { history });
    expect(runner.bars()).toBe(1400);
    expect(await decide(runner, 1400)).toEqual(given(1400));
    killNow(runner);
    await until(() => events.some(({ type }) => type === 'restarted'));
    expect(await decide(runner, 1401)).toEqual(given(1401));
    expect(events.map((event) => ('bars' in event ? event.bars : event.type))).toEqual([1400, 'killed', 1401]);
  });

  it.each([
    ['an endless loop', 'for (;;) ;', 'longer than 200 ms'],
    ['a loop that nothing inside can stop', '(2n ** (2n ** 24n)) ** 64n', 'did not answer within 1200 ms'],
  ])('disables a strategy with %s after three restarts', async (_, body, reason) => {
    const { runner, events, types } = supervise(meanStrategyDoing(2, body));
    expect(await decide(runner, 0)).toEqual(given(0));
    expect(await decide(runner, 1)).toEqual(given(1));
    expect(await decide(runner, 2)).toMatchObject({ ok: false });
    await until(() => runner.state() === 'disabled');
    // The bar stays in the history, so that a runner already hangs while it catches up.
    expect(types()).toBe('started killed restarted killed killed killed disabled');
    expect(events.filter(({ type }) => type === 'killed')).toHaveLength(4);
    const last = events.at(-1);
    expect(last).toMatchObject({ type: 'disabled', id: 'test' });
    expect(last !== undefined && 'reason' in last ? last.reason : '').toContain(reason);
    expect(await decide(runner, 3)).toMatchObject({ ok: false, error: { state: 'disabled' } });
    expect(runner.pid()).toBeUndefined();
  });

  it('counts restarts within the last hour of the given clock only', async () => {
    let time = 0;
    const { runner, types } = supervise(meanStrategy, { now: () => time });
    for (let kill = 0; kill < 5; kill += 1) {
      await runner.ready();
      time += 1_200_000 + 1;
      killNow(runner);
      await until(() => runner.state() !== 'running');
    }
    await runner.ready();
    expect(runner.state()).toBe('running');
    killNow(runner);
    await until(() => runner.state() === 'disabled');
    expect(types()).toBe(`started${' killed restarted'.repeat(5)} killed disabled`);
  });

  it('kills a runner that stands still between two bars', async () => {
    const { runner, events } = supervise(meanStrategy);
    await runner.ready();
    process.kill(runner.pid() ?? 0, 'SIGSTOP');
    await until(() => events.some(({ type }) => type === 'restarted'));
    expect(events[1]).toMatchObject({ type: 'killed', reason: 'it did not answer within 1200 ms' });
    expect(await decide(runner, 0)).toEqual(given(0));
  });

  it('disables a strategy that never loads, and a runner that has been taken over', async () => {
    const broken = supervise({ ...meanStrategy, text: '({' });
    const taken = supervise({ ...meanStrategy, text: 'noise' }, { entry: hostile });
    expect(await decide(broken.runner, 0)).toMatchObject({ ok: false, error: { state: 'disabled' } });
    expect(broken.types()).toBe('killed killed killed killed disabled');
    for (let index = 0; taken.runner.state() !== 'disabled'; index += 1) {
      expect(await decide(taken.runner, index)).toMatchObject({ ok: false });
      await taken.runner.ready();
    }
    expect(taken.events[1]).toMatchObject({ type: 'killed', reason: 'it sent more than an answer can hold' });
  });

  it('lets one strategy hang without holding up another', async () => {
    const hanging = supervise(meanStrategyDoing(0, '(2n ** (2n ** 24n)) ** 64n'));
    const other = supervise(meanStrategy);
    await Promise.all([hanging.runner.ready(), other.runner.ready()]);
    let answered = false;
    const stuck = decide(hanging.runner, 0).then((result) => {
      answered = true;
      return result;
    });
    for (let index = 0; index < 50; index += 1) expect(await decide(other.runner, index)).toEqual(given(index));
    expect(answered).toBe(false);
    expect(await stuck).toMatchObject({ ok: false });
    expect(other.types()).toBe('started');
  });

  it('says closed once closed, also while starting or with a call open', async () => {
    const early = supervise(meanStrategy);
    await early.runner.close();
    expect(await decide(early.runner, 0)).toMatchObject({ ok: false, error: { state: 'closed' } });
    const late = supervise(meanStrategyDoing(0, '(2n ** (2n ** 24n)) ** 64n'));
    await late.runner.ready();
    const open = decide(late.runner, 0);
    await late.runner.close();
    expect(await open).toMatchObject({ ok: false, error: { state: 'closed' } });
    expect(early.types()).toBe('closed');
    expect(late.types()).toBe('started closed');
  });

  it('refuses a bar out of turn as a fault of the caller', async () => {
    const { runner } = supervise(meanStrategy);
    await expect(decide(runner, 1)).rejects.toMatchObject({ code: 'SANDBOX_INPUT' });
    expect(await decide(runner, 0)).toEqual(given(0));
  });

  it.skipIf(!existsSync('/proc/self/fd'))('leaks no descriptor and no listener over 30 restarts', async () => {
    const { runner } = supervise(meanStrategy, { maxRestartsPerHour: Number.POSITIVE_INFINITY });
    const descriptors = (): number => readdirSync('/proc/self/fd').length;
    await runner.ready();
    const before = descriptors();
    const listeners = process.listenerCount('exit');
    for (let restart = 0; restart < 30; restart += 1) {
      killNow(runner);
      await until(() => runner.state() !== 'running');
      await runner.ready();
      expect(await decide(runner, restart)).toEqual(given(restart));
    }
    expect(descriptors()).toBeLessThanOrEqual(before + 1);
    expect(process.listenerCount('exit')).toBe(listeners);
  });
});
