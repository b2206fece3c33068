import { describe, expect, test } from 'vitest';
import { createVirtualClock } from '#core/testkit/virtual-clock.ts';
import { createBarPace } from './bar-pace.ts';

const { signal } = new AbortController();

describe('a pace of 4 bars a second', () => {
  test('shows the first bar behind the history at once, then one every 250 ms', async () => {
    const clock = createVirtualClock();
    const pace = createBarPace(clock, 4);
    const seen: [index: number, at: number][] = [];
    const following = (async () => {
      for (let index = 0; index < 13; index++) {
        await pace.due(index, 10, signal);
        seen.push([index, clock.steady()]);
      }
    })();
    await clock.advance(600);
    await following;
    expect(seen.filter(([index]) => index < 10).every(([, at]) => at === 0)).toBe(true);
    expect(seen.slice(10)).toEqual([
      [10, 0],
      [11, 250],
      [12, 500],
    ]);
  });

  test('counts the bars seen as history without running ahead', async () => {
    const clock = createVirtualClock();
    const pace = createBarPace(clock, 4);
    const seen: number[] = [];
    const following = (async () => {
      for (let bars = 5; bars < 9; bars++) {
        await pace.due(bars, bars, signal);
        seen.push(clock.steady());
      }
    })();
    await clock.advance(1000);
    await following;
    expect(seen).toEqual([0, 250, 500, 750]);
  });

  test('moves on for all when somebody has seen more, and wakes who waits', async () => {
    const clock = createVirtualClock();
    const pace = createBarPace(clock, 4);
    await pace.due(0, 0, signal);
    let slow = -1;
    const waiting = pace.due(50, 0, signal).then(() => {
      slow = clock.steady();
    });
    await clock.advance(100);
    await pace.due(100, 100, signal);
    await clock.advance(0);
    await waiting;
    expect(slow).toBe(100);
  });

  test('never waits at an infinite pace, nor when told to stop', async () => {
    const clock = createVirtualClock();
    await createBarPace(clock, Infinity).due(1e9, 0, signal);
    await createBarPace(clock, 4).due(1e9, 0, AbortSignal.abort());
    expect(clock.sleeping()).toBe(0);
  });
});

test('a pace faster than one bar in 20 ms gives several at once, none before its time', async () => {
  const clock = createVirtualClock();
  const pace = createBarPace(clock, 500);
  const seen: number[] = [];
  const following = (async () => {
    for (let index = 0; index <= 20; index++) {
      await pace.due(index, 0, signal);
      seen.push(clock.steady());
    }
  })();
  await clock.advance(1000);
  await following;
  expect(seen).toEqual([0, ...Array<number>(10).fill(20), ...Array<number>(10).fill(40)]);
});
