import { describe, expect, it } from 'vitest';
import { readCandleFile } from '#core/data/candle-file.ts';
import { innerTicks } from '#core/data/inner-ticks.ts';
import { readTickFile } from '#core/data/tick-file.ts';
import { firstInner, type InnerBars } from '#core/model/inner-bars.ts';
import { hasSharedData, sharedPath } from './shared-data.ts';

const decided = (inner: InnerBars): number => inner.ends.filter((end, bar) => firstInner(inner, bar) < end).length;

describe.skipIf(!hasSharedData)('recorded trades and quotes', () => {
  it.each([
    ['1m', 2469],
    ['5m', 706],
  ])("make up every %s bar that freqtrade made of Binance's trades", (timeframe, bars) => {
    const candles = readCandleFile(sharedPath(`candles/binance_XRP-ETH_${timeframe}.csv.gz`));
    const { ticks, market } = readTickFile(sharedPath('ticks/binance_XRP-ETH_20191011.aggtrades.csv.gz'));
    expect([ticks.kind, ticks.time.length, market?.name]).toEqual(['trades', 12_477, 'XRP/ETH']);
    const inner = innerTicks(candles, ticks, 'trades');
    expect([candles.rows, decided(inner), inner.time.length]).toEqual([bars, bars, 12_477]);
    // Volumes are summed in another order there.
    const first = inner.volume.subarray(0, inner.ends[0]).reduce((sum, qty) => sum + qty, 0);
    expect(first).toBeCloseTo(candles.columns.volume[0]!, 6);
  });

  it.each([
    // The first of the day opened with a quote of the day before.
    ['20140502', 49_341, 20],
    ['20140508', 87_833, 24],
  ])("make up the hours that LEAN made of OANDA's quotes of %s", (day, quotes, hours) => {
    const candles = readCandleFile(sharedPath('candles/oanda_EUR-USD_1h.csv.gz'));
    const { ticks } = readTickFile(sharedPath(`ticks/oanda_EUR-USD_${day}.ticks.csv.gz`));
    expect([ticks.kind, ticks.time.length]).toEqual(['quotes', quotes]);
    const inner = innerTicks(candles, ticks, 'quotes');
    expect(decided(inner)).toBe(hours);
    expect(inner.ask.every((ask, at) => ask >= inner.open[at]!)).toBe(true);
  });

  it.each([
    'binance-spot_BTC-USDT_20240808.bookticker',
    'binance-spot_BTC-USDT_20240808.trades',
    'binance-usdm_BTC-USDT_20240808.bookticker',
    'binance-usdm_BTC-USDT_20240808.trades',
    'binance_BTC-USDT_20210108.quotes',
    'binance_BTC-USDT_20210108.trades',
    'binance_FXS-USDT_20231117.trades',
    'tardis_bitmex_trades_XBTUSD',
    'truefx_USD-JPY_ticks_20130101',
  ])('are read as their venues and vendors write them: %s', (name) => {
    const { ticks } = readTickFile(sharedPath(`ticks/${name}.csv.gz`));
    expect(ticks.kind).toBe(/trades/.test(name) ? 'trades' : 'quotes');
    expect(ticks.time[0]).toBeGreaterThan(Date.UTC(2013, 0, 1));
    expect(ticks.time.length).toBeGreaterThan(9);
  });
});
