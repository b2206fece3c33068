import type { Bar } from '#core/model/bar.ts';
import { barAt } from '#core/model/columns.ts';
import type { Timeframe } from '#core/model/timeframe.ts';
import { utcGrid } from '../bar-grid.ts';
import { barsFromTrades } from '../bars-from-trades/bars-from-trades.ts';
import { TradeLag } from './trade-lag.ts';

/** A trade as a venue tells it. */
export interface LiveTrade {
  /** The venue's number of it, rising; NaN = not known. */
  readonly id: number;
  /** When it happened by the venue's clock, ms. */
  readonly time: number;
  readonly price: number;
  /** Base units. */
  readonly qty: number;
}

/** Something about live data that somebody should know. */
export type LiveNote =
  /** A trade of a bar that has ended: it is in none. `later` is the bar as it would be with it, as a download will have it; null where its trades are no longer kept. */
  | { readonly kind: 'late-trade'; readonly trade: LiveTrade; readonly open: number; readonly live: Bar | null; readonly later: Bar | null }
  /** A number that was seen with other values: the first ones count. */
  | { readonly kind: 'other-trade'; readonly trade: LiveTrade; readonly first: LiveTrade }
  /** A candle of a venue that ended with other values before: those count that were told first. */
  | { readonly kind: 'revised-bar'; readonly open: number; readonly live: Bar; readonly later: Bar }
  /** A candle that the venue told for the first time when its bar was taken for none: it stays none. */
  | { readonly kind: 'late-bar'; readonly open: number; readonly later: Bar };

export interface LiveBarsOptions {
  readonly timeframe: Timeframe;
  /** How long behind the end of a bar its trades and corrections are waited for, ms by the venue's clock. */
  readonly latenessMs: number;
  /** Bars whose trades or candles are kept behind their end, so that late ones, repeated ones and corrections are known. */
  readonly keptBars?: number;
  /** A bar that has ended, oldest first. */
  readonly onBar: (bar: Bar) => void;
  readonly onNote: (note: LiveNote) => void;
}

/** A bar that is made, or was made: its trades, or the candle that a venue told. */
interface BarParts {
  readonly open: number;
  readonly end: number;
  readonly trades: LiveTrade[];
  candle: Bar | null;
}

const KEPT_BARS = 4;

/**
 * Makes bars of trades, or of the candles of a venue, as they come. The bar is that which history has: made by `barsFromTrades`, of the trades in the order of the venue (time, then number; of
 * equal ones without a number that in which they came), once its end is `latenessMs` ago. A bar without a trade is none.
 *
 * Time is the venue's alone: that of its newest trade, or what is told by `passTime`. So trades may come in any order; one that comes within `latenessMs` (of the newest) is in its bar.
 */
export class LiveBars {
  readonly #options: LiveBarsOptions;
  readonly #grid;
  readonly #lag = new TradeLag();
  /** By the open of the bar: those at hand, and the last ones that ended. */
  readonly #parts = new Map<number, BarParts>();
  readonly #made = new Map<number, Bar>();
  readonly #ids = new Map<number, LiveTrade>();
  /** Bars that end by here have ended. */
  #ended = -Infinity;
  /** Of bars that end by here nothing is kept. */
  #forgotten = -Infinity;
  #newest = -Infinity;
  #duplicates = 0;

  constructor(options: LiveBarsOptions) {
    this.#options = options;
    this.#grid = utcGrid(options.timeframe);
  }

  /** Trades that came more than once, which are in their bar once. */
  get duplicates(): number {
    return this.#duplicates;
  }

