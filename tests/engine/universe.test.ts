import { expect, it } from 'vitest';
import { type Candle, flat } from './candle-run.ts';
import { type MarketsRun, runMarkets } from './market-run.ts';

/**
 * Worked out by hand: 10,000 in the account, no fee, no slippage, bars by the hour from 2024-01-01 00:00 UTC, a Monday; the first decision is at the close of bar 0,
 * at 01:00. `every 2h` begins anew where the close is at an even hour.
 */
const A = 'A/USDT';
const B = 'B/USDT';
const C = 'C/USDT';
const closes = (...prices: readonly number[]): readonly Candle[] => prices.map(flat);
const RULES = 'enter long when true size 100% of equity';

type Case = readonly [what: string, run: MarketsRun, fills: readonly string[]];

const cases: readonly Case[] = [
  [
    'the best by rank are held, and share the size',
    {
      rules: `universe { list [A/USDT, B/USDT, C/USDT] rank by close hold top 2 rebalance every 1d }\n${RULES}`,
      candles: { [A]: closes(10, 10, 10), [B]: closes(30, 30, 30), [C]: closes(20, 20, 20) },
    },
    ['1 B entry 166.6666667 @30', '1 C entry 250 @20'],
  ],
  [
    'or the last, ascending',
    {
      rules: `universe { list [A/USDT, B/USDT, C/USDT] rank by close ascending hold top 1 rebalance every 1d }\n${RULES}`,
      candles: { [A]: closes(10, 10), [B]: closes(30, 30), [C]: closes(20, 20) },
    },
    ['1 A entry 1000 @10'],
  ],
  [
    'of equal ones the first of the list',
    {
      rules: `universe { list [C/USDT, A/USDT, B/USDT] rank by close hold top 1 rebalance every 1d }\n${RULES}`,
      candles: { [C]: closes(20, 20), [A]: closes(20, 20), [B]: closes(20, 20) },
    },
    ['1 C entry 500 @20'],
  ],
  [
    'without a rank all that pass the filters are held',
    {
      rules: `universe { list [A/USDT, B/USDT, C/USDT] filter close > 15 filter close < 25 rebalance every 1d }\n${RULES}`,
      candles: { [A]: closes(10, 10), [B]: closes(30, 30), [C]: closes(20, 20) },
    },
    ['1 C entry 500 @20'],
  ],
  [
    // 10 and 30 of 40.
    'weights by a series are shares of their sum',
    {
      rules: `universe { list [A/USDT, B/USDT] weight by close rebalance every 1d }\n${RULES}`,
      candles: { [A]: closes(10, 10), [B]: closes(30, 30) },
    },
    ['1 A entry 250 @10', '1 B entry 250 @30'],
  ],
  [
    // 1/10 and 1/30: three quarters and one.
    'inverse ones as well',
    {
      rules: `universe { list [A/USDT, B/USDT] weight inverse close rebalance every 1d }\n${RULES}`,
      candles: { [A]: closes(10, 10), [B]: closes(30, 30) },
    },
    ['1 A entry 750 @10', '1 B entry 83.33333333 @30'],
  ],
  [
    'what is no member any more leaves when members are chosen, not before',
    {
      rules: `universe { list [A/USDT, B/USDT] rank by close hold top 1 rebalance every 2h }\n${RULES}`,
      // B is the higher one at the closes of bars 2 and 3, at 03:00 and 04:00.
      candles: { [A]: closes(20, 20, 20, 20, 20, 20), [B]: closes(10, 10, 30, 30, 30, 30) },
    },
    ['1 A entry 500 @20', '4 A rebalance -500 @20', '4 B entry 333.3333333 @30'],
  ],
  [
    'members are brought to their weights: what grew is trimmed, and pays for what fell behind',
    {
      rules: `universe { list [A/USDT, B/USDT] rebalance every 2h }\n${RULES}`,
      // At 02:00 250 A are worth 10,000 and 250 B 5,000: 7,500 each are 187.5 and 375.
      candles: { [A]: closes(20, 20, 20, 40, 40, 40), [B]: closes(20, 20, 20, 20, 20, 20) },
    },
    ['1 A entry 250 @20', '1 B entry 250 @20', '4 A rebalance -62.5 @40', '4 B add 125 @20'],
  ],
  [
    'with latency what is bought up comes as late as what is trimmed',
    {
      rules: `universe { list [A/USDT, B/USDT] rebalance every 4h }\n${RULES}`,
      candles: { [A]: closes(20, 20, 20, 40, 40, 40, 40), [B]: closes(20, 20, 20, 20, 20, 20, 20) },
      settings: { latency: { bars: 1 } },
    },
    ['2 A entry 250 @20', '2 B entry 250 @20', '5 A rebalance -62.5 @40', '5 B add 125 @20'],
  ],
  [
    'a rule enters members only, and later ones on any bar',
    {
      rules: `universe { list [A/USDT, B/USDT] rank by close hold top 1 rebalance every 1d }\nenter long when bar_index == 1 size 100% of equity`,
      candles: { [A]: closes(10, 10, 10, 10), [B]: closes(30, 30, 30, 30) },
    },
    ['2 B entry 333.3333333 @30'],
  ],
  [
    'filters are asked again as often as they say',
    {
      // B passes from bar 1 on, and is asked at 04:00.
      rules: `universe { list [A/USDT, B/USDT] filter close > 15 rebalance every 1h refresh every 4h }\n${RULES}`,
      candles: { [A]: closes(20, 20, 20, 20, 20), [B]: closes(10, 20, 20, 20, 20) },
    },
    ['1 A entry 500 @20', '4 A rebalance -250 @20', '4 B entry 250 @20'],
  ],
  [
    'a market without a bar when the filters are asked passes none until they are asked again',
    {
      // At 01:00 B has none; at 04:00 it has.
      rules: `universe { list [A/USDT, B/USDT] filter close > 15 rebalance every 1h refresh every 4h }\n${RULES}`,
      candles: { [A]: closes(20, 20, 20, 20, 20), [B]: [null, ...closes(20, 20, 20, 20)] },
    },
    ['1 A entry 500 @20', '4 A rebalance -250 @20', '4 B entry 250 @20'],
  ],
  [
    'a market without a bar when members are chosen is none, and leaves at its next one',
    {
      rules: `universe { list [A/USDT, B/USDT] rebalance every 2h }\n${RULES}`,
      candles: { [A]: [flat(20), flat(20), flat(20), null, flat(20), flat(20)], [B]: closes(20, 20, 20, 20, 20, 20) },
    },
    // At 04:00 B alone is left: 10,000 of it, but the 5,000 of A are still held.
    ['1 A entry 250 @20', '1 B entry 250 @20', '5 A rebalance -250 @20'],
  ],
  [
    'adds of rebalancing do not count as adds of rules',
    {
      rules: `universe { list [A/USDT, B/USDT] rebalance every 2h }\nenter long when true size 50% of equity\nadd 10% when bar_index == 4 and close == 20 max 1 times`,
      candles: { [A]: closes(20, 20, 20, 40, 40, 40), [B]: closes(20, 20, 20, 20, 20, 20) },
    },
    // A quarter of the equity each: of 12,500 at 04:00 that is 3,125, 78.125 of A and 156.25 of B.
    ['1 A entry 125 @20', '1 B entry 125 @20', '4 A rebalance -46.875 @40', '4 B add 31.25 @20', '5 B add 12.5 @20'],
  ],
  [
    'weeks begin on Monday, also where the data do not',
    {
      rules: `universe { list [A/USDT, B/USDT] rank by close hold top 1 rebalance every 7d }\n${RULES}`,
      // A Sunday from 20:00 on: the week after it begins at the close of bar 3.
      start: Date.UTC(2024, 0, 7, 20),
      candles: { [A]: closes(20, 20, 20, 20, 20, 20), [B]: closes(10, 30, 30, 30, 30, 30) },
    },
    ['1 A entry 500 @20', '4 A rebalance -500 @20', '4 B entry 333.3333333 @30'],
  ],
  [
    'members are chosen at every bar where nobody says otherwise',
    {
      rules: `universe { list [A/USDT, B/USDT] rank by close hold top 1 }\n${RULES}`,
      candles: { [A]: closes(20, 20, 20, 20), [B]: closes(10, 30, 30, 30) },
    },
    ['1 A entry 500 @20', '2 A rebalance -500 @20', '2 B entry 333.3333333 @30'],
  ],
  [
    'a filter that is not known is not passed',
    {
      rules: `universe { list [A/USDT, B/USDT] filter (if close > 15 then close else na) > 5 rebalance every 1d }\n${RULES}`,
      candles: { [A]: closes(10, 10), [B]: closes(30, 30) },
    },
    ['1 B entry 333.3333333 @30'],
  ],
  [
    'a market whose rank is not known is no member',
    {
      rules: `universe { list [A/USDT, B/USDT] rank by (if close > 15 then close else na) ascending hold top 2 rebalance every 1d }\n${RULES}`,
      candles: { [A]: closes(10, 10), [B]: closes(30, 30) },
    },
    ['1 B entry 333.3333333 @30'],
  ],
  [
    'nor is one whose weight is not above zero',
    {
      rules: `universe { list [A/USDT, B/USDT, C/USDT] weight by close - 10 rank by close ascending hold top 1 rebalance every 1d }\n${RULES}`,
      candles: { [A]: closes(10, 10), [B]: closes(30, 30), [C]: closes(5, 5) },
    },
    ['1 B entry 333.3333333 @30'],
  ],
  [
    'max of a size counts for each member, after its weight',
    {
      rules: `universe { list [A/USDT, B/USDT] rebalance every 1d }\nenter long when true size 100% of equity max 3000 USDT`,
      candles: { [A]: closes(10, 10), [B]: closes(30, 30) },
    },
    ['1 A entry 300 @10', '1 B entry 100 @30'],
  ],
  [
    'and so does min',
    {
      rules: `universe { list [A/USDT, B/USDT] rebalance every 1d }\nenter long when true size 10% of equity min 3000 USDT`,
      candles: { [A]: closes(10, 10), [B]: closes(30, 30) },
    },
    ['1 A entry 300 @10', '1 B entry 100 @30'],
  ],
  ...['risk 2% of equity\nstop 10%', '50% of cash', 'kelly fraction 1 over 5 trades min 1000 USDT'].map((size): Case => [
    `a size of ${size.split(' ')[0] === '50%' ? 'cash' : size.split(' ')[0]} says what an entry is, and is left as it is`,
    {
      rules: `universe { list [A/USDT] rebalance every 2h }\nenter long when bar_index == 0 size ${size}`,
      candles: { [A]: closes(20, 20, 20, 40, 40, 40) },
    },
    [size.startsWith('risk') ? '1 A entry 100 @20' : size.startsWith('50%') ? '1 A entry 250 @20' : '1 A entry 50 @20'],
  ]),
  [
    'a market is chosen from when its series have settled',
    {
      rules: `universe { list [A/USDT, B/USDT] filter sma(close, 3) > 0 rebalance every 1h }\n${RULES}`,
      candles: { [A]: closes(20, 20, 20, 20, 20, 20), [B]: [null, null, ...closes(20, 20, 20, 20)] },
    },
    ['3 A entry 500 @20', '5 A rebalance -250 @20', '5 B entry 250 @20'],
  ],
  [
    'what brings a member to its weight counts against limits beside an add of a rule',
    {
      // At 04:00 the 100 of A are worth 1,000 of an equity of 9,000: 180 are a fifth of it, and the add asks for 50 more, where 200 are allowed.
      rules: `universe { list [A/USDT, B/USDT] rebalance every 2h }\nenter long when true size 40% of equity\nadd 50% when bar_index == 3 and close == 10 max 1 times\nrisk { max position 2000 USDT }`,
      candles: { [A]: closes(20, 20, 20, 10, 10), [B]: closes(20, 20, 20, 20, 20) },
    },
    ['1 A entry 100 @20', '1 B entry 100 @20', '4 A add 20 @10', '4 A add 80 @10', '4 B rebalance -10 @20'],
  ],
];

