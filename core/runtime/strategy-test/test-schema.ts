import type { JsonSchema } from '#core/ports/plugin.ts';
import { WEEKDAYS } from './never-rule.ts';

const MOST_TESTS = 500;
const MOST_LINES = 5000;

/** What a whole file and each of its tests may say of how the strategy runs. */
const SETTINGS = {
  set: {
    type: 'object',
    additionalProperties: { type: ['number', 'string', 'boolean'] },
    description: 'Values for params of the strategy, by name.',
  },
  capital: { type: 'number', exclusiveMinimum: 0, maximum: 1e15, description: 'Starting cash. Default: 10000.' },
  fee: {
    type: 'string',
    format: 'fee',
    examples: ['0.1%'],
    description: 'Fee of a fill. Default: none, so that results can be worked out by hand.',
  },
  slippage: {
    type: 'string',
    format: 'slippage',
    examples: ['0.05%'],
    description: 'How much worse than the market fills are. Default: not at all.',
  },
  timeframe: { type: 'string', format: 'timeframe', examples: ['1h'], description: 'Length of a bar. Default: that of the trade line.' },
} as const;

/** Lines of `bar N: what`. */
const lines = (description: string, example: string): JsonSchema => ({
  type: 'array',
  maxItems: MOST_LINES,
  description,
  items: { type: 'object', minProperties: 1, maxProperties: 1, additionalProperties: { type: 'string' }, examples: [example] },
});

const share = (description: string): JsonSchema => ({ type: 'string', format: 'percent', examples: ['2%'], description });
const count = (description: string): JsonSchema => ({ type: 'integer', minimum: 0, maximum: 1e6, description });

/** On both sides, and on one. */
const fillConditions = (action: 'enter' | 'exit', description: string): Readonly<Record<string, JsonSchema>> =>
  Object.fromEntries(
    ['', 'long ', 'short '].map((side) => [
      `${action} ${side}when`,
      {
        type: 'string',
        minLength: 1,
        examples: ['close < sma(close, 200)'],
        description: `${description}${side === '' ? '' : ` of a ${side.trim()} position`}.`,
      },
    ]),
  );

const NEVER = {
  type: 'object',
  additionalProperties: false,
  description: 'What must hold at no bar.',
  properties: {
    'risk above': share(
      'Of the equity: what a position would lose from its entry price if its stop filled there; all of its value without a stop.',
    ),
    'drawdown above': share('Fall of the equity from its highest value before, at closes.'),
    'position above': share('Value of one position, of the equity.'),
    'exposure above': share('Value of all positions, long or short, of the equity.'),
    'positions above': count('How many markets are held at once.'),
    'hold longer than': count('Bars from the entry of a position on.'),
    'open without a stop': { type: 'boolean', description: 'true: each position has a stop at the close of each bar.' },
    'trade on': {
      type: 'array',
      minItems: 1,
      items: { type: 'string', enum: WEEKDAYS },
      description: 'Days of the week, UTC, on which nothing may be entered.',
    },
    ...fillConditions('enter', 'A condition of the language that may not be true at the close before the bar of an entry'),
    ...fillConditions('exit', 'The same of the bar at which an exit rule closes a position, or part of it'),
    'hold when': {
      type: 'string',
      minLength: 1,
      examples: ['drawdown > 10%'],
      description: 'A condition that may not be true at the close of a bar at which a position is open.',
    },
  },
} as const;

const TEST = {
  type: 'object',
  additionalProperties: false,
  required: ['name'],
  properties: {
    name: {
      type: 'string',
      minLength: 1,
      maxLength: 200,
      examples: ['buys the cross'],
      description: 'What the strategy does, as a sentence.',
    },
    ...SETTINGS,
    bars: {
      type: ['string', 'object'],
      additionalProperties: { type: 'string' },
      description: 'Candles as a table; of several markets one for each, by name.',
    },
    start: { type: 'string', examples: ['2024-01-01'], description: 'Time of the first bar, UTC. Default: 2024-01-01, a Monday.' },
    data: {
      type: ['string', 'array'],
      items: { type: 'string' },
      description: 'Files of candles from the folder of the test, as --data takes them: PATH or MARKET=PATH.',
    },
    from: { type: 'string', examples: ['2024-01-01'], description: 'Of data: first day that counts.' },
    to: { type: 'string', examples: ['2024-03-01'], description: 'Of data: its end, not included.' },
    seeds: { type: ['integer', 'string'], examples: ['1..20'], description: 'Generated markets: a number, or the first and the last.' },
    length: { type: 'integer', minimum: 1, maximum: 100_000, description: 'Bars of each generated market. Default: 2000.' },
    fills: {
      ...lines('Everything that is bought and sold, in order; none = nothing.', 'bar 31: buy 20 at open'),
      type: ['array', 'string'],
    },
    values: lines('What holds at the close of bars.', 'bar 31: quick is 105, stop is 94'),
    trades: { type: 'integer', minimum: 0, maximum: 1e9, description: 'How many positions are opened.' },
    never: NEVER,
  },
} as const;

/** The form of a file of tests. */
export const TEST_SCHEMA: JsonSchema = {
  type: 'object',
  additionalProperties: false,
  required: ['tests'],
  properties: {
    strategy: {
      type: 'string',
      minLength: 1,
      examples: ['dip.strat'],
      description: 'The strategy, from the folder of this file. Default: the file of the same name.',
    },
    ...SETTINGS,
    tests: { type: 'array', minItems: 1, maxItems: MOST_TESTS, items: TEST },
  },
};
