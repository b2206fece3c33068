import { isRecord } from '#core/model/record.ts';
import { crc32 } from 'node:zlib';

/** Version of the record forms; a journal of another one is refused, not guessed at. */
export const JOURNAL_VERSION = 3;

export const RECORD_TYPES = ['start', 'snapshot', 'bar', 'log', 'decision', 'stop', 'control'] as const;
export type RecordType = (typeof RECORD_TYPES)[number];

/** One line of a journal, checked in form only: what `data` holds depends on `type`. */
export interface JournalLine {
  /** 0, 1, 2, ... without holes; a file that begins with a snapshot begins with the number that this has. */
  readonly seq: number;
  /** When it was written, ms since the epoch by the bot's clock; no decision depends on it. */
  readonly t: number;
  readonly type: RecordType;
  readonly data: Readonly<Record<string, unknown>>;
}

const CRC_MARK = ',"crc":';

/** `{"v":2,"seq":0,"t":...,"type":...,"data":{...},"crc":n}` and a line feed; crc32 is that of the bytes before `,"crc":`. */
export function encodeLine({ seq, t, type, data }: JournalLine): string {
  const body = JSON.stringify({ v: JOURNAL_VERSION, seq, t, type, data }).slice(0, -1);
  return `${body}${CRC_MARK}${crc32(body)}}\n`;
}

const isRecordType = (value: unknown): value is RecordType => RECORD_TYPES.some((type) => type === value);

/** Why a line is no record. `version` stands apart: such a line is whole, only not ours to read. */
export type LineFault = { readonly kind: 'damaged'; readonly reason: string } | { readonly kind: 'version'; readonly found: string };

const damaged = (reason: string): LineFault => ({ kind: 'damaged', reason });

/** Reads one line, without its line feed. @param before number of the line before it; undefined for the first of a file */
export function decodeLine(text: string, before: number | undefined): JournalLine | LineFault {
  const mark = text.lastIndexOf(CRC_MARK);
  if (mark < 0) return damaged('it has no checksum');
  if (text.slice(mark + CRC_MARK.length) !== `${crc32(text.slice(0, mark))}}`) return damaged('its checksum does not fit its text');
  let parsed: unknown;
  try {
    parsed = JSON.parse(text);
  } catch {
    return damaged('it is no JSON');
  }
  if (!isRecord(parsed)) return damaged('it is no record');
  const { v, seq, t, type, data } = parsed;
  if (v !== JOURNAL_VERSION) return { kind: 'version', found: String(v) };
  if (typeof seq !== 'number' || !Number.isSafeInteger(seq) || seq < 0) return damaged('it has no number');
  const expected = before === undefined ? (type === 'snapshot' ? seq : 0) : before + 1;
  if (seq !== expected) return damaged(`it is record ${seq} where record ${expected} belongs`);
  if (typeof t !== 'number' || !isRecord(data) || !isRecordType(type)) return damaged('it is not of a known form');
  return { seq, t, type, data };
}
