import type { Columns } from '#core/model/columns.ts';
import { convertedTrades } from './converted-trades.ts';
import { exitReasonOf, FillMatcher, type Lot, type Match } from './fill-matcher.ts';
import { bookingsOf, type Fill } from './log-rows.ts';
import { marketValuation } from './market-valuation.ts';

/**
 * One exit fill, matched first in, first out against the entry fills of its position; or what is left open at the end.
 * Times are ms since the epoch: the open of the bar of the fill. Prices in quote per base.
 */
export interface TradeRow {
  /** 1 for the first position, counted from flat to flat. */
  readonly positionId: number;
  readonly market: string;
  /** Where several strategies share the account: the one that traded. */
  readonly strategy?: string;
  readonly side: 'long' | 'short';
  /** Name of the rule that opened the matched quantity; null = it has none. */
  readonly setup: string | null;
  readonly entryTime: number;
  /** Of several matched entry fills: the price at which all would have cost as much. */
  readonly entryPrice: number;
  /** Null while open. */
  readonly exitTime: number | null;
  readonly exitPrice: number | null;
  /** Base units, of an inverse perpetual dollars; above zero. */
  readonly qty: number;
  /** Of the entry in proportion to the quantity, and of the exit; in the account's currency. */
  readonly fees: number;
  /** Where the account is in another currency than the market: the account's for one of the quote when the position ended, or at the end while it is open. Money is the account's then. */
  readonly rate?: number;
  /** Funding and borrow while held, less what the venue bore of the loss; negative = received. */
  readonly carry: number;
  /** Net of `fees` and `carry`; null while open: an open position counts in equity only. */
  readonly profit: number | null;
  /** Percent points of what was entered; null while open. */
  readonly profitPct: number | null;
  /** Bars between entry and exit, or the last bar while open. */
  readonly bars: number;
  /** Worst move against the entry price while held, percent points, zero or more. */
  readonly mae: number;
  /** Best move in favour of the entry price while held, percent points, zero or more. */
  readonly mfe: number;
  /** What the rule that opened the position says of it; null = nothing. */
  readonly entryReason: string | null;
  /** What the exit rule says, else reverse, open or what closed it: exit, stop, trail, take, liquidation, ... */
  readonly exitReason: string;
}

/** What the numbers of a log stand for. */
export interface TradeNames {
  readonly market: string;
  /** Of several on one account. */
  readonly strategy?: string;
  /** By entry rule index. */
  readonly setups: readonly (string | null)[];
  /** What the rule behind a fill of kind `entry` or `exit` says of it; null = nothing. */
  readonly reasonOf: (fill: Fill) => string | null;
  /** `close`: a fill happens after its bar's range was seen, so that range does not count for it. Default `nextOpen`. */
  readonly fillAt?: 'nextOpen' | 'close';
  /** The account's currency for one of the quote: a row of the log, and at the end. Left out: they are the same. */
  readonly rates?: { readonly log: Float64Array; readonly last: number };
}

/**
 * The trades of a run's log, in the order of their exits, the open remainder last.
 * `mae` and `mfe` look at the highs and lows of the bars from the entry bar up to the one before the exit bar, and at the
 * exit price: what the exit bar did after the exit is not the trade's.
 * @param to index after the last bar of the run; default all of the columns
 */
export function tradesOf(log: Float64Array, columns: Columns, names: TradeNames, to: number = columns.time.length): TradeRow[] {
  const bookings = bookingsOf(log, names.rates?.log);
  const matcher = new FillMatcher(marketValuation(names.market));
  const excursions = new Excursions(columns, names.fillAt === 'close' ? 1 : 0);
  const rows: TradeRow[] = [];
  for (const [i, booking] of bookings.entries()) {
    if (booking.type === 'charge') {
      matcher.charge(booking);
      continue;
    }
    const next = bookings[i + 1];
    const match = matcher.take(booking, next?.type === 'fill' ? next : undefined);
    if (match !== null) rows.push(tradeRow(match, booking.bar, columns, names, excursions));
  }
  const open = matcher.open();
  if (open !== null) rows.push(tradeRow(open, to - 1, columns, names, excursions));
  return names.rates === undefined ? rows : convertedTrades(rows, bookings, names.rates.last);
}

