export const configSchema = {
  type: 'object',
  additionalProperties: false,
  properties: {
    speed: { type: 'number', exclusiveMinimum: 0, maximum: 100_000, default: 1, description: 'Bars a second.' },
    markets: {
      type: 'array',
      minItems: 1,
      maxItems: 100,
      items: { type: 'string', minLength: 1, maxLength: 64 },
      default: ['BTC/USDT'],
      description: 'Markets that it has.',
    },
  },
} as const;

/** As the schema describes it, defaults filled in. */
export interface __Name__Config {
  readonly speed: number;
  readonly markets: readonly string[];
}
