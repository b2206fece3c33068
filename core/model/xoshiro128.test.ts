import { expect, test } from 'vitest';
import { Xoshiro128 } from './xoshiro128.ts';

test("gives the numbers of the authors' C code for the state 1, 2, 3, 4", () => {
  // Reference: the authors' xoshiro128starstar.c, compiled with gcc; the same ten numbers stand in the tests of several other ports.
  const random = new Xoshiro128([1, 2, 3, 4]);
  expect(Array.from({ length: 10 }, () => random.nextUint32())).toEqual([
    11520, 0, 5_927_040, 70_819_200, 2_031_721_883, 1_637_235_492, 1_287_239_034, 3_734_860_849, 3_729_100_597, 4_258_142_804,
  ]);
});

test('goes on from its state', () => {
  const random = Xoshiro128.fromSeed(2 ** 53 - 1);
  random.nextUint32();
  const copy = new Xoshiro128(random.state());
  expect(Array.from({ length: 5 }, () => copy.nextUint32())).toEqual(Array.from({ length: 5 }, () => random.nextUint32()));
});

test('seeds that are near each other, or equal in their low 32 bits, give other numbers', () => {
  const first = [0, 1, 2, 2 ** 32, 2 ** 32 + 1, 2 ** 52].map((seed) => Xoshiro128.fromSeed(seed).nextUint32());
  expect(new Set(first).size).toBe(first.length);
});

test('nextUnit is uniform in [0, 1)', () => {
  const random = Xoshiro128.fromSeed(5);
  const draws = Array.from({ length: 100_000 }, () => random.nextUnit());
  const bins = Array.from({ length: 10 }, () => 0);
  for (const draw of draws) bins[Math.floor(draw * 10)] = (bins[Math.floor(draw * 10)] ?? 0) + 1;
  // Chi square with 9 degrees of freedom stays below 27.9 with probability 0.999.
  expect(bins.reduce((sum, count) => sum + (count - 10_000) ** 2 / 10_000, 0)).toBeLessThan(27.9);
  expect(Math.max(...draws.slice(0, 50_000))).toBeLessThan(1);
});
