import { closeSync, constants, fstatSync, ftruncateSync, openSync, readSync } from 'node:fs';
import { dirname } from 'node:path';
import { crc32 } from 'node:zlib';
import { StratError } from '#core/errors/strat-error.ts';
import { fsyncLater, syncFolder, writeAll } from '#core/files/durable-file.ts';
import { unwritable } from '#core/files/file-error.ts';

/** How much of a file is vouched for: what lies behind it was never finished, or is written down elsewhere. */
export interface RowsKept {
  readonly rows: number;
  /** CRC-32 of the bytes of these rows. */
  readonly crc: number;
}

export const NO_ROWS: RowsKept = { rows: 0, crc: 0 };

/** Rows that wait in memory for one write. */
const PENDING_ROWS = 256;
const READ_ROWS = 4096;

/**
 * A file of rows of doubles (little-endian, as every processor that Node runs on stores them) to which rows are only ever appended. Memory
 * does not grow with it. Not durable by itself: a crash leaves any part of what was appended since the last `sync`, and whoever opens it says
 * how many rows of it count.
 */
export class RowFile {
  readonly file: string;
  readonly fields: number;
  readonly #pending: Float64Array<ArrayBuffer>;
  #waiting = 0;
  #written = 0;
  #crc = 0;
  #fd: number;
  #isOpen = true;

  /**
   * Opens or creates the file and checks the rows that count; nothing is changed before `keep`.
   * @throws StratError FILE_UNWRITABLE, HISTORY_DAMAGED
   */
  constructor(file: string, fields: number, kept: RowsKept) {
    this.file = file;
    this.fields = fields;
    this.#pending = new Float64Array(PENDING_ROWS * fields);
    this.#fd = openRows(file);
    try {
      this.#check(kept);
    } catch (error) {
      closeSync(this.#fd);
      throw error;
    }
  }

  get count(): number {
    return this.#written + this.#waiting;
  }

  /** Cuts off what lies behind the rows that count. */
  keep(): void {
    ftruncateSync(this.#fd, this.#written * this.#rowBytes);
  }

  /** @throws StratError FILE_UNWRITABLE */
  append(row: Float64Array): void {
    if (this.#waiting === PENDING_ROWS) this.#write();
    this.#pending.set(row, this.#waiting * this.fields);
    this.#waiting += 1;
  }

  /** A copy of rows [from, to). @throws StratError FILE_UNREADABLE */
  read(from: number, to: number): Float64Array<ArrayBuffer> {
    const rows = new Float64Array(Math.max(0, to - from) * this.fields);
    const fromFile = Math.max(0, Math.min(to, this.#written) - from);
    if (fromFile > 0) this.#readFile(rows.subarray(0, fromFile * this.fields), from);
    const waiting = this.#pending.subarray(Math.max(0, from - this.#written) * this.fields, Math.max(0, to - this.#written) * this.fields);
    rows.set(waiting, fromFile * this.fields);
    return rows;
  }

  /** All rows, oldest first, in blocks of some thousands. */
  *blocks(): Generator<Float64Array<ArrayBuffer>, void> {
    for (let from = 0; from < this.count; from += READ_ROWS) yield this.read(from, Math.min(this.count, from + READ_ROWS));
  }

  /** Makes all rows durable; gives how many there are and their checksum. @throws StratError FILE_UNWRITABLE */
  async sync(): Promise<RowsKept> {
    this.#write();
    const kept = { rows: this.#written, crc: this.#crc };
    try {
      await fsyncLater(this.#fd);
    } catch (error) {
      throw unwritable(this.file, error);
    }
    return kept;
  }

  /** Its rows can still be read afterwards. */
  close(): void {
    if (!this.#isOpen) return;
    this.#isOpen = false;
    try {
      this.#write();
    } finally {
      closeSync(this.#fd);
    }
  }

  get #rowBytes(): number {
    return this.fields * Float64Array.BYTES_PER_ELEMENT;
  }

  #write(): void {
    if (this.#waiting === 0) return;
    const bytes = new Uint8Array(this.#pending.buffer, 0, this.#waiting * this.#rowBytes);
    try {
      writeAll(this.#fd, bytes);
    } catch (error) {
      throw unwritable(this.file, error);
    }
    this.#crc = crc32(bytes, this.#crc);
    this.#written += this.#waiting;
    this.#waiting = 0;
  }

  #check({ rows, crc }: RowsKept): void {
    const there = Math.floor(fstatSync(this.#fd).size / this.#rowBytes);
    if (there < rows) throw this.#damaged(`it has ${there} rows where the journal counts ${rows}`);
    this.#written = rows;
    for (const block of this.blocks()) this.#crc = crc32(new Uint8Array(block.buffer), this.#crc);
    if (this.#crc !== crc) throw this.#damaged('its checksum is not the one in the journal');
  }

  #readFile(rows: Float64Array, from: number): void {
    const fd = this.#isOpen ? this.#fd : openSync(this.file, 'r');
    try {
      const bytes = new Uint8Array(rows.buffer, rows.byteOffset, rows.byteLength);
      for (let at = 0; at < bytes.length;) {
        const got = readSync(fd, bytes, at, bytes.length - at, from * this.#rowBytes + at);
        if (got === 0) throw this.#damaged('it ended while it was read');
        at += got;
      }
    } finally {
      if (fd !== this.#fd || !this.#isOpen) closeSync(fd);
    }
  }

  #damaged(reason: string): StratError {
    return new StratError('HISTORY_DAMAGED', { file: this.file, reason });
  }
}

function openRows(file: string): number {
  try {
    const fd = openSync(file, constants.O_RDWR | constants.O_CREAT | constants.O_APPEND, 0o666);
    syncFolder(dirname(file));
    return fd;
  } catch (error) {
    throw unwritable(file, error);
  }
}
