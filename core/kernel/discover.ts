import { createHash } from 'node:crypto';
import { lstatSync, readdirSync, realpathSync, statSync } from 'node:fs';
import { basename, join, relative, sep } from 'node:path';
import { type JsonSchema, PLUGIN_KINDS } from '#core/ports/plugin.ts';
import type { ClockPort } from '#core/ports/clock.ts';
import { type CheckedManifest, checkManifest, isPluginName } from './manifest-check.ts';
import { type PluginProblem, pluginProblem, printable, problemOf, reasonOf } from './plugin-problem.ts';
import { withBudget } from './time-budget.ts';

export interface FoundPlugin {
  readonly manifest: CheckedManifest;
  readonly folder: string;
  /** Part of strat, not of a folder that the config names. */
  readonly isOwn: boolean;
  /** Changes with its files. */
  readonly version: string;
  readonly importMs: number;
}

export interface Discovery {
  /** By id, in the order of the ids. */
  readonly plugins: ReadonlyMap<string, FoundPlugin>;
  /** Config schema of each, for the checker of the config. */
  readonly schemas: ReadonlyMap<string, JsonSchema>;
  readonly problems: readonly PluginProblem[];
}

export interface DiscoverOptions {
  /** Searched in this order; each holds `<kind>/<name>/manifest.ts`. */
  readonly folders: readonly { readonly folder: string; readonly isOwn: boolean }[];
  /** `risk/mine`: look at this one only. */
  readonly only?: string;
  readonly clock: ClockPort;
  /** Budget of one manifest's import. */
  readonly budgetMs: number;
  readonly load: (path: string, version: string) => Promise<unknown>;
}

/** Kinds that are folders of plugins, but data: others read them. */
const DATA_KINDS = ['indicator'];
const MAX_FILES = 2000;

/** Finds the plugins of all folders. Never throws for what a folder holds: what is wrong becomes a problem, the others are found. */
export async function discoverPlugins(options: DiscoverOptions): Promise<Discovery> {
  const found = new Map<string, FoundPlugin>();
  const problems: PluginProblem[] = [];
  for (const { folder, isOwn } of options.folders) {
    for (const place of placesIn(folder, options.only ?? null, problems)) {
      const plugin = await readPlugin(place, isOwn, options, problems);
      if (plugin === null) continue;
      const { id } = plugin.manifest;
      const other = found.get(id);
      if (other === undefined) found.set(id, plugin);
      else
        problems.push(pluginProblem(id, 'discovery', 'PLUGIN_DOUBLED', { plugin: id, folder: other.folder, other: plugin.folder }, 'id'));
    }
  }
  const plugins = new Map([...found].toSorted(([a], [b]) => (a < b ? -1 : 1)));
  return { plugins, schemas: new Map([...plugins].map(([id, { manifest }]) => [id, manifest.config])), problems };
}

interface Place {
  readonly id: string;
  readonly folder: string;
}

function placesIn(root: string, only: string | null, problems: PluginProblem[]): readonly Place[] {
  const refuse = (plugin: string, key: string, reason: string): void => {
    problems.push(pluginProblem(plugin, 'discovery', 'PLUGIN_INVALID', { plugin, key, reason }, key));
  };
  const real = folderAt(root);
  if (real === null) {
    refuse(printable(root), 'folder', 'there is no such folder of plugins');
    return [];
  }
  return namesIn(real).flatMap((kind) => {
    if (kind.startsWith('.') || kind === 'node_modules' || DATA_KINDS.includes(kind) || folderAt(join(real, kind)) === null) return [];
    return namesIn(join(real, kind)).flatMap((name) => {
      const folder = join(real, kind, name);
      const id = printable(`${kind}/${name}`);
      if (only !== null && id !== only) return [];
      const inside = folderAt(folder);
      if (name.startsWith('.') || inside === null || !exists(join(folder, 'manifest.ts'))) return [];
      if (!PLUGIN_KINDS.some((one) => one === kind)) {
        refuse(id, 'kind', `there is no kind "${printable(kind)}"; the kinds are ${PLUGIN_KINDS.join(', ')}`);
        return [];
      }
      if (!isPluginName(name)) {
        refuse(id, 'id', 'the name of its folder must be kebab-case: small letters, digits and single hyphens');
        return [];
      }
      const manifest = realOf(join(folder, 'manifest.ts'));
      if (!isInside(real, inside) || manifest === null || !isInside(inside, manifest) || !lstatSync(manifest).isFile()) {
        refuse(id, 'folder', 'it leads out of the folder of plugins, through a link');
        return [];
      }
      return [{ id, folder: inside }];
    });
  });
}

async function readPlugin(
  { id, folder }: Place,
  isOwn: boolean,
  { clock, budgetMs, load }: DiscoverOptions,
  problems: PluginProblem[],
): Promise<FoundPlugin | null> {
  const version = isOwn ? '' : versionOf(folder);
  const started = clock.steady();
  try {
    const module = await withBudget(clock, budgetMs, { plugin: id, phase: 'manifest.ts' }, async () =>
      load(join(folder, 'manifest.ts'), version),
    );
    const exported: unknown = typeof module === 'object' && module !== null && 'manifest' in module ? module.manifest : undefined;
    const check = checkManifest(exported, id);
    if (check.ok) return { manifest: check.manifest, folder, isOwn, version, importMs: clock.steady() - started };
    problems.push(...check.problems);
  } catch (error) {
    const own = problemOf(id, 'discovery', error);
    const reason = `it cannot be imported: ${reasonOf(error)}`;
    problems.push(
      own.code === 'PLUGIN_FAILED'
        ? pluginProblem(id, 'discovery', 'PLUGIN_INVALID', { plugin: id, key: 'manifest', reason }, 'manifest')
        : { ...own, key: 'manifest' },
    );
  }
  return null;
}

/** Of the names, sizes and times of all files: what a reload looks at. */
function versionOf(folder: string): string {
  const digest = createHash('sha256');
  const files = readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((file) => !file.includes('node_modules'));
  for (const file of files.toSorted().slice(0, MAX_FILES)) {
    const { size, mtimeMs } = statSync(join(folder, file), { throwIfNoEntry: false }) ?? { size: 0, mtimeMs: 0 };
    digest.update(`${file}\0${size}\0${mtimeMs}\n`);
  }
  return digest.digest('hex').slice(0, 16);
}

const namesIn = (folder: string): readonly string[] => {
  try {
    return readdirSync(folder).toSorted();
  } catch {
    return [];
  }
};

const realOf = (path: string): string | null => {
  try {
    return realpathSync(path);
  } catch {
    return null;
  }
};

const folderAt = (path: string): string | null => {
  const real = realOf(path);
  return real !== null && statSync(real).isDirectory() ? real : null;
};

const exists = (path: string): boolean => namesIn(join(path, '..')).includes(basename(path));

const isInside = (folder: string, path: string): boolean => {
  const way = relative(folder, path);
  return way !== '..' && !way.startsWith(`..${sep}`) && !way.startsWith('/');
};
