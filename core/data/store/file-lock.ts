import { DatabaseSync } from 'node:sqlite';

const SQLITE_BUSY = 5;

/**
 * Takes a lock of the operating system on a file, by SQLite, which makes an empty one: it ends with its process, however that ends, so that there is no stale one to
 * be told from a live one. Gives the function that releases it; null when another process, or this one, holds it.
 * @throws what the file system throws
 */
export function tryLock(file: string): (() => void) | null {
  const database = new DatabaseSync(file, { timeout: 0 });
  try {
    database.exec('BEGIN EXCLUSIVE');
    return () => database.close();
  } catch (error) {
    database.close();
    if (error instanceof Error && 'errcode' in error && error.errcode === SQLITE_BUSY) return null;
    throw error;
  }
}
