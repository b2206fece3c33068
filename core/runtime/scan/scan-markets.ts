import type { CandleFile } from '#core/data/candle-text.ts';
import { fileColumns } from '#core/data/columns/column-stream.ts';
import { StratError } from '#core/errors/strat-error.ts';
import type { MarketColumn } from '#core/model/chart-column.ts';
import { type Columns, sliceColumns } from '#core/model/columns.ts';
import { parseMarket } from '#core/model/market.ts';
import type { Result } from '#core/model/result.ts';
import { nextOpen, type Timeframe } from '#core/model/timeframe.ts';
import type { StudyCompilation, StudyResult } from '#dsl/study.ts';
import { type DataSource, dataSource } from '../backtest-document.ts';
import { otherMarkets, sharedColumnWarnings } from '../further-columns.ts';
import { seriesOf } from '../market-candles.ts';
import type { MarketSeries } from '../market-data.ts';
import { groupedNumber } from '../report/number-text.ts';
import { computePrepared } from '../series/compute-series.ts';
import type { PreparedSeries } from '../series/prepare-series.ts';
import { timeText } from '../series/value-text.ts';
import { roleOf, type ScanRequest } from './scan-request.ts';

/** A market that may be found. */
export interface ScanCandidate {
  /** null = its file does not say. */
  readonly venue: string | null;
  readonly market: string;
  /** Why its candles cannot serve, known before they are read. */
  readonly fault?: string;
  /** @throws StratError of the reader */
  readonly load: (wanted: readonly MarketColumn[]) => Promise<CandleFile>;
  /** Candles of a market that expressions read beside this one. @throws StratError where there are none, and of the reader */
  readonly loadOther: (market: string, wanted: readonly MarketColumn[]) => Promise<CandleFile>;
}

/** What was known of a market at the moment. */
export interface ScannedMarket {
  readonly venue: string | null;
  readonly market: string;
  /** Of the data that were read, up to the last bar that had closed. */
  readonly source: DataSource;
  /** When that bar opened. */
  readonly barTime: number;
  /** Values of the results of all expressions, in order. */
  readonly values: readonly number[];
  /** Number of the first filter that did not hold; null = all did. */
  readonly failed: number | null;
}

/** A market of which too little was known. */
export interface LeftOut {
  readonly venue: string | null;
  readonly market: string;
  readonly reason: string;
}

export interface Scan {
  readonly scanned: readonly ScannedMarket[];
  readonly leftOut: readonly LeftOut[];
  /** Results of all expressions, as `values` have them; none where nothing was scanned. */
  readonly results: readonly StudyResult[];
  readonly warnings: readonly string[];
}

export interface ScanWork {
  /** Compiles the expressions for a market. */
  readonly prepare: (market: string) => Promise<Result<PreparedSeries, StudyCompilation>>;
  readonly signal?: AbortSignal;
  readonly onProgress?: (markets: number) => void;
}

/** The candles of a market up to a moment, or what is in the way. */
type Known = { readonly series: MarketSeries } | { readonly reason: string };

/**
 * Computes the expressions of a request for each market, from the bars that had closed by its moment and from nothing behind them. Where they are wrong for every
 * market that is the outcome; for one alone it is a reason to leave it out.
 * @throws StratError USAGE where an expression is of the wrong kind; SCAN_CANCELLED
 */
export async function scanMarkets(
  candidates: readonly ScanCandidate[],
  request: ScanRequest,
  { prepare, signal, onProgress }: ScanWork,
): Promise<Result<Scan, StudyCompilation>> {
  const scanned: ScannedMarket[] = [];
  const leftOut: LeftOut[] = [];
  const faults = new Set<string>();
  const runs: { traded: string; has: (market: string) => ReadonlySet<MarketColumn> }[] = [];
  let first: PreparedSeries | null = null;
  let wrong: StudyCompilation | null = null;
  for (const [place, candidate] of candidates.entries()) {
    if (signal?.aborted === true) throw new StratError('SCAN_CANCELLED', { done: place, total: candidates.length });
    onProgress?.(place);
    const { venue, market } = candidate;
    const leave = (reason: string): void => void leftOut.push({ venue, market, reason });
    if (candidate.fault !== undefined) {
      leave(candidate.fault);
      continue;
    }
    const prepared = await prepare(market);
    if (!prepared.ok) {
      wrong ??= prepared.error;
      leave(wrongText(prepared.error));
      continue;
    }
    if (first === null) refuseKinds(prepared.value, request);
    first ??= prepared.value;
    const known = await candlesBy(request, () => candidate.load(fileColumns(prepared.value.program.columns)), market);
    const series = 'series' in known ? known.series : null;
    const tooLittle = 'series' in known ? tooLittleOf(known.series.columns, request, prepared.value) : known.reason;
    if (series === null || tooLittle !== null) {
      leave(tooLittle ?? '');
      continue;
    }
    const others = await othersBy(prepared.value, request, candidate);
    if ('reason' in others) {
      leave(others.reason);
      continue;
    }
    const computed = await computePrepared(prepared.value, { ...series, others: others.all });
    for (const fault of computed.faults) faults.add(fault);
    const columnsOf = new Map([...others.all, { ...series, market }].map((one) => [one.market, new Set(one.further.keys())]));
    runs.push({ traded: market, has: (name) => columnsOf.get(name) ?? new Set() });
    const last = series.columns.time.length - 1;
    const { expressions } = computed;
    const values = expressions.flatMap(({ results }) => results.map((result) => result.values[last]!));
    const failed = expressions.findIndex(({ results }, at) => roleOf(request, at) === 'filter' && results[0]!.values[last] !== 1);
    scanned.push({
      venue,
      market,
      source: dataSource(series),
      barTime: series.columns.time[last]!,
      values,
      failed: failed < 0 ? null : failed,
    });
  }
  if (first === null && wrong !== null) return { ok: false, error: wrong };
  const lacking = first === null ? [] : sharedColumnWarnings(first.program, runs);
  const results = first === null ? [] : first.expressions.flatMap((expression) => expression.results);
  return { ok: true, value: { scanned, leftOut, results, warnings: [...lacking, ...faults] } };
}

