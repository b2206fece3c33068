import type { JsonSchema } from '#core/ports/plugin.ts';

const PLUGIN_ITEM = {
  type: 'object',
  required: ['use'],
  properties: {
    use: {
      type: 'string',
      minLength: 1,
      examples: ['exchange/sim'],
      description: 'Which plugin: its kind and its name.',
    },
  },
} as const;

const pluginList = (description: string, example: string): JsonSchema => ({
  type: 'array',
  maxItems: 64,
  description,
  items: { ...PLUGIN_ITEM, properties: { use: { ...PLUGIN_ITEM.properties.use, examples: [example] } } },
});

/** Keys of `costs` that have no default. */
const COST_MODELS = {
  participation: {
    type: 'string',
    format: 'share',
    examples: ['10%'],
    description:
      "Share of a bar's volume that orders may take; the rest of an order goes on at the next bars. Default: all that they ask for.",
  },
  queue: {
    type: 'string',
    format: 'queue',
    examples: ['5%'],
    description:
      "What stands before a limit order at its price: base units in quotes, or a share of a bar's volume. Default: it fills when the market goes through.",
  },
  minNotional: {
    type: 'number',
    exclusiveMinimum: 0,
    maximum: 1e15,
    description: 'Least value of an order, in the quote currency. Default: none.',
  },
  latency: {
    type: 'string',
    format: 'latency',
    examples: ['2s'],
    description: 'Time from a decision to its order at the market. Default: none.',
  },
  feeIn: { type: 'string', enum: ['quote', 'base'], description: 'Coin that a purchase pays its fee in. Default: `quote`.' },
  feeDiscount: {
    type: 'string',
    format: 'cost',
    examples: ['25%'],
    description: 'Share off all fees, as for those paid in a coin of the venue. Default: none.',
  },
  maintenance: {
    type: 'string',
    format: 'maintenance',
    examples: ['0.4%,50000:0.5%'],
    description:
      'Share of a position on margin that must back it, and that of its parts above given values, as `--maintenance` takes it. Default: `0.5%`.',
  },
  liquidationFee: {
    type: 'string',
    format: 'cost',
    examples: ['0.5%'],
    description: 'What a liquidation costs in place of the fee. Default: the same.',
  },
  funding: {
    type: 'string',
    format: 'signedCost',
    examples: ['0.01%'],
    description:
      'What longs of a perpetual pay to shorts each time. Default: the `funding_rate` of the data, where the strategy says `funding true`.',
  },
  fundingEvery: { type: 'string', format: 'period', examples: ['8h'], description: 'Time between fundings. Default: `8h`.' },
  borrow: {
    type: 'string',
    format: 'cost',
    examples: ['10%'],
    description: 'What a short pays a year on its value, and a long on what it borrowed. Default: that of the strategy, else nothing.',
  },
  swapLong: {
    type: 'string',
    format: 'signedCost',
    examples: ['2.1%'],
    description: 'What a long currency position pays a year, by the night; below zero it earns. Default: nothing.',
  },
  swapShort: { type: 'string', format: 'signedCost', examples: ['-0.4%'], description: 'The same of a short one.' },
} as const;

/** Keys of the `costs` of an exchange; those of all have a default more. */
const COSTS = {
  fee: {
    type: 'string',
    format: 'fee',
    description:
      'Fee of a fill: share of the traded value, in % or bp (1bp = 0.01%), or as `--fee` takes it: `0.02%/0.05%`, tiers, `unit:0.005`.',
  },
  slippage: {
    type: 'string',
    format: 'slippage',
    description:
      'How much worse than the market each fill is: % or bp of the price, or models by name, as `--slippage` takes them: `spread:0.04%+square-root:1`.',
  },
  ...COST_MODELS,
} as const;

/** What a strategy may say of margin, and `account` for those that do not. */
const MARGIN = {
  leverage: {
    type: 'number',
    minimum: 1,
    maximum: 1000,
    description: 'Value that a position may have over its margin. Default: that of the strategy, else positions are paid in full.',
  },
  margin: {
    type: 'string',
    enum: ['isolated', 'cross'],
    description: "What backs a position: its own margin, or all of the account. Default: the strategy's, else `cross`.",
  },
} as const;

/**
 * One JSON Schema a section: the source of what is checked, of the defaults and of the tables in docs/config.md. The rest of an
 * item with `use` belongs to the plugin and is checked by the schema of its manifest.
 */
