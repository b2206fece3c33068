import { isAlias, isMap, isScalar, isSeq, Lexer, type ParsedNode, parseDocument } from 'yaml';
import type { Findings } from './finding.ts';
import { quoted } from './shown.ts';
import { emptyMap, type MapTree, pathText, type Place, type Step, type Tree } from './tree.ts';
import { yamlErrorWords } from './yaml-error-words.ts';

/** Far above any config, far below what costs time. */
const MAX_TOKENS = 100_000;
const MAX_NODES = 20_000;
const MAX_DEPTH = 24;
/** Names that mean something to JavaScript objects. */
const RESERVED: readonly string[] = ['__proto__', 'constructor', 'prototype'];

const places = (text: string): ((offset: number) => Place) => {
  const starts = [0];
  for (let at = text.indexOf('\n'); at >= 0; at = text.indexOf('\n', at + 1)) starts.push(at + 1);
  return (offset) => {
    let low = 0;
    let high = starts.length - 1;
    while (low < high) {
      const middle = (low + high + 1) >> 1;
      if ((starts[middle] ?? 0) <= offset) low = middle;
      else high = middle - 1;
    }
    return { line: low + 1, column: offset - (starts[low] ?? 0) + 1, origin: null };
  };
};

function isTooLong(text: string): boolean {
  let count = 0;
  // The lexer is lazy: what is beyond the limit is never looked at.
  for (const token of new Lexer().lex(text)) if (token !== '' && ++count > MAX_TOKENS) return true;
  return false;
}

/**
 * Reads one YAML 1.2 document (core schema) into a tree of values with places. Never throws and does bounded work. What YAML
 * can do beyond plain data (tags, merge keys, directives, several documents) is refused; aliases are copied, within a limit.
 * Null when nothing can be made of the text; an empty one is an empty mapping.
 */
export function readYaml(text: string, findings: Findings): MapTree | null {
  const placeOf = places(text);
  if (isTooLong(text)) {
    findings.add('CONFIG_LIMIT', null, '', `the file has more than ${MAX_TOKENS} words and signs`, 'a config has some hundreds');
    return null;
  }
  const document = parseDocument(text, { version: '1.2', uniqueKeys: false, prettyErrors: false, logLevel: 'error' });
  for (const error of document.errors.slice(0, 100)) {
    const { message, hint } = yamlErrorWords(error.code);
    const code =
      error.code === 'RESOURCE_EXHAUSTION' ? 'CONFIG_LIMIT' : error.code === 'MULTIPLE_DOCS' ? 'CONFIG_UNSUPPORTED' : 'CONFIG_SYNTAX';
    findings.add(code, placeOf(error.pos[0]), '', message, hint);
  }
  if (document.directives.yaml.explicit === true || document.warnings.some(({ code }) => code === 'BAD_DIRECTIVE'))
    findings.add('CONFIG_UNSUPPORTED', placeOf(0), '', 'directives such as %YAML are not read', 'remove the lines that begin with %');
  if (!findings.isEmpty) return null;
  const root = document.contents === null ? null : new Reader(placeOf, findings).read(document.contents);
  if (root === null || (root.kind === 'scalar' && root.value === null)) return findings.isEmpty ? emptyMap(placeOf(0)) : null;
  if (root.kind === 'map') return root;
  findings.add(
    'CONFIG_SYNTAX',
    root.at,
    '',
    'the file must hold sections such as "strategies:"',
    'each section is a name, a colon and its values',
  );
  return null;
}

/** Turns the library's nodes into a tree. Anchors are known by walking in the order of the text, as YAML means it. */
class Reader {
  readonly #placeOf: (offset: number) => Place;
  readonly #findings: Findings;
  readonly #anchors = new Map<string, ParsedNode>();
  /** Aliases that are being copied: one of them inside itself would never end. */
  readonly #open = new Set<string>();
  #nodes = 0;

  constructor(placeOf: (offset: number) => Place, findings: Findings) {
    this.#placeOf = placeOf;
    this.#findings = findings;
  }

  /** Null when the limit is passed. */
  read(root: ParsedNode): Tree | null {
    const tree = this.#node(root, []);
    return this.#nodes > MAX_NODES ? null : tree;
  }

