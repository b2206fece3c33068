import { expect, it } from 'vitest';
import { type Candle, flat } from './candle-run.ts';
import { type MarketsRun, runMarkets } from './market-run.ts';

/** Worked out by hand: 10,000 in the account, no fee, no slippage; the rules look at A, which is at 100, and B is at 50 unless told. */
const A = 'A/USDT';
const B = 'B/USDT';
const PAIR = 'basket pair { buy A/USDT weight 1 sell B/USDT weight 1 }\n';
const ENTER = `${PAIR}enter long pair when bar_index == 0\n`;
const closes = (...prices: readonly number[]): readonly Candle[] => prices.map(flat);
const steady = { [A]: closes(100, 100, 100, 100), [B]: closes(50, 50, 50, 50) };

type Case = readonly [what: string, run: MarketsRun, fills: readonly string[], events?: readonly string[]];

const cases: readonly Case[] = [
  [
    'money is the gross value of all legs, by their weights',
    { rules: `${ENTER}size 1000 USDT`, candles: steady },
    ['1 A entry 5 @100', '1 B entry -10 @50'],
  ],
  [
    'of a basket that is sold each leg goes the other way',
    { rules: `${PAIR}enter short pair when bar_index == 0\nsize 1000 USDT`, candles: steady },
    ['1 A entry -5 @100', '1 B entry 10 @50'],
  ],
  [
    // 3 and 1 of 4 of the 1,000.
    'weights are shares of their sum',
    {
      rules: `basket pair { buy A/USDT weight 3 sell B/USDT weight 1 }\nenter long pair when bar_index == 0\nsize 1000 USDT`,
      candles: steady,
    },
    ['1 A entry 7.5 @100', '1 B entry -5 @50'],
  ],
  [
    'a weight may be a series: it counts as it was at the signal',
    {
      rules: `basket pair { buy A/USDT weight 1 sell B/USDT weight close / open }\nenter long pair when bar_index == 0\nsize 1000 USDT`,
      candles: { ...steady, [A]: [flat(100), [100, 300, 100, 300], flat(300), flat(300)] },
    },
    ['1 A entry 5 @100', '1 B entry -10 @50'],
  ],
  [
    'rules close all legs, or a share of each',
    { rules: `${ENTER}size 1000 USDT\nexit long pair 40% when bar_index == 1\nexit long pair when bar_index == 2`, candles: steady },
    ['1 A entry 5 @100', '1 B entry -10 @50', '2 A exit -2 @100', '2 B exit 4 @50', '3 A exit -3 @100', '3 B exit 6 @50'],
  ],
  [
    // 5 of A lose 5 each and 10 of B lose 2.5 each when B rises: 50 of 1,000 are 5 %.
    'a stop in percent is one of the gross value, met at closes and filled at the next open',
    {
      rules: `${ENTER}size 1000 USDT stop 5%`,
      candles: {
        [A]: [flat(100), flat(100), [100, 100, 95, 95], flat(96), flat(96)],
        [B]: [flat(50), flat(50), [50, 52.5, 50, 52.5], flat(52), flat(52)],
      },
    },
    ['1 A entry 5 @100', '1 B entry -10 @50', '3 A stop -5 @96', '3 B stop 10 @52'],
  ],
  [
    'what one leg loses the other may have won',
    {
      rules: `${ENTER}size 1000 USDT stop 5%`,
      candles: { [A]: closes(100, 100, 80, 80), [B]: closes(50, 50, 40, 40) },
    },
    ['1 A entry 5 @100', '1 B entry -10 @50'],
  ],
  [
    // Both legs win 5 % of the gross value together: A +10 on 5 are 50.
    'targets as well, in parts',
    {
      rules: `${ENTER}size 1000 USDT take 50% at 5%, rest at 10%`,
      candles: { [A]: closes(100, 100, 110, 110, 120, 120), [B]: closes(50, 50, 50, 50, 50, 50) },
    },
    ['1 A entry 5 @100', '1 B entry -10 @50', '3 A take -2.5 @110', '3 B take 5 @50', '5 A take -2.5 @120', '5 B take 5 @50'],
  ],
  [
    // Best at 1.1; 2 % of that below are 1.078, and A at 104 makes 1.02.
    'a trail follows the best close of the basket',
    {
      rules: `${ENTER}size 1000 USDT trail 2%`,
      candles: { [A]: closes(100, 100, 120, 104, 104, 104), [B]: closes(50, 50, 50, 50, 50, 50) },
    },
    ['1 A entry 5 @100', '1 B entry -10 @50', '4 A trail -5 @104', '4 B trail 10 @50'],
  ],
  [
    'a basket waits for a bar of all its legs',
    { rules: `${ENTER}size 1000 USDT`, candles: { [A]: closes(100, 100, 100, 100), [B]: [flat(50), null, flat(50), flat(50)] } },
    ['2 A entry 5 @100', '2 B entry -10 @50'],
  ],
  [
    'it is cut to what the cash pays for, legs alike',
    { rules: `${ENTER}size 300% of equity`, candles: steady },
    ['1 A entry 50 @100', '1 B entry -100 @50'],
    ['1 A cutToCash'],
  ],
  [
    'it is one position: of the limit, and of the counts',
    {
      rules: `${ENTER}enter long pair when bar_index == 2\nsize 1000 USDT\nexit long pair when bar_index == 1\nrisk { max trades 1 max positions 1 }`,
      candles: { [A]: closes(100, 100, 100, 100, 100), [B]: closes(50, 50, 50, 50, 50) },
    },
    ['1 A entry 5 @100', '1 B entry -10 @50', '2 A exit -5 @100', '2 B exit 10 @50'],
  ],
  [
    'position.profit is that of the basket',
    {
      rules: `${ENTER}size 1000 USDT\nexit long pair when position.profit > 4%`,
      candles: { [A]: closes(100, 100, 110, 110), [B]: closes(50, 50, 50, 50) },
    },
    ['1 A entry 5 @100', '1 B entry -10 @50', '3 A exit -5 @110', '3 B exit 10 @50'],
  ],
  [
    'a market may be traded beside the basket that it is a leg of',
    { rules: `${ENTER}enter long when bar_index == 1\nsize 1000 USDT`, candles: steady },
    ['1 A entry 5 @100', '1 B entry -10 @50', '2 A entry 10 @100'],
  ],
  [
    // 50 A on a margin of 1,000: v - 4,000 = 0.005 v.
    'a leg that its venue liquidates takes the other with it at the next open',
    {
      rules: `account { leverage 5 margin isolated }\n${ENTER}size 10000 USDT`,
      candles: { [A]: [flat(100), flat(100), [100, 100, 79, 85], flat(85), flat(85)], [B]: closes(50, 50, 50, 51, 51) },
    },
    ['1 A entry 50 @100', '1 B entry -100 @50', '2 A liquidation -50 @80.40201005', '3 B liquidation 100 @51'],
  ],
  [
    // B has earned 500 and A lost 980: the basket has lost, and a rule that waits for that enters A alone.
    'what the liquidated leg lost is part of what the basket made',
    {
      rules: `account { leverage 5 margin isolated }\n${ENTER}enter long when trades.losses == 1 and bar_index == 4\nsize 10000 USDT`,
      candles: { [A]: [flat(100), flat(100), [100, 100, 79, 85], ...closes(85, 85, 100)], [B]: closes(50, 50, 50, 45, 45, 45) },
    },
    [
      '1 A entry 50 @100',
      '1 B entry -100 @50',
      '2 A liquidation -50 @80.40201005',
      '3 B liquidation 100 @45',
      '5 A entry 117.6470588 @100',
    ],
  ],
  [
    // 10,000 pay for 9,900.990099 at 1 % more.
    'where it is cut to the cash the expected slippage is kept back',
    { rules: `${ENTER}size 300% of equity`, candles: steady, settings: { slippageRate: 0.01 } },
    ['1 A entry 49.5049505 @101', '1 B entry -99.00990099 @49.5'],
  ],
  [
    'adds are shares of the first entry, of each leg',
    { rules: `${ENTER}size 1000 USDT add 50% when bar_index == 1 max 1 times`, candles: steady },
    ['1 A entry 5 @100', '1 B entry -10 @50', '2 A add 2.5 @100', '2 B add -5 @50'],
  ],
  [
    // A at 110 makes 1.05.
    'break-even is where the basket was entered',
    {
      rules: `${ENTER}size 1000 USDT breakeven after 5%`,
      candles: { [A]: closes(100, 100, 110, 99, 98), [B]: closes(50, 50, 50, 50, 50) },
    },
    ['1 A entry 5 @100', '1 B entry -10 @50', '4 A breakeven -5 @98', '4 B breakeven 10 @50'],
  ],
  [
    'to trades.count and streaks it is one',
    {
      rules: `${ENTER}enter long pair when trades.count == 1 and trades.losing_streak == 1\nsize 1000 USDT\nexit long pair when bar_index == 1`,
      candles: { [A]: closes(100, 100, 90, 90), [B]: closes(50, 50, 55, 55) },
    },
    [
      '1 A entry 5 @100',
      '1 B entry -10 @50',
      '2 A exit -5 @90',
      '2 B exit 10 @55',
      '3 A entry 5.555555556 @90',
      '3 B entry -9.090909091 @55',
    ],
  ],
  [
    'to limits as well: beside a position of a market there are two',
    {
      rules: `${ENTER}enter long when bar_index == 1\nsize 1000 USDT\nrisk { max positions 2 }`,
      candles: steady,
    },
    ['1 A entry 5 @100', '1 B entry -10 @50', '2 A entry 10 @100'],
  ],
  [
    'a basket that is flat takes no room',
    {
      rules: `${PAIR}enter long pair when false\nenter long when bar_index == 1\nsize 1000 USDT\nrisk { max positions 1 max trades 1 }`,
      candles: steady,
    },
    ['2 A entry 10 @100'],
  ],
  [
    'and with room for one it is the one',
    {
      rules: `${ENTER}enter long when bar_index == 1\nsize 1000 USDT\nrisk { max positions 1 }`,
      candles: steady,
    },
    ['1 A entry 5 @100', '1 B entry -10 @50'],
  ],
  [
    // At 150 the legs are worth 1,250 of 10,250; what they made, 250, is won.
    'what a limit flattens is won or lost as what rules close',
    {
      rules: `${ENTER}enter long pair when trades.wins == 1\nsize 1000 USDT\nrisk { max exposure 12% of equity then flatten }`,
      candles: { [A]: closes(100, 100, 150, 150, 150), [B]: closes(50, 50, 50, 50, 50) },
    },
    [
      '1 A entry 5 @100',
      '1 B entry -10 @50',
      '3 A flatten -5 @150',
      '3 B flatten 10 @50',
      '4 A entry 3.333333333 @150',
      '4 B entry -10 @50',
    ],
  ],
  [
    'and waits for a bar of all its legs',
    {
      rules: `${ENTER}size 1000 USDT\nrisk { max exposure 12% of equity then flatten }`,
      candles: { [A]: closes(100, 100, 150, 150, 140), [B]: [flat(50), flat(50), flat(50), null, flat(50)] },
    },
    ['1 A entry 5 @100', '1 B entry -10 @50', '4 A flatten -5 @140', '4 B flatten 10 @50'],
  ],
  [
    'position.size is its value at the signal',
    { rules: `${ENTER}size 1000 USDT\nexit long pair when position.size == 1000`, candles: steady },
    ['1 A entry 5 @100', '1 B entry -10 @50', '2 A exit -5 @100', '2 B exit 10 @50'],
  ],
  [
    'but where a market is entered too, position.size is that of the market',
    {
      rules: `${ENTER}enter long when false\nsize 1000 USDT\nexit long pair when bar_index == 1 and position.size == 0`,
      candles: steady,
    },
    ['1 A entry 5 @100', '1 B entry -10 @50', '2 A exit -5 @100', '2 B exit 10 @50'],
  ],
  [
    'it fills at opens, whatever the convention',
    { rules: `${ENTER}size 1000 USDT`, candles: steady, settings: { conventions: { fillAt: 'close' } } },
    ['1 A entry 5 @100', '1 B entry -10 @50'],
  ],
  [
    'a leg of nothing after rounding drops the whole',
    { rules: `${ENTER}size 1000 USDT`, candles: steady, settings: { conventions: { lot: 6 } } },
    [],
    ['1 A droppedTooSmall'],
  ],
];

