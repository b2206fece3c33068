import type { CandleFile, CandleTextOptions } from '#core/data/candle-text.ts';
import { COLUMN_RULES } from '#core/data/data-columns.ts';
import { formatFinding } from '#core/data/finding.ts';
import { resampleColumns } from '#core/data/resample.ts';
import { StratError } from '#core/errors/strat-error.ts';
import type { MarketColumn } from '#core/model/chart-column.ts';
import { type Columns, sliceColumns } from '#core/model/columns.ts';
import { fileName } from '#core/model/file-name.ts';
import { matchMarkets, type Market, parseMarket } from '#core/model/market.ts';
import { parseTimeframe, type Timeframe } from '#core/model/timeframe.ts';
import { type DataPath, dataPath } from './data-path.ts';
import type { DataNeeds, MarketData, MarketDataRequest, MarketSeries } from './market-data.ts';
import { endedMembers, type ReadMarket } from './portfolio/ended-members.ts';
import { universeMembers } from './portfolio/universe-members.ts';

/** Gives the checked candles of a file. @throws StratError where there are none */
export type ReadCandles = (path: string, options: Pick<CandleTextOptions, 'market' | 'wanted'>) => CandleFile;

/**
 * Finds, reads, checks and resamples the candles of a strategy that trades one market.
 * @throws StratError DATA_MISSING, DATA_AMBIGUOUS, DATA_TIMEFRAME, MARKETS_MANY, and those of the candle reader
 */
export function candlesOfMarket(strategy: DataNeeds, request: MarketDataRequest, readFile: ReadCandles): MarketData {
  const paths = request.data.map(dataPath);
  return dataOf(onlyMarket(strategy, paths), strategy, paths, request, onceEach(readFile, strategy.wanted)).data;
}

/**
 * The candles of every market that a strategy trades, in the order of its `trade` line; with a universe those of its members. Markets without a file are left
 * out, and told at the first that has one.
 * @throws StratError as `candlesOfMarket`
 */
export function candlesOfMarkets(strategy: DataNeeds, request: MarketDataRequest, readFile: ReadCandles): readonly MarketData[] {
  const paths = request.data.map(dataPath);
  const read = onceEach(readFile, strategy.wanted);
  const markets = wantedMarkets(strategy, paths, read);
  if (markets.length === 1 && strategy.isOneOfMany !== true) return [dataOf(markets[0]!, strategy, paths, request, read).data];
  const missing: Missing[] = [];
  const found: ReadMarket[] = [];
  for (const market of markets) {
    try {
      found.push(dataOf(market, { ...strategy, isOneOfMany: true }, paths, request, read));
    } catch (error) {
      if (!(error instanceof StratError) || error.code !== 'DATA_MISSING' || error.data['market'] !== market.name) throw error;
      missing.push({ market: market.name, reason: String(error.data['reason']) });
    }
  }
  const [first, ...more] = strategy.universe === undefined ? found.map(({ data }) => data) : endedMembers(found);
  if (first === undefined) throw noneFound(markets, strategy, paths, read, missing);
  const without = [...missing.map(told), ...(strategy.leftOut ?? [])];
  if (without.length === 0) return [first, ...more];
  return [{ ...first, leftOut: without }, ...more];
}

/** A market that has no candles. */
interface Missing {
  readonly market: string;
  readonly reason: string;
}

const told = ({ market, reason }: Missing): string => `${market} (${reason})`;

/** Nothing to trade: what was asked for, and what was given. */
function noneFound(
  markets: readonly Market[],
  { universe }: DataNeeds,
  paths: readonly DataPath[],
  read: FileReader,
  missing: readonly Missing[],
): StratError {
  const hint = 'Give --data MARKET=PATH for each';
  if (markets.length > 0) {
    const reasons = new Set(missing.map(({ reason }) => reason));
    const [only] = reasons;
    const reason = reasons.size === 1 && only !== undefined ? only : missing.map(told).join(', ');
    return new StratError('DATA_MISSING', { market: markets.map(({ name }) => name).join(', '), reason, hint });
  }
  const offered = paths.map(
    ({ forced, path }) => forced?.name ?? read(path, null).market?.name ?? `${fileName(path)}, which names no market`,
  );
  const quote = universe?.quote ?? null;
  return new StratError('DATA_MISSING', {
    market: 'the universe',
    reason: `none of the files given is of a market${quote === null ? '' : ` in ${quote}`} that it does not exclude (found ${offered.join(', ')})`,
    hint,
  });
}

