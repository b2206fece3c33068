import { describe, expect, it } from 'vitest';
import { flat, runCandles } from './candle-run.ts';
import { checkCandles } from './candle-table.ts';

/** What comes first in one bar, and which of several rules counts. Worked out by hand from docs/engine.md, "Order of one bar" and "Rules". */
const LONG = 'enter long when bar_index == 0 size 2 BTC';
const rises = (...prices: readonly number[]): ReturnType<typeof flat>[] => prices.map((price) => flat(price));

describe('the open', () => {
  checkCandles([
    [
      'an exit of a part comes before an add',
      { rules: `long { ${LONG} add 50% when bar_index == 1 max 1 times exit 50% when bar_index == 1 }` },
      rises(100, 100, 101),
      ['1 entry 2 @100', '2 exit -1 @101', '2 add 1 @101'],
    ],
    [
      'of resting entries one that fills at the open, though another has its price there',
      {
        rules: 'enter long when bar_index == 0 at stop 101 enter short when bar_index == 0 at limit 99 size 1 BTC',
      },
      [flat(98), [100, 102, 99, 100]],
      ['1 entry -1 @100'],
    ],
    [
      'of several that fill at the open the first in the file',
      {
        rules:
          'setup a long { enter when bar_index == 0 at limit 99 size 1 BTC }\nsetup b long { enter when bar_index == 0 at limit 98 size 2 BTC }',
      },
      [flat(100), [97, 98, 96, 97]],
      ['1 entry 1 @97'],
    ],
    [
      'and of equally near ones',
      {
        rules:
          'setup a long { enter when bar_index == 0 at limit 98 size 1 BTC }\nsetup b short { enter when bar_index == 0 at limit 102 size 2 BTC }\nsetup c long { enter when bar_index == 0 at limit 98 size 3 BTC }',
      },
      [flat(100), [100, 103, 97, 100]],
      ['1 entry 1 @98'],
    ],
    [
      'none fills in a bar that opened with a position, which its stop has closed',
      {
        rules: `setup a short { enter when bar_index == 0 at stop 90 size 1 BTC }\nsetup b long { ${LONG} stop 5% }`,
      },
      [flat(100), flat(100), [100, 100, 85, 92], [92, 93, 89, 90]],
      ['1 entry 2 @100', '2 stop -2 @95', '3 entry -1 @90'],
    ],
  ]);
});

describe('against, then for', () => {
  checkCandles([
    [
      'the stop of a bar that only touches it',
      { rules: `${LONG} stop 5%` },
      [flat(100), flat(100), [100, 100, 95, 99]],
      ['1 entry 2 @100', '2 stop -2 @95'],
    ],
    [
      'of a short as well',
      { rules: 'enter short when bar_index == 0 size 2 BTC stop 5%' },
      [flat(100), flat(100), [100, 105, 100, 101]],
      ['1 entry -2 @100', '2 stop 2 @105'],
    ],
    [
      'and of a short whose bar opens beyond it',
      { rules: 'enter short when bar_index == 0 size 2 BTC stop 5%' },
      [flat(100), flat(100), [108, 109, 107, 108]],
      ['1 entry -2 @100', '2 stop 2 @108'],
    ],
    [
      'targets before adds in favour: there is none left to add to',
      { rules: `long { ${LONG} take at 5% add 100% every 3% in_favor max 1 times }` },
      [flat(100), flat(100), [100, 106, 100, 105]],
      ['1 entry 2 @100', '2 take -2 @105'],
    ],
    [
      'adds in favour before exits that rest: these close the share of all of it',
      { rules: `long { ${LONG} add 100% every 3% in_favor max 1 times exit 50% when bar_index == 1 at limit 102 }` },
      [flat(100), flat(100), [100, 106, 100, 105]],
      ['1 entry 2 @100', '2 add 2 @103', '2 exit -2 @102'],
    ],
    [
      'targets before exits that rest, whose share is of what is held then',
      { rules: `long { ${LONG} take 50% at 5% exit 50% when bar_index == 1 at limit 102 }` },
      [flat(100), flat(100), [100, 106, 100, 105]],
      ['1 entry 2 @100', '2 take -1 @105', '2 exit -0.5 @102'],
    ],
    [
      'what rests against the position waits behind a stop that is nearer',
      { rules: `long { ${LONG} stop 5% add 100% every 6% against max 1 times }` },
      [flat(100), flat(100), [100, 100, 90, 91]],
      ['1 entry 2 @100', '2 stop -2 @95'],
    ],
  ]);
});

