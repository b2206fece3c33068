import type { VenueFault } from '#core/ports/venue-fault.ts';
import { DownloadRecords } from '../download/download-record.ts';
import { type LaneOptions, openLane, type VenueLane } from '../download/venue-lane.ts';
import { venueTime } from '../download/venue-time.ts';

/** The signal is the end of all that is asked. */
export interface LiveVenueOptions extends Pick<LaneOptions, 'venue' | 'markets' | 'histories' | 'clock' | 'random' | 'signal'> {
  /** Folder of the data store: bans are remembered beside it. */
  readonly storePath: string;
}

/** A venue that does not answer. */
export interface VenueTrouble {
  /** By the clock of this machine, ms since the epoch. */
  readonly sinceMs: number;
  /** `binance does not answer: the connection failed (ECONNREFUSED)` */
  readonly text: string;
}

/** An answer about the time counts for so long: markets whose bars end together ask once. */
const TIME_MS = 1000;
const AT_ONCE: ReadonlySet<VenueFault['kind']> = new Set(['busy', 'banned', 'maintenance']);
const ANSWERS: ReadonlySet<VenueFault['kind']> = new Set(['refused', 'unsupported']);

/** A venue that is asked without end: what passes is waited for, however long it takes, and whoever wants to know is told. */
export class LiveVenue {
  readonly name: string;
  readonly records: DownloadRecords;
  readonly #options: LiveVenueOptions;
  readonly #listeners = new Set<(trouble: VenueTrouble | null) => void>();
  #lane: Promise<VenueLane> | null = null;
  #time: { readonly venueMs: number; readonly steadyMs: number } | null = null;
  #asking: Promise<number> | null = null;
  #failedSinceMs: number | null = null;
  #trouble: VenueTrouble | null = null;

  constructor(options: LiveVenueOptions) {
    this.name = options.venue;
    this.#options = options;
    this.records = new DownloadRecords(options.storePath);
  }

  /** Null while it answers. */
  get trouble(): VenueTrouble | null {
    return this.#trouble;
  }

  /** Told when it stops answering, and with null when it answers again. */
  onTrouble(listener: (trouble: VenueTrouble | null) => void): () => void {
    this.#listeners.add(listener);
    return () => void this.#listeners.delete(listener);
  }

  /**
   * The way to it, with its list of markets; waits until there is one.
   * @throws VenueFault that will not pass, or that the signal has aborted
   */
  async lane(): Promise<VenueLane> {
    const { venue, markets, histories, clock, random, signal } = this.#options;
    this.#lane ??= openLane({
      venue,
      markets,
      histories,
      records: this.records,
      clock,
      random,
      patienceMs: Infinity,
      tell: () => undefined,
      signal,
      isEndless: true,
      onAnswer: (fault) => this.#note(fault),
    }).catch((error: unknown) => {
      this.#lane = null;
      throw error;
    });
    return this.#lane;
  }

  /** What its clock says at least, ms. @throws VenueFault as `lane` */
  async time(): Promise<number> {
    const { clock, signal } = this.#options;
    const { history, gate } = await this.lane();
    const known = this.#time;
    const sinceMs = known === null ? Infinity : clock.steady() - known.steadyMs;
    if (known !== null && sinceMs < TIME_MS) return known.venueMs + sinceMs;
    this.#asking ??= venueTime(history, gate, clock, signal).finally(() => {
      this.#asking = null;
    });
    const venueMs = await this.#asking;
    // It said so before it came here: from now on its clock says no less.
    this.#time = { venueMs, steadyMs: clock.steady() };
    return venueMs;
  }

  #note(fault: VenueFault | null): void {
    if (fault === null || ANSWERS.has(fault.kind)) {
      this.#failedSinceMs = null;
      if (this.#trouble !== null) this.#tell(null);
      return;
    }
    if (!fault.wasSent) return;
    const isFirst = this.#failedSinceMs === null;
    this.#failedSinceMs ??= this.#options.clock.now();
    // One failure alone is nothing that anybody has to know.
    if (this.#trouble !== null || (isFirst && !AT_ONCE.has(fault.kind))) return;
    this.#tell({ sinceMs: this.#failedSinceMs, text: `${this.name} gives no bars: ${fault.message}` });
  }

  #tell(trouble: VenueTrouble | null): void {
    this.#trouble = trouble;
    for (const listener of this.#listeners) listener(trouble);
  }
}
