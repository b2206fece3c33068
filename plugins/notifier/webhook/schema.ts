export const configSchema = {
  type: 'object',
  additionalProperties: false,
  required: ['url'],
  properties: {
    url: {
      type: 'string',
      pattern: '^https?://',
      maxLength: 2048,
      writeOnly: true,
      description: 'Address that takes a POST with a JSON body. It often is a secret by itself, and is never shown.',
    },
    headers: {
      type: 'object',
      additionalProperties: { type: 'string', pattern: '^[A-Z][A-Z0-9_]*$' },
      propertyNames: { pattern: '^[A-Za-z][A-Za-z0-9-]*$' },
      maxProperties: 20,
      default: {},
      description: 'Headers by name; each value is the name of an environment variable that holds it.',
    },
    timeoutMs: { type: 'integer', minimum: 100, maximum: 30_000, default: 5000, description: 'For one attempt.' },
    attempts: { type: 'integer', minimum: 1, maximum: 10, default: 4, description: 'Attempts in all before a notification is given up.' },
    perMinute: {
      type: 'integer',
      minimum: 1,
      maximum: 600,
      default: 30,
      description: 'Most notifications a minute; more wait in the queue.',
    },
    queue: {
      type: 'integer',
      minimum: 1,
      maximum: 1000,
      default: 100,
      description: 'Most notifications that wait; when it is full, new ones are refused.',
    },
    least: { enum: ['info', 'warning', 'error'], default: 'info', description: 'Notifications below this level are left out.' },
  },
} as const;

/** As the schema describes it, defaults filled in. */
export interface WebhookConfig {
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly timeoutMs: number;
  readonly attempts: number;
  readonly perMinute: number;
  readonly queue: number;
  readonly least: 'info' | 'warning' | 'error';
}
