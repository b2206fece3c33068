import { realpathSync } from 'node:fs';
import { dirname, join, relative, resolve, sep } from 'node:path';
import { fileURLToPath } from 'node:url';
import { fileReason } from '#core/files/file-error.ts';
import { readRegularFile } from '#core/files/regular-file.ts';
import { sha256 } from '#core/files/sha256.ts';
import type { ModuleSource, ModuleText } from '#dsl/check/module-source.ts';

/** As for every file of the language. */
const MAX_KB = 256;

/** Strategies that come with strat: `strategy:sma-cross` is the one of that name. */
const STRATEGIES = fileURLToPath(new URL('../../strategies/', import.meta.url));
const INSTALLED = /^strategy:([a-z0-9][a-z0-9-]*)$/;

export const isInside = (root: string, path: string): boolean => path.startsWith(root.endsWith(sep) ? root : root + sep);

/** A module that was read. */
export interface UsedModule {
  /** From the folder of the strategy, with `/`: `lib/trend.strat`; `strategy:sma-cross/sma-cross.strat` of one that comes with strat. */
  readonly path: string;
  /** Of the file's bytes, lower-case hex. */
  readonly sha256: string;
}

/** The modules of one compilation. Nothing is kept for the next one. */
export interface ModuleFolder {
  readonly source: ModuleSource;
  /** What has been read so far, in the order of the paths. */
  readonly used: () => readonly UsedModule[];
}

const missing = (reason: string): ModuleText => ({ ok: false, code: 'E0702', reason });

/**
 * Reads modules for the strategy file at `path`. Where links lead counts: what lies outside of the file's folder is E0701, whatever is no
 * regular file of at most 256 KB is E0702, without waiting or reading on.
 */
export function moduleFolder(path: string): ModuleFolder {
  const folder = dirname(resolve(path));
  const used = new Map<string, string>();
  const source: ModuleSource = (wanted, from) => {
    try {
      const installed = INSTALLED.exec(wanted)?.[1];
      // A strategy that came with strat imports from the strategies that came with it.
      const isInstalled = installed !== undefined || (from !== null && isInside(realpathSync.native(STRATEGIES), from));
      const root = realpathSync.native(isInstalled ? STRATEGIES : folder);
      const start = from === null ? root : dirname(from);
      const id = realpathSync.native(installed === undefined ? join(start, wanted) : join(root, installed, `${installed}.strat`));
      if (!isInside(root, id)) return { ok: false, code: 'E0701', reason: 'it leads out of the folder of the strategy' };
      const file = readRegularFile(id, { maxKb: MAX_KB, isResolved: true });
      if (!file.ok) return missing(file.error);
      const bytes = file.value;
      used.set(`${isInstalled ? 'strategy:' : ''}${relative(root, id).replaceAll(sep, '/')}`, sha256(bytes));
      return { ok: true, id, text: bytes.toString('utf8') };
    } catch (error) {
      return missing(fileReason(error));
    }
  };
  return {
    source,
    used: () => [...used].map(([file, sha256]) => ({ path: file, sha256 })).toSorted((a, b) => (a.path < b.path ? -1 : 1)),
  };
}
