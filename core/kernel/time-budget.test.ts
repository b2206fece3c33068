import { describe, expect, test } from 'vitest';
import { createVirtualClock } from '#core/testkit/virtual-clock.ts';
import { withBudget } from './time-budget.ts';

const WHAT = { plugin: 'risk/a', phase: 'start' };

describe('a step with a budget of 100 ms', () => {
  test('gives its result, and leaves no timer', async () => {
    const clock = createVirtualClock();
    expect(await withBudget(clock, 100, WHAT, async () => 7)).toBe(7);
    await clock.advance(0);
    expect(clock.sleeping()).toBe(0);
  });

  test('throws what it throws, also at once', async () => {
    const clock = createVirtualClock();
    await expect(withBudget(clock, 100, WHAT, () => Promise.reject(new Error('no')))).rejects.toThrow('no');
    await expect(
      withBudget(clock, 100, WHAT, () => {
        throw new Error('at once');
      }),
    ).rejects.toThrow('at once');
  });

  test('is given up when the time is over: its signal aborts, a late result is handed on', async () => {
    const clock = createVirtualClock();
    const late: number[] = [];
    const { promise, resolve } = Promise.withResolvers<number>();
    let isAborted = false;
    const running = withBudget(
      clock,
      100,
      WHAT,
      async (signal) => {
        signal.addEventListener('abort', () => {
          isAborted = true;
        });
        return promise;
      },
      (result) => late.push(result),
    );
    const outcome = running.catch((error: unknown) => String(error));
    await clock.advance(100);
    expect(await outcome).toContain('Plugin "risk/a" took longer than 100 ms in start');
    expect(isAborted).toBe(true);
    resolve(9);
    await clock.advance(0);
    expect(late).toEqual([9]);
  });
});
