import { describe, expect, it } from 'vitest';
import { generateFunding, SyntheticFunding } from './funding-generator.ts';
import { generateMarket } from './market-generator.ts';

const HOUR = 3_600_000;
const START = Date.UTC(2024, 0, 1);
const market = (seed: number, bars: number) =>
  generateMarket({ seed, bars, stepMs: HOUR, startTime: START, startPrice: 30_000, tick: 0.01, missingRate: 0.05 });

describe('generated funding rates', () => {
  const columns = market(3, 20_000);
  const rates = generateFunding(columns, 3);

  it('change at 00:00, 08:00 and 16:00 UTC only', () => {
    const changes = rates.reduce((count, rate, i) => count + (i > 0 && rate !== rates[i - 1] ? 1 : 0), 0);
    expect(changes).toBeGreaterThan(2000);
    const periodOf = (i: number): number => Math.floor(columns.time[i]! / (8 * HOUR));
    const within = rates.findIndex((rate, i) => i > 0 && rate !== rates[i - 1] && periodOf(i) === periodOf(i - 1));
    expect(within).toBe(-1);
  });

  it('are near 0.01 %, of both signs, within the caps of venues, and follow the prices', () => {
    const mean = rates.reduce((sum, rate) => sum + rate, 0) / rates.length;
    expect(mean).toBeGreaterThan(-0.0001);
    expect(mean).toBeLessThan(0.0004);
    expect(Math.min(...rates)).toBeLessThan(0);
    expect(Math.max(...rates.map(Math.abs))).toBeLessThanOrEqual(0.0075);
    // Of the bars whose last day was a rise more have a rate above the mean.
    const shareAbove = (isRise: boolean): number => {
      const chosen = [...rates].filter((_, i) => i >= 24 && Math.sign(columns.close[i]! - columns.close[i - 24]!) === (isRise ? 1 : -1));
      return chosen.filter((rate) => rate > mean).length / chosen.length;
    };
    expect(shareAbove(true)).toBeGreaterThan(shareAbove(false) + 0.2);
  });

  it('are the same for the same seed, another for another, and know no later bar', () => {
    expect(generateFunding(columns, 3)).toEqual(rates);
    expect(generateFunding(columns, 4)).not.toEqual(rates);
    const part = market(3, 500);
    expect([...generateFunding(part, 3)]).toEqual([...rates.subarray(0, 500)]);
    const funding = new SyntheticFunding(3);
    const changed = Array.from({ length: 500 }, (_, i) =>
      funding.rate({ time: part.time[i]!, close: part.close[i]! * (i === 499 ? 2 : 1) }),
    );
    expect(changed).toEqual([...rates.subarray(0, 500)]);
  });
});
