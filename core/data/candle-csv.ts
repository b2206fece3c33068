import type { Columns } from '#core/model/columns.ts';
import { sharedColumns } from '#core/model/columns.ts';
import { StratError } from '#core/errors/strat-error.ts';
import type { CandleHeader } from './candle-header.ts';
import { parseCandleHeader } from './candle-header.ts';
import { BarChecks } from './bar-checks.ts';
import { parseDecimal } from './decimal-bytes.ts';
import type { FindingLog } from './finding.ts';
import { shown } from './finding.ts';
import type { TimeFormat } from './timestamp-text.ts';
import { detectTimeFormat, parseTime, TIME_FORMAT_NAMES } from './timestamp-text.ts';

const LINE_FEED = 10;
const QUOTE = 34;
const isBlank = (byte: number | undefined): boolean => byte === 32 || byte === 9 || byte === 13;

/** Candles as they stand in a text. When the log has errors, `columns` holds only the lines before, and is for no use. */
export interface CsvCandles {
  readonly columns: Columns;
  readonly rows: number;
  readonly timeFormat: TimeFormat;
}

/** Fields of one line: `[starts[i], ends[i])`, blanks and quotes around them cut off. */
class LineFields {
  readonly starts: Int32Array;
  readonly ends: Int32Array;
  /** Fields found, which may be more than were wanted. */
  count = 0;
  readonly #delimiter: number;

  constructor(header: CandleHeader) {
    this.starts = new Int32Array(header.fieldCount);
    this.ends = new Int32Array(header.fieldCount);
    this.#delimiter = header.delimiter;
  }

  /** Splits the line at `from`; returns where it ends (its line feed or `end`). */
  split(bytes: Buffer, from: number, end: number): number {
    let count = 0;
    let start = from;
    for (let i = from; ; i++) {
      const byte = i < end ? (bytes[i] ?? LINE_FEED) : LINE_FEED;
      if (byte !== this.#delimiter && byte !== LINE_FEED) continue;
      if (count < this.starts.length) this.#keep(bytes, count, start, i);
      count++;
      start = i + 1;
      if (byte === LINE_FEED) {
        this.count = count;
        return i;
      }
    }
  }

  #keep(bytes: Buffer, index: number, from: number, to: number): void {
    let start = from;
    let end = to;
    while (start < end && isBlank(bytes[start])) start++;
    while (start < end && isBlank(bytes[end - 1])) end--;
    if (end - start >= 2 && bytes[start] === QUOTE && bytes[end - 1] === QUOTE) {
      start++;
      end--;
    }
    this.starts[index] = start;
    this.ends[index] = end;
  }
}

/** End of the text without blank lines and spaces behind the last candle. */
function trimmedEnd(bytes: Buffer): number {
  let end = bytes.length;
  while (end > 0 && (isBlank(bytes[end - 1]) || bytes[end - 1] === LINE_FEED)) end--;
  return end;
}

function countLines(bytes: Buffer, from: number, end: number): number {
  let lines = 1;
  for (let i = bytes.indexOf(LINE_FEED, from); i >= 0 && i < end; i = bytes.indexOf(LINE_FEED, i + 1)) lines++;
  return lines;
}

function readTimeFormat(file: string, text: string): TimeFormat {
  const refuse = (reason: string, hint: string): StratError => new StratError('DATA_FORMAT', { file, line: 2, reason, hint });
  const isoHint = 'Write times as 2024-01-31T09:30:00Z, or as seconds, milliseconds or microseconds since 1970';
  if (/^(?:19|20)\d{6}$/.test(text)) throw refuse(`the time ${shown(text)} looks like a date without dashes`, isoHint);
  const format = detectTimeFormat(text);
  if (format === null) throw refuse(`the time ${shown(text)} is in no format that is read`, isoHint);
  return format;
}

/**
 * Reads candles from the bytes of a CSV text: a header, then one line a bar. Checks every line by itself and against the
 * one before, and logs each finding with its line; a line with an error is left out, so a log with errors means that the
 * whole must be refused. Throws DATA_EMPTY without a candle, DATA_FORMAT when header or first time cannot be understood.
 */
