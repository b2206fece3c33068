import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { linePieces } from './plot-lines.ts';

const values = fc
  .array(fc.oneof({ weight: 3, arbitrary: fc.integer({ min: -50, max: 50 }) }, { weight: 1, arbitrary: fc.constant(Number.NaN) }), {
    minLength: 1,
    maxLength: 300,
  })
  .map((list) => Float64Array.from(list));
const isDefined = (value: number): boolean => !Number.isNaN(value);

describe('a thinned line with gaps', () => {
  it('keeps only values that are there, in order, at most two a bucket, extremes among them', () => {
    fc.assert(
      fc.property(values, fc.integer({ min: 1, max: 40 }), (series, buckets) => {
        const indexes = linePieces(series, 0, series.length, buckets).flat();
        const kept = indexes.map((i) => series[i]!);
        const there = [...series].filter(isDefined);
        expect(kept.filter((value) => !isDefined(value))).toEqual([]);
        expect(indexes).toEqual([...new Set(indexes)].toSorted((a, b) => a - b));
        expect(indexes.length).toBeLessThanOrEqual(2 * buckets + 2);
        expect([Math.min(...kept), Math.max(...kept)]).toEqual([Math.min(...there), Math.max(...there)]);
      }),
    );
  });

  it('has with a bucket a bar exactly the runs of values that are there', () => {
    fc.assert(
      fc.property(values, (series) => {
        const runs: number[][] = [];
        for (const [i, value] of series.entries()) {
          if (!isDefined(value)) continue;
          const last = runs.at(-1);
          if (last?.at(-1) === i - 1) last.push(i);
          else runs.push([i]);
        }
        expect(linePieces(series, 0, series.length, series.length)).toEqual(runs);
      }),
    );
  });
});