/** What is not of the kind that its place asks for. @throws StratError USAGE */
function refuseKinds({ expressions }: PreparedSeries, request: ScanRequest): void {
  for (const [place, { text, results }] of expressions.entries()) {
    const role = roleOf(request, place);
    if (role === 'shown') continue;
    const [only, ...more] = results;
    const isFit =
      only !== undefined &&
      more.length === 0 &&
      (role === 'filter' ? only.kind === 'condition' : !['condition', 'state', 'na', 'timeOfDay'].includes(only.kind));
    if (isFit) continue;
    const wanted =
      role === 'filter' ? 'A filter is a condition, such as "close > 10"' : 'Markets are ranked by a number, such as "roc(close, 30)"';
    const found = more.length > 0 ? `the group of ${results.map(({ member }) => member).join(', ')}` : (only?.kind ?? 'nothing');
    throw new StratError('USAGE', { reason: `${wanted}; "${text}" is ${found}`, hint: 'strat eval shows the values of an expression' });
  }
}

const wrongText = ({ expressions, file }: StudyCompilation): string => {
  const found = [...expressions.flat(), ...file].find(({ severity }) => severity === 'error');
  return found === undefined ? 'the expressions cannot be computed for it' : `${found.code}: ${found.message}`;
};

/** Candles whose bars had closed by the moment of the request. */
async function candlesBy({ at, timeframe }: ScanRequest, load: () => Promise<CandleFile>, market: string): Promise<Known> {
  try {
    const series = seriesOf({ market: parseMarket(market)!, file: await load(), warning: null }, timeframe);
    return { series: { ...series, columns: closedBy(series.columns, timeframe, at) } };
  } catch (error) {
    if (error instanceof StratError) return { reason: error.message.split('\n', 1)[0]! };
    throw error;
  }
}

async function othersBy(
  { program }: PreparedSeries,
  request: ScanRequest,
  candidate: ScanCandidate,
): Promise<{ readonly all: readonly MarketSeries[] } | { readonly reason: string }> {
  const all: MarketSeries[] = [];
  for (const market of otherMarkets(program)) {
    const own = program.columns.filter(({ chart }) => program.graph.charts[chart]!.market === market);
    const known = await candlesBy(request, () => candidate.loadOther(market, fileColumns(own)), market);
    if ('reason' in known) return known;
    all.push(known.series);
  }
  return { all };
}

function closedBy(columns: Columns, timeframe: Timeframe, at: number): Columns {
  const { time } = columns;
  let count = time.length;
  while (count > 0 && nextOpen(timeframe, time[count - 1]!) > at) count -= 1;
  return count === time.length ? columns : sliceColumns(columns, 0, count);
}

/** Why the bars up to the moment do not tell enough; null = they do. */
function tooLittleOf(
  { time }: Columns,
  { at, timeframe, staleMs, filters, rank }: ScanRequest,
  { expressions }: PreparedSeries,
): string | null {
  const bars = time.length;
  if (bars === 0) return `no ${timeframe.name} bar of it had closed by then`;
  const closed = nextOpen(timeframe, time[bars - 1]!);
  if (at - closed > staleMs) return `its last bar closed at ${timeText(closed)}: it has ended, or its data are old`;
  const needed = expressions.slice(0, filters.length + (rank === null ? 0 : 1)).toSorted((a, b) => b.warmUp - a.warmUp)[0];
  if (needed === undefined || bars > needed.warmUp) return null;
  const count = (n: number): string => groupedNumber(n, 0);
  return `it has ${count(bars)} ${bars === 1 ? 'bar' : 'bars'} by then, and ${needed.label} needs ${count(needed.warmUp + 1)}`;
}