  /** @param receivedMs when it came, by the clock of this machine, whatever that says; left out: it is not used */
  addTrade(trade: LiveTrade, receivedMs?: number): void {
    if (receivedMs !== undefined) this.#lag.see(trade.time, receivedMs);
    const first = this.#ids.get(trade.id);
    if (first !== undefined) this.#repeat(trade, first);
    else if (this.#grid.end(trade.time) <= this.#ended) this.#late(trade);
    else this.#take(trade);
    this.#pass(trade.time);
  }

  /** A candle of the venue, closed or not; of one bar the last that comes before its end counts. What differs behind it is told once. */
  addCandle(candle: Bar): void {
    const open = this.#grid.open(candle.time);
    if (this.#grid.end(candle.time) <= this.#forgotten) return;
    const parts = this.#partsOf(candle.time);
    if (parts.end > this.#ended) {
      parts.candle = candle;
      this.#pass(candle.time);
      return;
    }
    const live = this.#made.get(open);
    const known = parts.candle ?? live;
    if (known !== undefined && isEqual(known, candle)) return;
    parts.candle = candle;
    this.#options.onNote(
      live === undefined ? { kind: 'late-bar', open, later: candle } : { kind: 'revised-bar', open, live, later: candle },
    );
  }

  /** A bar that was made before this builder was: it has ended, and is not told again. The oldest first. */
  recall(bar: Bar): void {
    const parts = this.#partsOf(bar.time);
    parts.candle = bar;
    this.#made.set(parts.open, bar);
    this.#ended = Math.max(this.#ended, parts.end);
  }

  /** Bars that end by here have ended, those that there were; ms by the venue's clock. */
  get endedMs(): number {
    return this.#ended;
  }

  /** The venue's clock says this: a market without trades ends its bars, too. */
  passTime(venueMs: number): void {
    this.#pass(venueMs);
  }

  /** The same by the clock of this machine, which may be wrong: less the least time that a trade took to come, so that it never runs ahead of the venue's. Without a trade that is not known. */
  passLocalTime(nowMs: number): void {
    this.#pass(this.#lag.venueTime(nowMs));
  }

  #take(trade: LiveTrade): void {
    this.#partsOf(trade.time).trades.push(trade);
    if (!Number.isNaN(trade.id)) this.#ids.set(trade.id, trade);
  }

  #repeat(trade: LiveTrade, first: LiveTrade): void {
    this.#duplicates++;
    const isSame = trade.time === first.time && trade.price === first.price && trade.qty === first.qty;
    if (!isSame) this.#options.onNote({ kind: 'other-trade', trade, first });
  }

  #late(trade: LiveTrade): void {
    const open = this.#grid.open(trade.time);
    const live = this.#made.get(open) ?? null;
    if (this.#grid.end(trade.time) <= this.#forgotten) {
      this.#options.onNote({ kind: 'late-trade', trade, open, live, later: null });
      return;
    }
    // Kept, so that a second late trade of the bar is told beside the first, and no trade twice.
    this.#take(trade);
    this.#options.onNote({ kind: 'late-trade', trade, open, live, later: barOf(this.#partsOf(open), this.#options.timeframe) });
  }

  #partsOf(time: number): BarParts {
    const open = this.#grid.open(time);
    const known = this.#parts.get(open);
    if (known !== undefined) return known;
    const parts = { open, end: this.#grid.end(time), trades: [], candle: null };
    this.#parts.set(open, parts);
    return parts;
  }

  #pass(venueMs: number): void {
    if (!(venueMs > this.#newest)) return;
    this.#newest = venueMs;
    const ended = venueMs - this.#options.latenessMs;
    const due = [...this.#parts.values()].filter(({ end }) => end > this.#ended && end <= ended).sort((a, b) => a.open - b.open);
    this.#ended = Math.max(this.#ended, ended);
    for (const parts of due) {
      const bar = barOf(parts, this.#options.timeframe);
      if (bar === null) continue;
      this.#made.set(parts.open, bar);
      this.#options.onBar(bar);
    }
    if (due.length > 0) this.#forget();
  }

  #forget(): void {
    const past = [...this.#parts.values()].filter(({ end }) => end <= this.#ended).sort((a, b) => a.open - b.open);
    for (const { open, end, trades } of past.slice(0, -(this.#options.keptBars ?? KEPT_BARS))) {
      this.#forgotten = end;
      this.#parts.delete(open);
      this.#made.delete(open);
      for (const { id } of trades) this.#ids.delete(id);
    }
  }
}

function barOf({ trades, candle }: BarParts, timeframe: Timeframe): Bar | null {
  if (trades.length === 0) return candle;
  const inOrder = trades.toSorted((a, b) => a.time - b.time || (a.id < b.id ? -1 : a.id > b.id ? 1 : 0));
  const of = (value: (trade: LiveTrade) => number): Float64Array => Float64Array.from(inOrder, value);
  const { columns } = barsFromTrades(
    { time: of(({ time }) => time), price: of(({ price }) => price), qty: of(({ qty }) => qty) },
    { kind: 'time', timeframe },
  );
  return barAt(columns, 0);
}

function isEqual(a: Bar, b: Bar): boolean {
  const isSame = a.open === b.open && a.high === b.high && a.low === b.low && a.close === b.close;
  return isSame && Object.is(a.volume, b.volume);
}
