import { describe, expect, it } from 'vitest';
import { flat, runCandles } from './candle-run.ts';
import { checkCandles } from './candle-table.ts';

/** Expected fills are worked out by hand from docs/engine.md. Entries are signalled on bar 0 and fill on bar 1 unless told. */
const LONG = 'enter long when bar_index == 0 size 1 BTC';

describe('adds', () => {
  checkCandles([
    [
      'when, at the next open, in shares of the first entry',
      { rules: 'long { enter when bar_index == 0 size 2 BTC add 50% when close > 101 max 2 times }' },
      [flat(100), flat(100), flat(102), flat(103), flat(104), flat(105)],
      ['1 entry 2 @100', '3 add 1 @103', '4 add 1 @104'],
    ],
    [
      'every, against: a ladder of limit orders from the last fill on',
      { rules: 'long { enter when bar_index == 0 size 1 BTC add 100% every 10% against max 3 times scale 2 }' },
      [flat(100), flat(100), [100, 100, 89, 91], [91, 91, 80, 82]],
      ['1 entry 1 @100', '2 add 1 @90', '3 add 2 @81'],
    ],
    [
      'several rungs in one bar',
      { rules: 'long { enter when bar_index == 0 size 1 BTC add 100% every 10% against max 3 times }' },
      [flat(100), flat(100), [100, 100, 72, 75]],
      ['1 entry 1 @100', '2 add 1 @90', '2 add 1 @81', '2 add 1 @72.9'],
    ],
    [
      'position.adds counts them, and is na while flat',
      {
        rules: `long { enter when bar_index == 0 or (position.adds is na and bar_index > 4) size 1 BTC add 100% every 10% against max 3 times
          exit when position.adds >= 2 }`,
      },
      [flat(100), flat(100), [100, 100, 89, 95], [95, 95, 80, 95], flat(96), flat(97), flat(98)],
      ['1 entry 1 @100', '2 add 1 @90', '3 add 1 @81', '4 exit -3 @96', '6 entry 1 @98'],
    ],
    [
      'the second of a rule is larger by the scale',
      { rules: 'long { enter when bar_index == 0 size 2 BTC add 50% when bar_index > 0 max 2 times scale 3 }' },
      [flat(100), flat(100), flat(100), flat(100)],
      ['1 entry 2 @100', '2 add 1 @100', '3 add 3 @100'],
    ],
    [
      'every so much of the price',
      {
        rules: 'long { enter when bar_index == 1 size 1 BTC add 100% every 2 atr(1) against max 2 times }',
        conventions: { warmup: 'first' },
      },
      // At the close of bar 2 the range is 4: rungs at 92 and 84.
      [flat(100), flat(100), [100, 102, 98, 100], [100, 100, 83, 90]],
      ['2 entry 1 @100', '3 add 1 @92', '3 add 1 @84'],
    ],
    [
      'every so many R, above a short',
      { rules: 'short { enter when bar_index == 0 size 1 BTC stop 10% add 100% every 0.5R against max 1 times }' },
      [flat(100), flat(100), [100, 106, 100, 104]],
      ['1 entry -1 @100', '2 add -1 @105'],
    ],
    [
      'every, in favor: stop orders',
      { rules: 'long { enter when bar_index == 0 size 1 BTC add 50% every 10% in_favor max 1 times }' },
      [flat(100), flat(100), [100, 111, 100, 111], flat(130)],
      ['1 entry 1 @100', '2 add 0.5 @110'],
    ],
    [
      'each measured from the one before, also within one bar',
      { rules: 'long { enter when bar_index == 0 size 1 BTC add 50% every 10% in_favor max 2 times }' },
      [flat(100), flat(100), [100, 125, 100, 124]],
      ['1 entry 1 @100', '2 add 0.5 @110', '2 add 0.5 @121'],
    ],
    [
      'a target follows the average price',
      { rules: 'long { enter when bar_index == 0 size 1 BTC add 100% every 10% against max 1 times take at 10% }' },
      [flat(100), flat(100), [100, 100, 89, 90], [90, 105, 90, 104]],
      ['1 entry 1 @100', '2 add 1 @90', '3 take -2 @104.5'],
    ],
    [
      'none once all of it leaves',
      { rules: 'long { enter when bar_index == 0 size 1 BTC add 100% when true max 3 times exit when bar_index == 1 }' },
      [flat(100), flat(100), flat(101), flat(102)],
      ['1 entry 1 @100', '2 exit -1 @101'],
    ],
  ]);
});

