import fc from 'fast-check';
import type { EntryIntent, RiskAccount, RiskView } from '#core/ports/risk-rule.ts';

/** A price as markets have it: 1e-8 to 1e8. */
export const price: fc.Arbitrary<number> = fc.double({ min: 1e-8, max: 1e8, noNaN: true });

/** Base units: 1e-8 to 1e6. */
export const quantity: fc.Arbitrary<number> = fc.double({ min: 1e-8, max: 1e6, noNaN: true });

/** Any double, with those that break careless arithmetic drawn often. */
export const hostileNumber: fc.Arbitrary<number> = fc.oneof(
  fc.double(),
  fc.constantFrom(NaN, Infinity, -Infinity, 0, -0, -1, 5e-324, 1e308, -1e308, Number.MAX_SAFE_INTEGER),
);

const MARKETS = ['BTC/USDT', 'ETH/USDT', 'SPY'];
const STRATEGIES = ['alpha', 'beta', '__proto__', 'constructor'];

const account = (number: fc.Arbitrary<number>): fc.Arbitrary<RiskAccount> =>
  fc.record({
    strategy: fc.constantFrom(...STRATEGIES),
    capital: number,
    cash: number,
    equity: number,
    exposure: number,
    positions: fc.uniqueArray(fc.record({ market: fc.constantFrom(...MARKETS), qty: number, exposure: number }), {
      selector: ({ market }) => market,
    }),
  });

const viewOf = (time: fc.Arbitrary<number>, number: fc.Arbitrary<number>): fc.Arbitrary<RiskView> =>
  fc
    .tuple(time, account(number), fc.array(account(number), { maxLength: 3 }))
    .map(([at, own, others]) => ({ time: at, account: own, accounts: [own, ...others] }));

/** Hours of three weeks, so that days begin and end. */
const time = fc.integer({ min: 0, max: 21 * 24 }).map((hours) => Date.UTC(2026, 0, 1) + hours * 3_600_000);

/** Portfolios as they occur: money from 1 to 1e7, positions of both sides. */
export const riskView: fc.Arbitrary<RiskView> = viewOf(
  time,
  fc.oneof(fc.double({ min: 1, max: 1e7, noNaN: true }), fc.double({ min: -100, max: 100, noNaN: true })),
);

/** Portfolios of any numbers at all. */
export const hostileRiskView: fc.Arbitrary<RiskView> = viewOf(fc.oneof(time, hostileNumber), hostileNumber);

const intentOf = (number: fc.Arbitrary<number>, at: fc.Arbitrary<number>): fc.Arbitrary<EntryIntent> =>
  fc.record({
    strategy: fc.constantFrom(...STRATEGIES),
    market: fc.constantFrom(...MARKETS),
    side: fc.constantFrom('long', 'short'),
    qty: number,
    price: at,
  });

export const entryIntent: fc.Arbitrary<EntryIntent> = intentOf(quantity, price);

export const hostileEntryIntent: fc.Arbitrary<EntryIntent> = intentOf(hostileNumber, hostileNumber);
