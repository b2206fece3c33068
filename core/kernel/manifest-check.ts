import { type JsonSchema, PLUGIN_API, PLUGIN_KINDS, type PluginKind } from '#core/ports/plugin.ts';
import { isRecord } from '#core/model/record.ts';
import { type PluginProblem, pluginProblem, printable } from './plugin-problem.ts';

/** A manifest that was found right, copied: nothing in it is the plugin's own object but `load`. */
export interface CheckedManifest {
  readonly id: string;
  readonly kind: PluginKind;
  readonly api: number;
  readonly summary: string;
  readonly capabilities: readonly string[];
  readonly requires: readonly string[];
  readonly config: JsonSchema;
  readonly load: () => unknown;
}

const KEYS = ['id', 'kind', 'api', 'summary', 'capabilities', 'requires', 'config', 'load'] as const;
type Key = (typeof KEYS)[number];

const NAME = /^[a-z][a-z0-9]*(?:-[a-z0-9]+)*$/;
const MAX_NAME = 64;
const MAX_WORDS = 32;
const MAX_SUMMARY = 200;
const MAX_SCHEMA = 64 * 1024;

export const isPluginName = (text: string): boolean => text.length <= MAX_NAME && NAME.test(text);

const isId = (text: string): boolean => {
  const [kind, name, ...rest] = text.split('/');
  return rest.length === 0 && PLUGIN_KINDS.some((one) => one === kind) && isPluginName(name ?? '');
};

/** Each rule gives the checked copy, or throws a text that ends the sentence "Plugin x: key: ...". */
class Refused extends Error {}

function texts(value: unknown, holds: (text: string) => boolean, wanted: string): readonly string[] {
  if (!Array.isArray(value)) throw new Refused(`it must be a list of ${wanted}, found ${nameOf(value)}`);
  if (value.length > MAX_WORDS) throw new Refused(`it has ${value.length} entries, at most ${MAX_WORDS} are allowed`);
  return Object.freeze(
    Array.from({ length: value.length }, (_, i) => {
      const item: unknown = value[i];
      if (typeof item !== 'string' || !holds(item)) throw new Refused(`entry ${i + 1} must be ${wanted}, found ${nameOf(item)}`);
      return item;
    }),
  );
}

function nameOf(value: unknown): string {
  if (typeof value === 'string') return `"${printable(value).slice(0, 80)}"`;
  if (value === null || value === undefined || typeof value === 'number' || typeof value === 'boolean') return String(value);
  return Array.isArray(value) ? 'a list' : `a value of type ${typeof value}`;
}

/** A copy as JSON: no getters, no functions, no prototype of the plugin's. */
function schema(value: unknown): JsonSchema {
  if (typeof value !== 'object' || value === null || Array.isArray(value))
    throw new Refused(`it must be a JSON Schema object, found ${nameOf(value)}`);
  const text = JSON.stringify(value);
  if (text.length > MAX_SCHEMA) throw new Refused(`it is larger than ${MAX_SCHEMA / 1024} KB`);
  const copy: unknown = JSON.parse(text, (key, item: unknown) => {
    if (key === '__proto__') throw new Refused('it has a key "__proto__"');
    return typeof item === 'object' && item !== null ? Object.freeze(item) : item;
  });
  if (!isRecord(copy) || copy['type'] !== 'object') throw new Refused('its "type" must be "object"');
  if (copy['additionalProperties'] !== false)
    throw new Refused('its "additionalProperties" must be false, so that misspelt keys are found');
  return copy;
}

function summary(value: unknown): string {
  if (typeof value !== 'string' || value.trim() === '') throw new Refused(`it must be one line of text, found ${nameOf(value)}`);
  if (value.length > MAX_SUMMARY) throw new Refused(`it has ${value.length} characters, at most ${MAX_SUMMARY} are allowed`);
  if (/\p{C}/u.test(value)) throw new Refused('it holds line breaks or control characters');
  return value;
}

function load(value: unknown): () => unknown {
  if (typeof value !== 'function') throw new Refused(`it must be a function that imports the code, found ${nameOf(value)}`);
  return (): unknown => Reflect.apply(value, undefined, []);
}

export type ManifestCheck =
  | { readonly ok: true; readonly manifest: CheckedManifest }
  | { readonly ok: false; readonly problems: readonly PluginProblem[] };

/**
 * Checks what `manifest.ts` exported as `manifest`, without trusting it: every key is read once, what is kept is a copy.
 * @param folderId `<kind>/<name>` of the folder it lies in; problems name it
 */
export function checkManifest(value: unknown, folderId: string): ManifestCheck {
  const problems: PluginProblem[] = [];
  const refuse = (key: string, reason: string): void => {
    problems.push(pluginProblem(folderId, 'discovery', 'PLUGIN_INVALID', { plugin: folderId, key, reason }, key));
  };
  if (!isRecord(value)) {
    refuse('manifest', `manifest.ts must export "manifest", made with definePlugin; found ${nameOf(value)}`);
    return { ok: false, problems };
  }
  const read = <T>(key: Key, rule: (found: unknown) => T): T | undefined => {
    try {
      return rule(value[key]);
    } catch (error) {
      refuse(key, error instanceof Refused ? error.message : 'it cannot be read');
      return undefined;
    }
  };
  const api = read('api', (found) => found);
  if (api !== PLUGIN_API) {
    // Another version may have other keys: nothing more can be said about this manifest.
    const wanted = typeof api === 'number' ? api : nameOf(api);
    return {
      ok: false,
      problems: [pluginProblem(folderId, 'discovery', 'PLUGIN_API', { plugin: folderId, wanted, actual: PLUGIN_API }, 'api')],
    };
  }
  for (const key of unknownKeys(value)) refuse(key, 'there is no such key in a manifest');
  const kind = read('kind', (found) => kindOf(found, folderId));
  const id = read('id', (found) => {
    if (found !== folderId) throw new Refused(`it must be the folder's kind and name, "${folderId}"; found ${nameOf(found)}`);
    return folderId;
  });
  const rest = {
    summary: read('summary', summary),
    capabilities: read('capabilities', (found) => texts(found, isPluginName, 'words in kebab-case')),
    requires: read('requires', (found) => texts(found, isId, 'plugin ids like "exchange/sim"')),
    config: read('config', schema),
    load: read('load', load),
  };
  if (problems.length > 0 || id === undefined || kind === undefined) return { ok: false, problems };
  const { summary: line, capabilities, requires, config, load: code } = rest;
  if (line === undefined || capabilities === undefined || requires === undefined || config === undefined || code === undefined)
    return { ok: false, problems };
  return { ok: true, manifest: Object.freeze({ id, kind, api, summary: line, capabilities, requires, config, load: code }) };
}

function kindOf(found: unknown, folderId: string): PluginKind {
  const kind = PLUGIN_KINDS.find((one) => one === found);
  if (kind === undefined) throw new Refused(`it must be one of ${PLUGIN_KINDS.join(', ')}; found ${nameOf(found)}`);
  if (!folderId.startsWith(`${kind}/`)) throw new Refused(`it says "${kind}" and lies in the folder "${folderId}"`);
  return kind;
}

function unknownKeys(value: object): readonly string[] {
  try {
    return Reflect.ownKeys(value)
      .map((key) => printable(String(key)))
      .filter((key) => !KEYS.some((known) => known === key));
  } catch {
    return ['manifest'];
  }
}
