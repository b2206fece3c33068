import { isInverse, parseMarket } from 'strat/model/market';
import { parseTimeframe } from 'strat/model/timeframe';
import type { ClockPort } from 'strat/ports/clock';
import type {
  BarKind,
  HistoryCan,
  MarketHistoryPort,
  TradesFrom,
  UncheckedBar,
  UncheckedFunding,
  UncheckedTrade,
  VenueInstrument,
  VenuePage,
} from 'strat/ports/market-history';
import { VenueFault } from 'strat/ports/venue-fault';
import { asVenueFault } from './as-venue-fault.ts';
import { at, instrumentsOf } from './instrument.ts';
import type { VenueSettings } from './schema.ts';
import { baseQuantity } from './base-quantity.ts';
import { fundingUntil } from './funding-until.ts';
import { type TradePaging, tradePaging } from './trade-paging.ts';
import type { CcxtVenue, CcxtVenueClass } from './venue-class.ts';
import { venueFetch } from './venue-fetch.ts';

export interface HistoryOptions {
  readonly venue: string;
  readonly venueClass: CcxtVenueClass;
  readonly settings: VenueSettings;
  /** Names of markets that will be asked for: some venues need another request for each kind of them. */
  readonly markets: readonly string[];
  readonly clock: Pick<ClockPort, 'now' | 'steady'>;
}

/** ccxt's word for precisions that are steps (base/functions/number.js). */
const TICK_SIZE = 4;
const DEADLINE_MS = 30_000;
const RETRY_MS = 1000;
const BARS = 500;
const MOST_BARS = 1000;
const RATES = 100;
/** Distance of rates at most venues. */
const RATE_MS = 8 * 3_600_000;

/** One venue of ccxt. All requests go through one instance, whose limiter spreads them by their weights. */
export class CcxtHistory implements MarketHistoryPort {
  readonly venue: string;
  readonly can: HistoryCan;
  readonly retryMs: number;
  readonly #ccxt: CcxtVenue;
  readonly #end = new AbortController();
  /** What ccxt calls the timeframes of strat. */
  readonly #timeframes: ReadonlyMap<string, string>;
  readonly #tradePaging: TradePaging;
  readonly #steady: () => number;
  /** What the last answer said in its `Date`, and when it came. */
  #date: { readonly dateMs: number; readonly steadyMs: number } | null = null;

