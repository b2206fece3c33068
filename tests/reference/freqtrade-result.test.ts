import { describe, expect, test } from 'vitest';
import { readCandleFile } from '#core/data/candle-file.ts';
import { type AttributionRow, attributionOf } from '#core/engine/statistics/attribution.ts';
import { drawdownOf } from '#core/engine/statistics/drawdown.ts';
import { closedPositions, positionStatistics } from '#core/engine/statistics/positions.ts';
import type { TradeRow } from '#core/engine/trades.ts';
import { runReference } from './run-reference.ts';
import { hasSharedData, sharedJson, sharedPath } from './shared-data.ts';

interface StoredTrade {
  readonly pair: string;
  readonly stake_amount: number;
  readonly amount: number;
  readonly open_timestamp: number;
  readonly close_timestamp: number;
  readonly open_rate: number;
  readonly close_rate: number;
  readonly profit_abs: number;
  readonly exit_reason: string;
}

interface StoredGroup {
  readonly key?: string;
  readonly exit_reason?: string;
  readonly trades: number;
  readonly profit_total_abs: number;
}

interface StoredResult {
  readonly trades: readonly StoredTrade[];
  readonly starting_balance: number;
  readonly final_balance: number;
  readonly profit_factor: number;
  readonly max_drawdown_abs: number;
  readonly max_drawdown_account: number;
  readonly results_per_pair: readonly StoredGroup[];
  readonly exit_reason_summary: readonly StoredGroup[];
}

const CANDLES = 'candles/bittrex_ETH-BTC_5m.csv.gz';
const FEE = 0.0025;
/** Profits there are rounded to eight digits of a bitcoin, here and there. */
const CENT = 1e-8;

const rowOf = (trade: StoredTrade, place: number): TradeRow => ({
  positionId: place + 1,
  market: trade.pair,
  side: 'long',
  setup: null,
  entryTime: trade.open_timestamp,
  entryPrice: trade.open_rate,
  exitTime: trade.close_timestamp,
  exitPrice: trade.close_rate,
  qty: trade.amount,
  fees: 0,
  carry: 0,
  profit: trade.profit_abs,
  profitPct: (100 * trade.profit_abs) / trade.stake_amount,
  bars: 0,
  mae: 0,
  mfe: 0,
  entryReason: null,
  exitReason: trade.exit_reason,
});

describe.skipIf(!hasSharedData)('a stored result of freqtrade (../shared/data)', () => {
  const stored = hasSharedData
    ? (sharedJson('backtests/freqtrade/backtest-result.json.gz') as { readonly strategy: { readonly StrategyTestV3: StoredResult } })
        .strategy.StrategyTestV3
    : null;

  test('its trades of ETH/BTC: a target that falls with time is reached in the same bars, at the same price or at an open beyond it', async () => {
    const expected = stored!.trades.filter(({ pair }) => pair === 'ETH/BTC');
    const { columns } = readCandleFile(sharedPath(CANDLES));
    const barOf = new Map(Array.from(columns.time, (time, bar) => [time, bar]));
    const signals = expected.map((trade) => `bar_index == ${barOf.get(trade.open_timestamp)! - 1}`).join(' or ');
    /** Both fees paid, this share is left. */
    const target = (share: number): string => String((1 + share + FEE) / (1 - FEE));
    // 4 %, from 20 minutes on 2 %, from 30 on 1 %, from 40 on nothing; what is computed at a close acts on the bar after.
    const { document } = await runReference({
      source: `strat 1
strategy "freqtrade"
trade ETH/BTC on 5m side long
let held = position.bars + 1
let share = if held >= 8 then ${target(0)} else if held >= 6 then ${target(0.01)} else if held >= 4 then ${target(0.02)} else ${target(0.04)}
enter long when ${signals}
size 0.001 BTC
stop 10%
take at entry.price * share`,
      candles: CANDLES,
      capital: 0.01,
      feeRate: FEE,
      conventions: { warmup: 'first', limitFill: 'touch' },
    });
    const when = (time: number): string => new Date(time).toISOString();
    expect(document.trades.map(({ entryTime, exitTime, exitReason }) => [entryTime, exitTime, exitReason])).toEqual(
      expected.map((trade) => [when(trade.open_timestamp), when(trade.close_timestamp), 'take']),
    );
    let better = 0;
    for (const [place, { entryPrice, exitPrice }] of document.trades.entries()) {
      const { open_rate: openRate, close_rate: closeRate, close_timestamp: closed } = expected[place]!;
      const open = columns.open[barOf.get(closed)!]!;
      if (open > closeRate * (1 + 1e-9)) better += 1;
      expect(Math.abs(entryPrice / openRate - 1)).toBeLessThan(1e-12);
      expect(Math.abs(exitPrice! / Math.max(open, closeRate) - 1)).toBeLessThan(1e-12);
    }
    expect([document.trades.length, better]).toEqual([21, 5]);
  });

  test('its figures, from its trades', () => {
    const trades = stored!.trades.map(rowOf);
    const statistics = positionStatistics(closedPositions(trades));
    expect(statistics.tradeCount).toBe(179);
    expect(statistics.profitFactor).toBeCloseTo(stored!.profit_factor, 9);
    expect(statistics.expectancy! * 179).toBeCloseTo(stored!.final_balance - stored!.starting_balance, 12);
    const groups = (rows: readonly AttributionRow[]): readonly string[] =>
      rows.map(({ name, exits, profit }) => `${name} ${exits} ${(profit / CENT).toFixed(0)}`).toSorted();
    const told = (rows: readonly StoredGroup[]): readonly string[] =>
      rows
        .filter(({ key, trades: count }) => key !== 'TOTAL' && count > 0)
        .map((row) => `${row.key ?? row.exit_reason} ${row.trades} ${(row.profit_total_abs / CENT).toFixed(0)}`)
        .toSorted();
    const { market, exitReason } = attributionOf(trades);
    expect(groups(market)).toEqual(told(stored!.results_per_pair));
    expect(groups(exitReason)).toEqual(told(stored!.exit_reason_summary));
    // The account as it knows it: after the trades that closed at a moment.
    const moments = [...Map.groupBy(trades, ({ exitTime }) => exitTime!)].toSorted(([a], [b]) => a - b);
    let balance = stored!.starting_balance;
    const equity = Float64Array.from(moments, ([, closed]) => (balance += closed.reduce((sum, { profit }) => sum + profit!, 0)));
    const time = Float64Array.from(moments, ([moment]) => moment);
    const { maxMoney, maxShare } = drawdownOf(time, equity, 0, equity.length, stored!.starting_balance);
    expect(maxMoney).toBeCloseTo(stored!.max_drawdown_abs, 12);
    expect(maxShare).toBeCloseTo(stored!.max_drawdown_account, 9);
  });
});
