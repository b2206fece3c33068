import { statSync } from 'node:fs';
import { sharedDoubles } from '#core/model/columns.ts';
import type { Timeframe } from '#core/model/timeframe.ts';
import { isStratError } from '#core/errors/strat-error.ts';
import { readCandleFile } from '../candle-file.ts';
import { displayPath } from '../finding.ts';
import type { SeriesRows } from '../store/series-rows.ts';
import { NOTHING_SAID } from './import-request.ts';
import { readSeries } from './read-series.ts';
import { refusal } from './refusal.ts';

/** The candles or trades of a file, checked; a volume that is not known is NaN. */
export interface SeriesFile {
  readonly kind: 'candles' | 'trades';
  readonly rows: SeriesRows;
  /** Null of trades. */
  readonly timeframe: Timeframe | null;
}

/**
 * Reads a file of candles or trades, in any form that `strat data import` reads.
 * @param watch told how far it is, as a share, and stops it
 * @throws StratError of the reader of candles, and of the import
 */
export async function readSeriesFile(
  path: string,
  { onShare, signal }: { readonly onShare: (share: number) => void; readonly signal: AbortSignal },
): Promise<SeriesFile> {
  const file = displayPath(path);
  const size = statSync(path, { throwIfNoEntry: false })?.size ?? 0;
  let whole;
  try {
    whole = await readSeries(path, NOTHING_SAID, 'rows', sharedDoubles, { signal, onBytes: (bytes) => onShare(Math.min(1, bytes / size)) });
  } catch (error) {
    // What is wrong with candles as strat has them its own reader tells best.
    if (isStratError(error) && /\.csv(?:\.gz)?$/.test(path)) readCandleFile(path);
    throw error;
  }
  const [one, second] = whole;
  if (one === undefined || second !== undefined)
    throw refusal(file, `it holds ${whole.length} series`, 'Read it into the store: strat data import');
  const { kind, timeframe } = one.series;
  if (kind === 'funding') throw refusal(file, 'it holds funding rates', 'Give candles or trades');
  return { kind: kind === 'trades' ? 'trades' : 'candles', rows: one.rows, timeframe };
}
