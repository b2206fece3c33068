import { parseDocument } from 'yaml';
import type { JsonSchema } from '#core/ports/plugin.ts';
import type { Findings } from './finding.ts';
import { isFields, nameHint } from './fault-words.ts';
import { SECTIONS } from './schema.ts';
import { quoted } from './shown.ts';
import { childOf, emptyMap, type MapTree, pathText, type Place, type Scalar, type Step, type Tree } from './tree.ts';

export type Environment = Readonly<Record<string, string | undefined>>;

/** Names that begin with STRAT_ and are no config: the state folder, and switches of strat's own tests. */
const OTHERS = /^STRAT_(HOME|DEBUG|KEEP_.*|TEST_.*|FC_.*)$/;
const MAX_VALUE = 4096;
const MAX_NAME = 200;

const plain = (name: string): string => name.toLowerCase().replace(/[-_]/g, '');
const propertiesOf = (schema: unknown): Readonly<Record<string, unknown>> =>
  isFields(schema) && isFields(schema['properties']) ? schema['properties'] : {};

/** What YAML can read as something else than a text, or as a text in quotes. */
const WORD = /^(?:(["']).*\1|[-+]?[\d.][\w.+-]*|[A-Za-z]+|~)?$/;

/** A variable's value as YAML would read it in one line; a text unless it is a number, true, false or nothing. Null when it is no single value. */
function scalarOf(text: string): { readonly value: Scalar; readonly text: string } | null {
  const trimmed = text.trim();
  if (trimmed.length > MAX_VALUE || /^[[{]|\p{Cc}/u.test(trimmed)) return null;
  const asText = { value: trimmed, text: trimmed };
  if (!WORD.test(trimmed)) return asText;
  const document = parseDocument(trimmed, { version: '1.2', prettyErrors: false, logLevel: 'silent' });
  const value: unknown = document.errors.length > 0 ? trimmed : document.toJS();
  if (typeof value === 'number') return Number.isFinite(value) ? { value, text: trimmed } : asText;
  if (typeof value === 'boolean' || value === null) return { value, text: trimmed };
  return typeof value === 'string' ? { value, text: value } : asText;
}

/** The schema below a step; of an item with `use`, that of its plugin. */
function schemaBelow(schema: unknown, node: Tree | undefined, plugins: ReadonlyMap<string, JsonSchema>): unknown {
  const use = childOf(node, 'use');
  const plugin = use?.kind === 'scalar' && typeof use.value === 'string' ? plugins.get(use.value) : undefined;
  return plugin === undefined ? schema : { properties: { ...propertiesOf(schema), ...propertiesOf(plugin) } };
}

function elementSchema(schema: unknown, step: Step): unknown {
  if (!isFields(schema)) return undefined;
  return (
    propertiesOf(schema)[String(step)] ??
    schema['items'] ??
    (isFields(schema['additionalProperties']) ? schema['additionalProperties'] : undefined)
  );
}

interface Target {
  readonly steps: readonly Step[];
  /** Why there is no such key: the part that is unknown, and what there is in its place. */
  readonly unknown: { readonly part: string; readonly known: readonly string[] } | null;
}

/** Finds the keys that the parts of a name mean, ignoring case, `_` and `-`. */
function findTarget(parts: readonly string[], root: MapTree, plugins: ReadonlyMap<string, JsonSchema>): Target {
  const steps: Step[] = [];
  let node: Tree | undefined = root;
  let schema: unknown = { properties: SECTIONS };
  for (const part of parts) {
    schema = schemaBelow(schema, node, plugins);
    let step: Step | undefined;
    const isList = node?.kind === 'list' || (isFields(schema) && schema['type'] === 'array');
    const keys = node?.kind === 'map' ? [...node.entries.keys()] : [];
    const known = [...new Set([...Object.keys(propertiesOf(schema)), ...keys])];
    if (isList) {
      const count = node?.kind === 'list' ? node.items.length : 0;
      const element = elementSchema(schema, 0);
      // a list of plain values can grow by one; an item with keys of its own has to be in the file
      const room = isFields(element) && element['type'] === 'string' ? count + 1 : count;
      if (/^\d{1,4}$/.test(part) && Number(part) < room) step = Number(part);
      else return { steps, unknown: { part, known: Array.from({ length: room }, (_, index) => String(index)) } };
    } else {
      const same = known.filter((key) => plain(key) === plain(part));
      const exact = same.find((key) => key === part || key.toLowerCase() === part.toLowerCase());
      const isOpen = steps.at(-1) === 'params' && steps[0] === 'strategies';
      step = exact ?? (same.length === 1 ? same[0] : undefined) ?? (isOpen && /^[A-Za-z]\w*$/.test(part) ? part.toLowerCase() : undefined);
      if (step === undefined) return { steps, unknown: { part, known } };
    }
    steps.push(step);
    schema = elementSchema(schema, step);
    node = childOf(node, step);
  }
  return { steps, unknown: null };
}

/** Puts a value at the end of the steps; levels that are not there are made. */
function put(root: MapTree, steps: readonly Step[], leaf: Tree): boolean {
  let node: Tree = root;
  for (const [index, step] of steps.entries()) {
    const isLast = index === steps.length - 1;
    const next: Tree = isLast
      ? leaf
      : (childOf(node, step) ?? (typeof steps[index + 1] === 'number' ? { kind: 'list', at: leaf.at, items: [] } : emptyMap(leaf.at)));
    if (node.kind === 'map') node.entries.set(String(step), { keyAt: leaf.at, node: next });
    else if (node.kind === 'list' && typeof step === 'number') node.items[step] = next;
    else return false;
    node = next;
  }
  return true;
}

/**
 * Lays `STRAT_*` over the tree: `STRAT_HTTP__PORT=8080` is `http.port`, `STRAT_STRATEGIES__0__PARAMS__FAST=10` the param `fast` of
 * the first strategy. Names are looked up among the keys that exist; a name that fits none is a finding.
 */
export function applyEnvironment(root: MapTree, env: Environment, plugins: ReadonlyMap<string, JsonSchema>, findings: Findings): void {
  const names = Object.keys(env).filter((name) => /^STRAT_/i.test(name) && !OTHERS.test(name.toUpperCase()));
  for (const name of names.toSorted()) {
    const text = env[name];
    if (text === undefined) continue;
    const origin: Place = { line: null, column: null, origin: quoted(name, MAX_NAME).slice(1, -1) };
    const { steps, unknown } = findTarget(name.slice('STRAT_'.length).split('__'), root, plugins);
    if (unknown !== null) {
      const upper = unknown.known.map((key) => key.replaceAll('-', '_').toUpperCase());
      const where = steps.length === 0 ? 'the config' : pathText(steps);
      findings.add(
        'CONFIG_ENVIRONMENT',
        origin,
        pathText([...steps, unknown.part]),
        `${where} has no ${quoted(unknown.part)}`,
        nameHint(unknown.part.toUpperCase(), upper),
      );
      continue;
    }
    const scalar = scalarOf(text);
    const leaf: Tree | null = scalar === null ? null : { kind: 'scalar', at: origin, ...scalar };
    if (leaf === null || !put(root, steps, leaf))
      findings.add(
        'CONFIG_ENVIRONMENT',
        origin,
        pathText(steps),
        'the value must be a single text, number, true or false',
        'lists and mappings are set in the file, or item by item',
      );
  }
}
