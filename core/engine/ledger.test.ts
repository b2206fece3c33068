import { describe, expect, it } from 'vitest';
import { Ledger, ledgerOf } from './ledger.ts';
import type { Charge, ChargeKind, Fill } from './log-rows.ts';

const fill = (kind: Fill['kind'], qty: number, price: number, fee: number): Fill => ({
  type: 'fill',
  kind,
  bar: 0,
  qty,
  price,
  refPrice: price,
  fee,
  rule: 0,
});

const charge = (kind: ChargeKind, cost: number): Charge => ({ type: 'charge', kind, bar: 0, qty: 1, cost });

describe('the ledger', () => {
  it('books funding, borrow and what a venue bore on accounts of their own, from cash', () => {
    const ledger = new Ledger(1000);
    const bookings = [
      fill('entry', 2, 100, 0.2),
      charge('funding', 0.1),
      charge('funding', -0.3),
      charge('borrow', 0.05),
      charge('covered', -700),
      fill('liquidation', -2, 10, 0.02),
    ];
    for (const booking of bookings) {
      expect(ledger.book(booking).reduce((sum, { amount }) => sum + Number(amount), 0)).toBeCloseTo(0, 9);
    }
    expect([ledger.funding, ledger.borrow, ledger.covered, ledger.fees]).toEqual(['-0.2', '0.05', '700', '0.22']);
    // 1000 - 200.2 + 0.2 - 0.05 + 700 + 19.98
    expect([ledger.cash, ledger.realisedProfit]).toEqual(['1519.93', '-180']);
  });

  it('sums decimals exactly where doubles do not', () => {
    const ledger = ledgerOf([[fill('entry', 0.1, 3, 0.1), fill('entry', 0.2, 3, 0.2)]], 1);
    // In doubles 0.1 + 0.2 is 0.30000000000000004.
    expect(ledger.fees).toBe('0.3');
    expect(ledger.position).toBe('0.3');
    expect(ledger.cash).toBe('-0.2');
    expect(ledger.equityAt(3)).toBe('0.7');
    expect(ledger.netProfitAt(3)).toBe('-0.3');
  });

  it('books the profit of a short position as its price falls', () => {
    const ledger = ledgerOf([[fill('entry', -2, 50, 0.1), fill('stop', 2, 40, 0.08)]], 1000);
    expect(ledger.realisedProfit).toBe('20');
    expect(ledger.fees).toBe('0.18');
    expect(ledger.cash).toBe('1019.82');
    expect(ledger.inventory).toBe('0');
  });

  it('lets costs leave first in, first out', () => {
    const ledger = ledgerOf([[fill('entry', 1, 100, 0), fill('entry', 2, 110, 0), fill('exit', -2, 120, 0)]], 1000);
    expect(ledger.realisedProfit).toBe('30');
    expect(ledger.inventory).toBe('110');
  });

  it('writes off the rest that rounding leaves when the broker is flat', () => {
    // 0.3 - 0.1 is 0.19999999999999998 in doubles.
    const ledger = ledgerOf([[fill('entry', 0.3, 10, 0), fill('exit', -0.1, 10, 0), fill('exit', -(0.3 - 0.1), 10, 0)]], 100);
    expect(ledger.position).toBe('0');
    expect(ledger.inventory).toBe('0');
    expect(ledger.cash).toBe('99.9999999999999998');
  });

  it('refuses amounts that are no numbers and fills through zero', () => {
    expect(() => new Ledger(Number.NaN)).toThrow(/NaN/);
    expect(() => ledgerOf([[fill('entry', 1, 10, 0), fill('exit', -2, 10, 0)]], 100)).toThrow(/turns the position/);
  });
});
