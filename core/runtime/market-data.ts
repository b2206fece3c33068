import { basename } from 'node:path';
import { type CandleFile, readCandleFile } from '#core/data/candle-file.ts';
import { formatFinding } from '#core/data/finding.ts';
import { resampleColumns } from '#core/data/resample.ts';
import { StratError } from '#core/errors/strat-error.ts';
import { type Columns, sliceColumns } from '#core/model/columns.ts';
import { matchMarkets, type Market, parseMarket } from '#core/model/market.ts';
import { parseTimeframe, type Timeframe } from '#core/model/timeframe.ts';

/** Candles of the strategy's market on its timeframe, and what is worth knowing about them. */
export interface MarketData {
  /** The market as the strategy names it. */
  readonly market: string;
  readonly timeframe: Timeframe;
  readonly columns: Columns;
  /** Index of the first bar that counts; those before serve warm-up. */
  readonly fromIndex: number;
  readonly file: string;
  readonly sha256: string;
  /** Made by a generator, not by a market. */
  readonly synthetic?: true;
  readonly warnings: readonly string[];
}

export interface MarketDataRequest {
  /** `PATH` or `MARKET=PATH`, as given. */
  readonly data: readonly string[];
  /** Length of the bars that the strategy runs on; null = its `trade` line. */
  readonly timeframe: Timeframe | null;
  /** Half-open range of open times, ms; null = open. */
  readonly from: number | null;
  readonly to: number | null;
}

interface DataPath {
  /** Set by `MARKET=PATH`. */
  readonly forced: Market | null;
  readonly path: string;
}

/**
 * Finds, reads, checks and resamples the candles of a strategy of one market.
 * @throws StratError DATA_MISSING, DATA_TIMEFRAME, MARKETS_MANY, and those of the candle reader
 */
export function loadMarketData(
  strategy: { readonly file: string; readonly markets: readonly string[]; readonly timeframe: string },
  request: MarketDataRequest,
): MarketData {
  const paths = request.data.map(dataPath);
  const wanted = onlyMarket(strategy, paths);
  const chosen = chooseFile(wanted, paths);
  const timeframe = request.timeframe ?? parseTimeframe(strategy.timeframe);
  if (timeframe === null)
    throw new StratError('DATA_MISSING', {
      market: wanted.name,
      reason: `"${strategy.timeframe}" is no timeframe`,
      hint: 'Give --timeframe',
    });
  const warnings = chosen.file.findings.map((finding) => formatFinding(basename(chosen.file.path), finding));
  if (chosen.warning !== null) warnings.unshift(chosen.warning);
  let { columns } = chosen.file;
  if (chosen.file.timeframe.name !== timeframe.name) {
    refuseLonger(chosen.file, timeframe);
    const resampled = resampleColumns(columns, chosen.file.timeframe, timeframe);
    columns = resampled.columns;
    warnings.push(
      `${chosen.file.timeframe.name} bars were made into ${timeframe.name} bars${resampled.lastIsComplete ? '' : '; the last one is not complete'}`,
    );
  }
  const period = cutToPeriod(wanted.name, columns, request);
  return { market: wanted.name, timeframe, ...period, file: chosen.file.path, sha256: chosen.file.sha256, warnings };
}

/**
 * The bars up to `to`, and the first that counts.
 * @throws StratError DATA_MISSING when no bar lies in the period
 */
export function cutToPeriod(
  market: string,
  columns: Columns,
  { from, to }: Pick<MarketDataRequest, 'from' | 'to'>,
): { readonly columns: Columns; readonly fromIndex: number } {
  const rows = columns.time.length;
  const end = to === null ? rows : firstAtOrAfter(columns.time, to);
  const fromIndex = from === null ? 0 : firstAtOrAfter(columns.time, from);
  if (fromIndex >= end) {
    const hint = `The bars open from ${minuteOf(columns.time[0])} to ${minuteOf(columns.time[rows - 1])} UTC`;
    throw new StratError('DATA_MISSING', { market, reason: 'no bar lies between --from and --to', hint });
  }
  return { columns: end === rows ? columns : sliceColumns(columns, 0, end), fromIndex };
}

function dataPath(text: string): DataPath {
  const cut = text.indexOf('=');
  const forced = cut > 0 ? parseMarket(text.slice(0, cut)) : null;
  return forced === null ? { forced: null, path: text } : { forced, path: text.slice(cut + 1) };
}

/** The one market this run is about: the strategy's, or the one that the user forced data upon. */
function onlyMarket(strategy: { readonly file: string; readonly markets: readonly string[] }, paths: readonly DataPath[]): Market {
  const markets = strategy.markets.map(parseMarket).filter((market) => market !== null);
  const forced = markets.filter((market) => paths.some((path) => path.forced?.name === market.name));
  const [only] = markets.length === 1 ? markets : forced;
  if (only === undefined || (markets.length > 1 && forced.length > 1))
    throw new StratError('MARKETS_MANY', { file: strategy.file, count: strategy.markets.length });
  return only;
}

function chooseFile(wanted: Market, paths: readonly DataPath[]): { readonly file: CandleFile; readonly warning: string | null } {
  const forced = paths.find((path) => path.forced?.name === wanted.name);
  if (forced !== undefined) return { file: readCandleFile(forced.path, { market: wanted }), warning: null };
  const files = paths.filter((path) => path.forced === null).map((path) => readCandleFile(path.path));
  const [match] = matchMarkets(
    [wanted],
    files.map((file) => file.market),
  );
  if (match === undefined || !match.found) {
    const names = match === undefined || match.candidates.length === 0 ? [] : match.candidates.map((index) => basename(files[index]!.path));
    throw new StratError('DATA_MISSING', {
      market: wanted.name,
      reason: names.length === 0 ? 'none of the files given is of this market' : `several files fit: ${names.join(', ')}`,
      hint: `Give --data ${wanted.name}=PATH`,
    });
  }
  const file = files[match.index]!;
  const isAsNamed = match.by === 'exact' || (match.by === 'base' && wanted.quote === null);
  return { file, warning: isAsNamed ? null : `the candles of ${file.market?.name ?? basename(file.path)} stand in for ${wanted.name}` };
}

/** Bars cannot be split: said with the file, which one may have mistaken for another. */
function refuseLonger({ path, timeframe: from }: CandleFile, to: Timeframe): void {
  if (to.stepMs >= from.stepMs) return;
  const reason = `"${basename(path)}" has the longer bars, and a candle cannot be split`;
  const hint = `Give candles of ${to.name} or less, or run on longer bars: --timeframe ${from.name}`;
  throw new StratError('DATA_TIMEFRAME', { from: from.name, to: to.name, reason, hint });
}

function firstAtOrAfter(time: Float64Array, at: number): number {
  const index = time.findIndex((value) => value >= at);
  return index < 0 ? time.length : index;
}

function minuteOf(time: number | undefined): string {
  return time === undefined ? '-' : new Date(time).toISOString().slice(0, 16).replace('T', ' ');
}
