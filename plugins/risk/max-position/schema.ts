export const configSchema = {
  type: 'object',
  additionalProperties: false,
  properties: {
    maxShare: {
      type: 'string',
      pattern: '^(?:0*[1-9][0-9]{0,3}(?:\\.[0-9]{1,4})?|0*\\.(?=[0-9]*[1-9])[0-9]{1,4}|0+\\.(?=[0-9]*[1-9])[0-9]{1,4}) ?%$',
      default: '25%',
      description: 'Most exposure of one market, as a share of the equity of the strategy that trades it.',
    },
  },
} as const;

/** As the schema describes it, defaults filled in. */
export interface MaxPositionConfig {
  /** `25%`. */
  readonly maxShare: string;
}
