import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setImmediate } from 'node:timers/promises';
import { LiveSeries, type LiveEvent, type LiveSeriesOptions } from '#core/data/live-bars/live-series.ts';
import { LiveVenue } from '#core/data/live-bars/live-venue.ts';
import { openSeriesStore } from '#core/data/store/open-series-store.ts';
import type { SeriesKey } from '#core/data/store/series-key.ts';
import type { SeriesStore } from '#core/data/store/series-store.ts';
import { openHistories, type OpenHistories } from '#core/kernel/open-histories.ts';
import type { Bar } from '#core/model/bar.ts';
import { parseTimeframe } from '#core/model/timeframe.ts';
import type { ClockPort } from '#core/ports/clock.ts';
import { type SimulatedVenue, type SimulatedVenueOptions, startSimulatedVenue } from '#core/testkit/venue/simulated-venue.ts';
import { writeConfig } from '../download/venue-session.ts';

export const MINUTE = 60_000;
export const LISTED = Date.UTC(2024, 2, 1);

/** A clock whose sleeps move the venue's: an hour of minutes takes as long as its requests do. */
export interface DrivenClock extends ClockPort {
  /** Sleeps from here on last until the test lets them go. */
  readonly sleeps: readonly number[];
}

export function drivenClock(venue: SimulatedVenue, offMs: number): DrivenClock {
  let elapsed = 0;
  const sleeps: number[] = [];
  return {
    sleeps,
    now: () => venue.now() + offMs,
    steady: () => elapsed,
    sleep: async (ms, signal) => {
      await setImmediate();
      if (signal.aborted) return;
      sleeps.push(ms);
      elapsed += ms;
      venue.setNow(venue.now() + ms);
    },
  };
}

export interface LiveSession {
  readonly venue: SimulatedVenue;
  readonly store: SeriesStore;
  readonly clock: DrivenClock;
  readonly events: LiveEvent[];
  /** Opens a series, as a process that starts does; `stop` is its end. */
  readonly start: (options?: Partial<LiveSeriesOptions> & { readonly bars?: number; readonly from?: number }) => Promise<Started>;
  /** Ends all that was started: what is in the store then stays as it is. */
  readonly halt: () => Promise<void>;
  readonly close: () => Promise<void>;
}

export interface Started {
  readonly series: LiveSeries;
  readonly from: number;
  /** Resolves when the tape has a bar that opens at a time or later. */
  readonly reaches: (timeMs: number) => Promise<void>;
  readonly stop: () => void;
}

export async function openLiveSession(
  options: Partial<SimulatedVenueOptions> & { readonly seed: number; readonly offMs?: number; readonly market?: string },
): Promise<LiveSession> {
  const venue = await startSimulatedVenue({
    listedMs: LISTED,
    untilMs: LISTED + 86_400_000,
    nowMs: LISTED + 600 * MINUTE + 17_000,
    ...options,
  });
  const folder = mkdtempSync(join(tmpdir(), 'strat-live-'));
  const store = openSeriesStore(join(folder, 'data'), { now: () => Date.now() });
  const histories: OpenHistories = await openHistories(writeConfig(folder, { [venue.wire.venue]: venue }), {});
  const clock = drivenClock(venue, options.offMs ?? 0);
  const events: LiveEvent[] = [];
  const ends: { readonly end: AbortController; readonly series: LiveSeries }[] = [];
  const halt = async (): Promise<void> => {
    for (const { end, series } of ends.splice(0)) {
      end.abort();
      await series.closed();
    }
  };
  const market = options.market ?? venue.wire.markets.spot;
  return {
    venue,
    store,
    clock,
    events,
    start: async ({ bars = 0, from, ...more } = {}) => {
      const end = new AbortController();
      const around = { clock, random: () => 0.5, signal: end.signal };
      const liveVenue = new LiveVenue({ venue: venue.wire.venue, markets: [market], histories, storePath: store.path, ...around });
      const series = new LiveSeries({
        venue: liveVenue,
        store,
        market,
        timeframe: parseTimeframe('1m')!,
        isOfTrades: false,
        latenessMs: 2000,
        patienceMs: 20_000,
        ...around,
        ...more,
      });
      ends.push({ end, series });
      series.subscribe((event) => events.push(event));
      if (from !== undefined) await series.openAt(from);
      return {
        series,
        from: from ?? (await series.openAtEnd(bars)),
        reaches: async (timeMs) => {
          while ((series.tape.last?.time ?? -Infinity) < timeMs) {
            if (series.failure !== null) throw series.failure.error;
            await series.changed(end.signal);
          }
        },
        stop: () => end.abort(),
      };
    },
    halt,
    close: async () => {
      await halt();
      await histories.close();
      await venue.close();
      await setImmediate();
      store.close();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

export async function storedBars({ store, venue: { wire } }: LiveSession, kind: 'candles' | 'live'): Promise<readonly Bar[]> {
  const key: SeriesKey = { venue: wire.venue, market: wire.markets.spot, kind, timeframe: '1m' };
  const { columns, length } = await store.read(key);
  return Array.from({ length }, (_, row) => ({
    time: columns['time']![row]!,
    open: columns['open']![row]!,
    high: columns['high']![row]!,
    low: columns['low']![row]!,
    close: columns['close']![row]!,
    volume: columns['volume']![row]!,
  }));
}

/** Bars of the venue that open in `[from, to]`, as they came out in the end. */
export const finalBars = ({ venue }: Pick<LiveSession, 'venue'>, from: number, to: number): readonly Bar[] =>
  venue.truth.bars('spot', '1m', from, to + 1).map(([time, open, high, low, close, volume]) => ({ time, open, high, low, close, volume }));
