import { redactText } from '#core/errors/redact-text.ts';
import type { Tree } from './tree.ts';

/** Kinds of findings; docs/config.md explains each. */
export const CONFIG_CODES = [
  'CONFIG_UNREADABLE',
  'CONFIG_SYNTAX',
  'CONFIG_UNSUPPORTED',
  'CONFIG_LIMIT',
  'CONFIG_KEY',
  'CONFIG_MISSING',
  'CONFIG_VALUE',
  'CONFIG_PLUGIN',
  'CONFIG_REFERENCE',
  'CONFIG_ENVIRONMENT',
] as const;

export type ConfigCode = (typeof CONFIG_CODES)[number];

/** One thing that is wrong with a config, for people: no secrets, no control characters, one line each. */
export interface ConfigFinding {
  readonly code: ConfigCode;
  /** Place in the file from 1; columns count UTF-16 units. Null when the fault is not in the file's text. */
  readonly line: number | null;
  readonly column: number | null;
  /** `strategies[0].params.fast`; empty for the file as a whole. */
  readonly path: string;
  readonly message: string;
  readonly hint: string | null;
}

export const MAX_FINDINGS = 20;

/** Collects findings; keeps one a place and path, so that one slip is told once. */
export class Findings {
  readonly #list: ConfigFinding[] = [];
  readonly #seen = new Set<string>();

  get isEmpty(): boolean {
    return this.#list.length === 0;
  }

  /** @param at the node at fault; null for the file as a whole */
  add(code: ConfigCode, at: Tree['at'] | null, path: string, message: string, hint: string | null = null): void {
    const line = at?.line ?? null;
    const column = at?.column ?? null;
    const key = `${line}:${column}:${path}`;
    if (this.#seen.has(key) || this.#list.length >= MAX_FINDINGS * 10) return;
    this.#seen.add(key);
    const origin = at?.origin ?? null;
    const said = origin === null ? message : `${origin}: ${message}`;
    this.#list.push({ code, line, column, path, message: redactText(said), hint: hint === null ? null : redactText(hint) });
  }

  /** In the order of the file, what has no place there last; at most 20. */
  sorted(): readonly ConfigFinding[] {
    const order = (finding: ConfigFinding): number => finding.line ?? Infinity;
    return this.#list
      .toSorted((a, b) => (order(a) === order(b) ? (a.column ?? 0) - (b.column ?? 0) : order(a) - order(b)))
      .slice(0, MAX_FINDINGS);
  }
}

/** `strat.yaml:3:5 http.prot: unknown key "prot" (did you mean "port"?)` */
export function findingLine(file: string, { line, column, path, message, hint }: ConfigFinding): string {
  const place = line === null ? file : `${file}:${line}:${column}`;
  return `${place} ${path === '' ? '' : `${path}: `}${message}${hint === null ? '' : ` (${hint})`}`;
}
