import { createHash } from 'node:crypto';
import { crc32 } from 'node:zlib';
import type { SeriesRows } from './series-rows.ts';

/** Rows of one period, as a version lists them. Blocks with equal rows are one file, whichever versions they belong to. */
export interface Block {
  /** Of its period: `2024-01`. */
  readonly name: string;
  readonly rows: number;
  /** Times of the first and of the last row, ms. */
  readonly from: number;
  readonly to: number;
  /** SHA-256 over its values, see `blockDigest`. */
  readonly digest: string;
  /** Sorted; those that are NaN throughout are left out. */
  readonly columns: readonly string[];
  /** CRC-32 of the bytes of each column. */
  readonly crcs: readonly number[];
}

/** Files are named by what they hold. */
export const archiveName = ({ name, digest }: Pick<Block, 'name' | 'digest'>): string => `${name}.${digest.slice(0, 20)}.parquet`;
export const cacheName = ({ name, digest }: Pick<Block, 'name' | 'digest'>): string => `${name}.${digest.slice(0, 20)}.f64`;

export const bytesOf = (column: Float64Array): Uint8Array => new Uint8Array(column.buffer, column.byteOffset, column.byteLength);

/**
 * Describes rows of one period.
 * @param rows in canonical form (`checkedRows`), at least one
 */
export function describeBlock(name: string, { length, columns }: SeriesRows): Block {
  const names = Object.keys(columns)
    .filter((column) => column === 'time' || columns[column]!.some((value) => !Number.isNaN(value)))
    .sort();
  const { time } = columns;
  return {
    name,
    rows: length,
    from: time![0]!,
    to: time![length - 1]!,
    digest: blockDigest(names, { length, columns }),
    columns: names,
    crcs: names.map((column) => crc32(bytesOf(columns[column]!))),
  };
}

/** SHA-256 over one line of JSON, `{"rows":N,"columns":[...]}` with the names sorted, and then of each column its doubles, eight bytes each, the low byte first. */
export function blockDigest(names: readonly string[], { length, columns }: SeriesRows): string {
  const hash = createHash('sha256');
  hash.update(`${JSON.stringify({ rows: length, columns: names })}\n`);
  for (const name of names) hash.update(bytesOf(columns[name]!));
  return hash.digest('hex');
}

/** SHA-256 over a line for each block, by time: name, rows, digest. */
export function seriesDigest(blocks: readonly Pick<Block, 'name' | 'rows' | 'digest'>[]): string {
  const hash = createHash('sha256');
  hash.update('strat.series/1\n');
  for (const { name, rows, digest } of blocks) hash.update(`${name} ${rows} ${digest}\n`);
  return hash.digest('hex');
}
