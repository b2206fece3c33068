import { existsSync, readdirSync, renameSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { StratError } from '#core/errors/strat-error.ts';
import { unwritable } from '#core/files/file-error.ts';
import { makeFolder } from '#core/files/make-folder.ts';
import { takeLock } from './process-lock.ts';

/** Where a bot keeps what must survive it; locked while it is open. Layout: docs/paper.md. */
export interface StateFolder {
  readonly path: string;
  readonly logFile: string;
  readonly journalFile: (id: string) => string;
  /** Names of the strategies that have a state. */
  readonly strategies: () => readonly string[];
  /** Moves the state of a strategy into `old/`; gives where to, or null when there was none. */
  readonly setAside: (id: string) => string | null;
  /** Releases the lock. */
  readonly close: () => void;
}

/**
 * Creates the folder where it is missing and takes its lock.
 * @throws StratError BOT_RUNNING, FILE_UNWRITABLE
 */
export function openStateFolder(path: string, now: () => number): StateFolder {
  try {
    makeFolder(path);
    const release = takeLock(path, now());
    return {
      path,
      logFile: join(path, 'bot.log'),
      journalFile: (id) => join(path, 'paper', id, 'journal.jsonl'),
      strategies: () => (existsSync(join(path, 'paper')) ? readdirSync(join(path, 'paper')) : []),
      setAside: (id) => setAside(path, id, now()),
      close: release,
    };
  } catch (error) {
    if (error instanceof StratError) throw error;
    throw unwritable(path, error);
  }
}

function setAside(path: string, id: string, now: number): string | null {
  const from = join(path, 'paper', id);
  if (!existsSync(from)) return null;
  const stamp = new Date(now).toISOString().replaceAll(':', '-');
  let to = join(path, 'old', stamp, id);
  for (let n = 2; existsSync(to); n++) to = join(path, 'old', `${stamp}-${n}`, id);
  makeFolder(dirname(to));
  renameSync(from, to);
  return to;
}

/** The name of a strategy's state: that of its file, in letters that any file system takes. */
export function strategyId(file: string): string {
  const name = basename(file)
    .replace(/\.strat$/, '')
    .replace(/[^A-Za-z0-9_-]+/g, '-');
  return /[A-Za-z0-9]/.test(name) ? name : 'strategy';
}
