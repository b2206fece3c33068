export const configSchema = {
  type: 'object',
  additionalProperties: false,
  properties: {
    venue: {
      type: 'string',
      pattern: '^[a-z0-9]{1,40}$',
      description: 'The venue whose bars strategies trade as they close, by its name in ccxt. Left out: history only.',
    },
    bars: {
      enum: ['candles', 'trades'],
      default: 'candles',
      description: "What live bars are: the venue's candles, or made of its trades, ten seconds behind their end.",
    },
    latenessMs: {
      type: 'integer',
      minimum: 0,
      maximum: 600_000,
      default: 2000,
      description: "How long behind its end a bar counts as final, ms by the venue's clock.",
    },
    venues: {
      type: 'object',
      maxProperties: 200,
      propertyNames: { pattern: '^[a-z0-9]{1,40}$' },
      additionalProperties: {
        type: 'object',
        additionalProperties: false,
        properties: {
          urls: { type: 'object' },
          options: { type: 'object' },
          rateLimit: { type: 'number', minimum: 0.01, maximum: 600_000 },
          deadlineMs: { type: 'integer', minimum: 100, maximum: 600_000 },
          retryMs: { type: 'integer', minimum: 1, maximum: 600_000 },
        },
      },
      default: {},
      description: 'Settings by venue: urls and options as ccxt takes them, rateLimit (ms between requests), deadlineMs, retryMs.',
    },
  },
} as const;

/** How to talk to a venue; what is left out is ccxt's. */
export interface VenueSettings {
  /** Merged into the addresses of the venue, as ccxt names them. */
  readonly urls?: Readonly<Record<string, unknown>>;
  readonly options?: Readonly<Record<string, unknown>>;
  /** Ms between two requests of weight one. */
  readonly rateLimit?: number;
  /** For a whole answer. */
  readonly deadlineMs?: number;
  /** First pause before something is tried again. */
  readonly retryMs?: number;
}

/** As the schema describes it, defaults filled in. */
export interface CcxtConfig {
  readonly venue?: string;
  readonly bars?: 'candles' | 'trades';
  readonly latenessMs?: number;
  readonly venues: Readonly<Record<string, VenueSettings>>;
}
