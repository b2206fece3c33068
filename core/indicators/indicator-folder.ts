import { createHash } from 'node:crypto';
import { readdirSync, realpathSync, statSync } from 'node:fs';
import { join, relative, sep } from 'node:path';
import { readRegularFile } from '#core/files/regular-file.ts';
import { fail, ok, type Result } from '#core/model/result.ts';
import type { IndicatorPlugin } from '#dsl/check/plugin-source.ts';
import type { Compiler } from '#dsl/compile.ts';
import type { IndicatorManifest } from '#dsl/plugin/indicator-manifest.ts';
import { readManifest } from '#dsl/plugin/read-manifest.ts';
import { readStepCode } from '#dsl/plugin/read-step-code.ts';
import { LineMap } from '#dsl/diagnostics/line-map.ts';
import { conformanceFault } from './conformance.ts';
import { fileHash, type LockEntry } from './lock-file.ts';

/** Of a folder of plugins; each holds `manifest.json`. */
const KIND = 'indicator';
const MANIFEST = 'manifest.json';
const MANIFEST_KB = 64;
const CODE_KB = 256;
const ID = /^[a-z][a-z0-9]*(?:-[a-z0-9]+)*$/;

/** An indicator plugin whose manifest was read; nothing of its code has been. */
export interface IndicatorFolder {
  /** `indicator/fisher`: its place below a folder of plugins. */
  readonly id: string;
  /** Resolved. */
  readonly folder: string;
  /** Part of strat; else of a folder that the config names. */
  readonly isOwn: boolean;
  readonly manifest: IndicatorManifest;
  readonly manifestHash: string;
  readonly manifestFile: ReadFile;
}

/** A file as it was read. */
export interface ReadFile {
  readonly path: string;
  /** Of its bytes, lower-case hex. */
  readonly sha256: string;
}

/** What is wrong with one plugin, by its place. */
export interface IndicatorProblem {
  readonly id: string;
  /** Of the manifest, or a file. */
  readonly key: string;
  readonly reason: string;
}

/** A plugin whose code was checked and tried. */
export interface LoadedIndicator {
  readonly plugin: IndicatorPlugin;
  readonly entry: LockEntry;
  readonly codeFile: ReadFile;
}

export interface FoundIndicators {
  readonly found: readonly IndicatorFolder[];
  readonly problems: readonly IndicatorProblem[];
}

/** Finds the indicators in folders of plugins, in the order of the folders and their names. Never throws for what a folder holds. */
export function findIndicators(folders: readonly { readonly folder: string; readonly isOwn: boolean }[]): FoundIndicators {
  const found: IndicatorFolder[] = [];
  const problems: IndicatorProblem[] = [];
  for (const { folder, isOwn } of folders) {
    for (const name of namesIn(join(folder, KIND))) {
      const path = join(folder, KIND, name);
      if (!isFolder(path) || !namesIn(path).includes(MANIFEST)) continue;
      const id = `${KIND}/${name.replace(/\p{C}/gu, '?')}`;
      const read = ID.test(name) ? readIndicatorFolder(path, folder) : fail([{ key: 'folder', reason: 'its name must be kebab-case' }]);
      if (!read.ok) {
        problems.push(...read.error.map((fault) => ({ id, ...fault })));
        continue;
      }
      const same = found.find(({ manifest }) => manifest.name === read.value.manifest.name);
      if (same === undefined) found.push({ id, isOwn, ...read.value });
      else
        problems.push({
          id,
          key: 'name',
          reason: `"${same.manifest.name}" is the name of the plugin in ${same.folder} too, which is used`,
        });
    }
  }
  return { found, problems };
}

type Fault = Omit<IndicatorProblem, 'id'>;

/** @param root where links of the folder must not lead out of */
export function readIndicatorFolder(path: string, root: string): Result<Omit<IndicatorFolder, 'id' | 'isOwn'>, readonly Fault[]> {
  const folder = realpathSync(path);
  const file = readInside(realpathSync(root), join(folder, MANIFEST), MANIFEST_KB);
  if (!file.ok) return fail([{ key: MANIFEST, reason: file.error }]);
  const text = decoded(file.value);
  const manifest = text === null ? fail([{ key: MANIFEST, reason: 'it is no UTF-8 text' }]) : readManifest(text);
  if (!manifest.ok) return manifest;
  return ok({
    folder,
    manifest: manifest.value,
    manifestHash: fileHash(file.value),
    manifestFile: readFileOf(join(folder, MANIFEST), file.value),
  });
}

/** Reads, checks and tries the code of a plugin. The error names the place. */
export function loadIndicator({ folder, manifest, manifestHash }: IndicatorFolder, compiler: Compiler): Result<LoadedIndicator, string> {
  const file = readInside(folder, join(folder, manifest.entry), CODE_KB);
  if (!file.ok) return fail(`${manifest.entry}: ${file.error}`);
  const text = decoded(file.value);
  if (text === null) return fail(`${manifest.entry}: it is no UTF-8 text`);
  const entry = { version: manifest.version, code: fileHash(file.value), manifest: manifestHash };
  const codeFile = readFileOf(join(folder, manifest.entry), file.value);
  if (manifest.form === 'module') {
    const reason = moduleFault(text, compiler);
    return reason === null ? ok({ plugin: { form: 'module', manifest, text }, entry, codeFile }) : fail(`${manifest.entry}: ${reason}`);
  }
  const code = readStepCode(
    text,
    manifest.params.map(({ name }) => name),
  );
  if (!code.ok) return fail(`${manifest.entry}, line ${code.error.line}, column ${code.error.column}: ${code.error.message}`);
  const plugin = { form: 'script' as const, manifest, code: code.value };
  const reason = conformanceFault(plugin);
  return reason === null ? ok({ plugin, entry, codeFile }) : fail(`${manifest.entry}: ${reason}`);
}

/** The first error of a module, checked for itself. */
function moduleFault(text: string, compiler: Compiler): string | null {
  const first = compiler.compile(text).diagnostics.find(({ severity }) => severity === 'error');
  if (first !== undefined) {
    const { line, column } = new LineMap(text).position(first.span.start);
    return `line ${line}, column ${column}: ${first.code} ${first.message}`;
  }
  return /^\s*strat\s+1\s+module\b/.test(text.replace(/#.*$/gm, '')) ? null : 'it is a strategy; functions come from a module';
}

const readFileOf = (path: string, bytes: Uint8Array): ReadFile => ({ path, sha256: createHash('sha256').update(bytes).digest('hex') });

/** A file below a folder, wherever links lead. */
function readInside(root: string, path: string, maxKb: number): Result<Buffer, string> {
  let real: string;
  try {
    real = realpathSync(path);
  } catch {
    return fail('there is no such file');
  }
  const way = relative(root, real);
  if (way === '..' || way.startsWith(`..${sep}`) || way.startsWith(sep)) return fail('it leads out of the folder, through a link');
  return readRegularFile(real, { maxKb, isResolved: true });
}

function decoded(bytes: Uint8Array): string | null {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    return null;
  }
}

function namesIn(folder: string): readonly string[] {
  try {
    return readdirSync(folder).toSorted();
  } catch {
    return [];
  }
}

const isFolder = (path: string): boolean => statSync(path, { throwIfNoEntry: false })?.isDirectory() === true;
