export const configSchema = {
  type: 'object',
  additionalProperties: false,
  properties: {
    maxLoss: {
      type: 'string',
      pattern: '^(?:0*[1-9][0-9]?(?:\\.[0-9]{1,4})?|0*\\.(?=[0-9]*[1-9])[0-9]{1,4}|0+\\.(?=[0-9]*[1-9])[0-9]{1,4}) ?%$',
      default: '3%',
      description: "Largest loss of a strategy within one UTC day, as a share of its equity at the day's first bar.",
    },
    then: {
      enum: ['pause', 'flatten'],
      default: 'pause',
      description: 'pause: no entries until the next UTC day, exits and stops go on; flatten: closes the position as well.',
    },
  },
} as const;

/** As the schema describes it, defaults filled in. */
export interface MaxDailyLossConfig {
  /** `3%`. */
  readonly maxLoss: string;
  readonly then: 'pause' | 'flatten';
}
