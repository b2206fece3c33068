import { existsSync, readdirSync, rmSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { archiveName, type Block, cacheName } from './block.ts';
import { readBlocks, versionFile } from './manifest.ts';
import type { SeriesVersion } from './series-store.ts';
import type { SeriesPaths } from './store-paths.ts';

/** So many of the newest versions stay without a pin. */
const KEPT_VERSIONS = 10;
/** What a reader writes beside a file is gone within a moment, unless the reader is. */
const LEFTOVER_MS = 600_000;

/**
 * The versions to keep: pinned ones, the newest ten, and those that were the newest one a moment ago, which somebody may be reading.
 * @param versions oldest first
 * @param graceMs how long ago a version must have been overtaken to be dropped
 */
export function keptVersions(versions: readonly SeriesVersion[], now: number, graceMs: number): readonly SeriesVersion[] {
  return versions.filter(({ pins }, place) => {
    const next = versions[place + 1];
    return pins.length > 0 || next === undefined || place >= versions.length - KEPT_VERSIONS || now - next.updated < graceMs;
  });
}

/**
 * Removes what no version of the manifest has: versions that were dropped, blocks of nobody, what a killed writer left. Only for who holds the lock, after the
 * manifest was written. What cannot be removed stays for the next time.
 */
export function cleanSeries(paths: SeriesPaths, versions: readonly SeriesVersion[]): void {
  const kept = new Set<string>();
  for (const { version } of versions) {
    let blocks: readonly Block[] | null;
    try {
      blocks = readBlocks(versionFile(paths, version));
    } catch {
      blocks = null;
    }
    // Without the list of a version nobody knows what it needs.
    if (blocks === null) return;
    for (const block of blocks) kept.add(archiveName(block)).add(cacheName(block));
  }
  const numbers = new Set(versions.map(({ version }) => `${version}.json`));
  removeIn(paths.versions, (name) => !numbers.has(name));
  removeIn(paths.blocks, (name) => (name.endsWith('.cache-tmp') ? isOld(join(paths.blocks, name)) : !kept.has(name)));
  removeIn(paths.folder, (name) => name.endsWith('.tmp') || (name.endsWith('.cache-tmp') && isOld(join(paths.folder, name))));
}

const isOld = (file: string): boolean => {
  try {
    return Date.now() - statSync(file).mtimeMs > LEFTOVER_MS;
  } catch {
    return false;
  }
};

function removeIn(folder: string, isSuperfluous: (name: string) => boolean): void {
  if (!existsSync(folder)) return;
  for (const name of readdirSync(folder)) {
    if (!isSuperfluous(name)) continue;
    try {
      rmSync(join(folder, name), { force: true });
    } catch {
      // It costs room, nothing else.
    }
  }
}
