import { closeSync, fsync, fsyncSync, ftruncateSync, mkdirSync, openSync, readFileSync, writeSync } from 'node:fs';
import { dirname } from 'node:path';
import { promisify } from 'node:util';
import { StratError } from '#core/errors/strat-error.ts';
import { decodeLine, encodeLine, type JournalLine, type RecordType } from './journal-line.ts';

const LINE_FEED = 0x0a;
const fsyncLater = promisify(fsync);

/** What a journal file held when it was opened. */
export interface JournalContent {
  readonly lines: readonly JournalLine[];
  /** Bytes of a last line that was never finished; they are cut off. */
  readonly tornBytes: number;
}

/** An append-only journal file, open for writing. One writer at a time: the state folder's lock sees to it. */
export interface Journal {
  readonly file: string;
  /** What was there before. */
  readonly content: JournalContent;
  /** Appends records in one write; they survive the end of this process, and that of the machine once `sync` has resolved. */
  readonly append: (records: readonly JournalEntry[]) => void;
  /** Makes everything that was appended durable; does nothing when it is. */
  readonly sync: () => Promise<void>;
  readonly close: () => void;
}

export interface JournalEntry {
  readonly type: RecordType;
  readonly data: Readonly<Record<string, unknown>>;
}

/**
 * Opens or creates a journal, reads and checks all of it, and cuts off a torn last line.
 * @param now ms since the epoch, for the `t` of records
 * @throws StratError FILE_UNREADABLE, FILE_UNWRITABLE, JOURNAL_DAMAGED, JOURNAL_VERSION
 */
export function openJournal(file: string, now: () => number): Journal {
  const fd = open(file);
  try {
    const { lines, tornBytes, length } = parse(file, read(file));
    if (tornBytes > 0) ftruncateSync(fd, length);
    return writer(file, fd, { lines, tornBytes }, length, now);
  } catch (error) {
    closeSync(fd);
    throw error;
  }
}

const codeOf = (error: unknown): string => (error instanceof Error && 'code' in error ? String(error.code) : 'unknown reason');

function open(file: string): number {
  try {
    mkdirSync(dirname(file), { recursive: true });
    const fd = openSync(file, 'a');
    // The file itself must survive too, so its entry in the folder is made durable.
    const folder = openSync(dirname(file), 'r');
    fsyncSync(folder);
    closeSync(folder);
    return fd;
  } catch (error) {
    throw new StratError('FILE_UNWRITABLE', { file, reason: codeOf(error) }, { cause: error });
  }
}

function read(file: string): Buffer {
  try {
    return readFileSync(file);
  } catch (error) {
    throw new StratError('FILE_UNREADABLE', { file, reason: codeOf(error) }, { cause: error });
  }
}

/** Every line ends with a line feed, which is written last: what follows the last one was never finished. */
function parse(file: string, bytes: Buffer): JournalContent & { readonly length: number } {
  const lines: JournalLine[] = [];
  let at = 0;
  for (let end = bytes.indexOf(LINE_FEED, at); end >= 0; end = bytes.indexOf(LINE_FEED, at)) {
    const line = decodeLine(bytes.toString('utf8', at, end), lines.length);
    if ('kind' in line) {
      if (line.kind === 'version') throw new StratError('JOURNAL_VERSION', { file, found: line.found });
      throw new StratError('JOURNAL_DAMAGED', { file, line: lines.length + 1, reason: line.reason });
    }
    lines.push(line);
    at = end + 1;
  }
  return { lines, tornBytes: bytes.length - at, length: at };
}

function writer(file: string, fd: number, content: JournalContent, startLength: number, now: () => number): Journal {
  let nextSeq = content.lines.length;
  let length = startLength;
  let synced = startLength;
  let isBroken = false;
  const append = (records: readonly JournalEntry[]): void => {
    if (isBroken) throw new StratError('FILE_UNWRITABLE', { file, reason: 'an earlier write failed' });
    if (records.length === 0) return;
    const t = now();
    const bytes = Buffer.from(records.map(({ type, data }, at) => encodeLine({ seq: nextSeq + at, t, type, data })).join(''));
    try {
      for (let at = 0; at < bytes.length;) at += writeSync(fd, bytes, at);
    } catch (error) {
      isBroken = true;
      cutBack(fd, length);
      throw new StratError('FILE_UNWRITABLE', { file, reason: codeOf(error) }, { cause: error });
    }
    nextSeq += records.length;
    length += bytes.length;
  };
  return {
    file,
    content,
    append,
    sync: async () => {
      const target = length;
      if (synced >= target) return;
      try {
        await fsyncLater(fd);
      } catch (error) {
        // After a failed fsync nobody knows what is on the disk, and a second one may lie: nothing more is written.
        isBroken = true;
        throw new StratError('FILE_UNWRITABLE', { file, reason: codeOf(error) }, { cause: error });
      }
      synced = Math.max(synced, target);
    },
    close: () => {
      if (synced < length && !isBroken) fsyncSync(fd);
      closeSync(fd);
    },
  };
}

/** A half-written line would be damage once something follows it. If even this fails it stays a torn last line. */
function cutBack(fd: number, length: number): void {
  try {
    ftruncateSync(fd, length);
  } catch {
    // Nothing is written after it: the next start cuts it off.
  }
}
