export const configSchema = {
  type: 'object',
  additionalProperties: false,
  properties: {
    least: {
      enum: ['info', 'warning', 'error'],
      default: 'info',
      description: 'Notifications below this level are left out.',
    },
  },
} as const;

/** As the schema describes it, defaults filled in. */
export interface ConsoleConfig {
  readonly least: 'info' | 'warning' | 'error';
}
