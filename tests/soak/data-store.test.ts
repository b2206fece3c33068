import { execFileSync } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { openSeriesStore } from '#core/data/store/open-series-store.ts';
import type { SeriesRows } from '#core/data/store/series-rows.ts';
import type { SeriesStore } from '#core/data/store/series-store.ts';
import { batchRows, SERIES, timeAt, volumesOf } from './store-batches.ts';
import { killPairs, killRounds, startWriter } from './store-kills.ts';

let root: string;
let store: SeriesStore;
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'strat-store-'));
  store = openSeriesStore(root, { now: () => Date.now(), waitMs: 200 });
});
afterEach(() => {
  store.close();
  rmSync(root, { recursive: true });
});

const files = (end: string): string[] => readdirSync(root, { recursive: true, encoding: 'utf8' }).filter((name) => name.endsWith(end));

/** Rows that no batch has, or that are in the wrong order. */
function tornRows({ length, columns }: SeriesRows): number {
  const { time, open, high, low, close, volume } = columns;
  const isWhole = (row: number): boolean => {
    const place = volume![row]!;
    const expected = [timeAt(place), place + 0.5, place + 1, place + 0.25, place + 0.75];
    return (
      expected.every((value, at) => value === [time, open, high, low, close][at]![row]) && !(time![row]! <= (time![row - 1] ?? -Infinity))
    );
  };
  return Array.from({ length }, (_, row) => isWhole(row)).filter((isRight) => !isRight).length;
}

test('a writer that is killed leaves all of a batch or nothing, five times', async () => {
  let seed = 7;
  const random = (): number => (seed = (seed * 16_807) % 2_147_483_647) / 2_147_483_647;
  const rounds = [];
  for await (const round of killRounds(root, 5, random)) rounds.push(round);
  expect(rounds.map(({ fault }) => fault)).toEqual([null, null, null, null, null]);
  expect(rounds.at(-1)!.batches).toBeGreaterThan(0);
  // The next writer removes what the killed ones left.
  await store.merge(SERIES, batchRows(12_345, true), { source: 'after' });
  expect(files('.tmp')).toEqual([]);
  const kept = store.versions(SERIES).length;
  expect(files('.json').filter((name) => name.includes('versions'))).toHaveLength(kept);
  expect(files('.parquet').length).toBeLessThanOrEqual(2 * kept);
});

test('two processes write one series while others read it: no row is lost, no read is torn', async () => {
  const writers = [0, 1].map((first) => startWriter(root, first, 25, 2, 'equal'));
  const ended = Promise.all(writers.map(async ({ gone }) => gone));
  let [reads, torn, most] = [0, 0, 0];
  while (writers.some(({ child }) => child.exitCode === null && child.signalCode === null)) {
    await pause(1);
    if (store.find(SERIES) === null) continue;
    const rows = await store.read(SERIES);
    torn += tornRows(rows) + (rows.length < most ? 1 : 0);
    most = rows.length;
    reads++;
  }
  expect(await ended).toEqual([0, 0]);
  expect(torn).toBe(0);
  const all = new Map<number, number>();
  for (let batch = 0; batch < 50; batch++) for (const [time, volume] of volumesOf(batchRows(batch, false))) all.set(time, volume);
  expect(volumesOf(await store.read(SERIES))).toEqual(new Map([...all].toSorted(([a], [b]) => a - b)));
  expect(reads).toBeGreaterThan(10);
});

test('two writers that are killed again and again lose nothing that they said to have stored', async () => {
  let seed = 11;
  const random = (): number => (seed = (seed * 16_807) % 2_147_483_647) / 2_147_483_647;
  const { said, open } = await killPairs(root, 3, random);
  expect(said.length).toBeGreaterThan(0);
  const rows = await store.read(SERIES);
  expect(tornRows(rows)).toBe(0);
  const found = volumesOf(rows);
  const timesOf = (batches: readonly number[]): number[] => batches.flatMap((batch) => [...volumesOf(batchRows(batch, false)).keys()]);
  expect(timesOf(said).filter((time) => !found.has(time))).toEqual([]);
  // What nobody said to have stored is of a batch that was stored in the moment of the kill.
  const known = new Set(timesOf([...said, ...open]));
  expect([...found.keys()].filter((time) => !known.has(time))).toEqual([]);
  expect(await store.check(SERIES)).toMatchObject({ repaired: [], lost: [] });
});

test('a writer waits for another one, says who it is, and takes over when that one is killed', async () => {
  const other = startWriter(root, 0, 1_000_000, 1, 'revising');
  while (other.last() === null) await pause(5);
  // Stopped at any point of its work it holds the lock, or it is about to ask for it: then it is let on and stopped again.
  let isHolding = false;
  for (let attempt = 0; attempt < 50 && !isHolding; attempt++) {
    other.child.kill('SIGSTOP');
    isHolding = await store.merge(SERIES, batchRows(1, false), { source: 'me' }).then(
      () => false,
      (error: unknown) => {
        expect(error).toMatchObject({
          code: 'STORE_BUSY',
          data: { series: 'binance:BTC/USDT 1h', holder: expect.stringContaining(`process ${other.child.pid}`) as string },
        });
        return true;
      },
    );
    if (!isHolding) {
      other.child.kill('SIGCONT');
      await pause(7);
    }
  }
  expect(isHolding).toBe(true);
  // Who reads does not wait.
  expect((await store.read(SERIES)).length).toBeGreaterThan(0);
  other.child.kill('SIGKILL');
  await other.gone;
  const report = await store.merge(SERIES, batchRows(3, false), { source: 'me' });
  expect(report.version).not.toBeNull();
});

test('where a file may not grow any more, the version before stays and the error says so', async () => {
  await store.merge(SERIES, batchRows(1, false), { source: 'before' });
  const before = { files: files('').toSorted(), entry: store.find(SERIES) };
  const script = fileURLToPath(new URL('./store-large-write.ts', import.meta.url));
  // 64 blocks of 512 or 1024 bytes a file, as if the disk were full; what is written is larger in each of its forms.
  const said = execFileSync('sh', ['-c', 'ulimit -f 64; exec "$0" "$1" "$2"', process.execPath, script, root], { encoding: 'utf8' });
  expect(JSON.parse(said)).toMatchObject({ code: 'STORE_FULL', data: { series: 'binance:BTC/USDT 1h' } });
  expect(store.find(SERIES)).toEqual(before.entry);
  expect(files('').toSorted()).toEqual(before.files);
  expect(volumesOf(await store.read(SERIES))).toEqual(volumesOf(batchRows(1, false)));
  expect(existsSync(join(root, '.locks'))).toBe(true);
});

test('a hundred series and more are listed from their manifests', async () => {
  for (let at = 0; at < 105; at++) await store.merge({ ...SERIES, market: `COIN${at}/USDT` }, batchRows(at, false), { source: 'test' });
  expect(openSeriesStore(root, { now: () => 0 }).list()).toHaveLength(105);
});
