import { NO_REVIEW, type OrderReview } from '#core/engine/trading/order-review.ts';
import type { Fill } from '#core/engine/log-rows.ts';
import type { BotClock } from '../feeds/bot-clock.ts';
import type { Pacer } from '../feeds/pacer.ts';
import type { JournalEntry } from '../journal/journal-file.ts';
import { barData, decisionData, logData } from '../journal/journal-record.ts';
import { recordReview } from '../journal/review-record.ts';
import { LoopMarket } from './loop-market.ts';
import type { PaperStrategy } from './open-paper-strategy.ts';
import type { PaperEvent } from './paper-event.ts';

export interface PaperLoopOptions {
  readonly clock: BotClock;
  /** Of each market. */
  readonly pacers: readonly Pacer[];
  /** Steps after which the loop ends, counted from the first; Infinity: with the feeds. */
  readonly stopAfter: number;
  readonly limits: { readonly memoryMb: number; readonly timeoutMs: number };
  readonly signal: AbortSignal;
  /** What a person and the risk rules make of the orders of a decision; by the markets that have a bar; without it all go out. `taken` is called when the decision is in the journal. */
  readonly gate?: () => { readonly reviews: readonly OrderReview[]; readonly taken: () => void };
  readonly onEvent: (event: PaperEvent) => void;
}

/** The window of columns that a strategy keeps takes 2.5 MB for the longest look-back that the language allows. */
export const RUNNER_LIMITS = { memoryMb: 64, timeoutMs: 2000 } as const;

/** How a loop ended: at the end of its feed (or `stopAfter`), or because it was told to. */
export interface PaperEnd {
  readonly reason: 'finished' | 'stopped';
  /** Bars on which the strategy gave no decision since this start. */
  readonly undecided: number;
}

/** Records that no order depends on may wait so long for their fsync. */
const SYNC_MS = 250;

/**
 * One strategy on paper: bars, engine, decisions, journal, until the feeds end or the signal aborts. Runs beside the loops of
 * other strategies; nothing it waits for holds them up. A step is all markets that have a bar opening at a moment.
 *
 * Order of writes: bars that filled something, with their fills, before they are told; any others in one write with the decision on them: lost
 * with the process they come again from the feeds, as they were. A decision with what was made of its orders before anything of it is told, and when something
 * waits for the market, on the disk before any bar can fill it.
 * @throws StratError FILE_UNWRITABLE when the journal cannot be written: nothing is traded past that point
 */
export async function runPaperLoop(strategy: PaperStrategy, options: PaperLoopOptions): Promise<PaperEnd> {
  const { account, record } = strategy;
  const markets = strategy.markets.map((_, market) => new LoopMarket(strategy, market, options));
  let closed: Promise<unknown> | null = null;
  const closeRunners = async (): Promise<void> => {
    closed ??= Promise.all(markets.map(async (market) => market.close()));
    await closed;
  };
  const onAbort = (): void => void closeRunners();
  options.signal.addEventListener('abort', onAbort, { once: true });
  try {
    // A decision of a process that was killed may be in the file and not on the disk, and its orders fill on the next bar.
    await record.sync();
    const end = await new PaperLoop(strategy, options, markets).run();
    record.append([{ type: 'stop', data: { steps: account.steps, reason: end.reason } }]);
    await record.sync();
    return end;
  } finally {
    options.signal.removeEventListener('abort', onAbort);
    await closeRunners();
  }
}

class PaperLoop {
  readonly #strategy: PaperStrategy;
  readonly #options: PaperLoopOptions;
  readonly #markets: readonly LoopMarket[];
  #undecided = 0;
  /** Of the step at hand, by market. */
  #fills: readonly Fill[][] = [];
  /** Records that go with the next write. */
  #waiting: JournalEntry[] = [];
  #lastSync: number;

  constructor(strategy: PaperStrategy, options: PaperLoopOptions, markets: readonly LoopMarket[]) {
    this.#strategy = strategy;
    this.#options = options;
    this.#markets = markets;
    this.#fills = markets.map(() => []);
    this.#lastSync = options.clock.steady();
  }

