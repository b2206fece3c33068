import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { download, type DownloadRequest } from '#core/data/download/download.ts';
import type { DownloadReport } from '#core/data/download/download-report.ts';
import { openSeriesStore } from '#core/data/store/open-series-store.ts';
import type { SeriesKind } from '#core/data/store/series-key.ts';
import type { SeriesStore } from '#core/data/store/series-store.ts';
import { openHistories, type OpenHistories } from '#core/kernel/open-histories.ts';
import { barOpen, parseTimeframe } from '#core/model/timeframe.ts';
import { type SimulatedVenue, type SimulatedVenueOptions, startSimulatedVenue } from '#core/testkit/venue/simulated-venue.ts';
import { systemClock } from '#core/runtime/feeds/bot-clock.ts';

export const HOUR = 3_600_000;
export const DAY = 24 * HOUR;
/** 2024-03-01, in a leap year and before a change of clocks. */
export const LISTED = Date.UTC(2024, 2, 1);

export interface VenueSession {
  readonly venue: SimulatedVenue;
  readonly store: SeriesStore;
  readonly folder: string;
  readonly told: string[];
  readonly run: (
    request: Partial<DownloadRequest> & { readonly wanted: readonly Wanted[] },
    options?: { readonly signal?: AbortSignal; readonly patienceMs?: number },
  ) => Promise<DownloadReport>;
  readonly close: () => Promise<void>;
}

export interface Wanted {
  readonly market: string;
  readonly kind?: SeriesKind;
  readonly timeframe?: string | null;
  readonly venues?: readonly string[];
}

/** A simulated venue, a store that is empty, and a downloader between them; pauses are short. */
export async function openSession(
  options: Partial<SimulatedVenueOptions> & { readonly seed: number },
  others: Readonly<Record<string, SimulatedVenue>> = {},
): Promise<VenueSession> {
  const venue = await startSimulatedVenue({
    listedMs: LISTED,
    untilMs: LISTED + 10 * DAY,
    nowMs: LISTED + 10 * DAY + 1_234_567,
    ...options,
  });
  const folder = mkdtempSync(join(tmpdir(), 'strat-download-'));
  const store = openSeriesStore(join(folder, 'data'), { now: () => Date.now() });
  const told: string[] = [];
  const histories: OpenHistories = await openHistories(writeConfig(folder, { [venue.wire.venue]: venue, ...others }), {});
  return {
    venue,
    store,
    folder,
    told,
    run: async ({ wanted, from = LISTED - 2 * DAY, to = null }, { signal = new AbortController().signal, patienceMs = 5000 } = {}) =>
      download(
        {
          targets: wanted.map(
            ({
              market,
              kind = 'candles',
              timeframe = kind === 'funding' || kind === 'trades' ? null : '1h',
              venues = [venue.wire.venue],
            }) => ({
              market,
              kind,
              timeframe,
              venues,
            }),
          ),
          from,
          to,
        },
        {
          store,
          histories,
          clock: systemClock,
          seed: 1,
          patienceMs,
          signal,
          tell: (text) => told.push(text),
          onProgress: () => undefined,
          onDone: () => undefined,
        },
      ),
    close: async () => {
      await histories.close();
      await venue.close();
      store.close();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

/** A config whose venues are simulated ones. */
export function writeConfig(folder: string, venues: Readonly<Record<string, SimulatedVenue>>): string {
  const settings = Object.entries(venues).map(([id, { urls }]) => [id, { urls, rateLimit: 0.1, deadlineMs: 400, retryMs: 4 }]);
  const file = join(folder, 'strat.yaml');
  writeFileSync(
    file,
    JSON.stringify({ exchanges: { demo: { use: 'exchange/sim' }, past: { use: 'exchange/ccxt', venues: Object.fromEntries(settings) } } }),
  );
  return file;
}

/** What the venue has, as the store is to have it: columns as plain lists. */
export function trueRows(
  venue: SimulatedVenue,
  { market, kind = 'candles', timeframe = '1h' }: Wanted,
  from: number = LISTED - 2 * DAY,
): Readonly<Record<string, readonly number[]>> {
  const { truth } = venue;
  if (kind === 'funding') {
    const rates = truth.funding(from, venue.now() - 10_000);
    return { time: rates.map(({ time }) => time), rate: rates.map(({ rate }) => rate) };
  }
  if (kind === 'trades') {
    const trades = truth.trades().filter(({ time }) => time >= from && time < venue.now() - 10_000);
    return {
      time: trades.map(({ time }) => time),
      price: trades.map(({ price }) => price),
      qty: trades.map(({ qty }) => qty),
      side: trades.map(({ isBuyerMaker }) => (isBuyerMaker ? -1 : 1)),
      id: trades.map(({ id }) => id),
    };
  }
  const length = timeframe ?? '1h';
  const series = kind !== 'candles' ? kind : market.includes(':') ? 'future' : market.startsWith('OLD') ? 'old' : 'spot';
  const source = series === 'old' ? venue.delisted : truth;
  const now = venue.now();
  const grid = parseTimeframe(length)!;
  const { newestBars } = venue.wire;
  // What was the newest when it was first asked for, and what came since.
  const first = newestBars === null ? from : Math.max(from, barOpen(grid, venue.startMs) - (newestBars - 1) * grid.stepMs);
  const bars = source.bars(series, length, first, barOpen(grid, now)).map((bar) => source.shown(bar, series, length, now));
  const names = ['time', 'open', 'high', 'low', 'close', ...(kind === 'candles' ? ['volume'] : [])];
  return Object.fromEntries(names.map((name, index) => [name, bars.map((bar) => bar[index]!)]));
}

/** What is in the store. */
export async function storedRows(
  store: SeriesStore,
  { market, kind = 'candles', timeframe = '1h' }: Wanted,
  venue: string,
): Promise<Readonly<Record<string, readonly number[]>>> {
  const key = { venue, market, kind, timeframe: kind === 'funding' || kind === 'trades' ? null : timeframe };
  const { columns } = await store.read(key);
  return Object.fromEntries(Object.entries(columns).map(([name, column]) => [name, Array.from(column)]));
}

/** Where the store and the venue differ, in a few words; empty: nowhere. */
export async function difference(
  { store, venue }: Pick<VenueSession, 'store' | 'venue'>,
  wanted: Wanted,
  from: number = LISTED - 2 * DAY,
): Promise<string> {
  const [found, truth] = [await storedRows(store, wanted, wanted.venues?.[0] ?? venue.wire.venue), trueRows(venue, wanted, from)];
  const key = wanted.kind === 'trades' ? 'id' : 'time';
  const [has, had] = [new Map(found[key]!.map((at, row) => [at, row])), new Map(truth[key]!.map((at, row) => [at, row]))];
  const missing = [...had.keys()].filter((at) => !has.has(at));
  const superfluous = [...has.keys()].filter((at) => !had.has(at));
  const other = [...had].filter(
    ([at, row]) => has.has(at) && Object.keys(truth).some((name) => truth[name]![row] !== found[name]?.[has.get(at)!]),
  );
  const said = (what: string, list: readonly unknown[]): string =>
    list.length === 0 ? '' : `${list.length} ${what} (${list.slice(0, 3).join(', ')}) of ${had.size}; `;
  return (
    said('missing', missing) +
    said('superfluous', superfluous) +
    said(
      'different',
      other.map(([at]) => at),
    )
  );
}
