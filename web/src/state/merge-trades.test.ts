import { describe, expect, test } from 'vitest';
import type { ControlTrade } from '#core/ports/bot-control.ts';
import { sortTrades, tradeColumns } from '../components/trade-columns.tsx';
import { mergeTrades, newestFirst } from './merge-trades.ts';

const trade = (positionId: number, exitTime: number | null, profit: number | null = 1): ControlTrade => ({
  strategy: 'a',
  positionId,
  market: 'SIM:BTC/USDT',
  side: 'long',
  entryTime: positionId * 10,
  entryPrice: 1,
  exitTime,
  exitPrice: 1,
  qty: 1,
  fees: 0,
  profit,
  profitPct: profit,
  entryReason: null,
  exitReason: 'rule',
});
const ids = (trades: readonly ControlTrade[] | null) => trades?.map(({ positionId }) => positionId);

describe('trades', () => {
  test('are ordered by exit, newest first, open ones before all', () => {
    expect(ids(newestFirst([trade(1, 15), trade(3, null), trade(2, 25)], 10))).toEqual([3, 2, 1]);
    expect(ids(newestFirst([trade(1, 15), trade(3, null), trade(2, 25)], 2))).toEqual([3, 2]);
  });

  test('known ones and the newest are one list; a closed one takes the place of its open row', () => {
    const known = newestFirst([trade(1, 15), trade(2, 25), trade(3, null)], 10);
    expect(ids(mergeTrades(known, [trade(2, 25), trade(3, 35), trade(4, null)], 10))).toEqual([4, 3, 2, 1]);
  });

  test('known ones stay the same object when nothing is new', () => {
    const known = [trade(2, 25), trade(1, 15)];
    expect(mergeTrades(known, [trade(2, 25)], 10)).toBe(known);
  });

  test('that do not meet must be loaded anew', () => {
    expect(mergeTrades([trade(1, 15)], [trade(8, 85), trade(9, 95)], 10)).toBeNull();
  });

  test('that are alike are not one: two partial exits on one bar', () => {
    expect(mergeTrades([], [trade(1, 15), trade(1, 15)], 10)).toHaveLength(2);
    expect(mergeTrades([trade(1, 15), trade(1, 15)], [trade(1, 15), trade(1, 15), trade(2, 25)], 10)).toHaveLength(3);
  });

  test('sort by any column, missing numbers as the smallest', () => {
    const profit = tradeColumns((id) => id).find(({ id }) => id === 'profit');
    expect(profit).toBeDefined();
    const rows = [trade(1, 15, 5), trade(2, 25, -5), trade(3, null, null), trade(4, 45, 5)];
    expect(ids(sortTrades(rows, profit!, true))).toEqual([1, 4, 2, 3]);
    expect(ids(sortTrades(rows, profit!, false))).toEqual([3, 2, 1, 4]);
  });
});
