import { existsSync, realpathSync } from 'node:fs';
import { registerHooks } from 'node:module';
import { join, relative, sep } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { StratError } from '#core/errors/strat-error.ts';

const ROOT = realpathSync(join(import.meta.dirname, '../..'));
/** What plugins see of strat; the same as `exports` in package.json. */
const DOORS: readonly (readonly [pattern: RegExp, path: string])[] = [
  [/^strat\/(ports|model|testkit)\/([a-z0-9-]+)$/, 'core/$1/$2.ts'],
  [/^strat\/errors$/, 'core/errors/strat-error.ts'],
];
const SEEN = ['core/ports', 'core/model', 'core/testkit', 'core/errors', 'node_modules'];
const VERSION = 'strat-version';

export interface PluginImports {
  /** Imports a file of a plugin. Another `version` of a folder gets its code anew, the same one from the cache. */
  readonly load: (path: string, version: string) => Promise<unknown>;
  readonly close: () => void;
}

/**
 * Lets code in `folders` import `strat/ports/*`, `strat/model/*`, `strat/errors` and `strat/testkit/*` wherever the folders
 * lie, and refuses it every other part of strat. Plugins run with the rights of the bot: this keeps them apart from what
 * changes, it is no protection from malice.
 */
export function openPluginImports(folders: readonly string[]): PluginImports {
  const roots = folders.filter((folder) => existsSync(folder)).map((folder) => realpathSync(folder));
  const rootOf = (path: string): string | undefined => roots.find((root) => isInside(root, path));
  const hooks = registerHooks({
    resolve(specifier, context, next) {
      const parent = context.parentURL?.startsWith('file:') === true ? context.parentURL : undefined;
      const from = parent === undefined ? undefined : rootOf(fileURLToPath(parent));
      if (parent === undefined || from === undefined) return next(specifier, context);
      const door = DOORS.find(([pattern]) => pattern.test(specifier));
      if (door !== undefined) return next(pathToFileURL(join(ROOT, specifier.replace(door[0], door[1]))).href, context);
      const resolved = next(specifier, context);
      if (!resolved.url.startsWith('file:')) return resolved;
      const path = fileURLToPath(resolved.url);
      if (isForbidden(path, rootOf)) throw new StratError('PLUGIN_IMPORT', { folder: from, specifier });
      return rootOf(path) === undefined
        ? resolved
        : { ...resolved, url: versioned(resolved.url, new URL(parent).searchParams.get(VERSION)) };
    },
  });
  return {
    load: async (path, version) => {
      const own: unknown = await import(versioned(pathToFileURL(path).href, version === '' ? null : version));
      return own;
    },
    close: () => hooks.deregister(),
  };
}

/** A part of strat that plugins do not see; a plugin folder may itself lie inside the repository. */
function isForbidden(path: string, rootOf: (path: string) => string | undefined): boolean {
  return isInside(ROOT, path) && rootOf(path) === undefined && !SEEN.some((door) => isInside(join(ROOT, door), path));
}

function versioned(url: string, version: string | null): string {
  if (version === null) return url;
  const next = new URL(url);
  next.searchParams.set(VERSION, version);
  return next.href;
}

const isInside = (folder: string, path: string): boolean => {
  const way = relative(folder, path);
  return way === '' || (way !== '..' && !way.startsWith(`..${sep}`) && !way.startsWith('/'));
};
