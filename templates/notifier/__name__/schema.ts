export const configSchema = {
  type: 'object',
  additionalProperties: false,
  properties: {
    prefix: { type: 'string', maxLength: 32, default: 'strat', description: 'What each message begins with.' },
  },
} as const;

/** As the schema describes it, defaults filled in. */
export interface __Name__Config {
  readonly prefix: string;
}
