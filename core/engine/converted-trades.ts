import type { Booking } from './log-rows.ts';
import type { TradeRow } from './trades.ts';

/**
 * Trades with their money in the account's currency: a position is converted when it ends, all of its exits at the rate of that moment; what is open is valued at
 * the last. Prices and quantities stay as they were.
 * @param bookings of the market, with their rates
 * @param lastRate at the end of the run
 */
export function convertedTrades(trades: readonly TradeRow[], bookings: readonly Booking[], lastRate: number): TradeRow[] {
  /** By position, counted from flat to flat. */
  const rates: number[] = [];
  let held = 0;
  for (const booking of bookings) {
    if (booking.type !== 'fill') continue;
    held += booking.qty;
    if (held === 0) rates.push(booking.rate ?? 1);
  }
  return trades.map((trade) => {
    const rate = rates[trade.positionId - 1] ?? lastRate;
    const { fees, carry, profit } = trade;
    return { ...trade, fees: fees * rate, carry: carry * rate, profit: profit === null ? null : profit * rate, rate };
  });
}
