import { closeSync, fstatSync, fsyncSync, openSync, readFileSync, readSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { crc32 } from 'node:zlib';
import { writeAll } from '#core/files/durable-file.ts';
import { type Block, bytesOf, cacheName } from './block.ts';
import type { SeriesRows } from './series-rows.ts';

/** So much is read and checked at a time that it is still in the processor's cache when it is checked. */
const CHECKED_BYTES = 64 * 1024;
/** And so much when it is not: a call takes a moment, and a larger piece leaves the cache before it has been copied. */
const UNCHECKED_BYTES = 256 * 1024;

/** Columns that a block is read into, from one row on. */
export interface Target {
  readonly columns: Readonly<Record<string, Float64Array>>;
  readonly row: number;
}

/** What a file was when its contents were last checked: another inode, size or time, and it is checked again. */
export type Stamps = Readonly<Record<string, string>>;

/** Stamps of a series; none where they cannot be read. */
export function readStamps(file: string): Stamps {
  try {
    const parsed: unknown = JSON.parse(readFileSync(file, 'utf8'));
    if (typeof parsed !== 'object' || parsed === null) return {};
    return Object.fromEntries(Object.entries(parsed).filter((entry): entry is [string, string] => typeof entry[1] === 'string'));
  } catch {
    return {};
  }
}

/** Writes stamps if that is possible; they only save time. */
export function writeStamps(file: string, stamps: Stamps): void {
  const beside = `${file}.${process.pid}.cache-tmp`;
  try {
    writeFileSync(beside, JSON.stringify(stamps));
    renameSync(beside, file);
  } catch {
    rmSync(beside, { force: true });
  }
}

/** Writes the raw columns of a block, sorted by name; gives the stamp of the file. @throws what the file system throws */
export function writeCache(folder: string, block: Block, { columns }: SeriesRows): string {
  const path = join(folder, cacheName(block));
  const beside = `${path}.${process.pid}.cache-tmp`;
  try {
    const fd = openSync(beside, 'w');
    try {
      for (const name of block.columns) writeAll(fd, bytesOf(columns[name]!));
      fsyncSync(fd);
    } finally {
      closeSync(fd);
    }
    renameSync(beside, path);
    return stampOf(path);
  } catch (error) {
    rmSync(beside, { force: true });
    throw error;
  }
}

/**
 * Reads columns of a block from its raw file; null where that is missing or not what was written. Columns that the block does not have become NaN.
 * @param known the file's stamp when it was last found right
 * @returns the stamp that it has now
 */
export function readCache(folder: string, block: Block, target: Target, known: string | undefined): string | null {
  let fd: number;
  try {
    fd = openSync(join(folder, cacheName(block)), 'r');
  } catch {
    return null;
  }
  try {
    const stamp = stampOf(fd);
    const columnBytes = block.rows * Float64Array.BYTES_PER_ELEMENT;
    if (fstatSync(fd).size !== columnBytes * block.columns.length) return null;
    for (const [name, values] of Object.entries(target.columns)) {
      const rows = values.subarray(target.row, target.row + block.rows);
      const place = block.columns.indexOf(name);
      if (place < 0) rows.fill(NaN);
      else if (!readColumn(fd, bytesOf(rows), place * columnBytes, stamp === known ? null : block.crcs[place]!)) return null;
    }
    return stamp;
  } catch {
    return null;
  } finally {
    closeSync(fd);
  }
}

/** @param crc to be checked; null = not */
function readColumn(fd: number, into: Uint8Array, position: number, crc: number | null): boolean {
  let found = 0;
  const most = crc === null ? UNCHECKED_BYTES : CHECKED_BYTES;
  for (let at = 0; at < into.length;) {
    const read = readSync(fd, into, at, Math.min(most, into.length - at), position + at);
    if (read === 0) return false;
    if (crc !== null) found = crc32(into.subarray(at, at + read), found);
    at += read;
  }
  return crc === null || found === crc;
}

function stampOf(file: number | string): string {
  const fd = typeof file === 'number' ? file : openSync(file, 'r');
  try {
    const { ino, size, mtimeNs, ctimeNs } = fstatSync(fd, { bigint: true });
    return `${ino} ${size} ${mtimeNs} ${ctimeNs}`;
  } finally {
    if (fd !== file) closeSync(fd);
  }
}
