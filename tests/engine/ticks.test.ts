import { describe, expect, it } from 'vitest';
import { type Candle, type CandleRun, runCandles } from './candle-run.ts';

/**
 * Hours and the trades, or quotes, that they are made of. Expected fills are worked out by hand from docs/engine.md, "Trades and quotes". Entries are signalled
 * on bar 0 and fill on bar 1 unless told.
 */
type Tick = number | readonly [bid: number, ask: number];

const bidOf = (tick: Tick): number => (typeof tick === 'number' ? tick : tick[0]);
const hourOf = (ticks: readonly Tick[]): Candle => {
  const prices = ticks.map(bidOf);
  return [prices[0]!, Math.max(...prices), Math.min(...prices), prices.at(-1)!];
};

const LONG = 'enter long when bar_index == 0 size 1 BTC stop 5%';
const SHORT = 'enter short when bar_index == 0 size 1 BTC stop 5%';
const at = (order: string): string => `enter long when bar_index == 0 ${order} size 1 BTC stop 20%`;

type TickCase = readonly [
  what: string,
  rules: string,
  ticks: readonly (readonly Tick[])[],
  fills: readonly string[],
  run?: Partial<CandleRun>,
];

const TRADES: readonly TickCase[] = [
  ['a market order takes the first trade', LONG, [[100], [101, 99]], ['1 entry 1 @101']],
  ['the target first: at its price', `${LONG} take at 5%`, [[100], [100], [100, 106, 94]], ['1 entry 1 @100', '2 take -1 @105']],
  ['the stop first: at the trade beyond it', `${LONG} take at 5%`, [[100], [100], [100, 94, 106]], ['1 entry 1 @100', '2 stop -1 @94']],
  ['a target that was touched is not filled', `${LONG} take at 5%`, [[100], [100], [100, 105, 105, 101]], ['1 entry 1 @100']],
  [
    'nor is one at a touch of the first trade, but where touching is enough',
    `${LONG} take at 5%`,
    [[100], [100], [100, 105, 101]],
    ['1 entry 1 @100', '2 take -1 @105'],
    { conventions: { limitFill: 'touch' } },
  ],
  [
    'a bar that begins beyond the target fills there',
    `${LONG} take at 5%`,
    [[100], [100], [107, 100]],
    ['1 entry 1 @100', '2 take -1 @107'],
  ],
  ['a limit is filled at its price, however far a trade goes through it', at('at limit 98'), [[100], [100, 95, 96]], ['1 entry 1 @98']],
  ['a limit that was touched waits', at('at limit 98'), [[100], [100, 98, 98, 99]], []],
  ['a stop order takes the trade that triggered it', at('at stop 102'), [[100], [100, 101, 104, 103]], ['1 entry 1 @104']],
  ['a stop-limit waits beyond its limit', at('at stop 102 limit 103'), [[100], [100, 104, 103, 102.5]], ['1 entry 1 @103']],
  [
    'a position that was opened inside of a bar meets the trades that follow alone',
    `enter long when bar_index == 0 at limit 98 size 1 BTC stop 2% take at 2%`,
    [[100], [101, 97.9, 100.1]],
    ['1 entry 1 @98', '1 take -1 @99.96'],
  ],
  [
    'and the one that opened it, where that is beyond the stop',
    'enter long when bar_index == 0 at limit 98 size 1 BTC stop 2%',
    [[100], [101, 95, 97]],
    ['1 entry 1 @98', '1 stop -1 @95'],
  ],
  [
    'adds rest, each at its price',
    `${LONG} add 100% every 1% against max 3 times`,
    [[100], [100], [100, 98.5, 97.9, 100]],
    ['1 entry 1 @100', '2 add 1 @99', '2 add 1 @98.01'],
  ],
  [
    'of two resting entries the first that is reached',
    'enter long when bar_index == 0 at stop 102\nenter short when bar_index == 0 at stop 98\nsize 1 BTC stop 20%',
    [[100], [100, 97, 103]],
    ['1 entry -1 @97'],
  ],
];

describe('trades decide what happens inside of a bar', () => {
  it.each(TRADES.map((row) => ({ row })))('$row.0', async ({ row: [, rules, ticks, fills, run = {}] }) => {
    const outcome = await runCandles({ rules, ...run, candles: ticks.map(hourOf), ticks });
    expect(outcome.fills).toEqual(fills);
    expect(outcome.document.data[0]!.detail).toMatchObject({ timeframe: 'trades', barsDecided: ticks.length, barsWithout: 0 });
  });
});

const QUOTES: readonly TickCase[] = [
  [
    'a buy pays the ask in force at the open, its stop sells at the bid',
    LONG,
    [
      [[100, 100.4]],
      [[100, 100.5]],
      [
        [96, 98],
        [95, 97],
      ],
    ],
    ['1 entry 1 @100.4', '2 stop -1 @95'],
  ],
  [
    'a sale gets the bid, its stop is reached by the ask',
    SHORT,
    [
      [[100, 100.4]],
      [[100, 100.5]],
      [
        [104, 104.8],
        [104.5, 105.2],
      ],
    ],
    ['1 entry -1 @100', '2 stop 1 @105.2'],
  ],
  [
    'a limit to buy waits for the ask',
    at('at limit 98'),
    [
      [[100, 100.4]],
      [
        [100, 100.5],
        [97.5, 98.1],
        [97, 97.6],
      ],
    ],
    ['1 entry 1 @98'],
  ],
  [
    'and not for the bid',
    at('at limit 98'),
    [
      [[100, 100.4]],
      [
        [100, 100.5],
        [97.5, 98.1],
        [97, 98],
      ],
    ],
    [],
  ],
  [
    'a target sells to the bid',
    `${LONG} take at 5%`,
    [
      [[100, 100]],
      [[100, 100]],
      [
        [104.9, 106],
        [105.1, 107],
      ],
    ],
    ['1 entry 1 @100', '2 take -1 @105'],
  ],
];

describe('quotes decide: buys meet the ask, sales the bid', () => {
  it.each(QUOTES.map((row) => ({ row })))('$row.0', async ({ row: [, rules, ticks, fills] }) => {
    expect((await runCandles({ rules, candles: ticks.map(hourOf), ticks })).fills).toEqual(fills);
  });

  it('a bar without them has the spread of the last one before it', async () => {
    const candles: readonly Candle[] = [
      [100, 100, 100, 100],
      [101, 103, 97, 102],
      [102, 102, 102, 102],
    ];
    const outcome = await runCandles({
      rules: LONG,
      candles,
      ticks: [
        [
          [100, 100.2],
          [100, 100.4],
        ],
        [],
        [[102, 102.1]],
      ],
    });
    expect(outcome.fills).toEqual(['1 entry 1 @101.4']);
    expect(outcome.document.data[0]!.detail).toMatchObject({ timeframe: 'quotes', barsDecided: 2, barsWithout: 1 });
    expect(outcome.document.warnings.map(({ message }) => message)).toContain(
      '1 of 3 bars are not made up of the quotes of --detail: there orders met the bar as it is',
    );
  });
});

it('a trade outside of its bar is of another market', async () => {
  const candles: readonly Candle[] = [[100, 101, 99, 100]];
  await expect(runCandles({ rules: LONG, candles, ticks: [[100, 102, 100]] })).rejects.toThrow(
    'its trade of 2024-01-01 00:20:00.000 at 102 is outside of the 1h bar',
  );
});
