import { StratError } from '#core/errors/strat-error.ts';
import { shown } from './finding.ts';
import type { FindingLog } from './finding.ts';
import type { TextBytes } from './text-bytes.ts';
import { detectTimeFormat, TIME_FORMAT_NAMES, type TimeFormat } from './timestamp-text.ts';

const LINE_FEED = 10;
const isBlank = (byte: number | undefined): boolean => byte === 32 || byte === 9 || byte === 13 || byte === LINE_FEED;

/** Where the parts of a CSV text stand: its header line, and the lines behind it. */
export interface CsvText {
  readonly header: string;
  /** Where the first line behind the header begins, and where the last one ends that is not blank. */
  readonly from: number;
  readonly end: number;
  readonly lines: number;
}

/** @throws StratError DATA_EMPTY */
export function csvText(file: string, bytes: TextBytes): CsvText {
  const begin = bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf ? 3 : 0;
  const end = textEnd(bytes);
  if (end <= begin) throw new StratError('DATA_EMPTY', { file, reason: 'it is empty' });
  const headerBreak = bytes.indexOf(LINE_FEED, begin);
  const headerEnd = headerBreak < 0 || headerBreak > end ? end : headerBreak;
  const header = bytes.toString('utf8', begin, headerEnd).trim();
  return { header, from: headerEnd + 1, end, lines: headerEnd === end ? 0 : countLines(bytes, headerEnd + 1, end) };
}

/** Where the last line that is not blank ends (its line feed, or the end of the bytes); 0 when all are blank. */
function textEnd(bytes: TextBytes): number {
  let last = bytes.length;
  while (last > 0 && isBlank(bytes[last - 1])) last--;
  if (last === 0) return 0;
  // A tab behind the last word may be the mark of an empty field, so the rest of its line stays.
  const lineEnd = bytes.indexOf(LINE_FEED, last);
  return lineEnd < 0 ? bytes.length : lineEnd;
}

function countLines(bytes: TextBytes, from: number, end: number): number {
  let lines = 1;
  for (let i = from; i < end; i++) if (bytes[i] === LINE_FEED) lines++;
  return lines;
}

/** The format of the first time. @throws StratError DATA_FORMAT */
export function readTimeFormat(file: string, text: string): TimeFormat {
  const refuse = (reason: string, hint: string): StratError => new StratError('DATA_FORMAT', { file, line: 2, reason, hint });
  const isoHint = 'Write times as 2024-01-31T09:30:00Z, or as seconds, milliseconds or microseconds since 1970';
  if (/^(?:19|20)\d{6}$/.test(text)) throw refuse(`the time ${shown(text)} looks like a date without dashes`, isoHint);
  const format = detectTimeFormat(text);
  if (format === null) throw refuse(`the time ${shown(text)} is in no format that is read`, isoHint);
  return format;
}

export function logBadTime(log: FindingLog, line: number, text: string, format: TimeFormat): void {
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

/** The line has another number of fields than the header. */
export function logFieldCount(log: FindingLog, line: number, count: number, isEmpty: boolean, wanted: number): void {
  const message = count === 1 && isEmpty ? 'the line is blank' : `the line has ${count} fields, the header ${wanted}`;
  log.error('column-count', line, message, 'Remove the line or complete it');
}

/** The byte between fields, and the names between it. */
export function headerFields(line: string): { readonly delimiter: string; readonly names: readonly string[] } {
  const delimiter = [',', ';', '\t'].find((mark) => line.includes(mark)) ?? ',';
  return { delimiter, names: line.split(delimiter).map((field) => field.trim().replace(/^"(.*)"$/, '$1')) };
}
