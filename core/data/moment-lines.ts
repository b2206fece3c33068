import { createHash } from 'node:crypto';
import { basename } from 'node:path';
import { StratError } from '#core/errors/strat-error.ts';
import { type Market, parseFileMarket } from '#core/model/market.ts';
import { CsvLine } from './csv-line.ts';
import { type CsvText, logBadTime, logFieldCount, readTimeFormat } from './csv-text.ts';
import { readBytes, unpack } from './data-bytes.ts';
import { displayPath, FindingLog } from './finding.ts';
import { invalidData } from './invalid-data.ts';
import { isNumericTime, parseIsoTime, timeOfNumber } from './timestamp-text.ts';

/** What is recorded of a market moment by moment: trades, quotes, order books. */
export interface MomentFile<T> {
  readonly content: T;
  /** As its name says, `{venue}_{BASE}-{QUOTE}_...`; null = it does not say. */
  readonly market: Market | null;
  /** Of the file's bytes as they are on disk, hexadecimal. */
  readonly sha256: string;
}

/** Tens of millions of lines. */
export const MAX_MOMENT_BYTES = 2 ** 31;

/** @throws StratError FILE_UNREADABLE, DATA_TOO_LARGE, and those of `parse` */
export function readMomentFile<T>(path: string, parse: (file: string, bytes: Buffer) => T): MomentFile<T> {
  const file = displayPath(path);
  const raw = readBytes(path, file, MAX_MOMENT_BYTES);
  const content = parse(file, unpack(raw, file, MAX_MOMENT_BYTES));
  const named = /^[A-Za-z0-9][A-Za-z0-9.-]*_([A-Za-z0-9.]+-[A-Za-z0-9.-]+)_/.exec(basename(path))?.[1];
  return { content, market: parseFileMarket(named ?? ''), sha256: createHash('sha256').update(raw).digest('hex') };
}

interface MomentLines {
  readonly file: string;
  readonly bytes: Buffer;
  readonly text: CsvText;
  readonly delimiter: string;
  /** Fields of a line. */
  readonly fieldCount: number;
  /** Fields that may hold the time: the first that is not empty in the first line does. */
  readonly times: readonly number[];
}

/** Takes what one line holds. @param number of the line in the file, for findings */
type TakeLine = (line: CsvLine, row: number, time: number, log: FindingLog, number: number) => void;

/**
 * Reads the lines of a file of moments, oldest first; several may be of one moment.
 * @throws StratError DATA_FORMAT, DATA_INVALID when a line has other fields, a time that is none or that goes back, or what `take` logged
 */
export function eachMoment({ file, bytes, text, delimiter, fieldCount, times }: MomentLines, take: TakeLine): void {
  const { from, end } = text;
  const line = new CsvLine(bytes, end, delimiter.charCodeAt(0), fieldCount);
  line.read(from);
  const timeField = times.find((field) => field < line.count && !line.isEmpty(field)) ?? times[0]!;
  const format = readTimeFormat(file, line.count > timeField ? line.text(timeField) : '');
  const isNumeric = isNumericTime(format);
  const log = new FindingLog();
  let last = -Infinity;
  let number = 1;
  for (let position = from, row = 0; position <= end; row++) {
    number++;
    position = line.read(position);
    if (line.count !== fieldCount) {
      logFieldCount(log, number, line.count, line.isEmpty(0), fieldCount);
      continue;
    }
    const time = isNumeric ? timeOfNumber(line.number(timeField), format) : parseIsoTime(line.text(timeField), format);
    if (Number.isNaN(time)) logBadTime(log, number, line.text(timeField), format);
    else if (time < last)
      log.error('time-back', number, 'its time is before that of the line above', 'Sort the file by time, the oldest line first');
    else last = time;
    take(line, row, time, log, number);
  }
  if (log.errorCount > 0) throw invalidData(file, log.errorCount, log.list());
}

/** @throws StratError DATA_EMPTY when there is no line behind the header */
export function needLines(file: string, { lines }: CsvText): void {
  if (lines === 0) throw new StratError('DATA_EMPTY', { file, reason: 'it has only a header line' });
}
