import { nearest } from '#core/model/nearest-word.ts';
import type { ClockPort } from '#core/ports/clock.ts';
import type { VenueHistories } from '#core/ports/exchange.ts';
import type { MarketHistoryPort, VenueInstrument } from '#core/ports/market-history.ts';
import { VenueFault } from '#core/ports/venue-fault.ts';
import type { DownloadRecords } from './download-record.ts';
import { VenueGate } from './venue-gate.ts';

/** How many series of one venue are asked for side by side; its budget of requests is one in any case. */
const AT_ONCE = 3;

export interface LaneOptions {
  readonly venue: string;
  /** Those that it will be asked for. */
  readonly markets: readonly string[];
  readonly histories: VenueHistories;
  readonly records: DownloadRecords;
  readonly clock: ClockPort;
  /** From 0 up to 1, for pauses. */
  readonly random: () => number;
  readonly patienceMs: number;
  readonly tell: (text: string) => void;
  readonly signal: AbortSignal;
  /** As of its gate. */
  readonly isEndless?: boolean;
  readonly onAnswer?: (fault: VenueFault | null) => void;
}

/** A venue while it is asked: its list of markets, and places for those who ask. */
export interface VenueLane {
  readonly history: MarketHistoryPort;
  readonly gate: VenueGate;
  /** @throws VenueFault refused when the venue does not have it */
  readonly instrument: (market: string) => Promise<VenueInstrument>;
  /** Waits for a place, works, leaves it. */
  readonly inPlace: <T>(work: () => Promise<T>) => Promise<T>;
}

/** @throws VenueFault when the venue does not even list its markets */
export async function openLane(options: LaneOptions): Promise<VenueLane> {
  const { venue, markets, histories, records, clock, random, patienceMs, tell, signal } = options;
  const history = await histories.open(venue, markets);
  if (history === null) throw new VenueFault('unsupported', 'there is no such venue');
  const gate = new VenueGate({
    venue,
    clock,
    random,
    retryMs: history.retryMs,
    patienceMs,
    bannedUntil: records.bannedUntil(venue),
    onBan: (until) => records.noteBan(venue, until),
    tell,
    isEndless: options.isEndless === true,
    ...(options.onAnswer === undefined ? {} : { onAnswer: options.onAnswer }),
  });
  const list = async (): Promise<ReadonlyMap<string, VenueInstrument>> =>
    gate.ask(async () => {
      const found = await history.instruments(signal);
      if (found.size === 0) throw new VenueFault('garbled', 'its list of markets is empty');
      return found;
    }, signal);
  const instruments = await list();
  let again: Promise<ReadonlyMap<string, VenueInstrument>> | null = null;
  const waiting: (() => void)[] = [];
  let free = AT_ONCE;
  return {
    history,
    gate,
    instrument: async (market) => {
      const found = instruments.get(market);
      if (found !== undefined) return found;
      // Lists are answered in parts, one of which may have been empty for once.
      again ??= list();
      const later = (await again).get(market);
      if (later !== undefined) return later;
      const near = nearest(market, instruments.keys())?.word;
      throw new VenueFault('refused', `it has no market ${market}${near === undefined ? '' : `; did you mean ${near}?`}`);
    },
    inPlace: async (work) => {
      if (free > 0) free--;
      else await new Promise<void>((resolve) => waiting.push(resolve));
      try {
        return await work();
      } finally {
        const next = waiting.shift();
        if (next === undefined) free++;
        else next();
      }
    },
  };
}
