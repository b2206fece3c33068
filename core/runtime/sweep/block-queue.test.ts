import { setImmediate as nextTurn } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { BlockQueue } from './block-queue.ts';

test('several that wait for room let others work, and are woken when there is some', async () => {
  const told: number[] = [];
  const queue = new BlockQueue<number, string>([0, 1, 2, 3, 4][Symbol.iterator](), 2, (block) => void told.push(block));
  const first = (await queue.take())!;
  const second = (await queue.take())!;
  queue.done(second, 'second');
  const waiting = [queue.take(), queue.take(), queue.take()];
  // Waking each other they would never come to this.
  await nextTurn();
  expect(told).toEqual([]);
  queue.done(first, 'first');
  queue.tell();
  expect(told).toEqual([0, 1]);
  const taken = await Promise.all(waiting.slice(0, 2));
  expect(taken.map((one) => one?.block)).toEqual([2, 3]);
  queue.stopTaking();
  expect(await waiting[2]).toBeNull();
  for (const one of taken) queue.done(one!, 'late');
  queue.tell();
  expect(told).toEqual([0, 1, 2, 3]);
});
