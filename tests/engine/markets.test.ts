import { expect, it } from 'vitest';
import { parseFee } from '#core/model/fee-text.ts';
import type { RiskRulePort } from '#core/ports/risk-rule.ts';
import { flat } from './candle-run.ts';
import { type MarketsRun, runMarkets } from './market-run.ts';

/** Worked out by hand: 10,000 in the account, no fee, no slippage. A at 100 and B at 50 unless told. */
const A = 'A/USDT';
const B = 'B/USDT';
const C = 'C/USDT';
const steady = { [A]: Array.from({ length: 4 }, () => flat(100)), [B]: Array.from({ length: 4 }, () => flat(50)) };

type Case = readonly [what: string, run: MarketsRun, fills: readonly string[], events?: readonly string[]];

const cases: readonly Case[] = [
  [
    'every market has a position of its own, sized by the equity of the account',
    { rules: 'enter long when bar_index == 0 size 40% of equity', candles: steady },
    ['1 A entry 40 @100', '1 B entry 80 @50'],
  ],
  [
    'they pay from one cash: what is left when the second is served',
    { rules: 'enter long when bar_index == 0 size 70% of equity', candles: steady },
    ['1 A entry 70 @100', '1 B entry 60 @50'],
    ['1 B cutToCash'],
  ],
  [
    'the surer entry is served first',
    {
      rules:
        'enter long when bar_index == 0 and close == 100 with confidence 0.5\nenter long when bar_index == 0 and close == 50 with confidence 0.9\nsize 70% of equity',
      candles: steady,
    },
    ['1 A entry 30 @100', '1 B entry 140 @50'],
    ['1 A cutToCash'],
  ],
  [
    'exits of all markets come before entries of any: what is sold pays at the same open',
    {
      rules:
        'enter long when (close == 100 and bar_index == 1) or (close == 50 and bar_index == 0) size 100% of equity\nexit long when close == 50 and bar_index == 1',
      candles: steady,
    },
    ['1 B entry 200 @50', '2 A entry 100 @100', '2 B exit -200 @50'],
  ],
  [
    'a short holds as much cash as it is worth',
    { rules: 'enter short when bar_index == 0 size 70% of equity', candles: steady },
    ['1 A entry -70 @100', '1 B entry -60 @50'],
    ['1 B cutToCash'],
  ],
  [
    // 0.8 of the equity. At 130 that are 8,800, and 5,200 of 7,040 are held.
    'the exposure bound is that of all positions together',
    {
      rules: 'short { enter when bar_index == 0 size 20% of equity add 100% when bar_index == 2 max 1 times }',
      candles: { [A]: [flat(100), flat(100), flat(130), flat(130)], [B]: [flat(100), flat(100), flat(130), flat(130)] },
    },
    ['1 A entry -20 @100', '1 B entry -20 @100', '3 A add -14.15384621 @130'],
    ['2 A limited', '2 B limited'],
  ],
  [
    'closeAtEnd leaves each market on the last of its own bars',
    {
      rules: 'enter long when true size 10% of equity',
      candles: { [A]: steady[A], [B]: steady[B].slice(0, 3) },
      settings: { conventions: { closeAtEnd: true } },
    },
    ['1 A entry 10 @100', '1 B entry 20 @50', '2 B end -20 @50', '3 A end -10 @100'],
  ],
  [
    'orders that rest fill in the order of the trade line',
    {
      rules:
        'enter long when bar_index == 0 and close == 100 at limit 99 with confidence 0.5\nenter long when bar_index == 0 and close == 50 at limit 49 with confidence 0.9\nsize 80% of equity',
      candles: { [A]: [flat(100), [100, 100, 98, 98]], [B]: [flat(50), [50, 50, 48, 48]] },
    },
    ['1 A entry 80.80808081 @99', '1 B entry 40.81632653 @49'],
    ['1 B cutToCash'],
  ],
  [
    'max positions counts all markets, and what was ordered on the same bar',
    { rules: 'enter long when true size 10% of equity risk { max positions 1 }', candles: steady },
    ['1 A entry 10 @100'],
    ['0 B limited', '1 B limited', '2 B limited', '3 B limited'],
  ],
  [
    'and makes room for one where another leaves at the same open',
    {
      rules:
        'enter long when close == 100 and bar_index == 0 or close == 50 and bar_index == 1 size 10% of equity\nexit long when bar_index == 1\nrisk { max positions 1 }',
      candles: steady,
    },
    ['1 A entry 10 @100', '2 A exit -10 @100', '2 B entry 20 @50'],
    [],
  ],
  [
    'of orders that rest in several markets those that fill first take the room',
    {
      rules: 'enter long when bar_index == 0 at limit close * 0.99 size 10% of equity risk { max positions 1 }',
      candles: { [A]: [flat(100), flat(100), [100, 100, 98, 98]], [B]: [flat(50), [50, 50, 49, 49], flat(49)] },
    },
    ['1 B entry 20.2020202 @49.5'],
    ['2 A limited'],
  ],
  [
    'max exposure looks at all positions and orders, max position at one',
    {
      rules: 'enter long when bar_index == 0 size 60% of equity risk { max exposure 100% of equity max position 50% of equity }',
      candles: steady,
    },
    ['1 A entry 50 @100', '1 B entry 100 @50'],
    ['0 A limited', '0 B limited'],
  ],
  [
    'max exposure is what all may be worth together',
    { rules: 'enter long when bar_index == 0 size 40% of equity risk { max exposure 50% of equity }', candles: steady },
    ['1 A entry 40 @100', '1 B entry 20 @50'],
    ['0 B limited'],
  ],
  [
    'a limit of the account closes every position, also that of a market listed before the one that lost',
    {
      rules: 'enter long when bar_index == 0 size 50% of equity risk { max drawdown 20% then flatten and halt }',
      candles: { [A]: steady[A], [B]: [flat(50), flat(50), flat(25), flat(25)], [C]: [flat(10), flat(10), flat(10), flat(10)] },
    },
    ['1 A entry 50 @100', '1 B entry 100 @50', '3 A flatten -50 @100', '3 B flatten -100 @25'],
    ['1 C droppedTooSmall', '2 A limitActed'],
  ],
  [
    'losses in a row are counted over the account',
    {
      rules: 'enter long when bar_index < 3 size 10% of equity exit long when true risk { max losing_streak 2 then halt }',
      candles: { [A]: [flat(100), flat(100), flat(90), flat(90), flat(90)], [B]: [flat(50), flat(50), flat(40), flat(40), flat(40)] },
    },
    ['1 A entry 10 @100', '1 B entry 20 @50', '2 A exit -10 @90', '2 B exit -20 @40'],
    ['2 A limitActed', '2 A limited', '2 B limited'],
  ],
  [
    'a market without a bar waits for its next one, the others go on',
    {
      rules: 'enter long when bar_index == 0 size 40% of equity exit long when bar_index == 1',
      candles: { [A]: [flat(100), null, flat(110), flat(120)], [B]: [flat(50), flat(50), flat(50), flat(50)] },
    },
    ['1 B entry 80 @50', '2 A entry 40 @110', '2 B exit -80 @50', '3 A exit -40 @120'],
  ],
  [
    'a market that begins later has bars of its own',
    {
      rules: 'enter long when bar_index == 1 size 40% of equity',
      candles: { [A]: [flat(100), flat(100), flat(100), flat(100)], [B]: [null, null, flat(50), flat(50), flat(50)] },
    },
    ['2 A entry 40 @100', '4 B entry 80 @50'],
  ],
  [
    // On three times the money, 30,000 in all: 150 A at 100, 300 B at 50. With B at 40, A is worth what is left of the account at 0.5 % of its own value and
    // that of B's 12,000: cash -20,000 + 12,000 + 150 p = 0.005 * (150 p + 12,000) gives p = 54.00335008.
    'what is lost in one market brings the liquidation of another nearer on cross margin',
    {
      rules: 'account { leverage 3 }\nenter long when bar_index == 0 size 150% of equity',
      candles: { [A]: [flat(100), flat(100), flat(100), [100, 100, 50, 60]], [B]: [flat(50), flat(50), flat(40), flat(40)] },
    },
    ['1 A entry 150 @100', '1 B entry 300 @50', '3 A liquidation -150 @54.00335008'],
  ],
  [
    // With B at its open A is liquidated at 34.00, with B at the low of the bar at 54.
    'what another market does inside of the bar does not count there',
    {
      rules: 'account { leverage 3 }\nenter long when bar_index == 0 size 150% of equity',
      candles: { [A]: [flat(100), flat(100), [100, 100, 50, 100]], [B]: [flat(50), flat(50), [50, 50, 40, 50]] },
    },
    ['1 A entry 150 @100', '1 B entry 300 @50'],
  ],
  [
    // Neither reaches the price that the other's open makes of it (34.00 and 17.00). At the closes 70 are left for 20,070: with B at 33.4
    // -20,000 + 10,020 + 150 p = 0.005 * (150 p + 10,020) gives 67.20335008. What that leaves is enough for B.
    'but at the close all are looked at together',
    {
      rules: 'account { leverage 3 }\nenter long when bar_index == 0 size 150% of equity',
      candles: { [A]: [flat(100), flat(100), [100, 100, 67, 67]], [B]: [flat(50), flat(50), [50, 50, 33.4, 33.4]] },
    },
    ['1 A entry 150 @100', '1 B entry 300 @50', '2 A liquidation -150 @67.20335008'],
  ],
  [
    'and on isolated margin it does not',
    {
      rules: 'account { leverage 3 margin isolated }\nenter long when bar_index == 0 size 150% of equity',
      candles: { [A]: [flat(100), flat(100), flat(100), [100, 100, 70, 70]], [B]: [flat(50), flat(50), flat(40), flat(40)] },
    },
    ['1 A entry 150 @100', '1 B entry 300 @50'],
  ],
  [
    'a quantity that is fixed at the fill is made of the equity, not of the cash that other positions have left',
    {
      rules: 'enter long when bar_index == 0 and close == 100 or bar_index == 1 and close == 50 size 40% of equity',
      candles: steady,
      settings: { conventions: { sizeAt: 'fill' } },
    },
    ['1 A entry 40 @100', '2 B entry 80 @50'],
  ],
  [
    'also where it takes the place of a position of the other side',
    {
      rules: 'enter long when bar_index == 0\nenter short when bar_index == 2\nsize 40% of equity',
      candles: steady,
      settings: { conventions: { sizeAt: 'fill', opposite: 'reverse' } },
    },
    ['1 A entry 40 @100', '1 B entry 80 @50', '3 A exit -40 @100', '3 A entry -40 @100', '3 B exit -80 @50', '3 B entry -80 @50'],
  ],
  [
    'adds that other markets have ordered on the same bar count against the exposure',
    {
      rules:
        'enter long when bar_index == 0 size 20% of equity\nadd 100% when bar_index == 2 max 3 times\nrisk { max exposure 50% of equity }',
      candles: steady,
    },
    ['1 A entry 20 @100', '1 B entry 40 @50', '3 A add 10 @100'],
    ['2 A limited', '2 B limited'],
  ],
  [
    // The three rungs of A would be 60 at 100, and 90 % has room for 50 beside the 40 % that are held: B gets none.
    'and so do all rungs of a ladder',
    {
      rules:
        'enter long when bar_index == 0 size 20% of equity\nadd 100% every 1% against max 3 times\nrisk { max exposure 90% of equity }',
      candles: { [A]: [flat(100), flat(100), [100, 100, 90, 90]], [B]: [flat(50), flat(50), [50, 50, 45, 45]] },
    },
    ['1 A entry 20 @100', '1 B entry 40 @50', '2 A add 20 @99', '2 A add 20 @98.01', '2 A add 10 @97.0299'],
  ],
  [
    'max trades counts what other markets have ordered on the same bar',
    { rules: 'enter long when true size 10% of equity risk { max trades 1 per day }', candles: steady },
    ['1 A entry 10 @100'],
    ['0 B limited', '1 B limited', '2 B limited', '3 B limited'],
  ],
  [
    'and resting orders of several markets do not pass it within one bar',
    {
      rules: 'enter long when bar_index == 0 at limit close * 0.99 size 10% of equity risk { max trades 1 per day }',
      candles: { [A]: [flat(100), [100, 100, 98, 98], flat(98)], [B]: [flat(50), [50, 50, 48, 48], flat(48)] },
    },
    ['1 A entry 10.1010101 @99'],
    ['1 B limited'],
  ],
  [
    'max orders counts the orders of all markets',
    { rules: 'enter long when bar_index < 2 size 10% of equity risk { max orders 1 }', candles: steady },
    ['1 A entry 10 @100'],
    ['0 B limited', '1 B limited'],
  ],
  [
    // 20 % of the equity lost in B alone.
    'max loss is measured on the account, and acts on all markets',
    {
      rules: 'enter long when bar_index == 0 size 40% of equity risk { max loss 20% per day then flatten and halt }',
      candles: { [A]: steady[A], [B]: [flat(50), flat(50), flat(25), flat(25)] },
    },
    ['1 A entry 40 @100', '1 B entry 80 @50', '3 A flatten -40 @100', '3 B flatten -80 @25'],
    ['2 A limitActed'],
  ],
  [
    'a confidence above 1 is 1: of two of them the first in the trade line is decided first',
    {
      rules:
        'enter long when bar_index == 0 and close == 100 with confidence 1.2\nenter long when bar_index == 0 and close == 50 with confidence 1.5\nsize 10% of equity risk { max positions 1 }',
      candles: steady,
    },
    ['1 A entry 10 @100'],
    ['0 B limited'],
  ],
  [
    'a cooldown is that of the market whose position ended',
    {
      rules:
        'long { enter when true size 10% of equity exit when close == 100 and bar_index == 2 cooldown 4 bars exit when close == 50 and bar_index == 1 }',
      candles: { [A]: Array.from({ length: 8 }, () => flat(100)), [B]: Array.from({ length: 8 }, () => flat(50)) },
    },
    ['1 A entry 10 @100', '1 B entry 20 @50', '2 B exit -20 @50', '3 A exit -10 @100', '7 B entry 20 @50'],
  ],
  [
    // Two positions have ended, one in each market: won 10 %, lost 5 %. W = 1/2, R = 2: 1/2 - 1/2 / 2 = 1/4 of the equity of 10,050.
    "Kelly's record is the account's",
    {
      rules:
        'long { enter when bar_index == 0 or bar_index == 2 and close == 110 size kelly fraction 1 over 2 trades min 1000 USDT exit when bar_index == 1 }',
      candles: { [A]: [flat(100), flat(100), flat(110), flat(110)], [B]: [flat(50), flat(50), flat(47.5), flat(47.5)] },
    },
    ['1 A entry 10 @100', '1 B entry 20 @50', '2 A exit -10 @110', '2 B exit -20 @47.5', '3 A entry 22.84090909 @110'],
  ],
  [
    'position, entry and last_fill are those of the market',
    {
      rules:
        'enter long when bar_index == 0 size 10% of equity exit long when bar_index == 2 and last_fill == 50 and entry.price == 50 and position.size == 20',
      candles: { [A]: Array.from({ length: 4 }, () => flat(100)), [B]: Array.from({ length: 4 }, () => flat(50)) },
    },
    ['1 A entry 10 @100', '1 B entry 20 @50', '3 B exit -20 @50'],
  ],
  [
    'an own rule acts on the market whose series it reads',
    {
      rules: 'enter long when bar_index == 0 size 10% of equity risk { flatten when close == 50 and bar_index == 2 }',
      candles: { [A]: Array.from({ length: 5 }, () => flat(100)), [B]: Array.from({ length: 5 }, () => flat(50)) },
    },
    ['1 A entry 10 @100', '1 B entry 20 @50', '3 B flatten -20 @50'],
  ],
  [
    'a limit of the account withdraws the order of a market that has no bar when it acts',
    {
      rules:
        'enter long when bar_index == 0 and close == 50 or bar_index == 1 and close == 100 size 50% of equity\nrisk { max drawdown 20% then flatten and halt }',
      candles: { [A]: [flat(100), flat(100), null, flat(100), flat(100)], [B]: [flat(50), flat(50), flat(20), flat(20), flat(20)] },
    },
    ['1 B entry 100 @50', '3 B flatten -100 @20'],
  ],
  [
    'and closes its position at its next open',
    {
      rules: 'enter long when bar_index == 0 size 50% of equity\nrisk { max drawdown 20% then flatten and halt }',
      candles: { [A]: [flat(100), flat(100), null, null, flat(100)], [B]: [flat(50), flat(50), flat(20), flat(20), flat(20)] },
    },
    ['1 A entry 50 @100', '1 B entry 100 @50', '3 B flatten -100 @20', '4 A flatten -50 @100'],
  ],
  [
    'where orders fill at the close, exits of all markets come before entries of any too',
    {
      rules:
        'enter long when (close == 100 and bar_index == 1) or (close == 50 and bar_index == 0) size 100% of equity\nexit long when close == 50 and bar_index == 1',
      candles: steady,
      settings: { conventions: { fillAt: 'close' } },
    },
    ['0 B entry 200 @50', '1 A entry 100 @100', '1 B exit -200 @50'],
  ],
];

