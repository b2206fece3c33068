import { closeSync, constants, fsyncSync, ftruncateSync, openSync, readFileSync, renameSync, rmSync } from 'node:fs';
import { dirname } from 'node:path';
import { StratError } from '#core/errors/strat-error.ts';
import { fsyncLater, syncFolder, writeAll } from '#core/files/durable-file.ts';
import { unreadable, unwritable } from '#core/files/file-error.ts';
import { makeFolder } from '#core/files/make-folder.ts';
import { decodeLine, encodeLine, type JournalLine, type RecordType } from './journal-line.ts';

const LINE_FEED = 0x0a;

/** What a journal file held when it was opened. */
export interface JournalContent {
  readonly lines: readonly JournalLine[];
  /** Bytes of a last line that was never finished; they are cut off. */
  readonly tornBytes: number;
}

/** A journal file, open for writing. One writer at a time: the state folder's lock sees to it. */
export interface Journal {
  readonly file: string;
  /** Length of the file. */
  readonly bytes: () => number;
  /** Appends records in one write; they survive the end of this process, and that of the machine once `sync` has resolved. */
  readonly append: (records: readonly JournalEntry[]) => void;
  /** Makes everything that was appended durable; does nothing when it is. */
  readonly sync: () => Promise<void>;
  /**
   * Puts a record in the place of all that are there, durably: it is written to a new file, which then takes the name of the old one. Whatever
   * ends the process or the machine meanwhile leaves the one or the other, whole. The numbers of the records go on.
   */
  readonly replace: (record: JournalEntry) => void;
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
export function openJournal(file: string, now: () => number): { readonly journal: Journal; readonly content: JournalContent } {
  const fd = open(file);
  try {
    const { lines, tornBytes, length } = parse(file, read(file));
    if (tornBytes > 0) ftruncateSync(fd, length);
    return { journal: writer(file, fd, (lines.at(-1)?.seq ?? -1) + 1, length, now), content: { lines, tornBytes } };
  } catch (error) {
    closeSync(fd);
    throw error;
  }
}

/** Beside the journal while it is replaced; one that a crash left behind says nothing. */
const unfinished = (file: string): string => `${file}.new`;

function open(file: string): number {
  try {
    makeFolder(dirname(file));
    rmSync(unfinished(file), { force: true });
    const fd = openSync(file, 'a');
    // The file itself must survive too, so its entry in the folder is made durable.
    syncFolder(dirname(file));
    return fd;
  } catch (error) {
    throw unwritable(file, error);
  }
}

function read(file: string): Buffer {
  try {
    return readFileSync(file);
  } catch (error) {
    throw unreadable(file, error);
  }
}

/** Every line ends with a line feed, which is written last: what follows the last one was never finished. */
function parse(file: string, bytes: Buffer): JournalContent & { readonly length: number } {
  const lines: JournalLine[] = [];
  let at = 0;
  for (let end = bytes.indexOf(LINE_FEED, at); end >= 0; end = bytes.indexOf(LINE_FEED, at)) {
    const line = decodeLine(bytes.toString('utf8', at, end), lines.at(-1)?.seq);
    if ('kind' in line) {
      if (line.kind === 'version') throw new StratError('JOURNAL_VERSION', { file, found: line.found });
      throw new StratError('JOURNAL_DAMAGED', { file, line: lines.length + 1, reason: line.reason });
    }
    lines.push(line);
    at = end + 1;
  }
  return { lines, tornBytes: bytes.length - at, length: at };
}

function writer(file: string, opened: number, startSeq: number, startLength: number, now: () => number): Journal {
  let fd = opened;
  let nextSeq = startSeq;
  let length = startLength;
  let synced = startLength;
  let isBroken = false;
  const encoded = (records: readonly JournalEntry[]): Buffer => {
    const t = now();
    return Buffer.from(records.map(({ type, data }, at) => encodeLine({ seq: nextSeq + at, t, type, data })).join(''));
  };
  const append = (records: readonly JournalEntry[]): void => {
    if (isBroken) throw new StratError('FILE_UNWRITABLE', { file, reason: 'an earlier write failed' });
    if (records.length === 0) return;
    const bytes = encoded(records);
    try {
      writeAll(fd, bytes);
    } catch (error) {
      isBroken = true;
      cutBack(fd, length);
      throw unwritable(file, error);
    }
    nextSeq += records.length;
    length += bytes.length;
  };
  return {
    file,
    bytes: () => length,
    append,
    sync: async () => {
      const target = length;
      if (synced >= target) return;
      try {
        await fsyncLater(fd);
      } catch (error) {
        // After a failed fsync nobody knows what is on the disk, and a second one may lie: nothing more is written.
        isBroken = true;
        throw unwritable(file, error);
      }
      synced = Math.max(synced, target);
    },
    replace: (record) => {
      if (isBroken) throw new StratError('FILE_UNWRITABLE', { file, reason: 'an earlier write failed' });
      const bytes = encoded([record]);
      const old = fd;
      try {
        fd = writeWhole(unfinished(file), bytes);
        renameSync(unfinished(file), file);
        // What is appended and synced from here on must not go with a name that a power failure takes back.
        syncFolder(dirname(file));
      } catch (error) {
        isBroken = true;
        throw unwritable(file, error);
      } finally {
        if (fd !== old) closeSync(old);
      }
      nextSeq += 1;
      length = bytes.length;
      synced = length;
    },
    close: () => {
      if (synced < length && !isBroken) fsyncSync(fd);
      closeSync(fd);
    },
  };
}

function writeWhole(file: string, bytes: Uint8Array): number {
  const fd = openSync(file, constants.O_WRONLY | constants.O_CREAT | constants.O_TRUNC | constants.O_APPEND, 0o666);
  try {
    writeAll(fd, bytes);
    fsyncSync(fd);
    return fd;
  } catch (error) {
    closeSync(fd);
    throw error;
  }
}

/** A half-written line would be damage once something follows it. If even this fails it stays a torn last line. */
function cutBack(fd: number, length: number): void {
  try {
    ftruncateSync(fd, length);
  } catch {
    // Nothing is written after it: the next start cuts it off.
  }
}
