import { createHash } from 'node:crypto';
import { closeSync, constants, fstatSync, openSync, readSync, realpathSync } from 'node:fs';
import { dirname, join, relative, resolve, sep } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { ModuleSource, ModuleText } from '#dsl/check/module-source.ts';

/** As for every file of the language. */
const MAX_BYTES = 256 * 1024;

/** Strategies that come with strat: `strategy:sma-cross` is the one of that name. */
const STRATEGIES = fileURLToPath(new URL('../../strategies/', import.meta.url));
const INSTALLED = /^strategy:([a-z0-9][a-z0-9-]*)$/;

const isInside = (root: string, path: string): boolean => path.startsWith(root.endsWith(sep) ? root : root + sep);

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

const REASONS: Readonly<Record<string, string>> = {
  ENOENT: 'there is no such file',
  ENOTDIR: 'a part of the path is no folder',
  EACCES: 'permission denied',
  EPERM: 'permission denied',
  ELOOP: 'its symbolic links go in a circle',
  ENAMETOOLONG: 'the name is too long',
};

function reasonOf(error: unknown): string {
  const code = error instanceof Error && 'code' in error ? String(error.code) : '';
  return REASONS[code] ?? (code === '' ? 'unknown reason' : code);
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
      const bytes = readRegular(id);
      if (typeof bytes === 'string') return missing(bytes);
      used.set(
        `${isInstalled ? 'strategy:' : ''}${relative(root, id).replaceAll(sep, '/')}`,
        createHash('sha256').update(bytes).digest('hex'),
      );
      return { ok: true, id, text: bytes.toString('utf8') };
    } catch (error) {
      return missing(reasonOf(error));
    }
  };
  return {
    source,
    used: () => [...used].map(([file, sha256]) => ({ path: file, sha256 })).toSorted((a, b) => (a.path < b.path ? -1 : 1)),
  };
}

/** The bytes, or why they are not read. The path has been resolved, so a link in its place is somebody's swap. */
function readRegular(path: string): Buffer | string {
  const file = openSync(path, constants.O_RDONLY | constants.O_NONBLOCK | constants.O_NOFOLLOW);
  try {
    const stat = fstatSync(file);
    if (!stat.isFile()) return stat.isDirectory() ? 'it is a folder' : 'it is no regular file';
    const bytes = Buffer.alloc(MAX_BYTES + 1);
    let length = 0;
    for (let read = -1; read !== 0 && length < bytes.length; length += read)
      read = readSync(file, bytes, length, bytes.length - length, null);
    return length > MAX_BYTES ? 'it is over 256 KB' : bytes.subarray(0, length);
  } finally {
    closeSync(file);
  }
}
