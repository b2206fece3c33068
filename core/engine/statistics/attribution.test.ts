import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { TradeRow } from '../trades.ts';
import { attributionOf } from './attribution.ts';
import { meanExcursions } from './positions.ts';

const HOUR = 3_600_000;

function row(over: Partial<TradeRow>): TradeRow {
  return {
    positionId: 1,
    market: 'BTC/USDT',
    side: 'long',
    setup: null,
    entryTime: 0,
    entryPrice: 100,
    exitTime: HOUR,
    exitPrice: 110,
    qty: 1,
    fees: 0.5,
    carry: 0,
    profit: 9.5,
    profitPct: 9.5,
    bars: 1,
    mae: 1,
    mfe: 10,
    entryReason: null,
    exitReason: 'exit',
    ...over,
  };
}

describe('attribution', () => {
  const rows = [
    row({ setup: 'dip', exitReason: 'target', carry: 0.25, entryTime: 23 * HOUR }),
    row({ setup: 'dip', exitReason: 'stop', carry: -1, profit: -4, profitPct: -4, entryTime: 23 * HOUR + 1 }),
    row({ side: 'short', market: 'ETH/USDT', profit: 20, profitPct: 2, entryTime: 24 * HOUR }),
    row({ setup: 'dip', exitTime: null, exitPrice: null, profit: null, profitPct: null, exitReason: 'open' }),
  ];

  it('sums the closed exits of each group, the best first', () => {
    const { market, side, setup, exitReason } = attributionOf(rows);
    expect(market.map(({ name, profit }) => [name, profit])).toEqual([
      ['ETH/USDT', 20],
      ['BTC/USDT', 5.5],
    ]);
    expect(side.map(({ name, exits }) => [name, exits])).toEqual([
      ['short', 1],
      ['long', 2],
    ]);
    expect(setup).toEqual([
      { name: null, exits: 1, winRatePct: 100, profit: 20, fees: 0.5, carry: 0, averagePct: 2 },
      { name: 'dip', exits: 2, winRatePct: 50, profit: 5.5, fees: 1, carry: -0.75, averagePct: 2.75 },
    ]);
    // Reasons are whatever the trades say; an open trade has brought nothing yet.
    expect(exitReason.map(({ name }) => name)).toEqual(['exit', 'target', 'stop']);
  });

  it('tells hours of the day apart, in the order of the clock, also before 1970', () => {
    expect(attributionOf(rows).entryHour.map(({ name, exits }) => [name, exits])).toEqual([
      ['00', 1],
      ['23', 2],
    ]);
    expect(attributionOf([row({ entryTime: -HOUR })]).entryHour[0]!.name).toBe('23');
  });

  it('gives every profit to one row of each table', () => {
    const trade = fc.record({
      market: fc.constantFrom('A', 'B'),
      setup: fc.constantFrom(null, 'x', 'y'),
      exitReason: fc.string(),
      profit: fc.integer({ min: -100, max: 100 }),
      entryTime: fc.integer({ min: -1e13, max: 1e13 }),
    });
    fc.assert(
      fc.property(fc.array(trade), (list) => {
        const trades = list.map((over) => row(over));
        const total = list.reduce((sum, { profit }) => sum + profit, 0);
        for (const table of Object.values(attributionOf(trades))) {
          expect(table.reduce((sum: number, { profit }: { profit: number }) => sum + profit, 0)).toBe(total);
          expect(table.reduce((sum: number, { exits }: { exits: number }) => sum + exits, 0)).toBe(list.length);
        }
      }),
    );
  });
});

describe('excursions', () => {
  it('are means over the closed exits', () => {
    expect(meanExcursions([row({ mae: 1, mfe: 2 }), row({ mae: 3, mfe: 6 }), row({ mae: 99, mfe: 99, profit: null })])).toEqual({
      mae: 2,
      mfe: 4,
    });
    expect(meanExcursions([])).toEqual({ mae: null, mfe: null });
  });
});