export const SECTIONS = {
  account: {
    type: 'object',
    additionalProperties: false,
    description: 'The money of the accounts.',
    properties: {
      capital: {
        type: 'number',
        exclusiveMinimum: 0,
        maximum: 1e15,
        default: 10_000,
        description: 'Starting cash of each strategy that names none, in the quote currency of its market.',
      },
      ...MARGIN,
    },
  },
  costs: {
    type: 'object',
    additionalProperties: false,
    description: 'What a fill costs.',
    properties: {
      fee: { ...COSTS.fee, default: '0.1%' },
      slippage: { ...COSTS.slippage, default: '0.05%' },
      ...COST_MODELS,
    },
  },
  http: {
    type: 'object',
    additionalProperties: false,
    description: 'The page and the control endpoint.',
    properties: {
      enabled: { type: 'boolean', default: true, description: 'Whether the bot serves its page and endpoint.' },
      host: {
        type: 'string',
        enum: ['127.0.0.1', '::1', 'localhost'],
        default: '127.0.0.1',
        description: 'Address to listen on; of the machine itself only.',
      },
      port: { type: 'integer', minimum: 0, maximum: 65_535, default: 8321, description: 'Port to listen on; 0 takes any that is free.' },
    },
  },
  log: {
    type: 'object',
    additionalProperties: false,
    description: 'What is written to the log.',
    properties: {
      level: {
        type: 'string',
        enum: ['trace', 'debug', 'info', 'warn', 'error', 'fatal', 'silent'],
        default: 'info',
        description: 'Least severe lines that are written.',
      },
    },
  },
  plugins: {
    type: 'object',
    additionalProperties: false,
    description: 'Where plugins are found besides those that come with strat.',
    properties: {
      folders: {
        type: 'array',
        maxItems: 64,
        items: { type: 'string', minLength: 1, maxLength: 4096, format: 'path' },
        default: [],
        description: 'Further folders with `<kind>/<id>/` plugins, relative to the config file.',
      },
    },
  },
  calendars: {
    type: 'object',
    maxProperties: 64,
    description: 'Hours of markets that strat does not know, each under a name of your choice.',
    propertyNames: { pattern: '^[a-z][a-z0-9.-]{0,63}$' },
    additionalProperties: {
      type: 'object',
      additionalProperties: false,
      required: ['like'],
      properties: {
        like: {
          type: 'string',
          enum: ['24x7', 'forex', 'forex-oanda', 'forex-fxcm', 'forex-metatrader', 'metals', 'xnys', 'xlon', 'xetr'],
          description: 'The calendar that it is like.',
        },
        zone: { type: 'string', format: 'zone', description: 'Whose clocks `closed` means. Default: those of `like`.' },
        closed: {
          type: 'array',
          maxItems: 1000,
          items: { type: 'string', format: 'closure' },
          default: [],
          description:
            'What is closed besides: `12-26` (every year), `2024-07-04`, `good-friday`, `easter-monday`, a weekday; hours of it (`friday 16:30-17:00`), or of every day (`16:50-17:10`).',
        },
      },
    },
  },
  exchanges: {
    type: 'object',
    maxProperties: 64,
    description: 'Markets, each under a name of your choice.',
    propertyNames: { pattern: '^[A-Za-z][A-Za-z0-9_-]{0,31}$' },
    additionalProperties: {
      ...PLUGIN_ITEM,
      properties: {
        ...PLUGIN_ITEM.properties,
        costs: {
          type: 'object',
          additionalProperties: false,
          description: 'What trading on it costs, as far as that is not what `costs` says of all.',
          properties: COSTS,
        },
      },
    },
  },
  risk: pluginList('Rules that cut or refuse entries, asked in this order.', 'risk/max-position'),
  notifiers: pluginList('Ways to reach you.', 'notifier/console'),
  strategies: {
    type: 'array',
    maxItems: 256,
    description: 'What is traded, each with an account of its own.',
    items: {
      type: 'object',
      additionalProperties: false,
      required: ['file'],
      properties: {
        file: {
          type: 'string',
          minLength: 1,
          maxLength: 4096,
          format: 'path',
          examples: ['strategies/sma-cross/sma-cross.strat'],
          description: 'The strategy, relative to the config file.',
        },
        id: {
          type: 'string',
          pattern: '^[A-Za-z0-9][A-Za-z0-9_-]{0,63}$',
          examples: ['sma-cross-2'],
          description: 'Its name on the page, in commands and of its state. Default: the name of the file.',
        },
        exchange: { type: 'string', minLength: 1, description: 'Name of one of the `exchanges`. Not needed when there is only one.' },
        capital: {
          type: 'number',
          exclusiveMinimum: 0,
          maximum: 1e15,
          description: 'Its starting cash in quote currency. Default: `account.capital`.',
        },
        ...MARGIN,
        timeframe: { type: 'string', format: 'timeframe', description: 'Length of a bar. Default: that of its `trade` line.' },
        params: {
          type: 'object',
          maxProperties: 256,
          propertyNames: { pattern: '^[A-Za-z_][A-Za-z0-9_]{0,63}$' },
          additionalProperties: { type: ['string', 'number', 'boolean'] },
          description: 'Other values for its `param` lines, written as there: `20`, `3%`, `30m`.',
        },
      },
    },
  },
} as const satisfies Readonly<Record<string, JsonSchema>>;

export type SectionName = keyof typeof SECTIONS;

export const SECTION_NAMES: readonly string[] = Object.keys(SECTIONS);

/** Section of plugins -> their kind. */
export const PLUGIN_SECTIONS = { exchanges: 'exchange', risk: 'risk', notifiers: 'notifier' } as const;
