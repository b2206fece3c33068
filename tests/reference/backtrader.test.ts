import { describe, expect, test } from 'vitest';
import { fillsOf } from '#core/engine/log-rows.ts';
import { runReference } from './run-reference.ts';
import { hasSharedData, sharedJson } from './shared-data.ts';

interface Reference {
  readonly fills: readonly { readonly bar: number; readonly side: 'buy' | 'sell'; readonly size: number; readonly price: number }[];
  readonly trades: readonly {
    readonly entry_bar: number;
    readonly exit_bar: number;
    readonly entry_price: number;
    readonly pnl: number;
    readonly pnlcomm: number;
  }[];
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

/** A contract of ten units, for a margin of 1000: less than a thirtieth of its value. Two a contract and side are 0.2 a unit. */
const FUTURES = SOURCE.replace('size 1 ESTX50', 'size 10 ESTX50\naccount { leverage 50 }');

test.skipIf(!hasSharedData)('estx50_2006_sma15_futures is reproduced fill by fill and trade by trade (../shared/data)', async () => {
  const reference = sharedJson('backtests/backtrader/estx50_2006_sma15_futures.json') as Reference;
  const { document, outcome } = await runReference({
    source: FUTURES,
    fee: { maker: 0, taker: 0, models: { perUnit: 0.2 } },
    candles: 'candles/eurex-bt2006_ESTX50-EUR_1d.csv.gz',
    capital: 10_000,
    feeRate: 0,
    maintenance: [{ from: 0, rate: 0 }],
    conventions: { warmup: 'first' },
  });
  expect(fillsOf(outcome.log).map(({ bar, qty, price }) => ({ bar, qty, price }))).toEqual(
    reference.fills.map((fill) => ({ bar: fill.bar, qty: 10 * fill.size, price: fill.price })),
  );
  const closed = document.trades.filter((trade) => trade.exitTime !== null);
  expect(closed).toHaveLength(11);
  for (const [index, trade] of reference.trades.entries()) expect(closed[index]!.profit).toBeCloseTo(trade.pnlcomm, 6);
  expect(outcome.equity.at(-1)!).toBeCloseTo(reference.final_value, 6);
});

const BRACKET = `strat 1
strategy "Bracket of backtrader"
trade NVDA/USD on 1d side long
let signal = close crosses above sma(close, 30)
enter long when signal
size 100 NVDA
stop at close * 0.95
take at value_when(signal and position.size == 0, close * 1.1)
`;

interface BracketFill {
  readonly bar: number;
  readonly type: 'Market' | 'Stop' | 'Limit';
  readonly size: number;
  readonly price: number;
}

describe.skipIf(!hasSharedData)('brackets of backtrader (../shared/data)', () => {
  test('nvda_bracket_5_10 is reproduced but for trades that end on the bar of their entry', async () => {
    const reference = sharedJson('backtests/backtrader/nvda_bracket_5_10.json') as { readonly fills: readonly BracketFill[] };
    const { outcome } = await runReference({
      source: BRACKET,
      candles: 'candles/us-yahoo_NVDA-USD_1d.csv.gz',
      capital: 10_000,
      feeRate: 0.001,
      conventions: { warmup: 'first', limitFill: 'touch' },
    });
    const kinds: Readonly<Record<string, string>> = { entry: 'Market', stop: 'Stop', take: 'Limit' };
    const shown = (kind: string, bar: number, size: number, price: number): string => `${bar} ${kind} ${size} ${price.toPrecision(7)}`;
    const ours = fillsOf(outcome.log).map(({ kind, bar, qty, price }) => ({ bar, text: shown(kinds[kind] ?? kind, bar, qty, price) }));
    const exitOf = new Map(ours.flatMap(({ text }, index) => (index % 2 === 0 ? [[text, ours[index + 1]] as const] : [])));
    const theirs = reference.fills.map(({ type, bar, size, price }) => ({ bar, text: shown(type, bar, size, price) }));
    const trades = theirs.flatMap((entry, index) => (index % 2 === 0 ? [{ entry, exit: theirs[index + 1] }] : []));
    // On bar 2459 the close is exactly the mean of 30 closes (8.63): not above it, but for the rounding of a sum.
    expect(trades.filter(({ entry }) => !exitOf.has(entry.text)).map(({ entry }) => entry.bar)).toEqual([2460]);
    // There the orders of a bracket wait for the bar after the entry, in strat they act from its own bar on.
    const found = trades.filter(({ entry }) => exitOf.has(entry.text));
    const other = found.filter(({ entry, exit }) => exitOf.get(entry.text)?.text !== exit?.text);
    expect(other.filter(({ entry }) => exitOf.get(entry.text)!.bar !== entry.bar)).toEqual([]);
    expect(trades.length - other.length).toBeGreaterThan(80);
  });
});
