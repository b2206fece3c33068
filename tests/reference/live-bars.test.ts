import { describe, expect, it } from 'vitest';
import { readCandleFile } from '#core/data/candle-file.ts';
import { LiveBars } from '#core/data/live-bars/live-bars.ts';
import { readTickFile } from '#core/data/tick-file.ts';
import type { Bar } from '#core/model/bar.ts';
import { barsOf } from '#core/model/columns.ts';
import { timeframeOfStep } from '#core/model/timeframe.ts';
import { Xoshiro128 } from '#core/model/xoshiro128.ts';
import { hasSharedData, sharedPath } from './shared-data.ts';

describe.skipIf(!hasSharedData)('recorded trades (../shared/data/ticks) that come live, late, in disorder and twice', () => {
  it.each([
    ['1m', 60_000],
    ['5m', 300_000],
  ] as const)("make freqtrade's %s candles of XRP/ETH, to the last bit", (name, stepMs) => {
    const timeframe = timeframeOfStep(stepMs)!;
    const { ticks } = readTickFile(sharedPath('ticks/binance_XRP-ETH_20191011.aggtrades.csv.gz'));
    const random = Xoshiro128.fromSeed(1);
    const latenessMs = 20_000;
    const trades = Array.from(ticks.time, (time, id) => ({ id, time, price: ticks.price[id]!, qty: ticks.qty[id]! }));
    const arrivals = trades
      .flatMap((trade) => [trade, ...(trade.id % 7 === 0 ? [trade] : [])])
      .map((trade) => ({ trade, at: trade.time + random.nextUnit() * latenessMs }))
      .toSorted((a, b) => a.at - b.at);
    expect(arrivals.some(({ trade }, at) => at > 0 && trade.id < arrivals[at - 1]!.trade.id)).toBe(true);
    const bars: Bar[] = [];
    const notes: unknown[] = [];
    const live = new LiveBars({ timeframe, latenessMs, onBar: (bar) => void bars.push(bar), onNote: (note) => void notes.push(note) });
    for (const { trade, at } of arrivals) live.addTrade(trade, at - 12_345_678);
    live.passTime(Infinity);
    expect(bars).toEqual(barsOf(readCandleFile(sharedPath(`candles/binance_XRP-ETH_${name}.csv.gz`)).columns));
    expect(notes).toEqual([]);
  });
});
