import { currencyLedgerOf } from '#core/engine/currency-ledger.ts';
import { ledgerOf } from '#core/engine/ledger.ts';
import { bookingsOf, type Fill } from '#core/engine/log-rows.ts';
import { marketValuation } from '#core/engine/market-valuation.ts';
import { positionBooks } from '#core/engine/position-books.ts';
import type { BacktestResult } from '../backtest.ts';
import { isoTime } from '../backtest-document.ts';
import type { PreparedStrategy } from '../prepare-strategy.ts';
import { reasonTexts } from '../reason-texts.ts';
import type { MarketOutcome } from '../result-document.ts';

/** A position of a run, from flat to flat; times are opens of bars, ISO 8601 UTC. */
export interface RunPosition {
  readonly market: string;
  readonly side: 'long' | 'short';
  readonly setup: string | null;
  readonly entryTime: string;
  readonly entryPrice: number;
  /** All that was entered, base units. */
  readonly qty: number;
  /** What closed it, in parts where there were some; empty while open. */
  readonly exits: readonly { readonly time: string; readonly price: number; readonly qty: number; readonly reason: string }[];
  readonly isOpen: boolean;
  /** Exact decimal, costs included; what is open at the last close. */
  readonly profit: string;
}

/** A run with the strategy that made it. */
export interface DiffedRun {
  readonly result: BacktestResult;
  readonly prepared: PreparedStrategy;
}

/** The positions of a run in the order of their entries. */
export function runPositions({ result, prepared }: DiffedRun): readonly RunPosition[] {
  return marketsOf(result)
    .flatMap((one) => {
      const { market, columns, log, rates } = one;
      const told = positionBooks(
        bookingsOf(log, rates?.log),
        columns.close.at(-1) ?? Number.NaN,
        marketValuation(market),
        rates === undefined ? null : rates.close.at(-1)!,
      );
      const reasonOf = reasonTexts(prepared.program, market);
      const timeOf = ({ bar }: Fill): string => isoTime(columns.time[bar]!);
      return told.map(({ fills, side, isOpen, profit }): RunPosition => {
        const sign = side === 'long' ? 1 : -1;
        const entered = fills.filter(({ qty }) => Math.sign(qty) === sign);
        const opening = fills[0];
        return {
          market,
          side,
          setup: opening === undefined ? null : setupOf(prepared, opening),
          entryTime: opening === undefined ? '' : timeOf(opening),
          entryPrice: opening?.price ?? Number.NaN,
          qty: entered.reduce((sum, { qty }) => sum + Math.abs(qty), 0),
          exits: fills
            .filter(({ qty }) => Math.sign(qty) !== sign)
            .map((fill) => ({ time: timeOf(fill), price: fill.price, qty: Math.abs(fill.qty), reason: reasonOf(fill) ?? fill.kind })),
          isOpen,
          profit,
        };
      });
    })
    .toSorted((a, b) => (a.entryTime < b.entryTime ? -1 : a.entryTime > b.entryTime ? 1 : 0));
}

/** The net profit of a run by its books, exact. */
export function netProfitOf({ document, outcome }: BacktestResult): string {
  const markets = marketsOf({ document, outcome });
  const bookings = markets.map(({ log, rates }) => bookingsOf(log, rates?.log));
  const closes = markets.map(({ columns }) => columns.close.at(-1)!);
  const { capital } = document.settings;
  if (outcome.conversion === undefined)
    return ledgerOf(bookings, capital, marketValuation(document.data[0]?.market)).netProfitAt(...closes);
  const lastRates = markets.map(({ rates }) => rates!.close.at(-1)!);
  return currencyLedgerOf(bookings, capital, lastRates).netProfitAt(...closes);
}

function marketsOf({ document, outcome }: BacktestResult): readonly Omit<MarketOutcome, 'further'>[] {
  const { columns, fromIndex, log } = outcome;
  return outcome.markets ?? [{ market: document.data[0]!.market, columns, fromIndex, log }];
}

function setupOf({ program }: PreparedStrategy, { kind, rule }: Fill): string | null {
  const entry = kind === 'entry' ? program.entries[rule] : undefined;
  if (entry === undefined) return null;
  if (entry.setup !== null) return program.setups[entry.setup]!.name;
  return entry.basket === null ? null : program.baskets[entry.basket]!.name;
}
