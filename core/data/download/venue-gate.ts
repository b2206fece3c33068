import type { ClockPort } from '#core/ports/clock.ts';
import { VenueFault } from '#core/ports/venue-fault.ts';

export interface VenueGateOptions {
  readonly venue: string;
  readonly clock: ClockPort;
  /** From 0 up to 1; spreads pauses, so that many that were refused at once do not come back at once. */
  readonly random: () => number;
  /** First pause after a failure, ms; each further one is twice as long. */
  readonly retryMs: number;
  /** Longest pause that is waited for; a venue that wants a longer one is left for this time. */
  readonly patienceMs: number;
  /** Until when the venue had banned us when it was last asked, ms since the epoch; 0: it had not. */
  readonly bannedUntil: number;
  /** Remembers a ban, for the next time and for others. */
  readonly onBan: (untilMs: number) => void;
  /** Told to people: `binance: it has a fault (502), again in 2 s`. */
  readonly tell: (text: string) => void;
  /** What passes is waited for, however often it comes back: for who has nothing else to do. Left out: after some tries the venue is left. */
  readonly isEndless?: boolean;
  /** After each request: null when it was answered. */
  readonly onAnswer?: (fault: VenueFault | null) => void;
}

const MAX_PAUSE_MS = 60_000;
const MAX_TRIES = { busy: 12, banned: 3, maintenance: 6, unreachable: 7, garbled: 6 } as const;
type Passing = keyof typeof MAX_TRIES;

/** The way to one venue, for all who ask it: pauses that it wants hold everybody up, and what it refuses for good ends everybody's asking. */
export class VenueGate {
  readonly #options: VenueGateOptions;
  #quietUntil = 0;
  #closed: VenueFault | null = null;

  constructor(options: VenueGateOptions) {
    this.#options = options;
    const leftMs = options.bannedUntil - options.clock.now();
    if (leftMs > 0) this.#rest(leftMs, new VenueFault('banned', 'it has banned this address'));
  }

  /** Why the venue is not asked any more; null while it is. */
  get closed(): VenueFault | null {
    return this.#closed;
  }

  /**
   * Does a request until it is answered. A request that fails in passing is repeated.
   * @throws VenueFault that will not pass; whatever else the request throws
   */
  async ask<T>(request: () => Promise<T>, signal: AbortSignal): Promise<T> {
    const tries = { busy: 0, banned: 0, maintenance: 0, unreachable: 0, garbled: 0 };
    for (;;) {
      await this.#untilOpen(signal);
      try {
        const answer = await request();
        this.#options.onAnswer?.(null);
        return answer;
      } catch (error) {
        if (!(error instanceof VenueFault) || signal.aborted) throw error;
        const { kind } = error;
        this.#options.onAnswer?.(error);
        if (kind === 'refused' || kind === 'unsupported') throw error;
        if (kind === 'forbidden') throw this.#close(error);
        if (error.wasSent) tries[kind]++;
        if (tries[kind] >= MAX_TRIES[kind] && this.#options.isEndless !== true) throw kind === 'garbled' ? error : this.#close(error);
        await this.#afterFault(kind, error, Math.max(1, tries[kind]), signal);
      }
    }
  }

  async #afterFault(kind: Passing, fault: VenueFault, tries: number, signal: AbortSignal): Promise<void> {
    const { clock, venue, tell, onBan } = this.#options;
    const pauseMs = this.#pause(tries);
    // What the venue wants is the least; the spread comes on top.
    const waitMs = Math.max(pauseMs, (fault.waitMs ?? 0) + pauseMs * 0.1);
    if (kind === 'banned' && fault.wasSent) onBan(clock.now() + waitMs);
    if (kind === 'banned' || kind === 'busy' || kind === 'maintenance') {
      this.#rest(waitMs, fault);
      return;
    }
    tell(`${venue}: ${fault.message}, again in ${seconds(waitMs)}`);
    await clock.sleep(waitMs, signal);
  }

  /** Exponential, from half of it to all of it. */
  #pause(tries: number): number {
    return Math.min(MAX_PAUSE_MS, this.#options.retryMs * 2 ** (tries - 1)) * (0.5 + 0.5 * this.#options.random());
  }

  #rest(waitMs: number, fault: VenueFault): void {
    const { clock, patienceMs, venue, tell } = this.#options;
    if (waitMs > patienceMs) {
      const until = new Date(clock.now() + waitMs).toISOString();
      this.#close(new VenueFault(fault.kind, `${fault.message}, until ${until}`, { waitMs, cause: fault }));
      return;
    }
    const until = clock.steady() + waitMs;
    if (until <= this.#quietUntil) return;
    this.#quietUntil = until;
    tell(`${venue}: ${fault.message}, again in ${seconds(waitMs)}`);
  }

  #close(fault: VenueFault): VenueFault {
    this.#closed ??= fault;
    return this.#closed;
  }

  async #untilOpen(signal: AbortSignal): Promise<void> {
    for (;;) {
      if (this.#closed !== null) throw this.#closed;
      if (signal.aborted) throw new VenueFault('unreachable', 'it was not waited for');
      const leftMs = this.#quietUntil - this.#options.clock.steady();
      if (leftMs <= 0) return;
      await this.#options.clock.sleep(leftMs, signal);
    }
  }
}

const seconds = (ms: number): string => (ms < 950 ? `${Math.round(ms)} ms` : `${Math.ceil(ms / 1000)} s`);
