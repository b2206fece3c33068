import { describe, expect, it } from 'vitest';
import { closedPositions, positionStatistics } from './positions.ts';

const row = { positionId: 1, market: 'BTC/USDT', side: 'long', profit: 10, qty: 2, entryPrice: 100 } as const;

describe('closed positions', () => {
  it('sum their exits, and take the percentage of what all of them had cost', () => {
    const rows = [row, { ...row, profit: -4, qty: 1, entryPrice: 110 }];
    // 6 of 2 * 100 + 110.
    expect(closedPositions(rows)).toEqual([{ side: 'long', profit: 6, profitPct: (6 / 310) * 100 }]);
  });

  it('of a market in another currency are measured in the account: profit is, and what was entered is converted', () => {
    // 2 * 100 of the quote currency, half of the account's each.
    expect(closedPositions([{ ...row, rate: 0.5 }])).toEqual([{ side: 'long', profit: 10, profitPct: 10 }]);
  });

  it('of an inverse market cost dollars over price', () => {
    // 20,000 dollars at 10,000 are 2 bitcoin.
    const inverse = { ...row, market: 'BTC/USD:BTC', qty: 20_000, entryPrice: 10_000, profit: 0.5 };
    expect(closedPositions([inverse])[0]?.profitPct).toBe(25);
  });

  it('leave out the one that is open, whatever of it has left', () => {
    expect(closedPositions([row, { ...row, profit: null }, { ...row, positionId: 2, profit: 3 }])).toEqual([
      { side: 'long', profit: 3, profitPct: 1.5 },
    ]);
  });
});

it('a position that ends as it began is neither won nor lost, and ends a row of either', () => {
  const of = (...profits: readonly number[]) => positionStatistics(profits.map((profit) => ({ side: 'long', profit, profitPct: profit })));
  expect(of(1, 0, 1, 1, -1, 0, -1)).toMatchObject({
    tradeCount: 7,
    winRatePct: (3 / 7) * 100,
    profitFactor: 1.5,
    averageWin: 1,
    averageLoss: -1,
    consecutiveWins: 2,
    consecutiveLosses: 1,
  });
});
