import { describe, expect, it } from 'vitest';
import { sharedColumns } from '#core/model/columns.ts';
import { isAverageTie, sameWork } from './same-work.ts';
import type { Work, WorkTrade } from './work.ts';

const never = (): boolean => false;
const trade = (entryBar: number, exitBar: number, profit: number): WorkTrade => ({ entryBar, exitBar, profit, fees: 0.8 });
const work = (trades: readonly WorkTrade[]): Work => ({
  equity: trades.reduce((sum, { profit }) => sum + profit, 1e7),
  maxDrawdown: 0.01,
  fees: 0.8 * trades.length,
  trades,
});
const two = [trade(40, 50, 3), trade(60, 75, -2)];

describe('sameWork', () => {
  it('takes equal work', () => {
    expect(sameWork(work(two), work(two), never)).toEqual({ trades: 2, equity: 0, maxDrawdown: 0, fees: 0, atTies: 0 });
  });

  it.each([
    ['a trade more', work([...two, trade(80, 90, 1)])],
    ['a trade a bar later', work([two[0]!, trade(61, 75, -2)])],
    ['another equity', { ...work(two), equity: 1e7 + 1.02 }],
    ['another drawdown', { ...work(two), maxDrawdown: 0.0100001 }],
    ['other fees', { ...work(two), fees: 1.7 }],
    ['no number', { ...work(two), equity: Number.NaN }],
  ])('refuses %s', (_, other) => {
    expect(() => sameWork(other, work(two), never)).toThrow(/one side alone|is .* here and .* there/);
  });

  it('takes a trade that differs at a tie, and compares the rest without it', () => {
    const later = work([two[0]!, trade(61, 75, -2.5)]);
    const isTie = (bar: number): boolean => bar === 60 || bar === 61;
    expect(sameWork(later, work(two), isTie).atTies).toBe(2);
    expect(() => sameWork({ ...later, equity: later.equity + 1 }, work(two), isTie)).toThrow('equity');
  });
});

describe('isAverageTie', () => {
  it('finds averages that are equal in cents, though not in doubles', () => {
    const columns = sharedColumns(64);
    columns.close.fill(100.1);
    expect(isAverageTie(columns)(40)).toBe(true);
    for (let bar = 35; bar < 64; bar += 1) columns.close[bar] = 100.11;
    expect(isAverageTie(columns)(40)).toBe(false);
  });
});
