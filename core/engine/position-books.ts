import { Big } from 'big.js';
import { Ledger } from './ledger.ts';
import type { Booking, Fill } from './log-rows.ts';
import { LINEAR, type Valuation } from './valuation.ts';

/** What one position did to the account, from flat to flat. */
export interface PositionBooks {
  /** In order; the first opens it. */
  readonly fills: readonly Fill[];
  readonly side: 'long' | 'short';
  /** It was held at the end. */
  readonly isOpen: boolean;
  /** Exact, fees, funding and other costs included, what is open at the last close; in the account's currency, as decimal text. */
  readonly profit: string;
}

/**
 * The positions of a market, and what each earned. All of an account add up to the net profit of its books (Ledger, CurrencyLedger) to the last digit: they are made of the same bookings by the
 * same operations, and exact decimals do not mind in which order they are added.
 * @param bookings in order
 * @param close what is open is worth at the end, a price
 * @param lastRate of the account's currency for one of the quote, at the end; bookings have theirs. Left out: they are the same
 */
export function positionBooks(
  bookings: readonly Booking[],
  close: number,
  valuation: Valuation = LINEAR,
  lastRate: number | null = null,
): readonly PositionBooks[] {
  const positions: PositionBooks[] = [];
  let ledger = new Ledger(0, valuation);
  let fills: Fill[] = [];
  // As the books count: flat is where the doubles of the engine say so.
  let held = 0;
  const end = (isOpen: boolean, rate: number | null): void => {
    const profit = Big(ledger.netProfitAt(close));
    positions.push({
      fills,
      side: (fills[0]?.qty ?? 0) < 0 ? 'short' : 'long',
      isOpen,
      profit: (rate === null ? profit : profit.times(String(rate))).toFixed(),
    });
    ledger = new Ledger(0, valuation);
    fills = [];
  };
  for (const booking of bookings) {
    ledger.book(booking);
    if (booking.type === 'charge') continue;
    fills.push(booking);
    held += booking.qty;
    if (held === 0) end(false, lastRate === null ? null : (booking.rate ?? 1));
  }
  if (fills.length > 0 || ledger.cash !== '0') end(held !== 0, lastRate);
  return positions;
}

/** A sum of decimal texts, exact. */
export function exactSum(amounts: readonly string[]): string {
  return amounts.reduce((sum, amount) => sum.plus(amount), Big(0)).toFixed();
}

/** `b - a`, exact. */
export function exactDifference(a: string, b: string): string {
  return Big(b).minus(a).toFixed();
}
