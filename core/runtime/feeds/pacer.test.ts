import { expect, test } from 'vitest';
import type { BotClock } from './bot-clock.ts';
import { createPacer } from './pacer.ts';

/** A clock that only goes on when somebody sleeps; what it is told to sleep is recorded. */
function virtualClock(): { readonly clock: BotClock; readonly slept: number[]; pass: (ms: number) => void } {
  let time = 1_000_000;
  const slept: number[] = [];
  const pass = (ms: number): void => {
    time += ms;
  };
  const sleep = async (ms: number): Promise<void> => {
    slept.push(ms);
    pass(ms);
  };
  return { clock: { now: () => 0, steady: () => time, sleep }, slept, pass };
}

const never = new AbortController().signal;

test('bars before the first live one are not waited for, then each waits its share of a second', async () => {
  const { clock, slept } = virtualClock();
  const pacer = createPacer(clock, 4);
  pacer.expect(30);
  pacer.expect(100);
  for (const index of [0, 50, 99, 100, 101, 102]) await pacer.until(index, never);
  expect(slept).toEqual([250, 250]);
});

test('who is late gets the bars it missed at once, and is on time again', async () => {
  const { clock, slept, pass } = virtualClock();
  const pacer = createPacer(clock, 10);
  await pacer.until(0, never);
  pass(350);
  for (const index of [1, 2, 3, 4]) await pacer.until(index, never);
  expect(slept).toEqual([50]);
});

test('as fast as it can means no waiting, and a stop ends a wait', async () => {
  const { clock, slept } = virtualClock();
  await createPacer(clock, Infinity).until(1e9, never);
  const stop = new AbortController();
  const patient: BotClock = { ...clock, sleep: async () => stop.abort() };
  const pacer = createPacer(patient, 1);
  await pacer.until(0, stop.signal);
  await pacer.until(1000, stop.signal);
  expect(slept).toEqual([]);
});
