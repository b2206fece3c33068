import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { expect, test } from 'vitest';

const PROCESS = fileURLToPath(new URL('./measured-sweep.ts', import.meta.url));

interface Held {
  readonly sets: number;
  readonly systemMb: number;
  readonly heapMb: number;
}

/** What a sweep grows by from its 10,000th to its 100,000th set. */
async function growth(...leak: readonly string[]): Promise<{ readonly systemMb: number; readonly heapMb: number }> {
  const { stdout } = await promisify(execFile)(process.execPath, [PROCESS, ...leak]);
  const { ran, held } = JSON.parse(stdout) as { readonly ran: number; readonly held: readonly Held[] };
  const [first, last] = [held[0]!, held.at(-1)!];
  expect([ran, held.length, last.sets]).toEqual([100_000, 10, 100_000]);
  return { systemMb: last.systemMb - first.systemMb, heapMb: last.heapMb - first.heapMb };
}

test('memory does not grow with the number of sets', { timeout: 120_000 }, async () => {
  const { heapMb, systemMb } = await growth();
  expect(heapMb).toBeLessThan(3);
  // The system gives memory in large pieces: what it has given to isolates grows by 15 MB here, and by no more for ten times as many sets.
  expect(systemMb).toBeLessThan(50);
  // The figures of each set, or a kilobyte of each, are found.
  expect((await growth('figures')).heapMb).toBeGreaterThan(10);
  expect((await growth('buffers')).systemMb).toBeGreaterThan(70);
});
