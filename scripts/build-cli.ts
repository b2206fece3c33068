/**
 * Puts the command line into a few large files: `node scripts/build-cli.ts`. npm runs it as part of `prepare`, so it is part of `npm ci`.
 * bin/bundle.js runs them for as long as the sources are what they were; where rolldown is not installed (`--omit=dev`) the sources run.
 */
import { createHash } from 'node:crypto';
import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join, parse, relative } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { Plugin, PluginContext } from 'rolldown';

/** Where the launcher looks, and what it compares. */
const LAUNCHER = (await import(new URL('../bin/bundle.js', import.meta.url).href)) as {
  readonly BUNDLE_FOLDER: string;
  readonly STAMP_FILE: string;
  readonly stampOf: (file: string) => readonly number[];
};
const ROOT = dirname(import.meta.dirname);
const MAIN = join(ROOT, 'core/cli/main.ts');
const ENGINE_TEXTS = join(ROOT, 'core/sandbox/engine-texts.ts');
/** Each becomes one file, with all that it imports at once and those before it do not. What is imported later is cut where commands part. */
const LAYERS = ['main.ts', 'commands/check.ts', 'commands/backtest.ts', 'render/backtest-table.ts'].map((file) =>
  join(ROOT, 'core/cli', file),
);
/** Libraries of many small files that nearly every command needs; the others stay where they are, and so do plugins. */
const INLINED = /^(chevrotain|@chevrotain\/[\w-]+|big\.js)$/;
/** Classes by which errors of plugins are known, so there must be one of each. */
const SHARED = /^core\/(errors\/(strat-error|messages)|ports\/[\w-]+)\.ts$/;
/** Rolldown writes one a line, at the head of a file. */
const BUILTIN_IMPORT = /^import (?:(?:(?<whole>\w+)|\{(?<parts>[^}]+)\}) from )?"(?<name>node:[\w/]+)";$/;
const PLACES = /\bimport\.meta\.(url|dirname|filename|main)\b/g;

/** A file as it was before it was read: path below the root, sizes and times of `stampOf`, SHA-256 of the content. */
type StampEntry = readonly (string | number)[];