describe('setups', () => {
  checkCandles([
    [
      'have stops of their own, and their exits close only what they opened',
      {
        rules:
          'setup a long { enter when bar_index == 0 size 1 BTC stop 5% exit when bar_index == 2 }\nsetup b long { enter when bar_index == 4 size 2 BTC stop 20% exit when bar_index == 1 }',
      },
      [flat(100), flat(100), flat(100), flat(101), flat(102), flat(103), [103, 103, 90, 91]],
      ['1 entry 1 @100', '3 exit -1 @101', '5 entry 2 @103'],
    ],
    [
      'kelly: the floor until there are enough trades, then the share',
      {
        rules:
          'long { enter when bar_index == 0 or bar_index == 2 or bar_index == 4 size kelly fraction 0.5 over 2 trades min 100 USDT take at 10% stop 10% }',
      },
      [flat(100), flat(100), [100, 111, 100, 110], flat(110), [110, 110, 98, 99], flat(99)],
      ['1 entry 1 @100', '2 take -1 @110', '3 entry 0.9090909091 @110', '4 stop -0.9090909091 @99', '5 entry 1.01010101 @99'],
    ],
    [
      'kelly: each setup has a record of its own',
      {
        rules:
          'setup a long { enter when bar_index == 0 size 1 BTC exit when bar_index == 1 }\nsetup b long { enter when bar_index == 2 or bar_index == 4 size kelly fraction 0.5 over 1 trades min 2 BTC exit when bar_index == 3 }',
      },
      // That of b sees no trade, then one that has won: half of 100,022 at 106.
      [flat(100), flat(100), flat(110), flat(100), flat(106), flat(106)],
      ['1 entry 1 @100', '2 exit -1 @110', '3 entry 2 @100', '4 exit -2 @106', '5 entry 471.8018868 @106'],
    ],
    [
      'kelly: half of the equity after two wins',
      {
        rules:
          'long { enter when bar_index == 0 or bar_index == 2 or bar_index == 4 size kelly fraction 0.5 over 2 trades min 100 USDT take at 10% }',
      },
      [flat(100), flat(100), [100, 111, 100, 110], flat(110), [110, 122, 110, 121], flat(121)],
      ['1 entry 1 @100', '2 take -1 @110', '3 entry 0.9090909091 @110', '4 take -0.9090909091 @121', '5 entry 413.3057851 @121'],
    ],
  ]);
});