it.each(cases.map(([what, run, fills, events]) => ({ what, run, fills, events })))('$what', async ({ run, fills, events }) => {
  const outcome = await runMarkets(run);
  expect(outcome.fills).toEqual(fills);
  expect(outcome.events).toEqual(events ?? outcome.events);
});

it('equity is the cash and the value of all positions, each at its last close', async () => {
  const { outcome } = await runMarkets({
    rules: 'enter long when bar_index == 0 size 40% of equity',
    candles: { [A]: [flat(100), flat(100), flat(110), flat(120)], [B]: [flat(50), flat(50), null, flat(40)] },
  });
  expect([...outcome.equity]).toEqual([10_000, 10_000, 10_400, 10_000]);
});

it('a market whose candles end while its position is held stays at its last close, and that is told', async () => {
  const candles = { [A]: [flat(100), flat(100), flat(110), flat(120)], [B]: [flat(50), flat(50), flat(40)] };
  const run = await runMarkets({ rules: 'enter long when bar_index == 0 size 40% of equity\nexit long when bar_index == 2', candles });
  // A leaves with 800; B's exit finds no open.
  expect(run.fills).toEqual(['1 A entry 40 @100', '1 B entry 80 @50', '3 A exit -40 @120']);
  expect([...run.outcome.equity]).toEqual([10_000, 10_000, 9600, 10_000]);
  const told = ({ document }: typeof run): readonly string[] =>
    document.warnings.filter(({ code }) => code === 'DATA_ENDED').map(({ message }) => message);
  expect(told(run)).toEqual([expect.stringMatching(/^B\/USDT has no bar after 2024-01-01T02:00.*ends at 2024-01-01T03:00/)]);
  expect(told(await runMarkets({ rules: 'enter long when close == 100 and bar_index == 0 size 40% of equity', candles }))).toEqual([]);
});

