/**
 * A JSON Schema (2020-12) that carries the type it describes, so that a schema which forgets a field of its type does not
 * compile. The keywords used are those that `mismatch` in schema-check.ts knows.
 */
export interface JsonSchema<T = unknown> {
  readonly description?: string;
  readonly type?: JsonType | readonly JsonType[];
  readonly properties?: Readonly<Record<string, JsonSchema>>;
  readonly required?: readonly string[];
  readonly additionalProperties?: boolean | JsonSchema;
  readonly items?: JsonSchema;
  readonly enum?: readonly unknown[];
  readonly anyOf?: readonly JsonSchema[];
  readonly minimum?: number;
  readonly maximum?: number;
  readonly minLength?: number;
  readonly maxLength?: number;
  /** Only in the type system; no schema has it. */
  readonly '~type'?: T;
}

export type JsonType = 'object' | 'array' | 'string' | 'number' | 'integer' | 'boolean' | 'null';

type Properties<T> = { readonly [K in keyof T]-?: JsonSchema<T[K]> };

/** An object with all of these fields; further ones may come with a later version. */
export function objectOf<T extends object>(properties: Properties<T>, description?: string): JsonSchema<T> {
  return { ...describe(description), type: 'object', properties, required: Object.keys(properties) };
}

/** An object with exactly these fields, for what comes in. */
export function closedObjectOf<T extends object>(properties: Properties<T>, description?: string): JsonSchema<T> {
  return { ...describe(description), type: 'object', properties, required: Object.keys(properties), additionalProperties: false };
}

export function listOf<T>(items: JsonSchema<T>, description?: string): JsonSchema<readonly T[]> {
  return { ...describe(description), type: 'array', items };
}

export function recordOf<T>(values: JsonSchema<T>, description?: string): JsonSchema<Readonly<Record<string, T>>> {
  return { ...describe(description), type: 'object', additionalProperties: values };
}

export function oneWordOf<const T extends string>(words: readonly T[], description?: string): JsonSchema<T> {
  return { ...describe(description), type: 'string', enum: words };
}

export function anyOf<T>(...schemas: readonly JsonSchema<T>[]): JsonSchema<T> {
  return { anyOf: schemas };
}

export const orNull = <T>(schema: JsonSchema<T>, description?: string): JsonSchema<T | null> => ({
  ...describe(description),
  anyOf: [schema, { type: 'null' }],
});

export const text = (description?: string): JsonSchema<string> => ({ ...describe(description), type: 'string' });
export const flag = (description?: string): JsonSchema<boolean> => ({ ...describe(description), type: 'boolean' });
export const number = (description?: string): JsonSchema<number> => ({ ...describe(description), type: 'number' });
/** A whole number from zero. */
export const count = (description?: string): JsonSchema<number> => ({ ...describe(description), type: 'integer', minimum: 0 });
export const epochMs = (description = 'ms since the epoch, UTC'): JsonSchema<number> => ({ description, type: 'integer' });

const describe = (description: string | undefined): { readonly description?: string } => (description === undefined ? {} : { description });
