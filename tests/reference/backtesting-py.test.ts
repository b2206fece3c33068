import { describe, expect, test } from 'vitest';
import type { Conventions } from '#core/engine/simulation-settings.ts';
import { near } from './near.ts';
import { runReference } from './run-reference.ts';
import { hasSharedData, sharedJson } from './shared-data.ts';

interface ReferenceTrade {
  readonly Size: number;
  readonly EntryPrice: number;
  readonly ExitPrice: number;
  readonly PnL: number;
  readonly Commission: number;
  readonly EntryTime: number;
  readonly ExitTime: number;
}

interface Reference {
  readonly trades: readonly ReferenceTrade[];
  readonly equity: readonly number[];
  readonly params: { readonly n1: number; readonly n2: number; readonly long_only?: boolean };
  readonly backtest: {
    readonly cash: number;
    readonly commission?: number;
    readonly finalize_trades?: boolean;
    readonly trade_on_close?: boolean;
  };
}

/**
 * backtesting.py buys whole units for all of the equity, commission included, sized at the fill: floor(equity / (price * (1 + c))). (The file speaks of
 * 0.9999 of the equity; with that one short of the run with commission would have one unit less than it has.) In strat an order for
 * all of the equity is cut to what the cash pays for, fee included, which is the same quantity.
 */
function sourceOf({ params }: Reference): string {
  const isLongOnly = params.long_only === true;
  return `strat 1
strategy "SMA cross of backtesting.py"
trade GOOG/USD on 1d side ${isLongOnly ? 'long' : 'both'}
let fast = sma(close, ${params.n1})
let slow = sma(close, ${params.n2})
long {
  enter when fast crosses above slow
  exit when fast crosses below slow
}
${isLongOnly ? '' : 'short {\n  enter when fast crosses below slow\n  exit when fast crosses above slow\n}'}
size 100% of equity
`;
}

function conventionsOf({ backtest }: Reference): Partial<Conventions> {
  return {
    sizeAt: 'fill',
    lot: 1,
    warmup: 'first',
    fillAt: backtest.trade_on_close === true ? 'close' : 'nextOpen',
    closeAtEnd: backtest.finalize_trades === true,
  };
}

describe.skipIf(!hasSharedData)('runs of backtesting.py (../shared/data)', () => {
  test.for([
    'goog_smacross_10_20_nocost',
    'goog_smacross_10_20_c002_exclusive',
    'goog_smacross_10_30_test',
    'goog_smacross_longonly_tradeonclose',
  ])('%s is reproduced trade by trade', async (name) => {
    const reference = sharedJson(`backtests/backtesting.py/${name}.json.gz`) as Reference;
    const { document, outcome } = await runReference({
      source: sourceOf(reference),
      candles: 'candles/us-btpy_GOOG-USD_1d.csv.gz',
      capital: reference.backtest.cash,
      feeRate: reference.backtest.commission ?? 0,
      conventions: conventionsOf(reference),
    });
    const closed = document.trades.filter((trade) => trade.exitTime !== null);
    expect(
      closed.map((trade) => ({
        size: trade.side === 'long' ? trade.qty : -trade.qty,
        entry: [Date.parse(trade.entryTime), trade.entryPrice],
        exit: [Date.parse(trade.exitTime!), trade.exitPrice],
      })),
    ).toEqual(
      reference.trades.map((trade) => ({
        size: trade.Size,
        entry: [trade.EntryTime, trade.EntryPrice],
        exit: [trade.ExitTime, trade.ExitPrice],
      })),
    );
    for (const [index, trade] of reference.trades.entries()) {
      expect(near(closed[index]!.profit!, trade.PnL), `profit of trade ${index}: ${closed[index]!.profit} and ${trade.PnL}`).toBe(true);
      expect(near(closed[index]!.fees, trade.Commission), `fees of trade ${index}`).toBe(true);
    }
    const lastEquity = reference.equity.at(-1)!;
    expect(near(outcome.equity.at(-1)!, lastEquity), `equity ${outcome.equity.at(-1)} and ${lastEquity}`).toBe(true);
  });
});

/** Half of the equity as margin of a twentieth of the value. Its spread is paid by entries alone; in strat either fill has half of it. */
const MARGIN = `strat 1
strategy "SMA cross of backtesting.py on margin"
trade EUR/USD on 1h side both
account { leverage 20 }
let fast = sma(close, 20)
let slow = sma(close, 60)
long {
  enter when fast crosses above slow
  exit when fast crosses below slow
}
short {
  enter when fast crosses below slow
  exit when fast crosses above slow
}
size 1000% of equity
`;

test.skipIf(!hasSharedData)(
  'eurusd_smacross_20_60_spread_margin: the same trades, but for where the spread is paid (../shared/data)',
  async () => {
    const reference = sharedJson('backtests/backtesting.py/eurusd_smacross_20_60_spread_margin.json.gz') as Reference & {
      readonly backtest: { readonly spread: number };
    };
    const { document, outcome } = await runReference({
      source: MARGIN,
      candles: 'candles/fx-btpy_EUR-USD_1h.csv.gz',
      capital: reference.backtest.cash,
      feeRate: 0,
      slippageRate: reference.backtest.spread / 2,
      maintenance: [{ from: 0, rate: 0 }],
      conventions: conventionsOf(reference),
    });
    const closed = document.trades.filter((trade) => trade.exitTime !== null);
    const times = closed.map((trade) => [trade.side, Date.parse(trade.entryTime), Date.parse(trade.exitTime!)]);
    expect(times).toEqual(reference.trades.map((trade) => [trade.Size > 0 ? 'long' : 'short', trade.EntryTime, trade.ExitTime]));
    const apart = (mine: number, theirs: number): number => Math.abs(mine / theirs - 1);
    let [size, price] = [0, 0];
    for (const [index, trade] of reference.trades.entries()) {
      size = Math.max(size, apart(closed[index]!.qty, Math.abs(trade.Size)));
      price = Math.max(price, apart(closed[index]!.entryPrice, trade.EntryPrice), apart(closed[index]!.exitPrice!, trade.ExitPrice));
    }
    expect(price).toBeLessThan(reference.backtest.spread * 0.501);
    expect(size).toBeLessThan(1e-4);
    expect(apart(outcome.equity.at(-1)!, reference.equity.at(-1)!)).toBeLessThan(1e-5);
  },
);
