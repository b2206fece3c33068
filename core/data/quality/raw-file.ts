import { setImmediate as pause } from 'node:timers/promises';
import { parseTimeframe, type Timeframe } from '#core/model/timeframe.ts';
import { isStratError } from '#core/errors/strat-error.ts';
import { DEFAULT_MAX_BYTES } from '../candle-file.ts';
import { readBytes, unpack } from '../data-bytes.ts';
import { displayPath, FindingLog } from '../finding.ts';
import { isForeign, isJson } from '../foreign-candles.ts';
import type { ReadWatch } from '../import/read-series.ts';
import { readWholeCandles, type WholeCandles } from '../import/whole-candles.ts';
import { refusal } from '../import/refusal.ts';
import { parseInSteps, type RawSeries } from './raw-series.ts';

/** Shows how far it is, as a share, and stops it. */
export interface RawWatch {
  readonly onShare: (share: number) => void;
  readonly signal: AbortSignal;
}

/**
 * Candles of a file in any form that `strat data import` reads. Of CSV as strat has it faults are findings, with their lines; other forms are read by the import, which refuses what has faults
 * in its rows.
 * @throws StratError FILE_UNREADABLE, DATA_TOO_LARGE, DATA_FORMAT, DATA_EMPTY, DATA_INVALID, IMPORT_UNSAID; the reason of the signal
 */
export async function readRawFile(path: string, given: Timeframe | null, watch: RawWatch): Promise<RawSeries> {
  const file = displayPath(path);
  const raw = readBytes(path, file, DEFAULT_MAX_BYTES);
  if (isForeign(raw)) return imported(path, given, raw.length, watch);
  const bytes = unpack(raw, file, DEFAULT_MAX_BYTES);
  if (isJson(bytes)) return imported(path, given, raw.length, watch);
  const steps = parseInSteps(path, bytes, given);
  try {
    for (let step = steps.next(); ; step = steps.next()) {
      if (step.done === true) return step.value;
      watch.onShare(step.value);
      await pause();
      watch.signal.throwIfAborted();
    }
  } catch (error) {
    if (!isStratError(error) || error.code !== 'DATA_FORMAT') throw error;
    // Not as strat writes it: perhaps as another tool does.
    return otherwise(path, given, raw.length, watch, error);
  }
}

async function otherwise(path: string, given: Timeframe | null, size: number, watch: RawWatch, first: Error): Promise<RawSeries> {
  try {
    return await imported(path, given, size, watch);
  } catch (error) {
    // What the import says of a file that it knows is of more use than that the header is another one.
    if (!isStratError(error) || error.code === 'IMPORT_UNSAID' || error.code === 'DATA_INVALID') throw error;
    throw first;
  }
}

async function imported(path: string, given: Timeframe | null, size: number, { onShare, signal }: RawWatch): Promise<RawSeries> {
  const reading: ReadWatch = { signal, onBytes: (bytes) => onShare(Math.min(1, bytes / size)) };
  return seriesOf(path, await readWholeCandles(path, given?.name ?? null, reading));
}

function seriesOf(path: string, { columns, rows, venue, market, timeframe, notes }: WholeCandles): RawSeries {
  const file = displayPath(path);
  const length = parseTimeframe(timeframe ?? '');
  if (length === null) throw refusal(file, 'nothing says the length of its bars', 'Give it: --timeframe 1h');
  const { time, open, high, low, close } = columns as Record<'time' | 'open' | 'high' | 'low' | 'close', Float64Array>;
  const known = columns['volume'];
  let emptyVolumes = 0;
  const volume = new Float64Array(new SharedArrayBuffer(8 * rows));
  for (let row = 0; row < rows; row++) {
    const value = known?.[row] ?? NaN;
    if (Number.isNaN(value)) emptyVolumes++;
    else volume[row] = value;
  }
  const log = new FindingLog();
  for (const note of notes) log.warn('read-as', null, 1, note, 'strat data import takes options for what is not so');
  const hasVolume = emptyVolumes < rows;
  return {
    name: file,
    venue,
    market,
    timeframe: length,
    columns: { time, open, high, low, close, volume },
    lines: null,
    log,
    hasVolume,
    emptyVolumes: hasVolume ? emptyVolumes : 0,
    timeFormat: null,
  };
}
