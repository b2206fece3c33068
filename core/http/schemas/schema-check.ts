import { nearest } from '#core/model/nearest-word.ts';
import type { JsonSchema, JsonType } from './json-schema.ts';

/**
 * The first thing that is wrong with a value, in words that name the place (`strategy: expected text, found a number`), or
 * null. Knows the keywords of `JsonSchema` and no others; a test compares it with ajv.
 */
export function mismatch(schema: JsonSchema, value: unknown, path = ''): string | null {
  const at = path === '' ? '' : `${path}: `;
  if (schema.anyOf !== undefined) {
    const found = schema.anyOf.map((one) => ({ one, reason: mismatch(one, value, path) }));
    if (found.every(({ reason }) => reason !== null)) {
      // What has the fields of one form is taken for that form.
      const alike = found.filter(({ one }) => knowsFieldsOf(one, value));
      return [...new Set((alike.length > 0 ? alike : found).map(({ reason }) => reason))].join('; or ');
    }
  }
  const types = schema.type === undefined ? [] : typeof schema.type === 'string' ? [schema.type] : schema.type;
  if (types.length > 0 && !types.some((type) => isOfType(type, value))) {
    return `${at}expected ${types.map((type) => NAMES[type]).join(' or ')}, found ${nameOf(value)}`;
  }
  if (schema.enum !== undefined && !schema.enum.includes(value)) {
    return `${at}expected ${schema.enum.map((one) => JSON.stringify(one)).join(' or ')}, found ${nameOf(value)}`;
  }
  if (typeof value === 'number') return rangeMismatch(schema, value, at);
  if (typeof value === 'string') return lengthMismatch(schema, value, at);
  if (Array.isArray(value))
    return firstOf(value, (item: unknown, index) =>
      schema.items === undefined ? null : mismatch(schema.items, item, `${path}[${index}]`),
    );
  return typeof value === 'object' && value !== null ? objectMismatch(schema, value, path) : null;
}

export function matches<T>(schema: JsonSchema<T>, value: unknown): value is T {
  return mismatch(schema, value) === null;
}

function objectMismatch(
  { properties = {}, required = [], additionalProperties = true }: JsonSchema,
  value: object,
  path: string,
): string | null {
  const place = (key: string): string => (path === '' ? key : `${path}.${key}`);
  const missing = required.find((key) => !Object.hasOwn(value, key));
  // An unknown field comes first: it is often the missing one, misspelt.
  return (
    firstOf(Object.entries(value), ([key, item]: [string, unknown]) => {
      const known = Object.hasOwn(properties, key) ? properties[key] : undefined;
      if (known !== undefined) return mismatch(known, item, place(key));
      if (additionalProperties !== false) return additionalProperties === true ? null : mismatch(additionalProperties, item, place(key));
      const near = nearest(key, Object.keys(properties));
      return `unknown field ${JSON.stringify(place(key).slice(0, 60))}${near === null ? '' : `; did you mean ${near.word}?`}`;
    }) ?? (missing === undefined ? null : `${place(missing)}: is missing`)
  );
}

function knowsFieldsOf({ properties = {} }: JsonSchema, value: unknown): boolean {
  return typeof value === 'object' && value !== null && Object.keys(value).every((key) => Object.hasOwn(properties, key));
}

function rangeMismatch({ minimum, maximum }: JsonSchema, value: number, at: string): string | null {
  if (minimum !== undefined && value < minimum) return `${at}expected at least ${minimum}, found ${value}`;
  return maximum !== undefined && value > maximum ? `${at}expected at most ${maximum}, found ${value}` : null;
}

function lengthMismatch({ minLength, maxLength }: JsonSchema, value: string, at: string): string | null {
  // JSON Schema counts code points.
  const length = Array.from(value).length;
  if (minLength !== undefined && length < minLength) return `${at}expected at least ${minLength} characters, found ${length}`;
  return maxLength !== undefined && length > maxLength ? `${at}expected at most ${maxLength} characters, found ${length}` : null;
}

function firstOf<T>(items: readonly T[], check: (item: T, index: number) => string | null): string | null {
  for (const [index, item] of items.entries()) {
    const found = check(item, index);
    if (found !== null) return found;
  }
  return null;
}

function isOfType(type: JsonType, value: unknown): boolean {
  switch (type) {
    case 'null':
      return value === null;
    case 'array':
      return Array.isArray(value);
    case 'object':
      return typeof value === 'object' && value !== null && !Array.isArray(value);
    case 'integer':
      return Number.isInteger(value);
    case 'number':
      return Number.isFinite(value);
    case 'string':
    case 'boolean':
      return typeof value === type;
    // no default
  }
}

const NAMES: Readonly<Record<JsonType, string>> = {
  object: 'an object',
  array: 'a list',
  string: 'text',
  number: 'a number',
  integer: 'a whole number',
  boolean: 'true or false',
  null: 'null',
};

function nameOf(value: unknown): string {
  if (value === null) return 'null';
  if (Array.isArray(value)) return 'a list';
  if (typeof value === 'boolean') return String(value);
  if (typeof value === 'number') return Number.isFinite(value) ? 'a number' : 'a number out of range';
  return typeof value === 'string' ? 'text' : 'an object';
}
