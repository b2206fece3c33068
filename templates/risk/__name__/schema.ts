export const configSchema = {
  type: 'object',
  additionalProperties: false,
  properties: {
    maxQty: { type: 'number', exclusiveMinimum: 0, default: 1, description: 'Largest quantity of one entry, in base units.' },
  },
} as const;

/** As the schema describes it, defaults filled in. */
export interface __Name__Config {
  readonly maxQty: number;
}