describe('the close', () => {
  checkCandles([
    [
      'a timeout closes all where an exit would have closed a part',
      { rules: `long { ${LONG} timeout 1 bars exit 50% when bar_index == 2 }` },
      rises(100, 100, 101, 102),
      ['1 entry 2 @100', '3 timeout -2 @102'],
    ],
    [
      'an exit of all goes under its own name',
      { rules: `long { ${LONG} timeout 1 bars exit when bar_index == 2 }` },
      rises(100, 100, 101, 102),
      ['1 entry 2 @100', '3 exit -2 @102'],
    ],
    [
      'cancel comes before entries: what is ordered on its bar rests',
      { rules: 'long { enter when bar_index < 2 at limit close - 5 cancel when bar_index == 1 size 1 BTC }' },
      [flat(100), flat(101), [101, 101, 95, 98]],
      ['2 entry 1 @96'],
    ],
    [
      'a rule may ask for the highest equity so far',
      { rules: `${LONG}\nexit long when drawdown > 0.1%` },
      // 100,000 and 20: the highest are 100,040 at 120. At 65 they have fallen to 99,930, 0.11 % below.
      rises(100, 100, 120, 70, 65, 65),
      ['1 entry 2 @100', '5 exit -2 @65'],
    ],
  ]);
});

describe('rules', () => {
  checkCandles([
    [
      'a condition that is not known does not act',
      { rules: `${LONG}\nexit long when close > (if close > 1000 then close else na)` },
      rises(100, 100, 100),
      ['1 entry 2 @100'],
    ],
    [
      'nor does its opposite',
      { rules: `${LONG}\nexit long when not (close > (if close > 1000 then close else na))` },
      rises(100, 100, 100),
      ['1 entry 2 @100'],
    ],
    [
      'of several exits on one bar the largest share',
      { rules: `long { ${LONG} exit 25% when bar_index == 1 exit 50% when bar_index == 1 exit 25% when bar_index == 1 }` },
      rises(100, 100, 100),
      ['1 entry 2 @100', '2 exit -1 @100'],
    ],
    [
      'a part that leaves makes no room for the other side',
      { rules: `${LONG}\nexit long 50% when bar_index == 1\nenter short when bar_index == 1` },
      rises(100, 100, 100),
      ['1 entry 2 @100', '2 exit -1 @100'],
    ],
    [
      'nor does a timeout',
      { rules: `${LONG}\ntimeout 1 bars\nenter short when bar_index == 2` },
      rises(100, 100, 100, 100),
      ['1 entry 2 @100', '3 timeout -2 @100'],
    ],
    [
      'of several market entries the first in the file, with what it says',
      {
        rules:
          'setup a long { enter when bar_index == 0 size 1 BTC stop 5% }\nsetup b long { enter when bar_index == 0 size 2 BTC stop 10% }',
      },
      [flat(100), flat(100), [100, 100, 94, 95]],
      ['1 entry 1 @100', '2 stop -1 @95'],
    ],
    [
      'what is ordered to rest before it in the file rests beside it',
      {
        rules:
          'setup a long { enter when bar_index == 0 at limit 90 size 1 BTC }\nsetup b long { enter when bar_index == 0 size 2 BTC exit when bar_index == 1 }\nsetup c long { enter when bar_index == 0 at limit 91 size 3 BTC }',
      },
      [flat(100), flat(100), flat(100), [100, 100, 89, 95]],
      ['1 entry 2 @100', '2 exit -2 @100', '3 entry 1 @90'],
    ],
    [
      'exits outside of setups leave alone what a setup opened',
      { rules: `setup a long { ${LONG} }\nlong { enter when false size 1 BTC exit when bar_index == 1 }` },
      rises(100, 100, 100),
      ['1 entry 2 @100'],
    ],
  ]);

  it('of exits with equal shares the first in the file', async () => {
    const { document } = await runCandles({
      rules: `${LONG}\nexit long when bar_index == 1 reason "first"\nexit long when bar_index == 1 reason "second"`,
      candles: rises(100, 100, 100),
    });
    expect(document.trades.map(({ exitReason }) => exitReason)).toEqual(['first']);
  });

  it('a position has won or lost by what is left of it after its fees', async () => {
    const { fills } = await runCandles({
      rules: 'enter long when bar_index == 0 or trades.losses == 1 and trades.wins == 0 size 2 BTC\nexit long when bar_index == 1',
      candles: rises(100, 100, 101, 101),
      feeRate: 0.01,
    });
    // It gains 2 and pays 2 + 2.02.
    expect(fills).toEqual(['1 entry 2 @100', '2 exit -2 @101', '3 entry 2 @101']);
  });
});

it('what is owed at one open is paid in its order, each on what the one before left', async () => {
  const { charges } = await runCandles({
    rules: 'account { leverage 2 }\ncosts { borrow 8.76% funding true }\nenter long when bar_index == 0 size 200% of equity',
    candles: rises(100, 100, 100),
    capital: 10_000,
    start: Date.UTC(2024, 0, 1, 20),
    funding: [0, 0, 0.001],
    margin: { fundingMs: 2 * 3_600_000 },
    costs: { swapLong: 0.365, swapShort: 0 },
  });
  // A night of 20,000 at 36.5 % a year are 20; 8.76 % a year of 10,020 then borrowed are 0.1002 an hour; 0.1 % of 20,000.
  expect(charges).toEqual(['2 swap 20', '2 borrow 0.1002', '2 funding 20']);
});
