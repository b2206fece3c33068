import type { Bar } from '#core/model/bar.ts';
import { barOpen, barsBetween, nextOpen, type Timeframe } from '#core/model/timeframe.ts';
import type { ClockPort } from '#core/ports/clock.ts';
import type { SeriesStore } from '../store/series-store.ts';
import { LiveBars, type LiveNote } from './live-bars.ts';
import { LiveTape } from './live-tape.ts';
import type { LiveVenue, VenueTrouble } from './live-venue.ts';
import { VenueCandles } from './venue-candles.ts';

/** Something that a live series tells. */
export type LiveEvent =
  /** It has ended, and is on the tape now; also of a time in which nobody recorded. */
  | { readonly type: 'bar'; readonly bar: Bar }
  | { readonly type: 'note'; readonly note: LiveNote }
  /** Null: the venue answers again. */
  | { readonly type: 'trouble'; readonly trouble: VenueTrouble | null }
  /** There will be no more bars: the venue refuses the market, the disk is full. */
  | { readonly type: 'failed'; readonly error: unknown };

export interface LiveSeriesOptions {
  readonly venue: LiveVenue;
  readonly store: SeriesStore;
  readonly market: string;
  readonly timeframe: Timeframe;
  /** Bars are made of trades, and compared with the candles; else they are the candles. */
  readonly isOfTrades: boolean;
  /** So long behind its end a candle counts as final, ms by the venue's clock. */
  readonly latenessMs: number;
  /** So much longer a candle is waited for that is not there. */
  readonly patienceMs: number;
  readonly clock: ClockPort;
  /** From 0 up to 1, for pauses. */
  readonly random: () => number;
  readonly signal: AbortSignal;
}

/** Of the bars that ended, so many are read again with each new one: venues correct the last ones. */
const OVERLAP = 10;
/** Further behind than that, the past is downloaded instead of read with the new bars. */
const MOST_BEHIND = 50;
/** Trades of so long ago are all there; those behind it may have company that is not told yet. */
const TRADES_MS = 10_000;
/** Longest sleep: then the venue is asked what time it is, so that it is known whether it answers. */
const HEARTBEAT_MS = 60_000;
const FIRST_PAUSE_MS = 500;
const MAX_PAUSE_MS = 10_000;

/**
 * The bars of one market of a venue as they close, by polling: each is asked for when it is over, with those before it. What comes first goes to the tape and is
 * told; the venue's last word goes to the series of candles, and a difference between both is told once. After an absence the bars in between come from the past.
 */
export class LiveSeries {
  readonly tape: LiveTape;
  readonly #options: LiveSeriesOptions;
  readonly #candles: VenueCandles;
  readonly #builder: LiveBars;
  readonly #latenessMs: number;
  readonly #listeners = new Set<(event: LiveEvent) => void>();
  readonly #waiting = new Set<() => void>();
  /** Bars that the builder has made and that are not on the tape yet. */
  #made: Bar[] = [];
  /** Trades from here on are not in a bar yet; of those that make bars. */
  #tradesMs = -Infinity;
  #knownMs = -Infinity;
  #failure: { readonly error: unknown } | null = null;
  #isBegun = false;
  #running: Promise<void> = Promise.resolve();
  #turn: Promise<unknown> = Promise.resolve();

  constructor(options: LiveSeriesOptions) {
    const { venue, timeframe } = options;
    this.#options = options;
    this.#candles = new VenueCandles(options);
    this.tape = new LiveTape(options.store, this.#candles.key);
    this.#latenessMs = options.isOfTrades ? Math.max(options.latenessMs, TRADES_MS) : options.latenessMs;
    this.#builder = new LiveBars({
      timeframe,
      latenessMs: this.#latenessMs,
      keptBars: OVERLAP,
      onBar: (bar) => void this.#made.push(bar),
      onNote: (note) => this.#tell({ type: 'note', note }),
    });
    const forget = venue.onTrouble((trouble) => this.#tell({ type: 'trouble', trouble }));
    options.signal.addEventListener('abort', forget, { once: true });
  }

  /** Bars that end by here are on the tape, those that there are; ms by the venue's clock. */
  get knownMs(): number {
    return this.#knownMs;
  }

  /** Why there will be no more bars; null while there may be. */
  get failure(): { readonly error: unknown } | null {
    return this.#failure;
  }