it.each(cases.map(([what, run, fills]) => ({ what, run, fills })))('$what', async ({ run, fills }) => {
  expect((await runMarkets(run)).fills).toEqual(fills);
});

it('rank(x) is the place of a market among the members', async () => {
  const { fills } = await runMarkets({
    rules:
      'universe { list [A/USDT, B/USDT, C/USDT] filter close > 15 rebalance every 1d }\nenter long when rank(close) == 2 size 30% of equity',
    candles: { [A]: closes(10, 10), [B]: closes(30, 30), [C]: closes(20, 20) },
  });
  expect(fills).toEqual(['1 C entry 75 @20']);
});

it('and not known for a market that is none', async () => {
  // B is a member from 04:00 on, the close of bar 3.
  const { fills } = await runMarkets({
    rules:
      'universe { list [A/USDT, B/USDT] filter close > 15 rebalance every 2h }\nenter long when bar_index == 3 and rank(close)[1] is na size 30% of equity',
    candles: { [A]: closes(20, 20, 20, 20, 20), [B]: closes(10, 10, 20, 20, 20) },
  });
  expect(fills).toEqual(['4 B entry 75 @20']);
});

it('what rounding leaves between a position and its weight is not traded', async () => {
  // The fee of what was bought is missing at the next choice, a thousandth of that at the one after, and so on.
  const { fills } = await runMarkets({
    rules: `universe { list [A/USDT, B/USDT] rebalance every 1h }\n${RULES}`,
    candles: { [A]: closes(...Array.from({ length: 20 }, () => 17.3)), [B]: closes(...Array.from({ length: 20 }, () => 3.7)) },
    settings: { feeRate: 0.001 },
  });
  expect(fills.filter((fill) => Number(fill.split(' ')[0]) > 5)).toEqual([]);
});
