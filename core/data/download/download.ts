import { StratError } from '#core/errors/strat-error.ts';
import { parseMarket } from '#core/model/market.ts';
import { isWholeMultiple, parseTimeframe } from '#core/model/timeframe.ts';
import { Xoshiro128 } from '#core/model/xoshiro128.ts';
import type { ClockPort } from '#core/ports/clock.ts';
import type { VenueHistories } from '#core/ports/exchange.ts';
import type { HistoryCan } from '#core/ports/market-history.ts';
import { VenueFault } from '#core/ports/venue-fault.ts';
import { hasTimeframe, type SeriesKey, type SeriesKind } from '../store/series-key.ts';
import type { SeriesStore } from '../store/series-store.ts';
import { downloadBars } from './download-bars.ts';
import { DownloadRecords } from './download-record.ts';
import type { DownloadReport, SeriesReport } from './download-report.ts';
import { downloadFunding } from './download-funding.ts';
import { downloadTrades } from './download-trades.ts';
import { RowSink } from './row-sink.ts';
import type { SeriesFindings, SeriesProgress, SeriesSurroundings } from './series-download.ts';
import { openLane, type VenueLane } from './venue-lane.ts';

/** A series, and the venues to ask for it, one after the other. */
export interface DownloadTarget {
  readonly venues: readonly string[];
  readonly market: string;
  readonly kind: SeriesKind;
  /** Null of funding and trades. */
  readonly timeframe: string | null;
}

export interface DownloadRequest {
  readonly targets: readonly DownloadTarget[];
  /** Times, half-open, ms. `from` null: from what is stored, or a year ago; `to` null: as far as there is. */
  readonly from: number | null;
  readonly to: number | null;
}

export interface DownloadOptions {
  readonly store: SeriesStore;
  readonly histories: VenueHistories;
  readonly clock: ClockPort;
  /** Of the pauses. */
  readonly seed: number;
  /** Longest pause that a venue may ask for, ms. */
  readonly patienceMs: number;
  readonly signal: AbortSignal;
  /** What people want to know while it goes on. */
  readonly tell: (text: string) => void;
  readonly onProgress: (target: DownloadTarget, venue: string, progress: SeriesProgress) => void;
  readonly onDone: (report: SeriesReport) => void;
}

const YEAR_MS = 365 * 86_400_000;
const NOTHING: SeriesFindings = { holes: [], missing: null, leftOut: [], notes: [] };

/**
 * Brings series in the store up to date, several at once. What a venue does not give is told in the report, the rest is there.
 * @throws StratError of the store
 */
export async function download(request: DownloadRequest, options: DownloadOptions): Promise<DownloadReport> {
  const { signal } = options;
  const random = Xoshiro128.fromSeed(options.seed);
  const records = new DownloadRecords(options.store.path);
  const lanes = new Map<string, Promise<VenueLane>>();
  // One series that the disk has no room for ends the others as well.
  const broken = new AbortController();
  const anySignal = AbortSignal.any([signal, broken.signal]);
  const laneOf = async (venue: string): Promise<VenueLane> => {
    const markets = [...new Set(request.targets.flatMap((target) => (target.venues.includes(venue) ? [target.market] : [])))];
    const { histories, clock, patienceMs, tell } = options;
    const lane =
      lanes.get(venue) ??
      openLane({ venue, markets, histories, records, clock, random: () => random.nextUnit(), patienceMs, tell, signal: anySignal });
    lanes.set(venue, lane);
    return lane;
  };
  const series = await Promise.allSettled(
    request.targets.map(async (target) => {
      try {
        const report = await downloadTarget(target, request, { ...options, signal: anySignal }, records, laneOf);
        options.onDone(report);
        return report;
      } catch (error) {
        broken.abort();
        throw error;
      }
    }),
  );
  const failed = series.find((one) => one.status === 'rejected');
  if (failed !== undefined) throw failed.reason;
  return { series: series.flatMap((one) => (one.status === 'fulfilled' ? [one.value] : [])), isStopped: signal.aborted };
}