  constructor({ venue, venueClass: VenueClass, settings, markets, clock }: HistoryOptions) {
    this.venue = venue;
    this.#steady = clock.steady;
    this.retryMs = settings.retryMs ?? RETRY_MS;
    this.#ccxt = new VenueClass({
      enableRateLimit: true,
      maxRetriesOnFailure: 0,
      // The deadline of the own fetch is the one that counts; this one is to come later.
      timeout: 2 * (settings.deadlineMs ?? DEADLINE_MS),
      ...(settings.rateLimit === undefined ? {} : { rateLimit: settings.rateLimit }),
      ...(settings.urls === undefined ? {} : { urls: settings.urls }),
      options: { ...marketKinds(venue, markets), ...settings.options },
      fetchImplementation: venueFetch({
        deadlineMs: settings.deadlineMs ?? DEADLINE_MS,
        signal: this.#end.signal,
        clock,
        onDate: (dateMs) => {
          this.#date = { dateMs, steadyMs: clock.steady() };
        },
      }),
    });
    this.#timeframes = new Map(
      Object.keys(this.#ccxt.timeframes ?? {}).flatMap((name) => {
        const known = parseTimeframe(name)?.name;
        return known === undefined ? [] : [[known, name] as const];
      }),
    );
    this.#tradePaging = tradePaging(this.#ccxt);
    const has = (name: string): boolean => this.#ccxt.has[name] === true || this.#ccxt.has[name] === 'emulated';
    this.can = {
      candles: has('fetchOHLCV'),
      mark: has('fetchMarkOHLCV'),
      index: has('fetchIndexOHLCV'),
      funding: has('fetchFundingRateHistory'),
      trades: has('fetchTrades'),
      timeframes: [...this.#timeframes.keys()],
      tradesByNumber: this.#tradePaging.isNumbered,
      tradesBackwards: this.#tradePaging.isBackwards,
    };
  }

  async time(signal: AbortSignal): Promise<unknown> {
    if (this.#ccxt.has['fetchTime'] !== true) return this.#date === null ? null : this.#date.dateMs + this.#steady() - this.#date.steadyMs;
    return this.#ask(signal, async () => this.#ccxt.fetchTime());
  }

  async instruments(signal: AbortSignal): Promise<ReadonlyMap<string, VenueInstrument>> {
    // ccxt keeps a first failure for ever unless it is told to load anew.
    return instrumentsOf(await this.#ask(signal, async () => this.#ccxt.loadMarkets(true)), this.#ccxt.precisionMode === TICK_SIZE);
  }

  async bars(
    kind: BarKind,
    market: string,
    timeframe: string,
    sinceMs: number,
    signal: AbortSignal,
    most = Infinity,
  ): Promise<VenuePage<UncheckedBar>> {
    const name = this.#timeframes.get(timeframe);
    const stepMs = parseTimeframe(timeframe)?.stepMs;
    if (name === undefined || stepMs === undefined) throw new VenueFault('unsupported', `it has no bars of ${timeframe}`);
    const limit = Math.min(this.#barLimit(kind, market), most);
    const price = kind === 'candles' ? {} : { price: kind };
    const rows = await this.#ask(signal, async () => this.#ccxt.fetchOHLCV(market, name, sinceMs, limit, price));
    return { rows: listOf(rows).map((row): UncheckedBar => (Array.isArray(row) ? row : [])), spanMs: limit * stepMs, limit };
  }

  async funding(market: string, sinceMs: number, untilMs: number | null, signal: AbortSignal): Promise<VenuePage<UncheckedFunding>> {
    const params = untilMs === null ? {} : fundingUntil(this.#ccxt, untilMs);
    const rows = await this.#ask(signal, async () => this.#ccxt.fetchFundingRateHistory(market, sinceMs, RATES, params));
    return {
      rows: listOf(rows).map((row) => ({ market: at(row, ['symbol']), time: at(row, ['timestamp']), rate: at(row, ['fundingRate']) })),
      spanMs: RATES * RATE_MS,
      limit: RATES,
    };
  }

  async trades(market: string, from: TradesFrom, signal: AbortSignal): Promise<VenuePage<UncheckedTrade>> {
    const { limit, spanMs, params } = this.#tradePaging;
    const asked = params(from);
    if (asked === null) throw new VenueFault('unsupported', 'it does not give trades in that way');
    const since = 'since' in from ? from.since : undefined;
    const rows = listOf(await this.#ask(signal, async () => this.#ccxt.fetchTrades(market, since, limit, asked)));
    const listed = at(this.#ccxt.markets, [market]);
    return {
      rows: rows.map((row) => ({
        market: at(row, ['symbol']),
        time: at(row, ['timestamp']),
        price: at(row, ['price']),
        qty: baseQuantity(listed, at(row, ['amount']), at(row, ['price'])),
        side: at(row, ['side']),
        id: at(row, ['id']),
      })),
      spanMs,
      limit,
    };
  }

  async close(): Promise<void> {
    this.#end.abort();
    await this.#ccxt.close().catch(() => undefined);
  }

  #barLimit(kind: BarKind, name: string): number {
    const market = parseMarket(name);
    const type =
      market === null || market.settle === null
        ? ['spot']
        : [market.expiry === null ? 'swap' : 'future', isInverse(name) ? 'inverse' : 'linear'];
    const own = at(this.#ccxt.features, [...type, 'fetchOHLCV', kind === 'candles' ? 'limit' : kind]);
    const limit = own ?? at(this.#ccxt.features, [...type, 'fetchOHLCV', 'limit']);
    return typeof limit === 'number' && limit >= 1 ? Math.min(limit, MOST_BARS) : BARS;
  }

  /** ccxt waits in its own queue, which knows nothing of signals. */
  async #ask<T>(signal: AbortSignal, request: () => Promise<T>): Promise<T> {
    const stopped = Promise.withResolvers<never>();
    const onAbort = (): void => stopped.reject(new VenueFault('unreachable', 'it was not waited for'));
    signal.addEventListener('abort', onAbort, { once: true });
    if (signal.aborted) onAbort();
    try {
      return await Promise.race([request(), stopped.promise]);
    } catch (error) {
      throw asVenueFault(error);
    } finally {
      signal.removeEventListener('abort', onAbort);
    }
  }
}

/** @throws VenueFault garbled */
function listOf(rows: unknown): readonly unknown[] {
  if (!Array.isArray(rows)) throw new VenueFault('garbled', 'its answer is no list');
  return rows;
}

/** Binance has a list of instruments a kind of market, the one of spot with 20 MB. */
function marketKinds(venue: string, markets: readonly string[]): Readonly<Record<string, unknown>> {
  if (venue !== 'binance' || markets.length === 0) return {};
  const types = new Set(markets.map((name) => (parseMarket(name)?.settle === null ? 'spot' : isInverse(name) ? 'inverse' : 'linear')));
  const defaultType = types.has('spot') ? {} : { fetchTime: { defaultType: types.has('linear') ? 'future' : 'delivery' } };
  return { fetchMarkets: { types: [...types] }, ...defaultType };
}
