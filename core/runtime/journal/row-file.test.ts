import { appendFileSync, mkdtempSync, readFileSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { crc32 } from 'node:zlib';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { NO_ROWS, RowFile, type RowsKept } from './row-file.ts';

const FIELDS = 3;
let folder = '';
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'strat-rows-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const fileOf = (): string => join(folder, 'rows.f64');
const rowOf = (index: number): Float64Array => Float64Array.of(index, -index / 7, index % 5 === 0 ? Number.NaN : 1e300 / (index + 1));
const rowsOf = (from: number, to: number): number[] => Array.from({ length: to - from }, (_, at) => [...rowOf(from + at)]).flat();

async function write(count: number): Promise<RowsKept> {
  const rows = new RowFile(fileOf(), FIELDS, NO_ROWS);
  for (let index = 0; index < count; index++) rows.append(rowOf(index));
  const kept = await rows.sync();
  rows.close();
  return kept;
}

describe('a file of rows', () => {
  it('gives back any part of what was appended, written or still waiting, while it is open and after', async () => {
    const rows = new RowFile(fileOf(), FIELDS, NO_ROWS);
    const places = [0, 1, 255, 256, 257, 511, 512, 600];
    for (let index = 0; index < 600; index++) {
      rows.append(rowOf(index));
      if (!places.includes(index + 1)) continue;
      const parts = places.flatMap((from) => places.filter((to) => from <= to && to <= index + 1).map((to) => ({ from, to })));
      for (const { from, to } of parts) expect([...rows.read(from, to)]).toEqual(rowsOf(from, to));
    }
    rows.close();
    expect(rows.count).toBe(600);
    expect([...rows.read(200, 600)]).toEqual(rowsOf(200, 600));
    expect([...rows.blocks()].flatMap((block) => [...block])).toEqual(rowsOf(0, 600));
  });

  it('holds the doubles as they are in memory, and tells their checksum', async () => {
    const kept = await write(10);
    const bytes = readFileSync(fileOf());
    expect(bytes.readDoubleLE((4 * FIELDS + 1) * 8)).toBe(-4 / 7);
    expect(kept).toEqual({ rows: 10, crc: crc32(bytes) });
  });

  it('goes on behind the rows that count, whatever a crash left behind them', async () => {
    await write(5000);
    const kept = { rows: 4999, crc: crc32(readFileSync(fileOf()).subarray(0, 4999 * FIELDS * 8)) };
    for (const tail of [Buffer.alloc(0), Buffer.alloc(7, 1), Buffer.alloc(100)]) {
      appendFileSync(fileOf(), tail);
      const rows = new RowFile(fileOf(), FIELDS, kept);
      expect(rows.count).toBe(4999);
      rows.keep();
      rows.append(rowOf(4999));
      rows.append(rowOf(5000));
      expect([...rows.read(4990, 5001)]).toEqual(rowsOf(4990, 5001));
      expect(await rows.sync()).toEqual({ rows: 5001, crc: crc32(readFileSync(fileOf())) });
      rows.close();
    }
  });

  it('is refused when a row that counts is missing or another, and left as it is', async () => {
    const kept = await write(300);
    const bytes = readFileSync(fileOf());
    truncateSync(fileOf(), bytes.length - 1);
    expect(() => new RowFile(fileOf(), FIELDS, kept)).toThrow(expect.objectContaining({ code: 'HISTORY_DAMAGED' }));
    expect(readFileSync(fileOf())).toEqual(bytes.subarray(0, -1));
    const changed = Buffer.from(bytes);
    changed[1000]! ^= 1;
    writeFileSync(fileOf(), changed);
    expect(() => new RowFile(fileOf(), FIELDS, kept)).toThrow(/its checksum is not the one in the journal.*--fresh/);
    expect(readFileSync(fileOf())).toEqual(changed);
  });

  it('that cannot be created names the file', () => {
    expect(() => new RowFile(join(folder, 'not', 'there'), FIELDS, NO_ROWS)).toThrow(expect.objectContaining({ code: 'FILE_UNWRITABLE' }));
  });
});
