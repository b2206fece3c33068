import { describe, expect, it } from 'vitest';
import { headsOrMore } from './testing/machine-definitions.ts';
import { seriesValues } from './testing/series-values.ts';

/** The chance that support_resistance tells is what it says it is. */
const ROWS = 1000;

/** Numbers from 0 to 1, the same ones each time (Lehmer, 1951). */
function numbers(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state * 48_271) % 2_147_483_647;
    return state / 2_147_483_647;
  };
}

/** Bars of 100 steps up or down by one, as likely one as the other. */
function randomWalk(seed: number): { open: number[]; high: number[]; low: number[]; close: number[] } {
  const next = numbers(7919 * seed);
  // The first numbers of near seeds are alike.
  for (let skipped = 0; skipped < 20; skipped += 1) next();
  const bars = { open: [] as number[], high: [] as number[], low: [] as number[], close: [] as number[] };
  let price = 100_000;
  for (let bar = 0; bar < ROWS; bar += 1) {
    const path = [price];
    for (let step = 0; step < 100; step += 1) path.push((price += next() < 0.5 ? 1 : -1));
    bars.open.push(path[0]!);
    bars.high.push(Math.max(...path));
    bars.low.push(Math.min(...path));
    bars.close.push(price);
  }
  return bars;
}

describe('the chance of a level', () => {
  it('is that of coins: 1 of 1, 8 of 10, 60 of 100', () => {
    expect(headsOrMore(1, 1)).toBe(0.5);
    expect(headsOrMore(10, 8)).toBe(56 / 1024);
    // Table of the binomial distribution.
    expect(headsOrMore(100, 60)).toBeCloseTo(0.028444, 6);
  });

  it('holds on random walks: levels hold half of their tests, and one in twenty at most has a chance below one in twenty', () => {
    const levels: { readonly tests: number; readonly held: number; readonly chance: number }[] = [];
    for (let seed = 1; seed <= 80; seed += 1) {
      const calls = ['tests', 'held', 'p'].map((member) => `support_resistance(3, 3, 1, 30, 1).support_${member}`);
      const [tests, held, chance] = seriesValues(calls, randomWalk(seed)).map((values) => values.at(-1)!);
      if (tests! >= 5) levels.push({ tests: tests!, held: held!, chance: chance! });
    }
    const all = levels.reduce((sum, { tests }) => sum + tests, 0);
    const share = levels.reduce((sum, { held }) => sum + held, 0) / all;
    const rare = levels.filter(({ chance }) => chance <= 0.05).length / levels.length;
    expect(all).toBeGreaterThan(500);
    // Four standard deviations of as many coins. Levels lie between two steps of the walk, so that most are jumped over by half a step of 14.
    expect(share).toBeLessThan(0.5 + 2 / Math.sqrt(all));
    expect(share).toBeGreaterThan(0.5 - 0.5 / 28 - 2 / Math.sqrt(all));
    expect(rare).toBeLessThan(0.05 + 4 * Math.sqrt((0.05 * 0.95) / levels.length));
  });

  it('is found out where prices are drawn back to a level', () => {
    const next = numbers(7);
    const close: number[] = [];
    let price = 1000;
    // Between 990 and 1010, from which it is thrown back.
    for (let bar = 0; bar < 6000; bar += 1) {
      price += 4 * next() - 2;
      price = Math.min(Math.max(price, 990), 1010);
      close.push(price);
    }
    const [least] = seriesValues(
      ['min(nz(support_resistance(3, 3, 0.5, 30).support_p, 1), nz(support_resistance(3, 3, 0.5, 30).resistance_p, 1))'],
      { close },
    );
    expect(Math.min(...least!.slice(1000))).toBeLessThan(1e-4);
  });
});
