import { existsSync, mkdirSync, statSync } from 'node:fs';
import { dirname } from 'node:path';

/**
 * Makes a folder and those above it that are missing. Node's own `recursive` never returns where a file system answers ENOENT to a name that
 * it does not take (`/proc/x`).
 * @throws as mkdirSync
 */
export function makeFolder(path: string): void {
  try {
    mkdirSync(path);
  } catch (error) {
    if (existsSync(path) && statSync(path).isDirectory()) return;
    const above = dirname(path);
    if (above === path || existsSync(above)) throw error;
    makeFolder(above);
    mkdirSync(path);
  }
}
