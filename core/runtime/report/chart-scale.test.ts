import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { lineIndexes, niceTicks, timeTicks } from './chart-scale.ts';
import { groupedNumber, priceText, quantityText, shareText } from './number-text.ts';

describe('the scale of a chart', () => {
  it('has few round ticks inside the range', () => {
    expect(niceTicks(0, 100, 5)).toEqual({ values: [0, 20, 40, 60, 80, 100], digits: 0 });
    expect(niceTicks(0.013, 0.0205, 4)).toMatchObject({ digits: 3, values: { length: 4 } });
    expect(niceTicks(5, 5, 5).values).toEqual([5]);
    expect(niceTicks(1e18, 1e18 + 256, 5).values).toEqual([1e18]);
    fc.assert(
      fc.property(fc.double({ min: -1e9, max: 1e9, noNaN: true }), fc.double({ min: 1e-3, max: 1e9, noNaN: true }), (low, span) => {
        const { values } = niceTicks(low, low + span, 5);
        expect(values.length).toBeLessThanOrEqual(6);
        expect(values.every((value) => value >= low - span * 1e-6 && value <= low + span * 1.000001)).toBe(true);
      }),
    );
  });

  it('has few times inside the range', () => {
    const start = Date.UTC(2024, 0, 1, 5);
    for (const hours of [0, 1, 30, 95, 96, 500, 9000, 90_000]) {
      const ticks = timeTicks(start, start + hours * 3_600_000, 6);
      expect(ticks.length).toBeGreaterThan(0);
      expect(ticks.length).toBeLessThanOrEqual(7);
      expect(ticks.every(({ time }) => time >= start && time <= start + hours * 3_600_000)).toBe(true);
    }
  });

  it('thins a line out without losing its ends and extremes', () => {
    fc.assert(
      fc.property(
        fc.array(fc.integer({ min: -50, max: 50 }), { minLength: 1, maxLength: 300 }),
        fc.integer({ min: 1, max: 40 }),
        (list, buckets) => {
          const values = Float64Array.from(list);
          const indexes = lineIndexes(values, 0, values.length, buckets);
          const kept = indexes.map((i) => values[i]!);
          expect(indexes.length).toBeLessThanOrEqual(2 * buckets + 2);
          expect(indexes).toEqual([...new Set(indexes)].toSorted((a, b) => a - b));
          expect([indexes[0], indexes.at(-1)]).toEqual([0, values.length - 1]);
          expect([Math.min(...kept), Math.max(...kept)]).toEqual([Math.min(...values), Math.max(...values)]);
        },
      ),
    );
  });
});

describe('numbers for people', () => {
  it('are grouped and have no minus zero', () => {
    expect([1_234_567.891, -1234.5, -0.001, 0, 999.999].map((value) => groupedNumber(value, 2))).toEqual([
      '1,234,567.89',
      '-1,234.50',
      '0.00',
      '0.00',
      '1,000.00',
    ]);
    expect([groupedNumber(null, 2), groupedNumber(Number.NaN, 2), groupedNumber(1e22, 2)]).toEqual(['n/a', 'n/a', '1.00e+22']);
  });

  it('have the digits that their size asks for', () => {
    expect([64_123.5, 12.3456789, 0.0000123456, 0].map(priceText)).toEqual(['64,123.50', '12.3457', '0.0000123456', '0.00']);
    expect([0.5, 1200, 0.00000001, 1e-12, 100].map(quantityText)).toEqual(['0.5', '1,200', '0.00000001', '1.00e-12', '100']);
    expect([0.001, 0, 0.0005, 0.1].map(shareText)).toEqual(['0.1 %', '0 %', '0.05 %', '10 %']);
  });
});