  async run(): Promise<PaperEnd> {
    const { account } = this.#strategy;
    const { signal, stopAfter, pacers } = this.#options;
    while (!signal.aborted) {
      if (!account.awaitsDecision) {
        if (account.steps < stopAfter && this.#isAwaited) await this.#untilKnown();
        if (signal.aborted) break;
        const step = account.steps < stopAfter ? this.#nextStep() : [];
        if (step.length === 0) return { reason: 'finished', undecided: this.#undecided };
        await Promise.all(step.map(async ({ place }) => pacers[place]!.until(account.bars(place), signal)));
        if (signal.aborted) break;
        this.#open(step);
      }
      if (!(await this.#decide())) break;
    }
    return { reason: 'stopped', undecided: this.#undecided };
  }

  /** Waits until it is known which bars open next: the first one that comes, and what the others have at its moment. */
  async #untilKnown(): Promise<void> {
    const { signal } = this.#options;
    const first = (): number => Math.min(...this.#markets.map((market) => market.next()?.bar.time ?? Infinity));
    if (first() === Infinity) {
      const done = new AbortController();
      const any = AbortSignal.any([signal, done.signal]);
      try {
        await Promise.race(this.#markets.map(async (market) => market.known(Infinity, any)));
      } finally {
        done.abort();
      }
    }
    const openMs = first();
    await Promise.all(this.#markets.map(async (market) => market.next() === null && market.known(openMs, signal)));
    // One that came while others were waited for may open before.
    const at = first();
    await Promise.all(this.#markets.map(async (market) => market.knownBeside(at, signal)));
  }

  /** Markets whose next bar opens first; none when all feeds have ended. */
  #nextStep(): readonly LoopMarket[] {
    const times = this.#markets.map((market) => market.next()?.bar.time ?? Infinity);
    const first = Math.min(...times);
    return first === Infinity ? [] : this.#markets.filter((_, place) => times[place] === first);
  }

  #open(step: readonly LoopMarket[]): void {
    const { account } = this.#strategy;
    this.#fills = this.#markets.map(() => []);
    const bars = step.map(({ place, next }) => ({ market: place, index: account.bars(place), ...next()! }));
    const logs = account.openBars(
      this.#markets.map(({ place }) => {
        const one = bars.find(({ market }) => market === place);
        return one === undefined ? null : { ...one.bar, fundingRate: one.fundingRate };
      }),
    );
    this.#waiting.push({ type: 'bar', data: barData(bars, this.#isAlone) });
    this.#takeLogs(logs);
  }

  /** Decides on the last step; false when the loop was told to stop before there was a decision. */
  async #decide(): Promise<boolean> {
    const { account, record } = this.#strategy;
    const present = account.present.map((place) => this.#markets[place]!);
    const deciding = present.filter(({ isTraded }) => isTraded);
    const answers = await Promise.all(deciding.map(async (market) => ({ market, ...(await market.ask()) })));
    if (answers.some(({ isClosed }) => isClosed)) {
      this.#write();
      return false;
    }
    const gate = this.#options.gate?.();
    const decisions = answers.map(({ market: { place }, row, missing }, at) => {
      const { review, record: reviewed } = recordReview(gate?.reviews[at] ?? NO_REVIEW);
      return { market: place, index: account.bars(place) - 1, row, missing, review, reviewed };
    });
    const logs = account.takeDecisions(decisions);
    const records = decisions.map(({ reviewed, ...decision }) => ({ ...decision, review: reviewed() }));
    this.#waiting.push({ type: 'decision', data: decisionData(records, this.#isAlone) });
    for (const { market, review } of decisions) if (review.isFlatten) record.flattened(market);
    this.#write();
    const { steady } = this.#options.clock;
    if (account.hasNewOrders || steady() - this.#lastSync > SYNC_MS) {
      await record.sync();
      this.#lastSync = steady();
    }
    gate?.taken();
    for (const market of present) market.keepBar();
    this.#takeLogs(logs);
    for (const { market, row, missing } of answers) {
      if (missing !== null) this.#undecided += 1;
      market.tell(row, missing, this.#fills[market.place]!);
    }
    for (const leg of present) if (!leg.isTraded) leg.tell(null, null, []);
    if (record.isFull) await record.compact(account);
    return true;
  }

  get #isAwaited(): boolean {
    return this.#markets.some(({ isAwaited }) => isAwaited);
  }

  get #isAlone(): boolean {
    return this.#markets.length === 1;
  }

  #write(): void {
    this.#strategy.record.append(this.#waiting);
    this.#waiting = [];
  }

  /** Writes down log rows of the last step, takes them into the histories and tells of them. */
  #takeLogs(logs: readonly Float64Array[]): void {
    if (logs.every(({ length }) => length === 0)) return;
    this.#waiting.push({ type: 'log', data: logData(logs) });
    this.#write();
    const { account } = this.#strategy;
    const { time } = account.lastBar(account.latest)!;
    for (const [place, rows] of logs.entries()) this.#fills[place]!.push(...this.#markets[place]!.takeLog(rows, time));
  }
}
