import type { UncheckedTrade } from '#core/ports/market-history.ts';
import { type CheckedPage, checkedTime, isIn, type PageLimits, PageFaults, shown, toRows } from './checked-page.ts';

const MIN_PRICE = 1e-15;
const MAX_PRICE = 1e15;
const MAX_QTY = 1e20;

interface Trade {
  readonly time: number;
  readonly price: number;
  readonly qty: number;
  readonly side: number;
  readonly id: number;
}

export interface TradeLimits extends PageLimits {
  /** Ids follow one another without a hole. */
  readonly isNumbered: boolean;
  /** The trade behind which was asked; null: by time. */
  readonly afterId: number | null;
}

/** Trades of this market, oldest first. */
export function checkTrades(given: readonly UncheckedTrade[], market: string, limits: TradeLimits): CheckedPage {
  const faults = new PageFaults();
  const trades: Trade[] = [];
  const ids = new Set<number>();
  let lastMs: number | null = null;
  for (const row of given) {
    const time = checkedTime(row.time, limits, faults);
    // Of numbered trades the earlier ones show that none is missing.
    if (time === null || (time < limits.sinceMs && !limits.isNumbered)) continue;
    if (time >= limits.sinceMs) lastMs = Math.max(lastMs ?? time, time);
    if (time >= limits.endMs) continue;
    const trade = checkedTrade(time, row, market, faults);
    if (trade === null || ids.has(trade.id)) continue;
    if (!Number.isNaN(trade.id)) ids.add(trade.id);
    trades.push(trade);
  }
  // Of one time, trades with numbers go by them: what sorts texts has put 10 before 9.
  if (trades.every(({ id }) => !Number.isNaN(id))) trades.sort((a, b) => a.id - b.id);
  const columns = {
    time: (trade: Trade) => trade.time,
    price: (trade: Trade) => trade.price,
    qty: (trade: Trade) => trade.qty,
    side: (trade: Trade) => trade.side,
    id: (trade: Trade) => trade.id,
  };
  if (!limits.isNumbered) return { rows: toRows(trades, columns), lastMs, lastId: null, faults: faults.texts };
  const whole = wholeRun(trades, limits, faults).filter(({ time }) => time >= limits.sinceMs);
  return { rows: toRows(whole, columns), lastMs, lastId: whole.at(-1)?.id ?? null, faults: faults.texts };
}

/** Numbered trades up to the first hole or step back in time: what is behind it is asked for again. */
function wholeRun(trades: readonly Trade[], { afterId }: TradeLimits, faults: PageFaults): readonly Trade[] {
  let last: { readonly id: number; readonly time: number } | null = afterId === null ? null : { id: afterId, time: -Infinity };
  for (const [index, { id, time }] of trades.entries()) {
    if (!Number.isNaN(id) && (last === null || (id === last.id + 1 && time >= last.time))) {
      last = { id, time };
      continue;
    }
    faults.add(last === null ? 'a trade without a number' : `trade ${id} behind trade ${last.id}`);
    return trades.slice(0, index);
  }
  return trades;
}

function checkedTrade(time: number, row: UncheckedTrade, market: string, faults: PageFaults): Trade | null {
  const at = (): string => new Date(time).toISOString();
  if (row.market !== market) faults.add(`a trade of ${shown(row.market)}`);
  else if (!isIn(row.price, MIN_PRICE, MAX_PRICE)) faults.add(`${shown(row.price)} as a price at ${at()}`);
  else if (!isIn(row.qty, Number.MIN_VALUE, MAX_QTY)) faults.add(`${shown(row.qty)} as a quantity at ${at()}`);
  else return { time, price: row.price, qty: row.qty, side: row.side === 'buy' ? 1 : row.side === 'sell' ? -1 : 0, id: numberOf(row.id) };
  return null;
}

/** An id that is a whole number that doubles hold exactly; NaN of any other. */
function numberOf(id: unknown): number {
  const value = typeof id === 'string' && /^\d{1,16}$/.test(id) ? Number(id) : id;
  return typeof value === 'number' && Number.isSafeInteger(value) ? value : NaN;
}
