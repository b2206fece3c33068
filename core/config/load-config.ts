import { dirname, resolve } from 'node:path';
import { fail, ok, type Result } from '#core/model/result.ts';
import type { JsonSchema } from '#core/ports/plugin.ts';
import { buildConfig } from './build-config.ts';
import { BUILT_IN } from './built-in.ts';
import { checkPlugins } from './check-plugins.ts';
import { checkSection, checkSections } from './check-sections.ts';
import type { CalendarConfig, Config } from './config.ts';
import { decodeText } from './decode-text.ts';
import { applyEnvironment, type Environment } from './environment.ts';
import { type ConfigFinding, Findings } from './finding.ts';
import { readConfigFile } from './read-config-file.ts';
import { readYaml } from './read-yaml.ts';
import { SECTION_NAMES } from './schema.ts';
import { createSchemaCompiler } from './schema-check.ts';
import { emptyMap, type MapTree, type Place, type Tree } from './tree.ts';

export interface ConfigRequest {
  /** The file; null = none, the built-in defaults. */
  readonly path: string | null;
  /** In place of a file: a config that a command made of its options. */
  readonly text?: string;
  readonly env: Environment;
  /** Id of a plugin -> JSON Schema of its config, of all plugins that were found. */
  readonly pluginSchemas: ReadonlyMap<string, JsonSchema>;
}

interface Source {
  readonly tree: MapTree;
  readonly sha256: string | null;
}

const BUILT_IN_PLACE: Place = { line: null, column: null, origin: 'built-in default' };
const NOWHERE: Place = { line: null, column: null, origin: null };

/** The built-in tree, whose places must not be taken for places of the user's file. */
function builtIn(): MapTree {
  const strip = (tree: Tree): Tree => {
    if (tree.kind === 'scalar') return { ...tree, at: BUILT_IN_PLACE };
    if (tree.kind === 'list') return { kind: 'list', at: BUILT_IN_PLACE, items: tree.items.map(strip) };
    return stripMap(tree);
  };
  const stripMap = (tree: MapTree): MapTree => ({
    kind: 'map',
    at: BUILT_IN_PLACE,
    entries: new Map([...tree.entries].map(([key, { node }]) => [key, { keyAt: BUILT_IN_PLACE, node: strip(node) }])),
  });
  const tree = readYaml(BUILT_IN, new Findings());
  return tree === null ? emptyMap(BUILT_IN_PLACE) : stripMap(tree);
}

function readSource(path: string | null, findings: Findings): Source | null {
  if (path === null) return { tree: emptyMap(NOWHERE), sha256: null };
  const file = readConfigFile(path);
  if (!file.ok) {
    findings.add(
      'CONFIG_UNREADABLE',
      null,
      '',
      `the file cannot be read: ${file.error}`,
      'check the path; the form of the file is in docs/config.md',
    );
    return null;
  }
  const text = decodeText(file.value.bytes, findings);
  const tree = text === null ? null : readYaml(text, findings);
  return tree === null ? null : { tree, sha256: file.value.sha256 };
}

function sourceOf(text: string, findings: Findings): Source | null {
  const tree = readYaml(text, findings);
  return tree === null ? null : { tree, sha256: null };
}

/** The demo's strategies trade the demo's market: a file with markets of its own names its strategies too. */
function layOverBuiltIn(tree: MapTree): void {
  const own = new Set(tree.entries.keys());
  for (const [name, entry] of builtIn().entries) {
    if (own.has(name)) continue;
    const isDemo = name === 'strategies' && own.has('exchanges');
    tree.entries.set(name, isDemo ? { keyAt: BUILT_IN_PLACE, node: { kind: 'list', at: BUILT_IN_PLACE, items: [] } } : entry);
  }
  for (const name of SECTION_NAMES) {
    if (!tree.entries.has(name)) tree.entries.set(name, { keyAt: BUILT_IN_PLACE, node: emptyMap(BUILT_IN_PLACE) });
  }
}

/**
 * Reads a config: the file over the built-in defaults, then `STRAT_*` of the environment, all checked against the schemas of the
 * sections and of the plugins. The result is frozen. Never throws; every refusal is a finding with its place, at most 20.
 */
export function loadConfig({ path, text, env, pluginSchemas }: ConfigRequest): Result<Config, readonly ConfigFinding[]> {
  const findings = new Findings();
  const source = text === undefined ? readSource(path, findings) : sourceOf(text, findings);
  if (source === null) return fail(findings.sorted());
  const { tree, sha256 } = source;
  layOverBuiltIn(tree);
  applyEnvironment(tree, env, pluginSchemas, findings);
  const compile = createSchemaCompiler();
  const sections = checkSections(tree, compile, findings);
  const plugins = checkPlugins(tree, pluginSchemas, compile, findings);
  const file = path === null ? null : resolve(path);
  const folder = file === null ? resolve('.') : dirname(file);
  const config = sections === null ? null : buildConfig({ file, folder, sha256, sections, plugins, tree }, findings);
  return config !== null && findings.isEmpty ? ok(config) : fail(findings.sorted());
}

/**
 * The folders with further plugins, absolute: what must be known before their schemas are. Tolerant, since `loadConfig` is
 * called next and tells what is wrong: empty when the file or the list is.
 */
export function pluginFolders({ path, text, env }: Omit<ConfigRequest, 'pluginSchemas'>): readonly string[] {
  const findings = new Findings();
  const source = text === undefined ? readSource(path, findings) : sourceOf(text, findings);
  if (source === null) return [];
  layOverBuiltIn(source.tree);
  applyEnvironment(source.tree, env, new Map(), findings);
  const folders = checkSection('plugins', source.tree, createSchemaCompiler(), findings)?.folders ?? [];
  const folder = path === null ? '.' : dirname(resolve(path));
  return folders.map((one) => resolve(folder, one));
}

/** The `calendars` of a file alone: of commands that use nothing else of it. What is wrong elsewhere is not looked at. */
export function configCalendars(path: string): Result<ReadonlyMap<string, CalendarConfig>, readonly ConfigFinding[]> {
  const findings = new Findings();
  const source = readSource(path, findings);
  const calendars = source === null ? null : checkSection('calendars', source.tree, createSchemaCompiler(), findings);
  return findings.isEmpty ? ok(new Map(Object.entries(calendars ?? {}))) : fail(findings.sorted());
}