it('tiers of fees go by what all markets have traded', async () => {
  const day = Array.from({ length: 26 }, () => 100);
  const { document } = await runMarkets({
    rules: 'enter long when bar_index == 0 size 1000 USDT\nexit long when bar_index == 24',
    candles: { [A]: day.map((price) => flat(price)), [B]: day.map((price) => flat(price)) },
    settings: { fee: parseFee('1%,1500:0.5%')! },
  });
  // 1,000 each on the first day, and 2,000 before the second.
  expect(document.trades.map(({ fees }) => fees)).toEqual([15, 15]);
});

it('of what the account borrows each long position pays its part, by its value, before any leaves at that open', async () => {
  const { document } = await runMarkets({
    rules:
      'account { leverage 2 }\ncosts { borrow 8.76% }\nenter long when bar_index == 0 size (if close == 100 then 1.5 else 0.5) * equity\nexit long when close == 100 and bar_index == 1 or bar_index == 2',
    candles: steady,
  });
  // 10,000 are borrowed for 15,000 and 5,000: 0.1 an hour. What A is sold for pays it back.
  expect(document.trades.map(({ market, carry }) => [market, Number(carry.toFixed(6))])).toEqual([
    [A, 0.075],
    [B, 0.025],
  ]);
});

it('a rule sees the account that all markets share, and the position of its own', async () => {
  const { fills } = await runMarkets({
    rules: 'enter long when bar_index == 0 size 40% of equity\nexit long when equity == 10400 and position.size == 80',
    candles: { [A]: [flat(100), flat(100), flat(110), flat(110)], [B]: steady[B] },
  });
  expect(fills).toEqual(['1 A entry 40 @100', '1 B entry 80 @50', '3 B exit -80 @50']);
});