async function downloadTarget(
  target: DownloadTarget,
  request: DownloadRequest,
  options: DownloadOptions,
  records: DownloadRecords,
  laneOf: (venue: string) => Promise<VenueLane>,
): Promise<SeriesReport> {
  const insteadOf: { readonly venue: string; readonly reason: string }[] = [];
  for (const [index, venue] of target.venues.entries()) {
    const report = await downloadFrom(venue, target, request, options, records, laneOf, insteadOf);
    if (report.fault === null || index === target.venues.length - 1 || options.signal.aborted) return report;
    const reason = report.reason ?? '';
    options.tell(`${venue}: ${target.market}: ${reason}; ${target.venues[index + 1]} is asked instead`);
    insteadOf.push({ venue, reason });
  }
  throw new StratError('INTERNAL', { reason: 'a series without a venue' });
}

async function downloadFrom(
  venue: string,
  target: DownloadTarget,
  request: DownloadRequest,
  options: DownloadOptions,
  records: DownloadRecords,
  laneOf: (venue: string) => Promise<VenueLane>,
  insteadOf: SeriesReport['insteadOf'],
): Promise<SeriesReport> {
  const { store, clock, signal } = options;
  const { market, kind, timeframe } = target;
  const key: SeriesKey = { venue, market, kind, timeframe };
  const instead =
    insteadOf.length === 0 ? {} : { details: { insteadOf: insteadOf.map((one) => `${one.venue}: ${one.reason}`).join('; ') } };
  const sink = new RowSink({ store, key, provenance: { source: `download ${venue}`, ...instead }, steady: clock.steady });
  let findings = NOTHING;
  let fault: VenueFault | null = null;
  try {
    const lane = await laneOf(venue);
    const { facts } = await lane.instrument(market);
    requireAbility(lane.history.can, target);
    findings = await lane.inPlace(async () => {
      const from = request.from ?? store.find(key)?.from ?? clock.now() - YEAR_MS;
      const around: SeriesSurroundings = {
        history: lane.history,
        gate: lane.gate,
        store,
        records,
        sink,
        clock,
        signal,
        onProgress: (progress) => options.onProgress(target, venue, progress),
      };
      return seriesOf({ key, from, to: request.to ?? Infinity }, around);
    });
    store.setFacts(venue, market, facts, `download ${venue}`);
  } catch (error) {
    if (!(error instanceof VenueFault)) throw error;
    fault = error;
    // What was had until then stays.
    await sink.flush();
  }
  const stored = store.find(key);
  return {
    key,
    kind,
    state: signal.aborted
      ? 'stopped'
      : fault === null
        ? findings.leftOut.length > 0
          ? 'partial'
          : 'complete'
        : stored === null
          ? 'failed'
          : 'partial',
    added: sink.added,
    revised: sink.revised,
    revisions: sink.revisions,
    rows: stored?.rows ?? 0,
    from: stored?.from ?? null,
    to: stored?.to ?? null,
    ...findings,
    reason: fault === null || signal.aborted ? null : fault.message,
    fault: fault === null || signal.aborted ? null : fault.kind,
    insteadOf: [...insteadOf],
  };
}

async function seriesOf(
  wish: { readonly key: SeriesKey; readonly from: number; readonly to: number },
  around: SeriesSurroundings,
): Promise<SeriesFindings> {
  const kind = wish.key.kind as SeriesKind;
  if (kind === 'funding') return downloadFunding(wish, around);
  return kind === 'trades' ? downloadTrades(wish, around) : downloadBars(wish, kind, around);
}

/** @throws VenueFault refused, unsupported */
function requireAbility(can: HistoryCan, { market, kind, timeframe }: DownloadTarget): void {
  if ((kind === 'funding' || kind === 'mark' || kind === 'index') && parseMarket(market)?.settle === null) {
    const what = kind === 'funding' ? 'funding' : `${kind} price`;
    throw new VenueFault(
      'refused',
      `${market} is a spot market, which has no ${what}; a perpetual is written ${market}:${parseMarket(market)?.quote ?? 'USDT'}`,
    );
  }
  if (!can[kind])
    throw new VenueFault('unsupported', `it gives no ${kind === 'mark' || kind === 'index' ? `${kind} prices` : kind} of the past`);
  if (!hasTimeframe(kind) || timeframe === null || can.timeframes.includes(timeframe)) return;
  const length = parseTimeframe(timeframe);
  const shorter = can.timeframes
    .map(parseTimeframe)
    .findLast((other) => other !== null && length !== null && isWholeMultiple(length, other));
  const hint = shorter === undefined || shorter === null ? '' : `; download ${shorter.name} and resample them`;
  throw new VenueFault('unsupported', `it has no bars of ${timeframe}, only ${can.timeframes.join(', ')}${hint}`);
}
