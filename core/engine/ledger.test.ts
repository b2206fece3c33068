import { describe, expect, it } from 'vitest';
import { Ledger, ledgerOf } from './ledger.ts';
import type { Fill } from './log-rows.ts';

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

describe('the ledger', () => {
  it('sums decimals exactly where doubles do not', () => {
    const ledger = ledgerOf([fill('entry', 0.1, 3, 0.1), fill('entry', 0.2, 3, 0.2)], 1);
    // In doubles 0.1 + 0.2 is 0.30000000000000004.
    expect(ledger.fees).toBe('0.3');
    expect(ledger.position).toBe('0.3');
    expect(ledger.cash).toBe('-0.2');
    expect(ledger.equityAt(3)).toBe('0.7');
    expect(ledger.netProfitAt(3)).toBe('-0.3');
  });

  it('books the profit of a short position as its price falls', () => {
    const ledger = ledgerOf([fill('entry', -2, 50, 0.1), fill('stop', 2, 40, 0.08)], 1000);
    expect(ledger.realisedProfit).toBe('20');
    expect(ledger.fees).toBe('0.18');
    expect(ledger.cash).toBe('1019.82');
    expect(ledger.inventory).toBe('0');
  });

  it('lets costs leave first in, first out', () => {
    const ledger = ledgerOf([fill('entry', 1, 100, 0), fill('entry', 2, 110, 0), fill('exit', -2, 120, 0)], 1000);
    expect(ledger.realisedProfit).toBe('30');
    expect(ledger.inventory).toBe('110');
  });

  it('writes off the rest that rounding leaves when the broker is flat', () => {
    // 0.3 - 0.1 is 0.19999999999999998 in doubles.
    const ledger = ledgerOf([fill('entry', 0.3, 10, 0), fill('exit', -0.1, 10, 0), fill('exit', -(0.3 - 0.1), 10, 0)], 100);
    expect(ledger.position).toBe('0');
    expect(ledger.inventory).toBe('0');
    expect(ledger.cash).toBe('99.9999999999999998');
  });

  it('refuses amounts that are no numbers and fills through zero', () => {
    expect(() => new Ledger(Number.NaN)).toThrow(/NaN/);
    expect(() => ledgerOf([fill('entry', 1, 10, 0), fill('exit', -2, 10, 0)], 100)).toThrow(/turns the position/);
  });
});
