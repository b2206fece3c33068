import { readFileSync, writeFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { StratError } from '#core/errors/strat-error.ts';
import { tryLock } from './file-lock.ts';

const POLL_MS = 10;
const MAX_POLL_MS = 100;

export interface LockRequest {
  readonly file: string;
  /** For the message. */
  readonly series: string;
  readonly now: () => number;
  /** How long to wait for another writer. */
  readonly waitMs: number;
  readonly signal: AbortSignal | undefined;
}

/**
 * Waits until nobody else writes a series; gives the function that releases it. Who holds it is written beside, for people.
 * @throws StratError STORE_BUSY; what the file system throws
 */
export async function lockSeries({ file, series, now, waitMs, signal }: LockRequest): Promise<() => void> {
  const start = performance.now();
  for (let pauseMs = POLL_MS; ; pauseMs = Math.min(MAX_POLL_MS, pauseMs * 1.5)) {
    signal?.throwIfAborted();
    const release = tryLock(file);
    if (release !== null) {
      writeHolder(file, now());
      return release;
    }
    if (performance.now() - start >= waitMs)
      throw new StratError('STORE_BUSY', { series, holder: holderOf(file), seconds: Math.round(waitMs / 100) / 10 });
    await sleep(pauseMs);
  }
}

const holderFile = (file: string): string => file.replace(/\.lock$/, '.holder');

function writeHolder(file: string, now: number): void {
  try {
    writeFileSync(holderFile(file), `process ${process.pid}, since ${new Date(now).toISOString()}`);
  } catch {
    // It is for a message only; a full disk does not stop who has the lock.
  }
}

function holderOf(file: string): string {
  try {
    return readFileSync(holderFile(file), 'utf8');
  } catch {
    return 'another process';
  }
}