  #node(node: ParsedNode, steps: readonly Step[]): Tree {
    const at = this.#placeOf(node.range[0]);
    const nothing: Tree = { kind: 'scalar', at, value: null, text: '' };
    this.#nodes += 1;
    if (this.#nodes > MAX_NODES || steps.length > MAX_DEPTH) {
      const what =
        this.#nodes > MAX_NODES ? `more than ${MAX_NODES} values, aliases counted as often as used` : `more than ${MAX_DEPTH} levels`;
      // one path for the whole file: told once
      if (this.#nodes <= MAX_NODES + 1) this.#findings.add('CONFIG_LIMIT', at, pathText(steps.slice(0, 4)), `the config has ${what}`);
      return nothing;
    }
    if (isAlias(node)) return this.#alias(node.source, at, steps) ?? nothing;
    if (node.tag !== undefined)
      this.#findings.add('CONFIG_UNSUPPORTED', at, pathText(steps), `the tag ${quoted(node.tag)} is not read`, 'write the plain value');
    if (node.anchor !== undefined && this.#open.size === 0) this.#anchors.set(node.anchor, node);
    if (isScalar(node)) return this.#scalar(node.value, node.source, at, steps);
    if (isSeq(node)) return { kind: 'list', at, items: node.items.map((item, index) => this.#node(item, [...steps, index])) };
    const map = emptyMap(at);
    if (!isMap(node)) return map;
    for (const { key, value } of node.items) {
      const keyAt = this.#placeOf(key.range[0]);
      const name = isScalar(key) ? (typeof key.value === 'string' ? key.value : (key.source ?? '')) : null;
      if (name === null || !this.#isKey(name, keyAt, map, steps)) continue;
      const below = [...steps, name];
      const entry: Tree = value === null ? { kind: 'scalar', at: keyAt, value: null, text: '' } : this.#node(value, below);
      map.entries.set(name, { keyAt, node: entry });
      if (this.#nodes > MAX_NODES) break;
    }
    return map;
  }

  #alias(name: string, at: Place, steps: readonly Step[]): Tree | null {
    const target = this.#anchors.get(name);
    if (target === undefined || this.#open.has(name)) {
      const message = target === undefined ? `*${name} stands for nothing above it` : `*${name} holds itself`;
      this.#findings.add('CONFIG_SYNTAX', at, pathText(steps), quoted(message).slice(1, -1), 'write the value out');
      return null;
    }
    this.#open.add(name);
    const copy = this.#node(target, steps);
    this.#open.delete(name);
    return copy;
  }

  #scalar(value: unknown, source: string, at: Place, steps: readonly Step[]): Tree {
    if (typeof value === 'number' && !Number.isFinite(value))
      this.#findings.add('CONFIG_VALUE', at, pathText(steps), `${quoted(source)} is not a finite number`);
    else if (typeof value === 'number' && Number.isInteger(value) && !Number.isSafeInteger(value) && /^[-+]?\d+$/.test(source))
      this.#findings.add('CONFIG_VALUE', at, pathText(steps), `${quoted(source)} has more digits than can be kept exactly`);
    const isPlain = typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean';
    return { kind: 'scalar', at, value: isPlain ? value : null, text: typeof value === 'string' ? value : source };
  }

  #isKey(name: string, at: Place, map: MapTree, steps: readonly Step[]): boolean {
    const path = pathText([...steps, name]);
    if (RESERVED.includes(name)) {
      this.#findings.add('CONFIG_KEY', at, path, `the name "${name}" is reserved`, 'choose another one');
      return false;
    }
    if (name === '<<') {
      this.#findings.add('CONFIG_UNSUPPORTED', at, path, 'merge keys (<<) are not read', 'write the keys out');
      return false;
    }
    const first = map.entries.get(name);
    if (first === undefined) return true;
    this.#findings.add(
      'CONFIG_KEY',
      at,
      path,
      `the key ${quoted(name)} is here twice`,
      `the first is in line ${first.keyAt.line}; keep one of them`,
    );
    return false;
  }
}
