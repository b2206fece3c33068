import { Ajv2020, type ErrorObject, type ValidateFunction } from 'ajv/dist/2020.js';
import { parseFee } from '#core/model/fee-text.ts';
import { CLOSURE_WORDS, parseClosure } from '#core/model/closure-text.ts';
import { LATENCY_WORDS, parseLatency } from '#core/model/latency-text.ts';
import { MAINTENANCE_WORDS, parseMaintenance } from '#core/model/maintenance-text.ts';
import { parseQueue, QUEUE_WORDS } from '#core/model/queue-text.ts';
import { parseSlippage, SLIPPAGE_WORDS } from '#core/model/slippage-text.ts';
import { parseTimeframe } from '#core/model/timeframe.ts';
import { fail, ok, type Result } from '#core/model/result.ts';
import type { JsonSchema } from '#core/ports/plugin.ts';
import { parsePercent, parseSignedPercent } from './percent.ts';

const isWebAddress = (text: string): boolean => /^https?:\/\/[^\s/]/.test(text) && URL.canParse(text);

function isZone(text: string): boolean {
  if (!/^[A-Za-z]/.test(text)) return false;
  try {
    Temporal.Instant.fromEpochMilliseconds(0).toZonedDateTimeISO(text);
    return true;
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    return false;
  }
}

/** Formats that schemas of strat and of plugins can name, and how they are said. */
export const FORMATS = {
  cost: { words: 'a percent under 100% such as 0.1% or 10bp', accepts: (text: string): boolean => (parsePercent(text) ?? 1) < 1 },
  fee: { words: 'a percent under 100% such as 0.1% or 10bp', accepts: (text: string): boolean => parseFee(text) !== null },
  slippage: { words: SLIPPAGE_WORDS, accepts: (text: string): boolean => parseSlippage(text) !== null },
  share: {
    words: 'a percent above 0% and under 100% such as 10%',
    accepts: (text: string): boolean => (parsePercent(text) ?? 0) > 0 && (parsePercent(text) ?? 1) < 1,
  },
  queue: { words: QUEUE_WORDS, accepts: (text: string): boolean => parseQueue(text) !== null },
  latency: { words: LATENCY_WORDS, accepts: (text: string): boolean => parseLatency(text) !== null },
  maintenance: { words: MAINTENANCE_WORDS, accepts: (text: string): boolean => parseMaintenance(text) !== null },
  signedCost: {
    words: 'a percent under 100% such as 0.01% or -0.01%',
    accepts: (text: string): boolean => Math.abs(parseSignedPercent(text) ?? 1) < 1,
  },
  period: {
    words: 'whole minutes, hours or days such as 8h',
    accepts: (text: string): boolean => Number.isInteger((parseTimeframe(text)?.stepMs ?? Number.NaN) / 60_000),
  },
  percent: { words: 'a percent such as 0.1%', accepts: (text: string): boolean => parsePercent(text) !== null },
  timeframe: { words: 'a length such as 15m, 1h, 4h, 1d or 1mo', accepts: (text: string): boolean => parseTimeframe(text) !== null },
  zone: { words: 'a zone of the time zone database such as Europe/Athens', accepts: isZone },
  closure: { words: CLOSURE_WORDS, accepts: (text: string): boolean => parseClosure(text) !== null },
  url: { words: 'an address such as https://example.org/hook', accepts: isWebAddress },
  uri: { words: 'an address such as https://example.org/hook', accepts: (text: string): boolean => URL.canParse(text) },
  path: { words: 'a path', accepts: (text: string): boolean => !/\p{Cc}/u.test(text) },
} as const;

export type SchemaCheck<T> = ValidateFunction<T>;
export type SchemaFault = ErrorObject;

/** Compiles a schema (2020-12; the formats above). The error is in words: the schema of a plugin can be wrong too. */
export type SchemaCompiler = <T>(schema: JsonSchema) => Result<SchemaCheck<T>, string>;

/** The checks that it makes tell every fault, and fill defaults into the data they are given. */
export function createSchemaCompiler(): SchemaCompiler {
  const ajv = new Ajv2020({
    allErrors: true,
    useDefaults: true,
    verbose: true,
    ownProperties: true,
    strict: true,
    strictRequired: false,
    allowUnionTypes: true,
    addUsedSchema: false,
    logger: false,
  });
  for (const [name, { accepts }] of Object.entries(FORMATS)) ajv.addFormat(name, { type: 'string', validate: accepts });
  return <T>(schema: JsonSchema): Result<SchemaCheck<T>, string> => {
    // a schema that asks for it would answer with a promise, which is true whatever it says
    if ('$async' in schema) return fail('"$async" is not allowed');
    try {
      return ok(ajv.compile<T>(schema));
    } catch (error) {
      return fail(error instanceof Error ? error.message : 'it cannot be compiled');
    }
  };
}