/** The trades of several markets as one list: by their exits, what is open last, of equals in the order of the markets; positions numbered by their entries. */
export function joinTrades(markets: readonly (readonly TradeRow[])[]): TradeRow[] {
  const [only] = markets;
  if (markets.length === 1 && only !== undefined) return [...only];
  const all = markets.flatMap((rows, place) => rows.map((trade) => ({ trade, key: `${place} ${trade.positionId}` })));
  const entered = new Map<string, number>();
  for (const { trade, key } of all) entered.set(key, Math.min(entered.get(key) ?? Infinity, trade.entryTime));
  const numbers = new Map([...entered].toSorted((a, b) => a[1] - b[1]).map(([key], place) => [key, place + 1] as const));
  return all
    .map(({ trade, key }) => ({ ...trade, positionId: numbers.get(key)! }))
    .toSorted((a, b) => (a.exitTime ?? Infinity) - (b.exitTime ?? Infinity) || 0);
}

function tradeRow(match: Match, lastBar: number, columns: Columns, names: TradeNames, excursions: Excursions): TradeRow {
  const { positionId, side, lot, exit, qty, entryPrice, fees, carry, profit, profitPct } = match;
  const { high, low } = excursions.of(lot, exit, lastBar);
  const rise = Math.max(0, (high / entryPrice - 1) * 100);
  const fall = Math.max(0, (1 - low / entryPrice) * 100);
  return {
    positionId,
    market: names.market,
    ...(names.strategy === undefined ? {} : { strategy: names.strategy }),
    side,
    setup: names.setups[lot.entry.rule] ?? null,
    entryTime: columns.time[lot.entry.bar]!,
    entryPrice,
    exitTime: exit === null ? null : columns.time[lastBar]!,
    exitPrice: exit === null ? null : exit.price,
    qty,
    fees,
    carry,
    profit,
    profitPct,
    bars: lastBar - lot.entry.bar,
    mae: side === 'long' ? fall : rise,
    mfe: side === 'long' ? rise : fall,
    entryReason: names.reasonOf(match.opening),
    exitReason: exitReasonOf(match, names.reasonOf),
  };
}

interface Extremes {
  readonly high: number;
  readonly low: number;
}

/** Fills whose bar has not been seen to its end. */
const INSIDE_KINDS: ReadonlySet<string> = new Set(['stop', 'trail', 'liquidation']);

/** Highest and lowest prices while lots were held. Each bar is looked at once, however many partial exits there are. */
class Excursions {
  readonly #columns: Columns;
  /** 1 when a fill's own bar lies before it (fillAt close): ranges then count from the bar after the entry to the exit bar. */
  readonly #shift: number;
  readonly #seen = new Map<Lot, Extremes & { readonly to: number }>();

  constructor(columns: Columns, shift: number) {
    this.#columns = columns;
    this.#shift = shift;
  }

  of(lot: Lot, exit: Fill | null, lastBar: number): Extremes {
    // A stop fills inside its bar under either convention; a market fill at the close has seen all of it.
    const to = exit === null || exit.kind === 'delisting' ? lastBar + 1 : INSIDE_KINDS.has(exit.kind) ? lastBar : lastBar + this.#shift;
    const { high, low } = this.#scan(lot, to);
    return exit === null ? { high, low } : { high: Math.max(high, exit.price), low: Math.min(low, exit.price) };
  }

  /** Carries a lot's extremes on to the bars before `to`. */
  #scan(lot: Lot, to: number): Extremes {
    const { high: highs, low: lows } = this.#columns;
    const before = this.#seen.get(lot) ?? { high: -Infinity, low: Infinity, to: lot.entry.bar + this.#shift };
    let { high, low } = before;
    for (let i = before.to; i < to; i++) {
      if (highs[i]! > high) high = highs[i]!;
      if (lows[i]! < low) low = lows[i]!;
    }
    this.#seen.set(lot, { high, low, to: Math.max(to, before.to) });
    return { high, low };
  }
}
