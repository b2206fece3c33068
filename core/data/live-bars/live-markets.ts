import { isInverse, parseMarket } from '#core/model/market.ts';
import type { Timeframe } from '#core/model/timeframe.ts';
import type { ClockPort } from '#core/ports/clock.ts';
import type { VenueHistories } from '#core/ports/exchange.ts';
import type { SeriesStore } from '../store/series-store.ts';
import { LiveSeries } from './live-series.ts';
import { LiveVenue } from './live-venue.ts';

export interface LiveMarketsOptions {
  readonly store: SeriesStore;
  readonly histories: VenueHistories;
  readonly clock: ClockPort;
  /** From 0 up to 1, for pauses. */
  readonly random: () => number;
  /** As of a series. */
  readonly isOfTrades?: boolean;
  readonly latenessMs: number;
  readonly patienceMs?: number;
  readonly signal: AbortSignal;
}

export const LATENESS_MS = 2000;
const PATIENCE_MS = 30_000;

/** Live series of any venues and markets: one of each, whoever asks for it, and one way to each venue. */
export class LiveMarkets {
  readonly #options: LiveMarketsOptions;
  readonly #venues = new Map<string, LiveVenue>();
  readonly #series = new Map<string, LiveSeries>();

  constructor(options: LiveMarketsOptions) {
    this.#options = options;
  }

  /** Nothing is asked yet. */
  series(venue: string, market: string, timeframe: Timeframe): LiveSeries {
    const { store, clock, random, isOfTrades = false, latenessMs, patienceMs = PATIENCE_MS, signal } = this.#options;
    const name = `${venue} ${market} ${timeframe.name}`;
    const series =
      this.#series.get(name) ??
      new LiveSeries({
        venue: this.venue(venue, market),
        store,
        market,
        timeframe,
        isOfTrades,
        latenessMs,
        patienceMs,
        clock,
        random,
        signal,
      });
    this.#series.set(name, series);
    return series;
  }

  /** Resolves when nothing goes on any more, which takes that the signal has aborted. */
  async closed(): Promise<void> {
    await Promise.all([...this.#series.values()].map(async (series) => series.closed()));
  }

  /** Some venues answer for each kind of their markets at an address of its own. */
  venue(venue: string, market: string): LiveVenue {
    const { histories, store, clock, random, signal } = this.#options;
    const kind = parseMarket(market)?.settle === null ? 'spot' : isInverse(market) ? 'inverse' : 'linear';
    const name = `${venue} ${kind}`;
    const found =
      this.#venues.get(name) ?? new LiveVenue({ venue, markets: [market], histories, storePath: store.path, clock, random, signal });
    this.#venues.set(name, found);
    return found;
  }
}