  subscribe(listener: (event: LiveEvent) => void): () => void {
    this.#listeners.add(listener);
    return () => void this.#listeners.delete(listener);
  }

  /**
   * Brings the tape up to date with at least `bars` bars on it, and begins to wait for new ones.
   * @returns the open of the first of the last `bars` bars; of the one that comes next when none is wanted
   * @throws VenueFault when the venue refuses or the signal has aborted; StratError of the store
   */
  async openAtEnd(bars: number): Promise<number> {
    const { timeframe } = this.#options;
    return this.#inTurn(async () => {
      await this.#candles.refuse();
      await this.#load();
      const settled = await this.#settledMs();
      const end = barOpen(timeframe, settled);
      let from = end;
      // Where bars are missing it takes more time to come to so many; a young market has not that many.
      for (let round = 0; round < 6; round++) {
        const missing = bars - (this.tape.count - this.tape.rowAt(from));
        if (missing <= 0 && round > 0) break;
        from = barOpen(timeframe, from - Math.max(0, missing) * timeframe.stepMs * (round === 0 ? 1 : 2));
        await this.#cover(from, end);
      }
      this.#begin();
      const row = this.tape.count - bars;
      return this.tape.bar(Math.max(0, row))?.time ?? end;
    });
  }

  /** The same for who goes on from a bar: nothing is asked when the tape has it, so the venue may be away. */
  async openAt(from: number): Promise<void> {
    if (this.#isBegun && (this.tape.first?.time ?? Infinity) <= from) return;
    await this.#inTurn(async () => {
      await this.#load();
      const { first } = this.tape;
      if (first === null || first.time > from) await this.#cover(from, barOpen(this.#options.timeframe, await this.#settledMs()));
      this.#begin();
    });
  }

  /** Resolves when nothing of it goes on any more, which takes that its signal has aborted. */
  async closed(): Promise<void> {
    await this.#turn;
    await this.#running;
  }

  async #inTurn<T>(work: () => Promise<T>): Promise<T> {
    const mine = this.#turn.then(work);
    this.#turn = mine.catch(() => undefined);
    return mine;
  }

  async #load(): Promise<void> {
    if (this.#isBegun) return;
    await this.tape.load();
    this.#recall();
  }

  #recall(): void {
    for (let row = Math.max(0, this.tape.count - OVERLAP); row < this.tape.count; row++) this.#builder.recall(this.tape.bar(row)!);
    this.#knownMs = this.#builder.endedMs;
  }

  #begin(): void {
    if (this.#isBegun) return;
    this.#isBegun = true;
    this.#running = this.#run();
  }

  /** What the venue's clock said so long ago that bars which ended then are final. */
  async #settledMs(): Promise<number> {
    return (await this.#options.venue.time()) - this.#latenessMs;
  }

  /** Puts the bars of `[from, end)` on the tape, with all between them and those that are there. */
  async #cover(from: number, end: number): Promise<void> {
    const { first, last } = this.tape;
    if (first !== null && from < first.time) {
      await this.#candles.download(from);
      await this.tape.prepend(await this.#candles.stored(from, first.time));
    }
    const behind = last === null ? from : last.time + 1;
    if (behind >= end) return;
    await this.#candles.download(last?.time ?? from);
    const fresh = await this.tape.append(await this.#candles.stored(behind, end));
    this.#recall();
    // Those of an absence; of a tape that begins they are the past.
    if (last !== null) for (const bar of fresh) this.#tell({ type: 'bar', bar });
  }

  async #run(): Promise<void> {
    const { venue, timeframe, clock, random, signal } = this.#options;
    let pauses = 0;
    try {
      await this.#candles.refuse();
      while (!signal.aborted) {
        const now = await venue.time();
        const due = (): number => nextOpen(timeframe, barOpen(timeframe, this.#builder.endedMs)) + this.#latenessMs;
        const isFirst = this.#builder.endedMs === -Infinity;
        if (isFirst || now >= due()) await this.#inTurn(async () => this.#poll(now));
        const waitMs = due() - now;
        pauses = waitMs > 0 ? 0 : pauses + 1;
        const pauseMs = Math.min(FIRST_PAUSE_MS * 2 ** (pauses - 1), MAX_PAUSE_MS, Math.max(100, timeframe.stepMs / 4));
        // Spread, so that bots that run alike do not ask at the same moment.
        const spread = 1 + 0.1 * random();
        await clock.sleep(
          waitMs > 0 ? Math.min(waitMs + Math.min(250, timeframe.stepMs / 20) * random(), HEARTBEAT_MS) : pauseMs * spread,
          signal,
        );
      }
    } catch (error) {
      if (signal.aborted) return;
      this.#failure = { error };
      this.#tell({ type: 'failed', error });
      this.#wake();
    }
  }

  /** Asks for the bars that are over, and for those before them. @param now what the venue's clock said before */
  async #poll(now: number): Promise<void> {
    const { timeframe } = this.#options;
    const builder = this.#builder;
    const end = barOpen(timeframe, now - this.#latenessMs);
    // Where there was no trade for long, what is known reaches further than the last bar.
    const reach = Math.max(this.tape.last?.time ?? end - timeframe.stepMs, builder.endedMs - 1);
    const from = barOpen(timeframe, barOpen(timeframe, reach) - (OVERLAP - 1) * timeframe.stepMs);
    const isFar = barsBetween(timeframe, barOpen(timeframe, reach), end) > MOST_BEHIND;
    if (isFar) await this.#candles.download(reach);
    const all = isFar ? await this.#candles.stored(from, end) : await this.#candles.ask(from, end, builder.endedMs);
    // What is before the tape was never live.
    const first = this.tape.first?.time ?? (this.#options.isOfTrades ? end : end - timeframe.stepMs);
    const bars = all.filter(({ time }) => time >= first);
    if (this.#options.isOfTrades && !isFar) await this.#takeTrades(bars, now);
    else this.#takeCandles(bars, now);
    const made = this.#made.splice(0);
    const taken = made.length === 0 ? [] : await this.tape.append(made);
    for (const bar of taken) if (!made.includes(bar)) builder.recall(bar);
    this.#knownMs = builder.endedMs;
    for (const bar of taken) this.#tell({ type: 'bar', bar });
    this.#wake();
    // Behind what waits for the bar: what is lost here with the process is read again with the next one.
    if (!isFar) await this.#candles.keep(all);
  }

  #takeCandles(bars: readonly Bar[], now: number): void {
    const { timeframe, patienceMs } = this.#options;
    for (const bar of bars) this.#builder.addCandle(bar);
    const newest = bars.at(-1);
    const upTo = Math.max(this.#builder.endedMs, newest === undefined ? -Infinity : nextOpen(timeframe, newest.time));
    // The bar behind the newest may be none, or late: that is known when the next one is there, or after a while.
    this.#builder.passTime(Math.min(now, Math.max(upTo + this.#latenessMs, now - patienceMs)));
    this.#tradesMs = this.#builder.endedMs;
  }

  /** Candles that differ from what their trades made are told; one without volume says that there was no trade. */
  async #takeTrades(bars: readonly Bar[], now: number): Promise<void> {
    const { timeframe } = this.#options;
    const builder = this.#builder;
    // Of a bar that has begun all trades are needed; those before it were the past's.
    if (builder.endedMs === -Infinity) builder.passTime(barOpen(timeframe, now - this.#latenessMs) + this.#latenessMs);
    this.#tradesMs = Math.max(this.#tradesMs, builder.endedMs);
    const trades = await this.#candles.trades(this.#tradesMs);
    for (const trade of trades) builder.addTrade(trade);
    const settledMs = now - this.#latenessMs;
    // Numbered trades that come again are known by their numbers; others are asked for once.
    this.#tradesMs = trades.every(({ id }) => !Number.isNaN(id))
      ? barOpen(timeframe, builder.endedMs)
      : Math.max(this.#tradesMs, settledMs);
    builder.passTime(now);
    for (const bar of bars) if (nextOpen(timeframe, bar.time) <= builder.endedMs && bar.volume > 0) builder.addCandle(bar);
  }

  /** Resolves when there is a bar more, when time has gone on without one, or when the series has failed; or when the signal aborts. */
  async changed(signal: AbortSignal): Promise<void> {
    if (signal.aborted || this.#failure !== null) return;
    const { promise, resolve } = Promise.withResolvers<void>();
    const wake = (): void => resolve();
    this.#waiting.add(wake);
    signal.addEventListener('abort', wake, { once: true });
    await promise;
    this.#waiting.delete(wake);
    signal.removeEventListener('abort', wake);
  }

  #wake(): void {
    for (const wake of this.#waiting) wake();
  }

  #tell(event: LiveEvent): void {
    for (const listener of this.#listeners) listener(event);
  }
}
