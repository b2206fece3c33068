import fc from 'fast-check';
import { type Candle, flat } from './candle-run.ts';

/** Candles of a price that walks from 100 on, by at most `most` of it a bar. */
export const anyCandles = (most: number, maxLength: number): fc.Arbitrary<readonly Candle[]> =>
  fc
    .array(fc.tuple(fc.double({ min: -most, max: most, noNaN: true }), fc.double({ min: 0, max: 0.02, noNaN: true })), {
      minLength: 20,
      maxLength,
    })
    .map((steps): readonly Candle[] => {
      let price = 100;
      return steps.map(([move, range]) => {
        const open = price;
        price = open * (1 + move);
        const [top, bottom] = [Math.max(open, price) * (1 + range), Math.min(open, price) * (1 - range)];
        return move === 0 ? flat(price) : [open, top, bottom, price];
      });
    });
