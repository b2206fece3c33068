export const configSchema = {
  type: 'object',
  additionalProperties: false,
  properties: {
    seed: {
      type: 'integer',
      minimum: 0,
      maximum: 9_007_199_254_740_991,
      default: 1,
      description: 'The same seed gives the same candles on every machine.',
    },
    speed: {
      anyOf: [{ type: 'number', exclusiveMinimum: 0, maximum: 100_000 }, { const: 'max' }],
      default: 1,
      description: 'Bars a second, whatever their timeframe; "max" waits for nothing.',
    },
    startPrice: {
      type: 'number',
      minimum: 0.01,
      maximum: 1_000_000_000,
      default: 30_000,
      description: 'Price before the first bar, in quote.',
    },
    volatility: {
      type: 'number',
      minimum: 0.01,
      maximum: 5,
      default: 0.6,
      description: "Standard deviation of a year's return; 0.6 is about that of BTC.",
    },
    missingRate: {
      type: 'number',
      minimum: 0,
      maximum: 0.5,
      default: 0,
      description: 'Share of the bars that are missing, as they are on thin markets.',
    },
  },
} as const;

/** As the schema describes it, defaults filled in. */
export interface SimConfig {
  readonly seed: number;
  readonly speed: number | 'max';
  readonly startPrice: number;
  readonly volatility: number;
  readonly missingRate: number;
}