describe('the risk block', () => {
  checkCandles([
    [
      'a limit without an action refuses',
      { rules: 'enter long when true size 1 BTC take at 1% risk { max trades 1 per day }' },
      [flat(100), flat(100), [100, 102, 100, 101], flat(101), flat(101)],
      ['1 entry 1 @100', '2 take -1 @101'],
    ],
    [
      'and lets go of what fills at the first open of the next day, for which it counts',
      { rules: 'enter long when true size 1 BTC take at 1% risk { max trades 1 per day }', start: Date.UTC(2024, 0, 1, 21) },
      [flat(100), flat(100), [100, 102, 100, 101], [101, 103, 101, 102], flat(102), flat(102)],
      ['1 entry 1 @100', '2 take -1 @101', '3 entry 1 @101', '3 take -1 @102.01'],
    ],
    [
      'what fills after a gap of days counts for the day that it fills on',
      {
        rules: `enter long when bar_index == 0 size 1 BTC exit long when bar_index == 1 enter long when bar_index == 2
          risk { max trades 1 per day }`,
        start: Date.UTC(2024, 0, 1, 23),
        skipped: Array.from({ length: 24 }, (_, hour) => hour + 1),
      },
      [flat(100), flat(100), flat(100), flat(100)],
      ['1 entry 1 @100', '2 exit -1 @100'],
      ['2 limited'],
    ],
    [
      'a count by the bar is that of the bar to come',
      { rules: 'enter long when true size 1 BTC exit long when position.size > 0 risk { max trades 1 per bar }' },
      [flat(100), flat(100), flat(100), flat(100), flat(100)],
      ['1 entry 1 @100', '2 exit -1 @100', '3 entry 1 @100', '4 exit -1 @100'],
    ],
    [
      'a count with an action: it acts once in its period',
      {
        rules: `enter long when true size 1 BTC exit long when position.size > 0 risk { max trades 1 per day then pause 3 bars }`,
        start: Date.UTC(2024, 0, 1, 20),
      },
      // Acts at the close of bar 1, which pauses bars 1 to 3; the last of them is that of 23:00, whose orders fill on the next day.
      Array.from({ length: 7 }, () => flat(100)),
      ['1 entry 1 @100', '2 exit -1 @100', '5 entry 1 @100', '6 exit -1 @100'],
    ],
    [
      'orders: with an action',
      { rules: 'enter long when bar_index < 3 at limit 90 size 1 BTC risk { max orders 2 then halt }' },
      [flat(100), flat(100), flat(100), flat(100), [100, 100, 80, 90]],
      [],
    ],
    [
      'orders: without one the last that was sent rests on',
      { rules: 'enter long when bar_index < 3 at limit close - 10 size 1 BTC risk { max orders 2 }' },
      [flat(100), flat(99), flat(98), flat(97), [97, 97, 80, 90]],
      ['4 entry 1 @89'],
      ['2 limited'],
    ],
    [
      'loss of a day is measured from the close before it',
      {
        rules: 'enter long when true size 10 BTC risk { max loss 100 USDT per day then flatten and pause 9 bars }',
        start: Date.UTC(2024, 0, 1, 22),
      },
      // 50 are lost on the first day, then 60 and 40 on the second.
      [flat(100), flat(95), flat(89), flat(85), flat(85)],
      ['1 entry 10 @95', '4 flatten -10 @85'],
    ],
    [
      'and acts anew on the first bar of the next',
      {
        rules: 'enter long when bar_index == 0 size 10 BTC risk { max loss 100 USDT per day then pause 1 bars }',
        start: Date.UTC(2024, 0, 1, 22),
      },
      [flat(100), [100, 100, 85, 85], flat(75), flat(75)],
      ['1 entry 10 @100'],
      ['1 limitActed', '2 limitActed'],
    ],
    [
      'loss: flatten and pause',
      { rules: 'enter long when true size 10 BTC risk { max loss 100 USDT per day then flatten and pause 2 bars }' },
      [flat(100), flat(100), flat(85), flat(84), flat(84), flat(84), flat(84)],
      ['1 entry 10 @100', '3 flatten -10 @84'],
    ],
    [
      'loss: over the run it acts again only after as much again',
      { rules: 'enter long when bar_index == 0 size 10 BTC risk { max loss 100 USDT then pause 1 bars }' },
      [flat(100), flat(100), flat(90), flat(89), flat(81), flat(80), flat(80)],
      ['1 entry 10 @100'],
      ['2 limitActed', '5 limitActed'],
    ],
    [
      'an action is taken once while a limit is broken',
      { rules: 'enter long when bar_index == 0 size 10 BTC risk { max position 1000 USDT then notify }' },
      [flat(100), flat(100), flat(101), flat(102), flat(99), flat(101)],
      ['1 entry 10 @100'],
      ['2 limitActed', '5 limitActed'],
    ],
    [
      'flatten withdraws what rests to enter',
      {
        rules: `setup a short { enter when bar_index == 0 at stop 80 size 1 BTC }\nsetup b long { enter when bar_index == 0 size 10 BTC }
          risk { max loss 100 USDT then flatten }`,
      },
      [flat(100), flat(100), flat(89), flat(88), flat(79)],
      ['1 entry 10 @100', '3 flatten -10 @88'],
    ],
    [
      'leverage and exposure of one market',
      { rules: 'enter long when bar_index == 0 size 10 BTC risk { max leverage 0.5 max exposure 300 USDT }', capital: 1000 },
      [flat(100), flat(100)],
      ['1 entry 3 @100'],
      ['0 limited'],
    ],
    [
      'position: cut to what is allowed',
      { rules: 'enter long when bar_index == 0 size 10 BTC risk { max position 300 USDT }' },
      [flat(100), flat(100)],
      ['1 entry 3 @100'],
      ['0 limited'],
    ],
    [
      'position: rungs of a ladder within one bar as well',
      {
        rules: 'long { enter when bar_index == 0 size 1 BTC add 100% every 5% against max 5 times scale 2 } risk { max position 300 USDT }',
      },
      [flat(100), flat(100), [100, 100, 70, 100]],
      ['1 entry 1 @100', '2 add 1 @95', '2 add 1 @90.25'],
      ['2 limited'],
    ],
    [
      'position: adds of one bar see each other',
      {
        rules:
          'long { enter when bar_index == 0 size 1 BTC add 100% when bar_index == 1 max 2 times add 150% when bar_index == 1 max 2 times } risk { max position 300 USDT }',
      },
      [flat(100), flat(100), flat(100)],
      ['1 entry 1 @100', '2 add 1 @100', '2 add 1 @100'],
      ['1 limited'],
    ],
    [
      'what is cut bar after bar is told once, and again for the next position',
      {
        rules: `long { enter when bar_index == 0 or bar_index == 4 size 1 BTC add 100% when close > 0 max 1 times exit when bar_index == 3 }
          risk { max position 100 USDT }`,
      },
      Array.from({ length: 7 }, () => flat(100)),
      ['1 entry 1 @100', '4 exit -1 @100', '5 entry 1 @100'],
      ['1 limited', '5 limited'],
    ],
    [
      'position: an order that the market has reached is valued at the market',
      { rules: 'enter long when bar_index == 0 at stop 10 size 10 BTC risk { max position 300 USDT }' },
      [flat(100), flat(100)],
      ['1 entry 3 @100'],
      ['0 limited'],
    ],
    [
      'position: also where the quantity is fixed at the fill',
      { rules: 'enter long when bar_index == 0 size 10 BTC risk { max position 300 USDT }', conventions: { sizeAt: 'fill' } },
      [flat(100), flat(100)],
      ['1 entry 3 @100'],
      ['0 limited'],
    ],
    [
      'a limit that is na takes none of the others away',
      { rules: 'enter long when bar_index == 0 size 10 BTC risk { max position sqrt(0 - 1) * 1 BTC max leverage 0.002 }' },
      [flat(100), flat(100)],
      ['1 entry 2 @100'],
      ['0 limited'],
    ],
    [
      'what is refused does not rest: an entry that waits is withdrawn',
      { rules: 'enter long when bar_index == 0 at limit 90 size 1 BTC risk { block when bar_index == 1 }' },
      [flat(100), flat(100), [100, 100, 80, 85]],
      [],
    ],
    [
      'trades: the entry of another rule that waits is withdrawn as well',
      {
        rules: `enter long when bar_index == 0 at limit 90 enter long when bar_index == 0 size 1 BTC exit long when bar_index == 1
          risk { max trades 1 per day }`,
      },
      [flat(100), flat(100), flat(100), [100, 100, 80, 85]],
      ['1 entry 1 @100', '2 exit -1 @100'],
    ],
    [
      'drawdown: halt',
      { rules: 'enter long when true size 1000 BTC stop 6% risk { max drawdown 5% then halt }' },
      [flat(100), flat(100), [100, 100, 90, 94], flat(94), flat(95)],
      ['1 entry 1000 @100', '2 stop -1000 @94'],
    ],
    [
      'drawdown: from the highest equity',
      { rules: 'enter long when bar_index == 0 size 1000 BTC risk { max drawdown 10% then flatten }' },
      // 120,000 at bar 2: 108,000 are 10 % less, and still more than there was.
      [flat(100), flat(100), flat(120), flat(109), flat(108), flat(107)],
      ['1 entry 1000 @100', '5 flatten -1000 @107'],
    ],
    [
      'block',
      { rules: 'enter long when true size 1 BTC risk { block long when bar_index < 2 }' },
      [flat(100), flat(101), flat(102), flat(103)],
      ['3 entry 1 @103'],
    ],
    [
      'block of both sides leaves the position',
      {
        rules: `enter long when bar_index == 0 enter short when bar_index == 2 exit long when bar_index == 2 size 1 BTC risk { block when bar_index == 2 }`,
      },
      [flat(100), flat(101), flat(102), flat(103)],
      ['1 entry 1 @101', '3 exit -1 @103'],
    ],
    [
      'halt when, from then on',
      { rules: `enter long when true size 1 BTC exit long when position.size > 0 risk { halt when bar_index == 1 }` },
      [flat(100), flat(100), flat(100), flat(100), flat(100)],
      ['1 entry 1 @100', '2 exit -1 @100'],
    ],
    [
      'flatten when, while it is so',
      { rules: `enter long when true size 1 BTC risk { flatten when bar_index == 2 or bar_index == 3 }` },
      [flat(100), flat(101), flat(102), flat(103), flat(104), flat(105)],
      ['1 entry 1 @101', '3 flatten -1 @103', '5 entry 1 @105'],
    ],
    [
      'flatten when',
      { rules: `${LONG} risk { flatten when bar_index == 2 }` },
      [flat(100), flat(101), flat(102), flat(103)],
      ['1 entry 1 @101', '3 flatten -1 @103'],
    ],
  ]);
});

