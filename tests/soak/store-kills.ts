import { type ChildProcess, fork } from 'node:child_process';
import { setTimeout as pause } from 'node:timers/promises';
import { isDeepStrictEqual } from 'node:util';
import { openSeriesStore } from '#core/data/store/open-series-store.ts';
import { revisedBy, SERIES, volumesOf } from './store-batches.ts';

const MANY = 1_000_000;

export interface StoreWriter {
  readonly child: ChildProcess;
  /** The batch that was said to be stored last; null = none. */
  readonly last: () => number | null;
  /** Resolves with the exit code when the process is gone. */
  readonly gone: Promise<number | null>;
}

/** Starts a process that writes batches `first`, `first + step`, ... */
export function startWriter(folder: string, first: number, count: number, step: number, how: 'revising' | 'equal'): StoreWriter {
  const args = [folder, first, count, step, how].map(String);
  const child = fork(new URL('./store-writer.ts', import.meta.url), args, { stdio: ['ignore', 'ignore', 'inherit', 'ipc'] });
  let last: number | null = null;
  child.on('message', (batch) => (last = Number(batch)));
  const gone = new Promise<number | null>((resolve) => child.once('close', resolve));
  return { child, last: () => last, gone };
}

export interface KillRound {
  /** Batches in the store after the kill. */
  readonly batches: number;
  /** What is wrong; null = nothing. */
  readonly fault: string | null;
}

/**
 * Kills a writer (SIGKILL) again and again and looks at what it left: all batches that it said to have stored, and of the one it was at all or nothing.
 * @param random from 0 to 1: when the next kill comes
 */
export async function* killRounds(folder: string, rounds: number, random: () => number): AsyncGenerator<KillRound> {
  let batches = 0;
  for (let round = 0; round < rounds; round++) {
    const writer = startWriter(folder, batches, MANY, 1, 'revising');
    const start = performance.now();
    // Some rounds end before the first batch of the process, some after several.
    const isEarly = random() < 0.3;
    if (!isEarly) while (writer.last() === null && writer.child.exitCode === null && performance.now() - start < 20_000) await pause(2);
    await pause(random() * (isEarly ? 800 : 150));
    writer.child.kill('SIGKILL');
    await writer.gone;
    const said = (writer.last() ?? batches - 1) + 1;
    const found = await storedVolumes(folder);
    const fits = [said, said + 1].find((count) => isDeepStrictEqual(found, revisedBy(count)));
    if (fits === undefined) {
      yield { batches: said, fault: `after ${said} batches the store holds what neither ${said} nor ${said + 1} of them give` };
      return;
    }
    batches = fits;
    yield { batches, fault: null };
  }
}

/**
 * Two writers of one series, each killed at moments of its own and started anew where it was, while both count on the other's rows. Gives the batches that were
 * said to be stored, and of each writer the one that it was at.
 */
export async function killPairs(
  folder: string,
  kills: number,
  random: () => number,
): Promise<{ readonly said: readonly number[]; readonly open: readonly number[] }> {
  const one = async (first: number): Promise<{ readonly said: readonly number[]; readonly next: number }> => {
    const said: number[] = [];
    let next = first;
    for (let kill = 0; kill < kills; kill++) {
      const writer = startWriter(folder, next, MANY, 2, 'equal');
      const start = performance.now();
      while (writer.last() === null && writer.child.exitCode === null && performance.now() - start < 20_000) await pause(2);
      await pause(random() * 200);
      writer.child.kill('SIGKILL');
      await writer.gone;
      const last = writer.last() ?? next - 2;
      for (; next <= last; next += 2) said.push(next);
    }
    return { said, next };
  };
  const both = await Promise.all([one(0), one(1)]);
  return { said: both.flatMap(({ said }) => said), open: both.map(({ next }) => next) };
}

async function storedVolumes(folder: string): Promise<ReadonlyMap<number, number>> {
  const store = openSeriesStore(folder, { now: () => Date.now() });
  const isThere = store.find(SERIES) !== null;
  const found = isThere ? volumesOf(await store.read(SERIES)) : new Map<number, number>();
  store.close();
  return found;
}