function sources(read: Map<string, StampEntry>): Plugin {
  return {
    name: 'strat-sources',
    async resolveId(id, importer, options) {
      if (!/^[./#]/.test(id) && !INLINED.test(id)) return { id, external: true };
      const resolved = await this.resolve(id, importer, { ...options, skipSelf: true });
      const isShared = resolved !== null && SHARED.test(relative(ROOT, resolved.id));
      return isShared ? { id: pathToFileURL(resolved.id).href, external: 'absolute' } : resolved;
    },
    async load(file) {
      if (!file.startsWith(`${ROOT}/`)) return null;
      const stamp = LAUNCHER.stampOf(file);
      const bytes = readFileSync(file);
      const path = relative(ROOT, file);
      read.set(path, [path, ...stamp, createHash('sha256').update(bytes).digest('hex')]);
      if (file === ENGINE_TEXTS) return (await import('./engine-texts.ts')).engineTextsModule();
      const text = bytes.toString();
      // Workers, processes and pages are found from where the source is.
      return path.startsWith('node_modules/') ? text : text.replace(PLACES, (_, name: string) => JSON.stringify(placesOf(file)[name]));
    },
  };
}

const placesOf = (file: string): Readonly<Record<string, string | boolean>> => ({
  url: pathToFileURL(file).href,
  dirname: dirname(file),
  filename: file,
  main: false,
});

/**
 * Modules of Node, taken without the `import` that copies all their exports: that would load the parts which Node itself leaves until someone asks for them (of node:fs
 * the promises, of node:util MIME types), 4 ms of each start.
 * @throws Error when a form is new here
 */
export function withoutFacades(code: string): string {
  const lines = code.split('\n');
  for (const [at, line] of lines.entries()) {
    if (!line.startsWith('import ')) {
      if (line !== '' && !line.startsWith('//')) break;
      continue;
    }
    if (!/["']node:[\w/]+["'];$/.test(line)) continue;
    const { whole, parts, name } = BUILTIN_IMPORT.exec(line)?.groups ?? {};
    if (name === undefined) throw new Error(`this import of a module of Node cannot be rewritten: ${line}`);
    const taken = whole ?? (parts === undefined ? null : `{${parts.replaceAll(' as ', ': ')}}`);
    lines[at] = taken === null ? '' : `const ${taken} = process.getBuiltinModule("${name}");`;
  }
  return lines.join('\n');
}

/** Ids of modules that one needs, itself included; each once. @param isKnown stops there */
function closure(
  context: PluginContext,
  entry: string,
  isAtOnce: boolean,
  isKnown: (id: string) => boolean = () => false,
): ReadonlySet<string> {
  const found = new Set<string>();
  const waiting = [entry];
  for (let id = waiting.pop(); id !== undefined; id = waiting.pop()) {
    const module = found.has(id) || isKnown(id) ? null : context.getModuleInfo(id);
    if (module === null) continue;
    found.add(id);
    waiting.push(...module.importedIds, ...(isAtOnce ? [] : module.dynamicallyImportedIds));
  }
  return found;
}

/** Which layer a module is in, known once all modules are. */
function layering(entries: readonly string[]): { readonly plugin: Plugin; readonly nameOf: (id: string) => string | null } {
  const layers = new Map<string, string>();
  const plugin: Plugin = {
    name: 'strat-layers',
    buildEnd() {
      for (const [layer, entry] of entries.entries())
        for (const id of closure(this, entry, true, (one) => layers.has(one))) layers.set(id, `layer${layer}`);
    },
  };
  return { plugin, nameOf: (id) => layers.get(id) ?? null };
}

/**
 * Writes modules and what they import as `NAME.mjs` into a folder below node_modules, where their libraries are found.
 * @param layers modules that become one file each with their imports, in this order
 * @param onBuilt told when all modules are known
 * @returns what went into them
 * @throws Error when something does not compile or is not there
 */
export async function bundle(
  entries: Readonly<Record<string, string>>,
  layers: readonly string[],
  folder: string,
  onBuilt: (context: PluginContext) => void = () => undefined,
): Promise<readonly StampEntry[]> {
  const { rolldown } = await import('rolldown');
  const read = new Map<string, StampEntry>();
  const { plugin, nameOf } = layering(layers);
  const built: Plugin = {
    name: 'strat-built',
    renderChunk: (code) => withoutFacades(code),
    buildEnd() {
      onBuilt(this);
    },
  };
  const build = await rolldown({
    input: entries,
    platform: 'node',
    plugins: [sources(read), plugin, built],
    preserveEntrySignatures: 'allow-extension',
    checks: { pluginTimings: false },
  });
  await build.write({
    dir: folder,
    entryFileNames: '[name].mjs',
    chunkFileNames: '[name]-[hash].mjs',
    comments: false,
    // Names stay, for what looks at them. Text with other characters takes twice the memory, and is decoded by a slower way.
    minify: { compress: false, mangle: false, codegen: { removeWhitespace: true, asciiOnly: true } },
    codeSplitting: { includeDependenciesRecursively: false, groups: [{ name: nameOf, debugName: 'layers' }] },
  });
  await build.close();
  return [...read.values()];
}

/** What the launcher compares. */
interface Stamp {
  readonly root: string;
  readonly files: readonly StampEntry[];
  /** By the word behind `strat`, numbers of the files that it may run, those included that it loads later; '' = without a command. Other words: all files. */
  readonly commands: Readonly<Record<string, readonly number[]>>;
}

/** The command line as `main.mjs`. */
export async function bundleCommandLine(folder: string): Promise<Stamp> {
  const used = new Map<string, ReadonlySet<string>>();
  const files = await bundle({ main: MAIN }, LAYERS, folder, (context) => {
    const own = closure(context, MAIN, true);
    used.set('', own);
    // commands/NAME.ts is what runs NAME.
    for (const id of context.getModuleInfo(MAIN)!.dynamicallyImportedIds)
      used.set(parse(id).name, new Set([...own, ...closure(context, id, false)]));
  });
  const places = new Map(files.map(([path], place) => [join(ROOT, String(path)), place]));
  const numbersOf = (ids: ReadonlySet<string>): readonly number[] => [...ids].flatMap((id) => places.get(id) ?? []);
  return { root: ROOT, files, commands: Object.fromEntries([...used].map(([name, ids]) => [name, numbersOf(ids)])) };
}

async function main(): Promise<void> {
  if (!existsSync(join(ROOT, 'node_modules/rolldown/package.json'))) {
    console.log('The command line is not bundled: rolldown is not installed. It starts a little slower.');
    return;
  }
  const place = LAUNCHER.BUNDLE_FOLDER;
  const stamp = join(place, LAUNCHER.STAMP_FILE);
  // Commands that start meanwhile run the sources. Pieces of older bundles stay: a bot that runs may yet ask for one.
  rmSync(stamp, { force: true });
  const made = await bundleCommandLine(place);
  writeFileSync(stamp, JSON.stringify(made));
  console.log(`The command line is bundled in ${relative(ROOT, place)}.`);
}

if (import.meta.main) await main();