function wantedMarkets({ markets, universe }: DataNeeds, paths: readonly DataPath[], read: FileReader): readonly Market[] {
  if (universe !== undefined)
    return universeMembers(universe, () =>
      paths.map(({ forced: market, path }) => market ?? read(path, null).market).filter((market) => market !== null),
    );
  const named = markets.map(parseMarket).filter((market) => market !== null);
  const forced = paths.flatMap(({ forced: market }) => (market === null ? [] : [market]));
  // Who names the market of every file has said which ones to trade.
  const chosen = forced.length < paths.length ? named : named.filter(({ name }) => forced.some((market) => market.name === name));
  return chosen.length === 0 ? named : chosen;
}

/** Reads a file once, however many markets look for theirs among the files. @param market whose candles they are; null = its name says it */
type FileReader = (path: string, market: Market | null) => CandleFile;

function onceEach(readFile: ReadCandles, wanted: readonly MarketColumn[] = []): FileReader {
  const known = new Map<string, CandleFile>();
  return (path, market) => {
    const key = `${market?.name ?? ''} ${path}`;
    const file = known.get(key) ?? readFile(path, market === null ? { wanted } : { market, wanted });
    known.set(key, file);
    return file;
  };
}

function dataOf(
  wanted: Market,
  strategy: DataNeeds,
  paths: readonly DataPath[],
  request: MarketDataRequest,
  readFile: FileReader,
): ReadMarket {
  const read = (strategy.reads ?? []).map(parseMarket).filter((market) => market !== null);
  const chosen = chooseFiles([wanted, ...read], paths, strategy, readFile);
  const timeframe = request.timeframe ?? parseTimeframe(strategy.timeframe);
  if (timeframe === null)
    throw new StratError('DATA_MISSING', {
      market: wanted.name,
      reason: `"${strategy.timeframe}" is no timeframe`,
      hint: 'Give --timeframe',
    });
  const [traded, ...others] = chosen.map((one) => seriesOf(one, timeframe));
  const period = cutToPeriod(wanted.name, traded!.columns, request);
  const end = period.columns.time.at(-1)!;
  const data = {
    ...traded!,
    ...period,
    others: others.map((other) => {
      const columns = sliceColumns(other.columns, 0, firstAtOrAfter(other.columns.time, end + timeframe.stepMs));
      const gap = coverageWarning(other.market, columns, period.columns.time[period.fromIndex]!, end);
      return { ...other, columns, warnings: gap === null ? other.warnings : [...other.warnings, gap] };
    }),
  };
  return { data, lastTime: traded!.columns.time.at(-1)! };
}

/** The candles of a file on a timeframe. @throws StratError DATA_TIMEFRAME */
export function seriesOf({ market, file, warning }: ChosenFile, timeframe: Timeframe): MarketSeries {
  const source = file.stored === undefined ? fileName(file.path) : file.path;
  const warnings = file.findings.map((finding) => formatFinding(source, finding));
  if (warning !== null) warnings.unshift(warning);
  let { columns, further } = file;
  if (file.timeframe.name !== timeframe.name) {
    refuseLonger(file, timeframe);
    const merged = [...further].map(([name, values]) => ({ values, merging: COLUMN_RULES[name].merging }));
    const resampled = resampleColumns(columns, file.timeframe, timeframe, merged);
    columns = resampled.columns;
    further = new Map([...further.keys()].map((name, place) => [name, resampled.values[place]!]));
    warnings.push(
      `${file.timeframe.name} bars were made into ${timeframe.name} bars${resampled.lastIsComplete ? '' : '; the last one is not complete'}`,
    );
  }
  const { path, sha256, stored, caps } = file;
  const origin = { ...(stored === undefined ? {} : { stored }), ...(caps === undefined ? {} : { caps }) };
  return { market: market.name, timeframe, columns, further, file: path, sha256, ...origin, warnings };
}

