import type { JsonSchema } from '#core/ports/plugin.ts';

const closed = (properties: Readonly<Record<string, unknown>>, required: readonly string[] = []): JsonSchema => ({
  type: 'object',
  additionalProperties: false,
  properties,
  required,
});

/** Schemas in the shape of strat's own plugins, for tests that must not depend on the plugins. */
export const PLUGIN_SCHEMAS: ReadonlyMap<string, JsonSchema> = new Map([
  [
    'exchange/sim',
    closed({
      seed: { type: 'integer', minimum: 0, default: 7 },
      speed: { type: 'number', exclusiveMinimum: 0, maximum: 100_000, default: 10 },
    }),
  ],
  [
    'exchange/replay',
    closed(
      {
        files: { type: 'array', minItems: 1, items: { type: 'string', minLength: 1 } },
        speed: { anyOf: [{ type: 'number', exclusiveMinimum: 0 }, { const: 'max' }], default: 'max' },
      },
      ['files'],
    ),
  ],
  ['risk/max-position', closed({ maxShare: { type: 'string', format: 'percent' } }, ['maxShare'])],
  [
    'risk/max-daily-loss',
    closed({ maxLoss: { type: 'string', format: 'percent' }, then: { type: 'string', enum: ['pause', 'flatten'], default: 'pause' } }, [
      'maxLoss',
    ]),
  ],
  ['notifier/console', closed({})],
  ['notifier/webhook', closed({ url: { type: 'string', format: 'url', writeOnly: true } }, ['url'])],
]);
