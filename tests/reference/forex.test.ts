import { expect, test } from 'vitest';
import { fillsOf } from '#core/engine/log-rows.ts';
import { loadAsk } from '#core/runtime/ask-data.ts';
import { backtest, DEFAULT_LIMITS } from '#core/runtime/backtest.ts';
import { loadMarketData } from '#core/runtime/market-data.ts';
import { prepareStrategy } from '#core/runtime/prepare-strategy.ts';
import { createCompiler } from '#dsl/compile.ts';
import { runReference } from './run-reference.ts';
import { hasSharedData, sharedPath } from './shared-data.ts';

const SOURCE = `strat 1
strategy "both sides"
trade EUR/USD on 1h side both
enter long when close crosses above sma(close, 24)
enter short when close crosses below sma(close, 24)
size 50% of equity
stop 20 pips
take at 60 pips
timeout 60 bars
`;

test.skipIf(!hasSharedData)('every fill on bid and ask of Oanda lies on its side (../shared/data)', async () => {
  const settings = { capital: 10_000, feeRate: 0, slippageRate: 0, swapLong: 0.02, swapShort: -0.005 };
  const prepared = prepareStrategy(createCompiler(), SOURCE, 'oanda.strat', settings);
  if (!prepared.ok) throw new Error(prepared.error.map(({ code, message }) => `${code} ${message}`).join('\n'));
  const { markets, timeframe } = prepared.value.program;
  const request = { data: [sharedPath('candles/oanda_EUR-USD_1h.csv.gz')], timeframe: null, from: null, to: Date.UTC(2008, 6, 1) };
  const bid = loadMarketData({ file: 'oanda.strat', markets, timeframe }, request);
  const ask = loadAsk(sharedPath('candles/oanda-ask_EUR-USD_1h.csv.gz'), bid);
  expect(ask.warnings).toEqual([]);
  const { outcome, document } = await backtest(prepared.value, { ...bid, ask }, DEFAULT_LIMITS, {});
  const fills = fillsOf(outcome.log);
  expect(fills.length).toBeGreaterThan(200);
  const outside = fills.filter(({ bar, qty, price }) => {
    const { low, high } = qty > 0 ? ask.columns : bid.columns;
    return price < low[bar]! || price > high[bar]!;
  });
  expect(outside).toEqual([]);
  // Longs pay and shorts earn less: what was paid is no more than all longs for all nights would have.
  const { swap } = document.metrics;
  expect(swap).toBeGreaterThan(0);
  expect(swap).toBeLessThan(2 * 0.02 * 10_000);
});

const SHORT = `strat 1
strategy "short over the weekend"
trade EUR/USD on 1h side short
enter short when weekday == fri and hour == 15 and bar_index < 100
size 10% of equity
stop 50 pips
`;

test.skipIf(!hasSharedData)(
  'weekend gap: the stop of a short fills at the open of the Sunday of the French election, not at its level (../shared/data)',
  async () => {
    const { outcome, document } = await runReference({
      source: SHORT,
      candles: 'candles/fx-btpy_EUR-USD_1h.csv.gz',
      capital: 10_000,
      feeRate: 0,
      conventions: {},
    });
    const [entry, exit] = fillsOf(outcome.log);
    expect(document.trades[0]).toMatchObject({ exitReason: 'stop', exitTime: '2017-04-23T21:00:00.000Z' });
    expect(exit!.price).toBe(outcome.columns.open[exit!.bar]);
    // More than a hundred pips beyond the level.
    expect(exit!.price).toBeGreaterThan(entry!.price + 0.015);
  },
);