it.each(cases.map(([what, run, fills, events]) => ({ what, run, fills, events })))('$what', async ({ run, fills, events }) => {
  const outcome = await runMarkets(run);
  expect(outcome.fills).toEqual(fills);
  expect(outcome.events).toEqual(events ?? outcome.events);
});

it('its trades are those of its legs, under its name, and the account has what they made', async () => {
  const { document, outcome } = await runMarkets({
    rules: `${ENTER}size 1000 USDT\nexit long pair when bar_index == 2`,
    candles: { [A]: closes(100, 100, 110, 120), [B]: closes(50, 50, 50, 45) },
  });
  expect(document.trades.map(({ market, setup, profit }) => [market, setup, profit])).toEqual([
    [A, 'pair', 100],
    [B, 'pair', 50],
  ]);
  expect([...outcome.equity]).toEqual([10_000, 10_000, 10_050, 10_150]);
  expect(document.metrics.finalEquity).toBe(10_150);
});

it('its reasons are told with the trades of its legs', async () => {
  const { document } = await runMarkets({
    rules: `${PAIR}enter long pair when bar_index == 0 reason "in at {close:0}"\nsize 1000 USDT\nexit long pair when bar_index == 1 reason "out at {close:0}"`,
    candles: { [A]: closes(100, 101, 102), [B]: closes(50, 50, 50) },
  });
  expect(document.trades.map(({ entryReason, exitReason }) => [entryReason, exitReason])).toEqual([
    ['in at 100', 'out at 101'],
    ['in at 100', 'out at 101'],
  ]);
});

it('each leg pays its own fee', async () => {
  const { document } = await runMarkets({
    rules: `${ENTER}size 1000 USDT\nexit long pair when bar_index == 1`,
    candles: { [A]: closes(100, 100, 120), [B]: closes(50, 50, 50) },
    settings: { feeRate: 0.01 },
  });
  expect(document.trades.map(({ market, fees }) => [market, Number(fees.toFixed(9))])).toEqual([
    [A, 5 + 6],
    [B, 5 + 5],
  ]);
});

it.each([
  [{ participation: 0.1 }, 'Leave out --participation'],
  [{ latency: { ms: 0, bars: 1 } }, 'Leave out --latency'],
])('what its legs cannot do together is refused: %j', async (settings, hint) => {
  await expect(runMarkets({ rules: `${ENTER}size 1000 USDT`, candles: steady, settings })).rejects.toThrow(hint);
});
