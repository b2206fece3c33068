import { createHash } from 'node:crypto';
import { isStratError } from '#core/errors/strat-error.ts';
import { type CandleFile, type CandleFileReport, type CandleTextOptions, goodCandles, inspectCandleText } from './candle-text.ts';
import { namesCandles } from './candle-header.ts';
import { csvText } from './csv-text.ts';
import { readBytes, unpack } from './data-bytes.ts';
import { displayPath } from './finding.ts';
import { inspectForeignCandles, isForeign, isJson } from './foreign-candles.ts';

export interface CandleFileOptions extends CandleTextOptions {
  /** Most bytes of the unpacked text. Default 512 MiB, about eight million bars. */
  readonly maxBytes?: number;
}

/** Of the text of one candle file. */
export const DEFAULT_MAX_BYTES = 512 * 1024 * 1024;

/**
 * Reads and checks a candle file (`.csv`, `.csv.gz`, and the other formats of the import; see docs/data.md). Errors in the candles are in the report; throws only when the file as a
 * whole cannot be understood: FILE_UNREADABLE, DATA_TOO_LARGE, DATA_FORMAT, DATA_EMPTY, IMPORT_UNSAID.
 */
export function inspectCandleFile(path: string, options: CandleFileOptions = {}): CandleFileReport {
  const file = displayPath(path);
  const maxBytes = options.maxBytes ?? DEFAULT_MAX_BYTES;
  const raw = readBytes(path, file, maxBytes);
  const sha256 = createHash('sha256').update(raw).digest('hex');
  if (isForeign(raw)) return inspectForeignCandles(path, sha256, options);
  const bytes = unpack(raw, file, maxBytes);
  if (isJson(bytes)) return inspectForeignCandles(path, sha256, options);
  try {
    return inspectCandleText(path, bytes, sha256, options);
  } catch (error) {
    // Not as strat writes it: perhaps without a header, or as another tool does. What is wrong behind a header of candles is told.
    if (!isStratError(error) || error.code !== 'DATA_FORMAT' || namesCandles(csvText(file, bytes).header)) throw error;
    return inspectOtherText(path, sha256, options, error);
  }
}

function inspectOtherText(path: string, sha256: string, options: CandleTextOptions, first: Error): CandleFileReport {
  try {
    return inspectForeignCandles(path, sha256, options);
  } catch (error) {
    // What the import says of a file that it knows is of more use than that the header is another one.
    if (!isStratError(error) || error.code === 'IMPORT_UNSAID' || error.code === 'DATA_INVALID') throw error;
    throw first;
  }
}

/** As `inspectCandleFile`, for those who need the candles: errors in them are thrown as DATA_INVALID, with file and lines. */
export function readCandleFile(path: string, options: CandleFileOptions = {}): CandleFile {
  return goodCandles(inspectCandleFile(path, options));
}
