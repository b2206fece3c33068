import { closeSync, existsSync, fsyncSync, ftruncateSync, openSync, readSync, realpathSync, rmSync, writeSync } from 'node:fs';
import { tryLock } from '#core/data/store/file-lock.ts';
import { StratError } from '#core/errors/strat-error.ts';
import { isRecord } from '#core/model/record.ts';
import { TRIAL_METRICS, type TrialMetrics } from './trial-metrics.ts';

/** First line of a file of results: what they are the results of. Equal headers make equal rows. */
export interface SweepHeader {
  readonly schema: 'strat.sweep/1';
  readonly engine: string;
  readonly strategy: { readonly name: string; readonly sha256: string; readonly modules: readonly string[] };
  readonly data: readonly { readonly market: string; readonly timeframe: string; readonly rows: number; readonly sha256: string }[];
  readonly settings: unknown;
  /** Values of the params that are the same in all sets. */
  readonly fixed: Readonly<Record<string, number>>;
  readonly axes: readonly { readonly name: string; readonly values: readonly string[] }[];
  readonly sample: { readonly size: number; readonly seed: number } | null;
}

/** A further line: a set and what it made, or why it could not run. Sets that break a `require` have none. */
export interface SweepRow {
  /** Number of the set, from 0. */
  readonly set: number;
  readonly params: Readonly<Record<string, string>>;
  readonly metrics?: TrialMetrics;
  readonly error?: string;
}

/** What a difference in a part of the header means. */
const PARTS: readonly (readonly [keyof SweepHeader, string])[] = [
  ['schema', 'it is no file of a sweep'],
  ['engine', 'another version of strat wrote it'],
  ['strategy', 'it is of another strategy, or the strategy was changed since'],
  ['data', 'it is of other candles'],
  ['settings', 'it has other costs, another capital or period'],
  ['axes', 'it goes over other values of params'],
  ['fixed', 'other values were set'],
  ['sample', 'it is of another sample'],
];

const CHUNK_BYTES = 1 << 20;
const NEW_LINE = 10;

/**
 * A file of results that grows by whole lines. What a kill leaves of a line is cut off when it is opened again. As long as it is open a lock file stands beside it, so
 * that a second process does not write into the same one; what a kill leaves of that holds nobody up.
 */
export class SweepFile {
  readonly #fd: number;
  readonly #unlock: () => void;
  #size: number;

  private constructor(fd: number, size: number, unlock: () => void) {
    this.#fd = fd;
    this.#size = size;
    this.#unlock = unlock;
  }

  /** @throws StratError SWEEP_FILE when it is there */
  static create(file: string, header: SweepHeader): SweepFile {
    return locked(file, (unlock) => SweepFile.#create(file, header, unlock));
  }

  /**
   * Opens a file to go on with it; one that is not there is begun.
   * @param onRow gets the rows that it has
   * @throws StratError SWEEP_FILE when it is of another sweep, damaged, or written by another process
   */
  static resume(file: string, header: SweepHeader, onRow: (row: SweepRow) => void): SweepFile {
    return locked(file, (unlock) =>
      existsSync(file) ? SweepFile.#resume(file, header, onRow, unlock) : SweepFile.#create(file, header, unlock),
    );
  }

  static #create(file: string, header: SweepHeader, unlock: () => void): SweepFile {
    if (existsSync(file))
      throw new StratError('SWEEP_FILE', { file, reason: 'it is there', hint: 'Add --resume to go on with it, or name another --out' });
    const opened = new SweepFile(openSync(file, 'wx'), 0, unlock);
    opened.append(`${JSON.stringify(header)}\n`);
    return opened;
  }

