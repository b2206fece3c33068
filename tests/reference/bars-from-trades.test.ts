import { describe, expect, it } from 'vitest';
import { barsFromTrades } from '#core/data/bars-from-trades/bars-from-trades.ts';
import { readCandleFile } from '#core/data/candle-file.ts';
import { readTickFile } from '#core/data/tick-file.ts';
import { barsOf } from '#core/model/columns.ts';
import { parseTimeframe, type Timeframe } from '#core/model/timeframe.ts';
import { hasSharedData, sharedPath } from './shared-data.ts';

const of = (name: string): Timeframe => parseTimeframe(name) ?? expect.fail();

describe.skipIf(!hasSharedData)('bars of recorded trades (../shared/data/ticks) equal those of others', () => {
  it.each(['1m', '5m'])("freqtrade's %s candles of XRP/ETH, to the last bit", (timeframe) => {
    const { ticks } = readTickFile(sharedPath('ticks/binance_XRP-ETH_20191011.aggtrades.csv.gz'));
    const candles = readCandleFile(sharedPath(`candles/binance_XRP-ETH_${timeframe}.csv.gz`));
    const { columns } = barsFromTrades(ticks, { kind: 'time', timeframe: of(timeframe) });
    expect(barsOf(columns)).toEqual(barsOf(candles.columns));
  });

  it("Binance's own 5m bar of 2024-08-08 23:55, the one that the recording holds whole", () => {
    const { ticks } = readTickFile(sharedPath('ticks/binance-spot_BTC-USDT_20240808.trades.csv.gz'));
    const candles = readCandleFile(sharedPath('candles/binance_BTC-USDT_5m.csv.gz'));
    const at = Date.UTC(2024, 7, 8, 23, 55);
    const { columns } = barsFromTrades(ticks, { kind: 'time', timeframe: of('5m') });
    const bar = (bars: ReturnType<typeof barsOf>) => bars.find(({ time }) => time === at);
    const [found, official] = [bar(barsOf(columns)), bar(barsOf(candles.columns))];
    expect(found).toBeDefined();
    expect({ ...found, volume: found!.volume.toFixed(5) }).toEqual({ ...official, volume: official!.volume.toFixed(5) });
  });
});
