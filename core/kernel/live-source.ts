import { LiveMarkets } from '#core/data/live-bars/live-markets.ts';
import type { LiveEvent, LiveSeries } from '#core/data/live-bars/live-series.ts';
import type { LiveVenue } from '#core/data/live-bars/live-venue.ts';
import { noteText } from '#core/data/live-bars/note-text.ts';
import { openSeriesStore } from '#core/data/store/open-series-store.ts';
import type { SeriesStore } from '#core/data/store/series-store.ts';
import { explainError } from '#core/errors/explain-error.ts';
import { isStratError, StratError } from '#core/errors/strat-error.ts';
import { nextOpen, parseTimeframe, type Timeframe } from '#core/model/timeframe.ts';
import type { BarFeedPort, FeedNews } from '#core/ports/bar-feed.ts';
import type { ClockPort } from '#core/ports/clock.ts';
import type { VenueHistories } from '#core/ports/exchange.ts';
import type { LiveBarsWish, LiveSourcePort } from '#core/ports/live-source.ts';
import { VenueFault } from '#core/ports/venue-fault.ts';

export interface LiveSourceOptions {
  /** Of the data store; null: there is none, and no live bars. */
  readonly dataFolder: string | null;
  readonly clock: ClockPort;
  readonly jitter: () => number;
  /** Aborts when the plugin is stopped. */
  readonly signal: AbortSignal;
}

/** Live bars for one plugin: all its feeds of a market share one series, and all series of a venue one way to it. */
export function liveSource({ dataFolder, clock, jitter, signal }: LiveSourceOptions): LiveSourcePort {
  let store: SeriesStore | null = null;
  const markets = new Map<string, LiveMarkets>();
  const marketsOf = (histories: VenueHistories, { latenessMs, isOfTrades }: LiveBarsWish, folder: string): LiveMarkets => {
    store ??= openSeriesStore(folder, { now: clock.now });
    const name = `${latenessMs} ${isOfTrades}`;
    const found = markets.get(name) ?? new LiveMarkets({ store, histories, clock, random: jitter, isOfTrades, latenessMs, signal });
    markets.set(name, found);
    return found;
  };
  const close = async (): Promise<void> => {
    await Promise.all([...markets.values()].map(async (one) => one.closed()));
    store?.close();
  };
  signal.addEventListener('abort', () => void close(), { once: true });
  return {
    open: async (histories, wish) => {
      const { venue, market } = wish;
      const timeframe = parseTimeframe(wish.timeframe);
      if (dataFolder === null || timeframe === null)
        throw new StratError('DATA_MISSING', {
          market,
          reason:
            timeframe === null ? `"${wish.timeframe}" is no timeframe` : 'live bars are recorded in a data store, and there is none here',
          hint: 'Trade them with "strat run"',
        });
      const live = marketsOf(histories, wish, dataFolder);
      const series = live.series(venue, market, timeframe);
      try {
        const from = wish.from ?? (await openAtEnd(series, live.venue(venue, market), wish.warmUpBars));
        if (wish.from !== null) await series.openAt(from);
        return new LiveFeed(series, live.venue(venue, market), wish, timeframe, from).port;
      } catch (error) {
        throw asMissing(error, wish);
      }
    },
  };
}

/** Who begins is told at once that the venue does not answer; who goes on waits for it. */
async function openAtEnd(series: LiveSeries, venue: LiveVenue, bars: number): Promise<number> {
  const away = Promise.withResolvers<never>();
  const refuse = (text: string): void => away.reject(new VenueFault('unreachable', text));
  if (venue.trouble !== null) refuse(venue.trouble.text);
  const forget = venue.onTrouble((trouble) => {
    if (trouble !== null) refuse(trouble.text);
  });
  try {
    return await Promise.race([series.openAtEnd(bars), away.promise]);
  } finally {
    forget();
  }
}

function asMissing(error: unknown, { venue, market }: Pick<LiveBarsWish, 'venue' | 'market'>): unknown {
  if (!(error instanceof VenueFault)) return error;
  const isLasting = error.kind === 'refused' || error.kind === 'unsupported' || error.kind === 'forbidden';
  const hint = isLasting ? 'Correct the strategy or the config' : 'Start again when it does';
  const reason = error.message.startsWith(`${venue} `) ? error.message : `${venue}: ${error.message}`;
  return new StratError('DATA_MISSING', { market, reason, hint }, { cause: error });
}

/** The bars of a live series from one on, as a feed. */
class LiveFeed {
  readonly port: BarFeedPort;
  readonly #series: LiveSeries;
  readonly #timeframe: Timeframe;
  readonly #market: string;
  readonly #venue: string;
  readonly #from: number;

  constructor(series: LiveSeries, venue: LiveVenue, { market }: LiveBarsWish, timeframe: Timeframe, from: number) {
    this.#series = series;
    this.#timeframe = timeframe;
    this.#market = market;
    this.#venue = venue.name;
    this.#from = from;
    this.port = {
      description: { kind: 'live', venue: venue.name, from },
      market,
      timeframe: timeframe.name,
      stepMs: timeframe.stepMs,
      rows: Infinity,
      isSynthetic: false,
      warnings: [],
      bar: (index) => this.#bar(index),
      due: async () => undefined,
      known: async (index, openMs, signal) => this.#known(index, openMs, signal),
      trouble: () => venue.trouble?.text ?? null,
      onNews: (listener) =>
        series.subscribe((event) => {
          const news = newsOf(event, venue.name);
          if (news !== null) listener(news);
        }),
    };
  }

  #bar(index: number): ReturnType<BarFeedPort['bar']> {
    return this.#series.tape.bar(this.#series.tape.rowAt(this.#from) + index);
  }

  async #known(index: number, openMs: number, signal: AbortSignal): Promise<void> {
    while (!signal.aborted) {
      if (this.#bar(index) !== null || nextOpen(this.#timeframe, openMs) <= this.#series.knownMs) return;
      const { failure } = this.#series;
      if (failure !== null) throw asMissing(failure.error, { venue: this.#venue, market: this.#market });
      await this.#series.changed(signal);
    }
  }
}

function newsOf(event: LiveEvent, venue: string): FeedNews | null {
  switch (event.type) {
    case 'bar':
      return null;
    case 'note':
      return { level: 'warning', text: noteText(event.note) };
    case 'trouble':
      return event.trouble === null
        ? { level: 'info', text: `${venue} answers again; what was missed comes out of its past` }
        : { level: 'warning', text: `${event.trouble.text}. It is asked on; nothing is decided until it answers, and nothing fills` };
    case 'failed':
      return {
        level: 'error',
        text: `there are no more bars: ${isStratError(event.error) ? explainError(event.error) : String(event.error)}`,
      };
    // no default
  }
}