  static #resume(file: string, header: SweepHeader, onRow: (row: SweepRow) => void, unlock: () => void): SweepFile {
    const fd = openSync(file, 'r+');
    try {
      let line = 0;
      let last = -1;
      const end = readLines(fd, (text) => {
        line += 1;
        const value = parsed(text, file, line);
        if (line === 1) return refuseOther(file, header, value);
        if (!isRow(value) || value.set <= last) throw damaged(file, line);
        last = value.set;
        onRow(value);
      });
      ftruncateSync(fd, end);
      const opened = new SweepFile(fd, end, unlock);
      if (line === 0) opened.append(`${JSON.stringify(header)}\n`);
      return opened;
    } catch (error) {
      closeSync(fd);
      throw error;
    }
  }

  /** Adds whole lines in one write. */
  append(text: string): void {
    const bytes = Buffer.from(text);
    let written = 0;
    while (written < bytes.length) written += writeSync(this.#fd, bytes, written, bytes.length - written, this.#size + written);
    this.#size += bytes.length;
  }

  close(): void {
    fsyncSync(this.#fd);
    closeSync(this.#fd);
    this.#unlock();
  }
}

/** Opens a file that nobody else has open. */
function locked(file: string, open: (unlock: () => void) => SweepFile): SweepFile {
  const lock = `${existsSync(file) ? realpathSync(file) : file}.lock`;
  const release = lockOf(file, lock);
  if (release === null) {
    throw new StratError('SWEEP_FILE', {
      file,
      reason: 'another sweep that is running writes it',
      hint: 'Wait until that one ends, or name another --out',
    });
  }
  const unlock = (): void => {
    rmSync(lock, { force: true });
    release();
  };
  try {
    return open(unlock);
  } catch (error) {
    unlock();
    throw error;
  }
}

function lockOf(file: string, lock: string): (() => void) | null {
  try {
    return tryLock(lock);
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new StratError('SWEEP_FILE', {
      file,
      reason: `no lock can be put beside it: ${reason}`,
      hint: 'Name an --out in a folder that can be written',
    });
  }
}

/** Calls for each line that has an end; gives the place behind the last of them. */
function readLines(fd: number, onLine: (text: string) => void): number {
  const chunk = Buffer.alloc(CHUNK_BYTES);
  let rest = Buffer.alloc(0);
  let end = 0;
  for (let at = 0; ;) {
    const read = readSync(fd, chunk, 0, CHUNK_BYTES, at);
    if (read === 0) return end;
    at += read;
    const bytes = Buffer.concat([rest, chunk.subarray(0, read)]);
    let from = 0;
    for (let to = bytes.indexOf(NEW_LINE, from); to >= 0; to = bytes.indexOf(NEW_LINE, from)) {
      onLine(bytes.toString('utf8', from, to));
      end += to + 1 - from;
      from = to + 1;
    }
    rest = bytes.subarray(from);
  }
}

function parsed(text: string, file: string, line: number): Readonly<Record<string, unknown>> {
  try {
    const value: unknown = JSON.parse(text);
    if (isRecord(value)) return value;
  } catch {
    // Told below.
  }
  throw damaged(file, line);
}

function isRow(value: Readonly<Record<string, unknown>>): value is SweepRow & Record<string, unknown> {
  const { set, params, metrics, error } = value;
  if (!Number.isInteger(set) || !isRecord(params) || !Object.values(params).every((text) => typeof text === 'string')) return false;
  if (metrics === undefined) return typeof error === 'string';
  if (error !== undefined || !isRecord(metrics)) return false;
  return TRIAL_METRICS.every((name) => metrics[name] === null || Number.isFinite(metrics[name]));
}

function refuseOther(file: string, header: SweepHeader, found: Partial<SweepHeader>): void {
  for (const [part, reason] of PARTS) {
    if (JSON.stringify(found[part]) === JSON.stringify(header[part])) continue;
    throw new StratError('SWEEP_FILE', { file, reason, hint: 'Give the files and options that it was begun with, or name another --out' });
  }
}

function damaged(file: string, line: number): StratError {
  return new StratError('SWEEP_FILE', {
    file,
    reason: `line ${line} is damaged`,
    hint: 'Remove it and what follows, or name another --out',
  });
}
