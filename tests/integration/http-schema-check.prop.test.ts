import { Ajv2020 } from 'ajv/dist/2020.js';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import * as botSchemas from '#core/http/schemas/bot-schemas.ts';
import type { JsonSchema } from '#core/http/schemas/json-schema.ts';
import { mismatch } from '#core/http/schemas/schema-check.ts';
import * as strategySchemas from '#core/http/schemas/strategy-schemas.ts';

const ajv = new Ajv2020({ strict: false });
const SCHEMAS: readonly (readonly [string, JsonSchema])[] = Object.entries({ ...botSchemas, ...strategySchemas });

const leaf = fc.oneof(
  fc.constantFrom<unknown>(null, true, false, '', 'trend', 'running', 'paper', 'bar', 'ok', 0, 1, -1, 1.5, 1e308),
  fc.string(),
  fc.double({ noNaN: true, noDefaultInfinity: true }),
  fc.integer(),
);

/** Values that often fit a schema: built along it, with something wrong now and then. */
function near(schema: JsonSchema): fc.Arbitrary<unknown> {
  const fitting = (): fc.Arbitrary<unknown> => {
    if (schema.anyOf !== undefined) return fc.oneof(...schema.anyOf.map(near));
    if (schema.enum !== undefined) return fc.constantFrom(...schema.enum);
    switch (schema.type) {
      case 'object': {
        const fields = Object.fromEntries(Object.entries(schema.properties ?? {}).map(([key, value]) => [key, near(value)]));
        const whole = fc.record(fields);
        return fc.oneof(
          { weight: 8, arbitrary: whole },
          { weight: 1, arbitrary: fc.record(fields, { requiredKeys: [] }) },
          { weight: 1, arbitrary: whole.map((value) => ({ ...value, more: 1 })) },
        );
      }
      case 'array':
        return fc.array(near(schema.items ?? {}), { maxLength: 3 });
      case 'string':
        return fc.string({ maxLength: 220 });
      case 'integer':
        return fc.integer();
      case 'number':
        return fc.double({ noNaN: true, noDefaultInfinity: true });
      case 'boolean':
        return fc.boolean();
      default:
        return leaf;
    }
  };
  return fc.oneof({ weight: 30, arbitrary: fitting() }, { weight: 1, arbitrary: leaf });
}

describe('the check of schemas says what ajv says', () => {
  test.for(SCHEMAS)('%s', ([, schema]) => {
    const validate = ajv.compile(schema);
    const seen = { good: 0, bad: 0 };
    fc.assert(
      fc.property(fc.oneof(near(schema), fc.jsonValue()), (value) => {
        const isGood = validate(value);
        seen[isGood ? 'good' : 'bad']++;
        expect([value, mismatch(schema, value) === null]).toEqual([value, isGood]);
      }),
      { numRuns: 300 },
    );
    // A property that sees only one side proves little.
    expect(Math.min(seen.good, seen.bad)).toBeGreaterThan(schema.type === undefined && schema.anyOf === undefined ? -1 : 0);
  });
});