it('what a risk rule does to the account it does to every market: to one without a bar at its next', async () => {
  const afterFall: RiskRulePort = {
    // Asked of the first market that shows the loss, it acts once, as risk/max-daily-loss does.
    afterBar: ({ account: { equity } }) => {
      if (hasActed || equity > 8000) return null;
      hasActed = true;
      return { flatten: true, pauseUntil: Infinity, reason: 'lost' };
    },
    review: ({ qty }) => ({ qty, reason: null }),
  };
  let hasActed = false;
  const { fills } = await runMarkets({
    rules: 'enter long when true size 30% of equity',
    candles: {
      [A]: [flat(100), flat(100), flat(20), flat(20), flat(20)],
      [B]: [flat(50), flat(50), flat(50), flat(50), flat(50)],
      [C]: [flat(10), flat(10), null, flat(10), flat(10)],
    },
    riskRules: [{ id: 'risk/after-fall', rule: afterFall }],
  });
  expect(fills).toEqual([
    '1 A entry 30 @100',
    '1 B entry 60 @50',
    '1 C entry 300 @10',
    '3 A flatten -30 @20',
    '3 B flatten -60 @50',
    '4 C flatten -300 @10',
  ]);
});

it('the document tells the markets apart, and adds up', async () => {
  const { document } = await runMarkets({
    rules: 'enter long when bar_index == 0 size 40% of equity\nexit long when bar_index == 2',
    candles: { [A]: [flat(100), flat(100), flat(110), flat(110)], [B]: [flat(50), flat(50), flat(40), flat(40)] },
  });
  expect(document.markets).toEqual([A, B]);
  expect(document.trades.map(({ positionId, market, profit }) => [positionId, market, profit])).toEqual([
    [1, A, 400],
    [2, B, -800],
  ]);
  expect(document.attribution.market.map(({ name, profit }) => [name, profit])).toEqual([
    [A, 400],
    [B, -800],
  ]);
  expect(document.metrics).toMatchObject({ netProfit: -400, finalEquity: 9600, tradeCount: 2, exposurePct: 75 });
  // Equal money in both: 1.1 and 0.8 of it at the end.
  expect(document.metrics.buyAndHoldPct).toBeCloseTo(-5, 12);
});
