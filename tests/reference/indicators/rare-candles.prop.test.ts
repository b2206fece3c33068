import fc from 'fast-check';
import { expect, it } from 'vitest';
import { type Bars, programValues, plottedProgram } from '#dsl/prelude/testing/series-values.ts';
import { candleCases } from './candle-cases.ts';
import { rareNumber } from './rare-candle-definitions.ts';
import { type Candle, LEAD, RARE_CASES } from './rare-candle-cases.ts';

/** A candle with all of its prices moved a little. */
function moved([open, high, low, close]: Candle, steps: readonly number[]): Candle {
  const [o, h, l, c] = [open, high, low, close].map((price, place) => price + steps[place]!) as [number, number, number, number];
  return [o, Math.max(o, h, l, c), Math.min(o, h, l, c), c];
}

const barsOf = (candles: readonly Candle[]): Bars => ({
  open: candles.map(([open]) => open),
  high: candles.map(([, high]) => high),
  low: candles.map(([, , low]) => low),
  close: candles.map(([, , , close]) => close),
});

const anySteps = fc.array(fc.constantFrom(-2, -1, 0, 0, 0, 0, 1, 2), { minLength: 20, maxLength: 20 });

it.each(RARE_CASES.map((one) => [`${one.pattern} ${one.value}`, one] as const))(
  '%s is what its definition says of candles that are nearly it',
  (_, { pattern, candles, value }) => {
    const cases = candleCases(pattern);
    const program = plottedProgram(cases.map(({ call }) => `if ${call} then 1 else 0`));
    let hits = 0;
    fc.assert(
      fc.property(anySteps, (steps) => {
        const near = candles.map((candle, place) => moved(candle, steps.slice(4 * place, 4 * place + 4)));
        const all = [...LEAD, ...near];
        const wanted = rareNumber(pattern, all, candles.length);
        const values = programValues(program, barsOf(all));
        for (const [place, one] of cases.entries())
          expect([one.call, near, values[place]!.at(-1)]).toEqual([one.call, near, one.values.includes(wanted) ? 1 : 0]);
        if (wanted === value) hits += 1;
      }),
      { numRuns: 300 },
    );
    expect(hits).toBeGreaterThan(20);
    expect(hits).toBeLessThan(300);
  },
);
