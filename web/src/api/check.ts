/** What came in is not what the API promises: the address, where in the answer, what was expected. */
export class BadAnswer extends Error {
  override readonly name = 'BadAnswer';
}

/** Reads a value of unknown shape as a T, or throws BadAnswer naming `path`. */
export type Check<T> = (value: unknown, path: string) => T;

function refuse(path: string, expected: string, value: unknown): never {
  const found = value === null ? 'null' : Array.isArray(value) ? 'a list' : typeof value;
  throw new BadAnswer(`${path} should be ${expected}; found ${found}`);
}

export const text: Check<string> = (value, path) => (typeof value === 'string' ? value : refuse(path, 'a text', value));

export const flag: Check<boolean> = (value, path) => (typeof value === 'boolean' ? value : refuse(path, 'true or false', value));

/** Finite: JSON has no other numbers, but a computed default may. */
export const number: Check<number> = (value, path) =>
  typeof value === 'number' && Number.isFinite(value) ? value : refuse(path, 'a number', value);

export function oneOf<const T extends string>(...words: readonly T[]): Check<T> {
  return (value, path) => words.find((word) => word === value) ?? refuse(path, `one of ${words.join(', ')}`, value);
}

export function nullable<T>(check: Check<T>): Check<T | null> {
  return (value, path) => (value === null ? null : check(value, path));
}

/** A missing member takes `fallback`; one of a wrong shape is refused as ever. */
export function optional<T>(check: Check<T>, fallback: T): Check<T> {
  return (value, path) => (value === undefined ? fallback : check(value, path));
}

export function list<T>(check: Check<T>): Check<readonly T[]> {
  return (value, path) =>
    Array.isArray(value) ? value.map((item, index) => check(item, `${path}[${index}]`)) : refuse(path, 'a list', value);
}

function members(value: unknown, path: string): ReadonlyMap<string, unknown> {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return refuse(path, 'an object', value);
  return new Map<string, unknown>(Object.entries(value));
}

/** Members of one shape under any names. */
export function record<T>(check: Check<T>): Check<Readonly<Record<string, T>>> {
  return (value, path) => Object.fromEntries([...members(value, path)].map(([name, member]) => [name, check(member, `${path}.${name}`)]));
}

/** Members by name; what the API has beyond them is dropped, so that a newer bot can serve an older page. */
export function object<T extends object>(fields: { readonly [K in keyof T]: Check<T[K]> }): Check<T> {
  const names = Object.keys(fields) as (keyof T & string)[];
  return (value, path) => {
    const found = members(value, path);
    const read: Partial<T> = {};
    for (const name of names) read[name] = fields[name](found.get(name), `${path}.${name}`);
    return read as T;
  };
}
