import { Big } from 'big.js';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Ledger, ledgerOf } from './ledger.ts';
import type { Fill } from './log-rows.ts';
import { INVERSE, LINEAR, type Valuation } from './valuation.ts';

const price = fc.double({ min: 1e-6, max: 1e6, noNaN: true, noDefaultInfinity: true });
const share = fc.double({ min: 0.01, max: 0.99, noNaN: true });

interface Step {
  readonly side: number;
  readonly qty: number;
  readonly entry: number;
  readonly adds: readonly { qty: number; price: number }[];
  readonly partials: readonly { share: number; price: number }[];
  readonly exit: number;
}

const qty = fc.double({ min: 1e-6, max: 1e4, noNaN: true });
const step: fc.Arbitrary<Step> = fc.record({
  side: fc.constantFrom(1, -1),
  qty,
  entry: price,
  adds: fc.array(fc.record({ qty, price }), { maxLength: 2 }),
  partials: fc.array(fc.record({ share, price }), { maxLength: 3 }),
  exit: price,
});

/** The fills and the cash of a broker in doubles that does what the real one does, positions flat to flat. */
function play({ steps, feeRate, capital, valuation }: Run): { fills: Fill[]; cash: number; fees: number } {
  const fills: Fill[] = [];
  let cash = capital;
  let fees = 0;
  let held = 0;
  const fill = (kind: Fill['kind'], signed: number, at: number): void => {
    const value = valuation === LINEAR ? Math.abs(signed) * at : Math.abs(signed) / at;
    const fee = value * feeRate;
    // What is bought is paid; of inverse contracts it is sold coins.
    cash = signed > 0 === (valuation === LINEAR) ? cash - (value + fee) : cash + (value - fee);
    fees += fee;
    held += signed;
    fills.push({ type: 'fill', kind, bar: fills.length, qty: signed, price: at, refPrice: at, fee, rule: 0 });
  };
  for (const { side, qty: size, entry, adds, partials, exit } of steps) {
    fill('entry', side * size, entry);
    for (const add of adds) fill('entry', side * add.qty, add.price);
    for (const partial of partials) fill('exit', -held * partial.share, partial.price);
    fill('exit', -held, exit);
  }
  return { fills, cash, fees };
}

interface Run {
  readonly steps: readonly Step[];
  readonly feeRate: number;
  readonly capital: number;
  readonly valuation: Valuation;
}

const run: fc.Arbitrary<Run> = fc.record({
  steps: fc.array(step, { maxLength: 12 }),
  feeRate: fc.double({ min: 0, max: 0.01, noNaN: true }),
  capital: price,
  valuation: fc.constantFrom(LINEAR, LINEAR, INVERSE),
});

/** To 20 digits after the point, as the books do where a value has no end. */
const worth = (fill: Fill, valuation: Valuation): Big =>
  valuation === LINEAR ? Big(String(fill.qty)).times(String(fill.price)) : Big(String(-fill.qty)).div(String(fill.price));

describe('the ledger', () => {
  it('balances: every booking and all accounts together sum to zero, exactly', () => {
    fc.assert(
      fc.property(run, (one) => {
        const ledger = new Ledger(one.capital, one.valuation);
        for (const fill of play(one).fills) {
          const sum = ledger.book(fill).reduce((total, posting) => total.plus(posting.amount), Big(0));
          expect(sum.toFixed()).toBe('0');
          const assets = Big(ledger.cash).plus(ledger.inventory).plus(ledger.fees);
          expect(assets.toFixed()).toBe(Big(ledger.capital).plus(ledger.realisedProfit).toFixed());
        }
      }),
    );
  });

  it('conserves cash: capital less what was paid plus what was received, by brute force over the fills', () => {
    fc.assert(
      fc.property(run, (played) => {
        const { capital, valuation } = played;
        const { fills } = play(played);
        const expected = fills.reduce((cash, one) => cash.minus(worth(one, valuation)).minus(String(one.fee)), Big(String(capital)));
        const ledger = ledgerOf([fills], capital, valuation);
        expect(ledger.cash).toBe(expected.toFixed());
        expect(ledger.position).toBe('0');
        expect(ledger.inventory).toBe('0');
        expect(ledger.netProfitAt(Number.NaN)).toBe(Big(ledger.realisedProfit).minus(ledger.fees).toFixed());
      }),
    );
  });

  it('is never further from the doubles of the broker than its stated bound', () => {
    fc.assert(
      fc.property(run, (played) => {
        const { capital, valuation } = played;
        const { fills, cash } = play(played);
        const ledger = ledgerOf([fills], capital, valuation);
        const distance = Math.abs(Number(Big(ledger.cash).minus(Big(cash.toPrecision(17)))));
        // Writing the double itself with 17 digits is off by at most one more part in 2^53.
        expect(distance).toBeLessThanOrEqual(ledger.driftBound + Math.abs(cash) * 2 ** -53);
      }),
      { numRuns: 500 },
    );
  });
});
