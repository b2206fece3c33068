import { closeSync, fstatSync, fsyncSync, openSync, readFileSync, readSync, readv, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { crc32 } from 'node:zlib';
import { writeAll } from '#core/files/durable-file.ts';
import { type Block, bytesOf, cacheName } from './block.ts';
import type { SeriesRows } from './series-rows.ts';

/** So much is read and checked at a time that it is still in the processor's cache when it is checked. */
const CHECKED_BYTES = 64 * 1024;
const readPieces = promisify(readv);

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
 * Reads columns of a block from its raw file and compares each with its checksum; null where the file is missing or not what was written. Columns that the block
 * does not have become NaN.
 * @returns the stamp of the file
 */
export function readChecked(folder: string, block: Block, target: Target): string | null {
  const fd = openCache(folder, block);
  if (fd === null) return null;
  try {
    const stamp = stampOf(fd);
    for (const { values, place } of parts(block, target)) {
      if (place < 0) values.fill(NaN);
      else if (!readColumn(fd, bytesOf(values), place * values.byteLength, block.crcs[place]!)) return null;
    }
    return stamp;
  } catch {
    return null;
  } finally {
    closeSync(fd);
  }
}

/**
 * The same of a file that is as it was when it was last found right, unchecked and on a thread of Node's pool: most of the time goes to memory that is touched for the
 * first time, and several threads touch more of it.
 * @param known the file's stamp then
 * @returns whether it still has that stamp, and was read
 */
export async function readKnown(folder: string, block: Block, target: Target, known: string): Promise<boolean> {
  const fd = openCache(folder, block);
  if (fd === null) return false;
  try {
    if (stampOf(fd) !== known) return false;
    for (const { from, views } of runs(block, target)) {
      const { bytesRead } = await readPieces(fd, views, from);
      if (bytesRead !== views.reduce((sum, { byteLength }) => sum + byteLength, 0)) return false;
    }
    return true;
  } catch {
    return false;
  } finally {
    closeSync(fd);
  }
}

/** The raw file of a block; null where it is missing or has another length than its columns. */
function openCache(folder: string, block: Block): number | null {
  let fd: number;
  try {
    fd = openSync(join(folder, cacheName(block)), 'r');
  } catch {
    return null;
  }
  if (fstatSync(fd).size === block.rows * Float64Array.BYTES_PER_ELEMENT * block.columns.length) return fd;
  closeSync(fd);
  return null;
}

/** Where the columns of a block go, and their places in its file; -1 = it has no such column. */
const parts = (block: Block, { columns, row }: Target): readonly { readonly values: Float64Array; readonly place: number }[] =>
  Object.entries(columns).map(([name, values]) => ({
    values: values.subarray(row, row + block.rows),
    place: block.columns.indexOf(name),
  }));

/** Columns that follow each other in the file are read by one call. */
function runs(block: Block, target: Target): readonly { readonly from: number; readonly views: Uint8Array[] }[] {
  const found: { readonly from: number; readonly views: Uint8Array[]; next: number }[] = [];
  for (const { values, place } of parts(block, target).toSorted((a, b) => a.place - b.place)) {
    if (place < 0) values.fill(NaN);
    else if (found.at(-1)?.next === place) {
      found.at(-1)!.views.push(bytesOf(values));
      found.at(-1)!.next += 1;
    } else found.push({ from: place * values.byteLength, views: [bytesOf(values)], next: place + 1 });
  }
  return found;
}

function readColumn(fd: number, into: Uint8Array, position: number, crc: number): boolean {
  let found = 0;
  for (let at = 0; at < into.length;) {
    const read = readSync(fd, into, at, Math.min(CHECKED_BYTES, into.length - at), position + at);
    if (read === 0) return false;
    found = crc32(into.subarray(at, at + read), found);
    at += read;
  }
  return found === crc;
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
