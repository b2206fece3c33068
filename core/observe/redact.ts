import { isSecretName, REDACTED, redactText } from '#core/errors/redact-text.ts';
import { StratError } from '#core/errors/strat-error.ts';

const MAX_DEPTH = 8;

interface SerialisedError {
  readonly type: string;
  readonly message: string;
  readonly code?: unknown;
  readonly data?: unknown;
  readonly stack?: string;
  readonly cause?: unknown;
  readonly errors?: readonly unknown[];
}

/** An error as plain data: code and data of a StratError (code of a system error too), the whole chain of causes, no secrets. */
function errorAt(error: Error, depth: number, above: Set<object>): SerialisedError {
  const inside = new Set(above).add(error);
  const code: unknown = 'code' in error ? error.code : undefined;
  return {
    type: error.name,
    message: redactText(error.message),
    ...(code === undefined ? {} : { code: redactAt(code, depth + 1, inside) }),
    ...(error instanceof StratError ? { data: redactAt(error.data, depth + 1, inside) } : {}),
    ...(error.stack === undefined ? {} : { stack: redactText(error.stack) }),
    ...(error.cause === undefined ? {} : { cause: redactAt(error.cause, depth + 1, inside) }),
    ...(error instanceof AggregateError ? { errors: error.errors.map((one) => redactAt(one, depth + 1, inside)) } : {}),
  };
}

/** A copy of the fields of a log line that holds no secret: by name at any depth, by form inside texts. Errors become plain data. */
export function redactFields(fields: Readonly<Record<string, unknown>>): Record<string, unknown> {
  return recordAt(fields, 0, new Set());
}

function recordAt(record: object, depth: number, above: Set<object>): Record<string, unknown> {
  const inside = new Set(above).add(record);
  return Object.fromEntries(
    Object.entries(record).map(([name, value]: [string, unknown]) => [
      name,
      isSecretName(name) && value !== undefined && value !== null ? REDACTED : redactAt(value, depth + 1, inside),
    ]),
  );
}

const hasToJson = (value: object): value is { toJSON(): unknown } => 'toJSON' in value && typeof value.toJSON === 'function';

function redactAt(value: unknown, depth: number, above: Set<object>): unknown {
  if (typeof value === 'string') return redactText(value);
  if (typeof value === 'bigint') return String(value);
  if (typeof value !== 'object' || value === null) return value;
  if (above.has(value)) return '[circular]';
  if (depth > MAX_DEPTH) return '[deep]';
  if (value instanceof Error) return errorAt(value, depth, above);
  if (Array.isArray(value)) {
    const inside = new Set(above).add(value);
    return value.map((item: unknown) => redactAt(item, depth + 1, inside));
  }
  if (ArrayBuffer.isView(value)) return `[${value.constructor.name} of ${value.byteLength} bytes]`;
  if (value instanceof Map) return recordAt(Object.fromEntries<unknown>(value), depth, above);
  if (value instanceof Set) return redactAt([...value], depth, above);
  if (value instanceof URL) return redactText(value.href);
  if (hasToJson(value)) return redactAt(value.toJSON(), depth + 1, new Set(above).add(value));
  return recordAt(value, depth, above);
}
