import { describe, expect, test } from 'vitest';
import { fillsOf } from '#core/engine/log-rows.ts';
import { runReference } from './run-reference.ts';
import { hasSharedData, sharedJson } from './shared-data.ts';

interface Reference {
  readonly fills: readonly { readonly bar: number; readonly side: 'buy' | 'sell'; readonly size: number; readonly price: number }[];
  readonly trades: readonly { readonly entry_bar: number; readonly exit_bar: number; readonly entry_price: number; readonly pnl: number }[];
  readonly values: readonly number[];
  readonly final_value: number;
}

const SOURCE = `strat 1
strategy "Price crosses its average, of backtrader"
trade ESTX50/EUR on 1d side long
let average = sma(close, 15)
enter long when close crosses above average
exit long when close crosses below average
size 1 ESTX50
`;

describe.skipIf(!hasSharedData)('runs of backtrader (../shared/data)', () => {
  test('estx50_2006_sma15 is reproduced fill by fill and trade by trade', async () => {
    const reference = sharedJson('backtests/backtrader/estx50_2006_sma15.json') as Reference;
    const { document, outcome } = await runReference({
      source: SOURCE,
      candles: 'candles/eurex-bt2006_ESTX50-EUR_1d.csv.gz',
      capital: 10_000,
      feeRate: 0,
      conventions: { warmup: 'first' },
    });
    expect(fillsOf(outcome.log).map(({ bar, qty, price }) => ({ bar, qty, price }))).toEqual(
      reference.fills.map((fill) => ({ bar: fill.bar, qty: fill.size, price: fill.price })),
    );
    const closed = document.trades.filter((trade) => trade.exitTime !== null);
    expect(closed.map((trade) => trade.entryPrice)).toEqual(reference.trades.map((trade) => trade.entry_price));
    for (const [index, trade] of reference.trades.entries()) expect(closed[index]!.profit).toBeCloseTo(trade.pnl, 9);
    expect(outcome.equity.at(-1)).toBeCloseTo(reference.final_value, 6);
  });
});
