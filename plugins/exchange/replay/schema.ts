export const configSchema = {
  type: 'object',
  additionalProperties: false,
  required: ['files'],
  properties: {
    files: {
      type: 'array',
      minItems: 1,
      maxItems: 100,
      items: { type: 'string', minLength: 1, maxLength: 4096 },
      description: 'Files of candles or trades, each PATH or MARKET=PATH; relative paths start at the folder of the config.',
    },
    speed: {
      anyOf: [{ type: 'number', exclusiveMinimum: 0, maximum: 100_000 }, { const: 'max' }],
      default: 'max',
      description: 'Bars a second, whatever their timeframe; "max" waits for nothing.',
    },
  },
} as const;

/** As the schema describes it, defaults filled in. */
export interface ReplayConfig {
  readonly files: readonly string[];
  readonly speed: number | 'max';
}
