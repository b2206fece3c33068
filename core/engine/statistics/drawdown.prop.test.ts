import fc from 'fast-check';
import { expect, it } from 'vitest';
import { drawdownOf } from './drawdown.ts';

const DAY_MS = 86_400_000;
/** Few values, so that peaks are met again exactly. */
const equity = fc.array(fc.oneof(fc.integer({ min: 95, max: 105 }), fc.double({ min: 50, max: 150, noNaN: true })), { maxLength: 60 });

it('is what its definition gives bar by bar', () => {
  fc.assert(
    fc.property(equity, fc.nat(5), (values, from) => {
      const time = Float64Array.from(values, (_, bar) => bar * DAY_MS);
      let [peak, peakBar, maxShare, maxMoney, longestDays, barsBelow] = [100, from, 0, 0, 0, 0];
      for (let bar = from; bar < values.length; bar += 1) {
        const value = values[bar]!;
        if (value < peak) barsBelow += 1;
        maxMoney = Math.max(maxMoney, peak - value);
        maxShare = Math.max(maxShare, (peak - value) / peak);
        if (value < peak || values[bar - 1]! < peak) longestDays = Math.max(longestDays, bar - peakBar);
        if (value < peak) continue;
        [peak, peakBar] = [value, bar];
      }
      const found = drawdownOf(time, Float64Array.from(values), from, values.length, 100);
      expect(found).toEqual({ maxShare, maxMoney, longestDays, barsBelow });
    }),
  );
});
