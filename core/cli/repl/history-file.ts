import { mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { dirname, isAbsolute, join } from 'node:path';

const MOST_LINES = 1000;

/** Where the lines of earlier sessions are kept (XDG Base Directory Specification): a file of this user's own. */
export function historyPath(env: Readonly<Record<string, string | undefined>>): string {
  const given = env['XDG_STATE_HOME'];
  const folder = given !== undefined && isAbsolute(given) ? given : join(env['HOME'] ?? homedir(), '.local', 'state');
  return join(folder, 'strat', 'repl-history');
}

/** The last lines, the latest first; none where there is no such file. */
export function readHistory(path: string): string[] {
  try {
    return readFileSync(path, 'utf8')
      .split('\n')
      .filter((line) => line !== '')
      .slice(-MOST_LINES)
      .toReversed();
  } catch {
    return [];
  }
}

/** Keeps the lines, the latest first; a history that cannot be kept is no reason to end. */
export function writeHistory(path: string, lines: readonly string[]): void {
  try {
    mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
    const beside = `${path}.${process.pid}.tmp`;
    writeFileSync(beside, `${lines.slice(0, MOST_LINES).toReversed().join('\n')}\n`, { mode: 0o600 });
    renameSync(beside, path);
  } catch {
    // Without a home, or on a full disk, there is no history.
  }
}