it('E1004 counts what limits refused', async () => {
  const { document } = await runCandles({
    rules: 'enter long when true size 1 BTC exit long when position.size > 0 risk { max trades 1 per day }',
    candles: Array.from({ length: 6 }, () => flat(100)),
  });
  expect(document.warnings.filter(({ code }) => code === 'E1004').map(({ message }) => message)).toEqual([expect.stringMatching(/^4 /)]);
});

describe('the exposure bound', () => {
  it('cuts what the rules would not allow by themselves: 30 % and as much again are 0.6 x equity, also when equity has fallen', async () => {
    const { fills, events } = await runCandles({
      rules: 'short { enter when bar_index == 0 size 30% of equity add 100% when close > 109 max 1 times }',
      candles: [flat(100), flat(100), flat(110), flat(110)],
      capital: 10_000,
    });
    // Equity 9,700 at 110: 0.6 x 9,700 / 110 = 52.909 BTC, 30 of which are held; the bound leaves room for rounding (1e-9).
    expect(fills).toEqual(['1 entry -30 @100', '3 add -22.90909096 @110']);
    expect(events).toEqual(['2 limited']);
  });
});

describe('money', () => {
  it('an add is cut to what the cash pays for', async () => {
    const { fills, events } = await runCandles({
      rules: 'long { enter when bar_index == 0 size 800 USDT add 100% when true max 1 times }',
      candles: [flat(100), flat(100), flat(100)],
      capital: 1000,
    });
    expect(fills).toEqual(['1 entry 8 @100', '2 add 2 @100']);
    expect(events).toEqual(['2 cutToCash']);
  });

  it('fills that rest pay the maker fee, others the taker fee', async () => {
    const { rows } = await runCandles({
      rules: 'costs { maker 0.1% taker 0.5% }\nenter long when bar_index == 0 at limit close - 5 size 1 BTC exit long when bar_index == 1',
      candles: [flat(100), [100, 101, 94, 98], flat(98)],
      feeRate: 'file',
    });
    expect(rows.map((row) => (row.type === 'fill' ? row.fee : null))).toEqual([95 * 0.001, 98 * 0.005]);
  });

  it('a short pays what it borrows by the bar', async () => {
    const { equity } = await runCandles({
      rules: 'costs { borrow 8.76% }\nenter short when bar_index == 0 size 100 BTC',
      candles: [flat(100), flat(100), flat(100), flat(100)],
    });
    // 8.76 % of 10,000 a year is 0.1 an hour, from the bar after the entry on.
    expect([...equity].map((x) => Number(x.toFixed(6)))).toEqual([100_000, 100_000, 99_999.9, 99_999.8]);
  });
});