export function parseCandleCsv(file: string, bytes: Buffer, log: FindingLog): CsvCandles {
  const begin = bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf ? 3 : 0;
  const end = trimmedEnd(bytes);
  if (end <= begin) throw new StratError('DATA_EMPTY', { file, reason: 'it is empty' });
  const headerBreak = bytes.indexOf(LINE_FEED, begin);
  const headerEnd = headerBreak < 0 || headerBreak > end ? end : headerBreak;
  const header = parseCandleHeader(file, bytes.toString('utf8', begin, headerEnd).trim());
  if (headerEnd === end) throw new StratError('DATA_EMPTY', { file, reason: 'it has only a header line' });

  const { fields } = header;
  const line = new LineFields(header);
  line.split(bytes, headerEnd + 1, end);
  const timeText = line.count > fields.time ? bytes.toString('latin1', line.starts[fields.time] ?? 0, line.ends[fields.time] ?? 0) : '';
  const timeFormat = readTimeFormat(file, timeText);
  const columns = sharedColumns(countLines(bytes, headerEnd + 1, end));
  const checks = new BarChecks(log);
  let rows = 0;
  let emptyVolumes = 0;
  let firstEmptyVolume = 0;
  let lineNumber = 1;

  const fieldText = (index: number): string => bytes.toString('latin1', line.starts[index] ?? 0, line.ends[index] ?? 0);
  const decimalAt = (index: number): number => parseDecimal(bytes, line.starts[index] ?? 0, line.ends[index] ?? 0);

  for (let position = headerEnd + 1; position <= end;) {
    lineNumber++;
    position = line.split(bytes, position, end) + 1;
    if (line.count !== header.fieldCount) {
      log.error(
        'column-count',
        lineNumber,
        line.count === 1 && line.starts[0] === line.ends[0]
          ? 'the line is blank'
          : `the line has ${line.count} fields, the header ${header.fieldCount}`,
        'Remove the line or complete it',
      );
      continue;
    }
    const time = parseTime(bytes, line.starts[fields.time] ?? 0, line.ends[fields.time] ?? 0, timeFormat);
    const open = decimalAt(fields.open);
    const high = decimalAt(fields.high);
    const low = decimalAt(fields.low);
    const close = decimalAt(fields.close);
    let volume = 0;
    if (fields.volume >= 0) {
      if (line.starts[fields.volume] === line.ends[fields.volume]) {
        if (emptyVolumes++ === 0) firstEmptyVolume = lineNumber;
      } else {
        volume = decimalAt(fields.volume);
      }
    }
    const textOf = (name: keyof Columns): string => fieldText(fields[name]);
    if (Number.isNaN(time)) logBadTime(log, lineNumber, fieldText(fields.time), timeFormat);
    else checks.time(lineNumber, time);
    const good = checks.values(lineNumber, open, high, low, close, volume, textOf);
    if (!good || Number.isNaN(time)) continue;
    columns.time[rows] = time;
    columns.open[rows] = open;
    columns.high[rows] = high;
    columns.low[rows] = low;
    columns.close[rows] = close;
    columns.volume[rows] = volume + 0; // a volume written -0 is 0
    rows++;
  }
  checks.finish();
  if (emptyVolumes > 0) {
    log.warn('empty-volume', firstEmptyVolume, emptyVolumes, `${emptyVolumes} of ${rows} bars without a volume`, 'It counts as 0');
  }
  if (fields.volume < 0) log.warn('no-volume', 1, 1, 'there is no volume column', 'Every volume counts as 0');
  if (timeFormat === 'iso-local') {
    log.warn(
      'time-zone',
      2,
      rows,
      `times such as ${shown(timeText)} have no time zone`,
      'They are read as UTC; write a Z behind them if that is right',
    );
  }
  return { columns, rows, timeFormat };
}

function logBadTime(log: FindingLog, line: number, text: string, format: TimeFormat): void {
  const other = detectTimeFormat(text);
  if (other !== null && other !== format) {
    log.error(
      'time-unit',
      line,
      `the time ${shown(text)} is in ${TIME_FORMAT_NAMES[other]}, the first one in ${TIME_FORMAT_NAMES[format]}`,
      'Write all times of a file in one format',
    );
  } else {
    log.error('bad-time', line, `the time ${shown(text)} is none`, `Write it like the first one, in ${TIME_FORMAT_NAMES[format]}`);
  }
}
