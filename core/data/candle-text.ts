import type { MarketColumn } from '#core/model/chart-column.ts';
import type { Columns } from '#core/model/columns.ts';
import { fileName } from '#core/model/file-name.ts';
import type { Market } from '#core/model/market.ts';
import type { Timeframe } from '#core/model/timeframe.ts';
import { StratError } from '#core/errors/strat-error.ts';
import { parseCandleCsv } from './candle-csv.ts';
import { type CandleFileName, parseCandleFileName } from './candle-file-name.ts';
import type { Finding } from './finding.ts';
import { displayPath, FindingLog } from './finding.ts';
import { invalidData } from './invalid-data.ts';
import { checkSeries, type GapsOfSeries, inferTimeframe } from './series-checks.ts';
import type { TextBytes } from './text-bytes.ts';

export interface CandleTextOptions {
  /** Each overrides what the file's name says. */
  readonly market?: Market;
  readonly venue?: string;
  /** Length of the bars in the file. */
  readonly timeframe?: Timeframe;
  /** Ms since the epoch: bars that open later are errors, a last bar that ends later is partial. Without it neither is known. */
  readonly now?: number;
  /** What is read besides the candles, where the file has it. What nobody asks for is left alone, whatever it holds. */
  readonly wanted?: readonly MarketColumn[];
  /** By venue and market of the file, the places at which bars are missing; left out: every bar that is not there is. */
  readonly gapsOf?: (of: { readonly venue: string | null; readonly market: string | null }) => GapsOfSeries;
}

/** A version of candles in the data store. */
export interface StoredVersion {
  /** `binance:BTC/USDT`. */
  readonly series: string;
  /** Of its bars, which may be shorter than those that are made of them. */
  readonly timeframe: string;
  readonly version: number;
  /** Where funding rates came from, when they are a series of their own. */
  readonly funding?: { readonly version: number; readonly sha256: string };
}

/** A checked candle file. */
export interface CandleFile {
  readonly path: string;
  /** In shared memory. */
  readonly columns: Columns;
  /** Of the `wanted` columns those that the file has, as long as the candles. */
  readonly further: ReadonlyMap<MarketColumn, Float64Array>;
  readonly rows: number;
  /** Null when neither name nor options say it. */
  readonly market: Market | null;
  readonly venue: string | null;
  /** From options, else the name, else the most common distance of the bars. */
  readonly timeframe: Timeframe;
  /** `timeframe.stepMs`. */
  readonly stepMs: number;
  /** Of the file's bytes as they are on disk, hexadecimal; of the data store's rows their digest. */
  readonly sha256: string;
  /** Where in the data store they are; left out: they are a file. */
  readonly stored?: StoredVersion;
  /** The file that told of market capitalisations; left out: none was asked. */
  readonly caps?: { readonly file: string; readonly sha256: string };
  /** Warnings only. */
  readonly findings: readonly Finding[];
}

/** The outcome of a check: `candles` only when there is no error. */
export interface CandleFileReport {
  readonly path: string;
  readonly candles: CandleFile | null;
  /** All errors, also those beyond the 20 that `findings` shows. */
  readonly errorCount: number;
  readonly findings: readonly Finding[];
}

/**
 * Reads and checks the bytes of a candle file, unpacked. Errors in the candles are in the report; throws only when the file as a whole cannot be
 * understood: DATA_FORMAT, DATA_EMPTY.
 * @param sha256 of the file as it is on disk
 */
export function inspectCandleText(path: string, bytes: TextBytes, sha256: string, options: CandleTextOptions = {}): CandleFileReport {
  const file = displayPath(path);
  const log = new FindingLog();
  return inspectColumns(path, parseCandleCsv(file, bytes, log, options.wanted), parseCandleFileName(fileName(path)), sha256, log, options);
}

/**
 * Checks candles that were read from a file, whatever its format.
 * @param said by the name of the file @param log with what was found on reading
 * @throws StratError DATA_FORMAT when nothing tells the length of the bars
 */
export function inspectColumns(
  path: string,
  { columns, further, rows }: Pick<CandleFile, 'columns' | 'further' | 'rows'>,
  said: CandleFileName,
  sha256: string,
  log: FindingLog,
  options: CandleTextOptions,
): CandleFileReport {
  const refused = (): CandleFileReport => ({ path, candles: null, errorCount: log.errorCount, findings: log.list() });
  // Lines with errors are missing from the columns: what the rest looks like would say nothing.
  if (log.errorCount > 0) return refused();

  const timeframe = options.timeframe ?? said.timeframe ?? inferTimeframe(columns.time);
  if (timeframe === null) {
    throw new StratError('DATA_FORMAT', {
      file: displayPath(path),
      line: 2,
      reason: rows < 2 ? 'one bar does not tell the length of bars' : 'the distance of the bars is no timeframe',
      hint: 'Name the file {venue}_{BASE}-{QUOTE}_{timeframe}.csv, or give the timeframe',
    });
  }
  const [market, venue] = [options.market ?? said.market, options.venue ?? said.venue];
  checkSeries(columns, timeframe, options.now ?? null, log, options.gapsOf?.({ venue, market: market?.name ?? null }));
  if (log.errorCount > 0) return refused();
  const findings = log.list();
  const candles: CandleFile = {
    path,
    columns,
    further,
    rows,
    market,
    venue,
    timeframe,
    stepMs: timeframe.stepMs,
    sha256,
    findings,
  };
  return { path, candles, errorCount: 0, findings };
}

/** The candles of a report. @throws StratError DATA_INVALID where it has errors, with file and lines */
export function goodCandles({ path, candles, errorCount, findings }: CandleFileReport): CandleFile {
  if (candles !== null) return candles;
  throw invalidData(displayPath(path), errorCount, findings);
}
