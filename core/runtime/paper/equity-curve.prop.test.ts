import fc from 'fast-check';
import { expect, test } from 'vitest';
import { EquityCurve } from './equity-curve.ts';

test('a curve has the first and the newest bar, evenly spaced ones between, and never more than 16,385', () => {
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 200_000 }), (bars) => {
      const curve = new EquityCurve();
      for (let bar = 0; bar < bars; bar++) curve.add({ time: bar * 60_000, equity: bar / 3 });
      const points = curve.points();
      expect(points.length).toBeLessThanOrEqual(16_385);
      expect(points.length).toBeGreaterThanOrEqual(Math.min(bars, 8192));
      expect(points.at(-1)).toEqual({ time: (bars - 1) * 60_000, equity: (bars - 1) / 3 });
      const places = points.map(({ time }) => time / 60_000);
      expect(points.map(({ equity }) => equity)).toEqual(places.map((bar) => bar / 3));
      const stride = bars > 1 ? places[1]! : 1;
      expect(Math.log2(stride) % 1).toBe(0);
      expect(places.slice(0, -1)).toEqual(places.slice(0, -1).map((_, at) => at * stride));
    }),
    { numRuns: 30 },
  );
});

test('a curve without a bar has no point', () => {
  expect(new EquityCurve().points()).toEqual([]);
});