/** A market that is read has values only where it has bars. */
function coverageWarning(market: string, { time }: Columns, from: number, to: number): string | null {
  const [first, last] = [time[0], time.at(-1)];
  if (first === undefined || last === undefined) return `${market} has no bars in the period: all of its series are na`;
  if (first > from) return `${market} has bars from ${minuteOf(first)} UTC on only: its series are na before`;
  return last < to ? `${market} has bars up to ${minuteOf(last)} UTC only: its series are na soon after` : null;
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

/** The one market this run is about: the strategy's, or the one that the user forced data upon. */
function onlyMarket(strategy: { readonly file: string; readonly markets: readonly string[] }, paths: readonly DataPath[]): Market {
  const markets = strategy.markets.map(parseMarket).filter((market) => market !== null);
  const forced = markets.filter((market) => paths.some((path) => path.forced?.name === market.name));
  const [only] = markets.length === 1 ? markets : forced;
  if (only === undefined || (markets.length > 1 && forced.length > 1))
    throw new StratError('MARKETS_MANY', { file: strategy.file, count: strategy.markets.length });
  return only;
}

interface ChosenFile {
  readonly market: Market;
  readonly file: CandleFile;
  readonly warning: string | null;
}

/** The file of each market; the first is the one that is traded. */
function chooseFiles(
  markets: readonly Market[],
  paths: readonly DataPath[],
  { isBeside = false, isOneOfMany = false }: Pick<DataNeeds, 'isBeside' | 'isOneOfMany'>,
  readFile: FileReader,
): readonly ChosenFile[] {
  const forcedOf = (market: Market): DataPath | undefined => {
    const own = paths.filter((path) => path.forced?.name === market.name);
    const files = new Set(own.map(({ path }) => path));
    if (files.size < 2) return own[0];
    const names = [...files].map(fileName).join(', ');
    throw new StratError('DATA_AMBIGUOUS', { market: market.name, files: names, hint: `Give --data ${market.name}=PATH once` });
  };
  const isAllForced = markets.every((market) => forcedOf(market) !== undefined);
  const files = isAllForced ? [] : paths.filter((path) => path.forced === null).map((path) => readFile(path.path, null));
  const matches = matchMarkets(
    markets,
    files.map((file) => file.market),
  );
  return markets.map((market, place) => {
    const forced = forcedOf(market);
    if (forced !== undefined) return { market, file: readFile(forced.path, market), warning: null };
    const match = matches[place];
    if (match === undefined || !match.found || ((isBeside || isOneOfMany) && match.by === 'only')) {
      const names = match === undefined || match.found ? [] : match.candidates.map((index) => fileName(files[index]!.path));
      const which = place === 0 && !isBeside ? 'this market' : 'this market, which the strategy reads';
      const hint = `Give --data ${market.name}=PATH`;
      if (names.length > 0) throw new StratError('DATA_AMBIGUOUS', { market: market.name, files: names.join(', '), hint });
      throw new StratError('DATA_MISSING', { market: market.name, reason: `none of the files given is of ${which}`, hint });
    }
    const file = files[match.index]!;
    const isAsNamed = match.by === 'exact' || (match.by === 'base' && market.quote === null);
    const warning = isAsNamed ? null : `the candles of ${file.market?.name ?? fileName(file.path)} stand in for ${market.name}`;
    return { market, file, warning };
  });
}

/** Bars cannot be split: said with the file, which one may have mistaken for another. */
function refuseLonger({ path, timeframe: from }: CandleFile, to: Timeframe): void {
  if (to.stepMs >= from.stepMs) return;
  const reason = `"${fileName(path)}" has the longer bars, and a candle cannot be split`;
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
