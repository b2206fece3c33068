import { fail, ok, type Result } from './result.ts';

/** JSON data; objects have no prototype, so no key of theirs is anything but data. */
export type JsonValue = null | boolean | number | string | readonly JsonValue[] | JsonObject;
export interface JsonObject {
  readonly [key: string]: JsonValue;
}

/** Far deeper than any file of ours, far from any stack. */
const MAX_DEPTH = 32;
/** Texts, brackets, colons and commas of a text that is JSON; other words matter to no structure. */
const PIECE = /"(?:[^"\\]|\\.)*"|[{}[\]:,]/g;

/** What is wrong with a text that is to be JSON, and where: from 1, columns in UTF-16 units. */
export interface JsonFault {
  readonly line: number;
  readonly column: number;
  readonly reason: string;
}

/**
 * Reads JSON from a stranger: a key that is given twice, `__proto__` as a key, nesting beyond 32 and texts longer than `maxLength` UTF-16 units are refused,
 * where `JSON.parse` lets the last one of two win.
 */
export function readStrictJson(text: string, maxLength: number): Result<JsonValue, JsonFault> {
  if (text.length > maxLength) return fault(text, 0, `it is longer than ${maxLength} characters`);
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    return fault(text, placeOf(error), 'it is no JSON');
  }
  return structureFault(text) ?? ok(bare(value));
}

/** A second look at the text, for what the parsed value does not show any more. */
function structureFault(text: string): Result<never, JsonFault> | null {
  /** Keys so far of each open object, null for a list. */
  const open: (Set<string> | null)[] = [];
  let last: RegExpExecArray | null = null;
  for (const piece of text.matchAll(PIECE)) {
    const [word] = piece;
    if (word === '{' || word === '[') {
      if (open.length >= MAX_DEPTH) return fault(text, piece.index, `it nests deeper than ${MAX_DEPTH}`);
      open.push(word === '{' ? new Set() : null);
    } else if (word === '}' || word === ']') {
      open.pop();
    } else if (word === ':' && last !== null) {
      const key: unknown = JSON.parse(last[0]);
      const keys = open.at(-1);
      if (typeof key !== 'string' || keys === undefined || keys === null) return fault(text, last.index, 'it is no JSON');
      if (key === '__proto__') return fault(text, last.index, 'the key "__proto__" is not allowed');
      if (keys.has(key)) return fault(text, last.index, `the key ${JSON.stringify(key)} is given twice`);
      keys.add(key);
    }
    last = piece;
  }
  return null;
}

/** The same value with objects that have no prototype, frozen. */
function bare(value: unknown): JsonValue {
  if (Array.isArray(value)) return Object.freeze(value.map(bare));
  if (typeof value !== 'object' || value === null) return value as null | boolean | number | string;
  const copy: Record<string, JsonValue> = Object.create(null) as Record<string, JsonValue>;
  for (const [key, item] of Object.entries(value)) copy[key] = bare(item);
  return Object.freeze(copy);
}

export const isJsonObject = (value: JsonValue | undefined): value is JsonObject =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

function fault(text: string, index: number, reason: string): Result<never, JsonFault> {
  const before = text.slice(0, index).split('\n');
  return fail({ line: before.length, column: (before.at(-1)?.length ?? 0) + 1, reason });
}

/** The engine's own message has the place, where it has one at all. */
function placeOf(error: unknown): number {
  return Number(/ at position (\d+)/.exec(error instanceof Error ? error.message : '')?.[1] ?? 0);
}
