import { execFileSync } from 'node:child_process';
import { linkSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { StratError } from '#core/errors/strat-error.ts';

interface LockOwner {
  readonly pid: number;
  /** When the process began, in whatever form the system tells it: tells it from a later process with the same number. */
  readonly started: string;
  /** ISO 8601, for people. */
  readonly since: string;
}

const FILE = 'bot.lock';

/**
 * Takes the lock of a state folder for this process; gives the function that releases it. A lock whose process is gone (after
 * kill -9, after a reboot) is taken over.
 * @throws StratError BOT_RUNNING
 */
export function takeLock(folder: string, now: number): () => void {
  const path = join(folder, FILE);
  const text = JSON.stringify({
    pid: process.pid,
    started: processStart(process.pid) ?? '',
    since: new Date(now).toISOString(),
  } satisfies LockOwner);
  const draft = join(folder, `${FILE}.${process.pid}`);
  // Written aside and linked into place: a lock is never seen half written.
  try {
    writeFileSync(draft, text);
    for (let attempt = 0; attempt < 3; attempt++) {
      if (link(draft, path)) return () => release(path, text);
      const found = readText(path);
      if (found === null) continue;
      const owner = ownerOf(found);
      if (owner !== null && isAlive(owner)) throw running(folder, owner);
      removeStale(path, found);
    }
    throw running(folder, ownerOf(readText(path) ?? '') ?? { pid: 0, started: '', since: 'just now' });
  } finally {
    rmSync(draft, { force: true });
  }
}

const running = (folder: string, { pid, since }: LockOwner): StratError => new StratError('BOT_RUNNING', { folder, pid, since });

function link(from: string, to: string): boolean {
  try {
    linkSync(from, to);
    return true;
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'EEXIST') return false;
    throw error;
  }
}

/** Two bots may find the same stale lock: whoever moved the other's new one away puts it back. */
function removeStale(path: string, stale: string): void {
  const aside = `${path}.stale.${process.pid}`;
  try {
    renameSync(path, aside);
  } catch {
    return;
  }
  if (readText(aside) !== stale) link(aside, path);
  rmSync(aside, { force: true });
}

function release(path: string, text: string): void {
  if (readText(path) === text) rmSync(path, { force: true });
}

function readText(path: string): string | null {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return null;
  }
}

function ownerOf(text: string): LockOwner | null {
  try {
    const parsed: unknown = JSON.parse(text);
    if (typeof parsed !== 'object' || parsed === null || !('pid' in parsed) || !('started' in parsed) || !('since' in parsed)) return null;
    const { pid, started, since } = parsed;
    return typeof pid === 'number' && typeof started === 'string' && typeof since === 'string' ? { pid, started, since } : null;
  } catch {
    return null;
  }
}

function isAlive({ pid, started }: LockOwner): boolean {
  const found = processStart(pid);
  return found !== null && (started === '' || found === started);
}

/** When a process began, as text that two processes with the same number do not share; null when there is none. */
function processStart(pid: number): string | null {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'latin1');
    // The name in parentheses may hold spaces; field 22 counts the ticks since the boot (man 5 proc).
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    // A process that was killed and not yet waited for does nothing any more.
    if (fields[0] === 'Z') return null;
    return `${readFileSync('/proc/sys/kernel/random/boot_id', 'latin1').trim()} ${fields[19] ?? ''}`;
  } catch {
    return process.platform === 'linux' ? null : startByPs(pid);
  }
}

function startByPs(pid: number): string | null {
  try {
    const text = execFileSync('ps', ['-o', 'lstart=', '-p', String(pid)], {
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'ignore'],
      env: { ...process.env, LC_ALL: 'C' },
    });
    return text.trim() === '' ? null : text.trim();
  } catch {
    return null;
  }
}
