import { describe } from 'vitest';
import { flat } from './candle-run.ts';
import { checkCandles } from './candle-table.ts';

/** Expected fills are worked out by hand from docs/engine.md. Entries are signalled on bar 0 and fill on bar 1 unless told. */
const LONG = 'enter long when bar_index == 0 size 1 BTC';
const SHORT = 'enter short when bar_index == 0 size 1 BTC';

describe('targets', () => {
  checkCandles([
    [
      'a target fills at its level',
      { rules: `${LONG} take at 5%` },
      [flat(100), flat(100), [100, 106, 99, 102]],
      ['1 entry 1 @100', '2 take -1 @105'],
    ],
    [
      'a target that is only touched does not fill',
      { rules: `${LONG} take at 5%` },
      [flat(100), flat(100), [100, 105, 99, 102]],
      ['1 entry 1 @100'],
    ],
    [
      'a target acts on the entry bar',
      { rules: `${LONG} take at 5%` },
      [flat(100), [100, 106, 99, 102]],
      ['1 entry 1 @100', '1 take -1 @105'],
    ],
    [
      'a gap over the target fills at the open',
      { rules: `${LONG} take at 5%` },
      [flat(100), flat(100), flat(110)],
      ['1 entry 1 @100', '2 take -1 @110'],
    ],
    [
      'several targets in parts of what was bought, the rest last',
      { rules: 'enter long when bar_index == 0 size 10 BTC stop 10% take 40% at 1R, 30% at 2R, rest at 3R' },
      [flat(100), flat(100), [100, 111, 100, 110], [110, 121, 110, 120], [120, 131, 120, 130]],
      ['1 entry 10 @100', '2 take -4 @110', '3 take -3 @120', '4 take -3 @130'],
    ],
    [
      'a part is one of all that was bought',
      { rules: 'long { enter when bar_index == 0 size 2 BTC add 100% when bar_index == 1 max 1 times take 50% at 5%, rest at 20% }' },
      [flat(100), flat(100), flat(100), [100, 106, 100, 105]],
      ['1 entry 2 @100', '2 add 2 @100', '3 take -2 @105'],
    ],
    [
      'R stays that of the first fill, from the average entry',
      { rules: 'long { enter when bar_index == 0 size 1 BTC stop 10% add 100% every 6% against max 1 times take at 1R }' },
      // Bought at 100 and 94: 97, and 10 more.
      [flat(100), flat(100), [100, 100, 93, 95], [95, 108, 95, 107.5]],
      ['1 entry 1 @100', '2 add 1 @94', '3 take -2 @107'],
    ],
    [
      'a part that rounds down to nothing is skipped, and told',
      { rules: 'enter long when bar_index == 0 size 3 BTC take 20% at 5%, rest at 10%', conventions: { lot: 1 } },
      [flat(100), flat(100), [100, 106, 100, 105], [105, 111, 105, 110]],
      ['1 entry 3 @100', '3 take -3 @110'],
      ['2 droppedTooSmall'],
    ],
    [
      'all of them in one bar',
      { rules: 'enter long when bar_index == 0 size 10 BTC stop 10% take 40% at 1R, rest at 2R' },
      [flat(100), flat(100), [100, 125, 100, 124]],
      ['1 entry 10 @100', '2 take -4 @110', '2 take -6 @120'],
    ],
    [
      'a price is taken anew at each close',
      { rules: `${LONG} take at open + 5` },
      [flat(100), [100, 101, 99, 100], [103, 104, 102, 103], [103, 109, 103, 104]],
      ['1 entry 1 @100', '3 take -1 @108'],
    ],
    ['short', { rules: `${SHORT} take at 5%` }, [flat(100), flat(100), [100, 101, 94, 99]], ['1 entry -1 @100', '2 take 1 @95']],
    [
      'stop and target in one bar: the stop, and it is counted',
      { rules: `${LONG} stop 5% take at 5%` },
      [flat(100), flat(100), [100, 106, 94, 100]],
      ['1 entry 1 @100', '2 stop -1 @95'],
      ['2 ambiguous'],
    ],
    [
      'gap through the stop: no doubt',
      { rules: `${LONG} stop 5% take at 5%` },
      [flat(100), flat(100), [90, 106, 89, 100]],
      ['1 entry 1 @100', '2 stop -1 @90'],
      [],
    ],
    [
      'gap through the target, then the stop for the rest',
      { rules: 'enter long when bar_index == 0 size 2 BTC stop 5% take 50% at 5%' },
      [flat(100), flat(100), [106, 107, 94, 95]],
      ['1 entry 2 @100', '2 take -1 @106', '2 stop -1 @95'],
    ],
    [
      'an entry inside of a bar: a target counts only when the close is beyond it',
      { rules: 'enter long when bar_index == 0 at limit close - 5 size 1 BTC take at 3'.replace('at 3', 'at 3%') },
      [flat(100), [100, 101, 94, 97], [97, 98.5, 97, 98]],
      ['1 entry 1 @95', '2 take -1 @97.85'],
    ],
    [
      'an entry inside of a bar: its stop counts',
      { rules: 'enter long when bar_index == 0 at limit close - 5 size 1 BTC stop 2%' },
      [flat(100), [100, 101, 93, 97]],
      ['1 entry 1 @95', '1 stop -1 @93.1'],
    ],
  ]);
});

describe('a target that the market has passed already', () => {
  checkCandles([
    [
      'when an entry fills inside of a bar: waits for the next open, which gives an honest price',
      { rules: 'enter short when close > 0 at stop close * 0.99 size 1 BTC stop 50% take 50% at close * 1.02' },
      [
        [97, 98, 96.5, 97],
        [97, 98, 95, 95.5],
        [95, 96, 94, 95],
      ],
      ['1 entry -1 @96.03', '2 take 0.5 @95'],
    ],
    [
      'the same of a long; at the close of its bar the target has moved to 106 x 1.02',
      { rules: 'enter long when bar_index == 0 at stop close * 1.05 size 1 BTC take at close * 1.02' },
      [flat(100), [100, 107, 100, 106], [107, 109, 106, 108]],
      ['1 entry 1 @105', '2 take -1 @108.12'],
    ],
  ]);
});

describe('stops', () => {
  const FIRST = { conventions: { warmup: 'first' } } as const;
  checkCandles([
    [
      'in percent of the fill, not of the close that decided it',
      { rules: `${LONG} stop 10%` },
      [flat(100), [110, 110, 100, 100], [100, 100, 98, 99]],
      ['1 entry 1 @110', '2 stop -1 @99'],
    ],
    [
      'a distance is that of the signal, from the fill',
      { rules: `enter long when bar_index == 1 size 1 BTC stop 2 atr(1)`, ...FIRST },
      // The range of bar 1 is 5; that of bar 2 no longer counts.
      [flat(100), [100, 103, 98, 100], [110, 130, 101, 120], [120, 120, 99, 110]],
      ['2 entry 1 @110', '3 stop -1 @100'],
    ],
    [
      'a price is that of the signal, and stays',
      { rules: `${LONG} stop at low - 5` },
      [flat(100), flat(100), flat(120), [120, 120, 96, 110], [110, 110, 94, 100]],
      ['1 entry 1 @100', '4 stop -1 @95'],
    ],
    [
      'of several of a short the tightest counts',
      { rules: `${SHORT} stop 40%\nstop 10%\nstop at 150` },
      [flat(100), flat(100), [100, 115, 100, 110]],
      ['1 entry -1 @100', '2 stop 1 @110'],
    ],
    [
      'R is the distance from the fill to the stop, wherever the signal was',
      { rules: `${LONG} stop at 90 take at 1R` },
      [flat(100), flat(110), [110, 131, 110, 130]],
      ['1 entry 1 @110', '2 take -1 @130'],
    ],
    [
      'one whose level is not above zero is none: the order is dropped',
      { rules: `enter long when bar_index == 1 size 1 BTC stop 2 atr(1)`, ...FIRST },
      [flat(100), [100, 150, 100, 100], flat(100)],
      [],
      ['1 droppedInvalid'],
    ],
    [
      'a stop-limit that waits goes when the stop moves',
      { rules: `${LONG} stop 5% limit 1% breakeven after 10%` },
      // It waits at 94 from bar 3 on, when 111 has moved the stop to 100: bar 4 opens below that.
      [flat(100), flat(100), flat(100), [93, 111, 93, 93], [93, 93.5, 92, 93], flat(93)],
      ['1 entry 1 @100', '4 breakeven -1 @93'],
    ],
  ]);
});

describe('stops that move', () => {
  const FIRST = { conventions: { warmup: 'first' } } as const;
  checkCandles([
    [
      'break-even is at the average entry',
      { rules: `long { ${LONG} stop 20% breakeven after 8% add 100% when bar_index == 1 max 1 times }` },
      // Bought at 100 and 106: 103.
      [flat(100), flat(100), [106, 109, 105, 108], [108, 108, 102, 104]],
      ['1 entry 1 @100', '2 add 1 @106', '3 breakeven -2 @103'],
    ],
    [
      'a trail in percent after a gain in percent',
      { rules: `${LONG} trail 10% after 5%` },
      [flat(100), [100, 104.9, 90, 104], [104, 105, 91, 104], [104, 104, 94, 96]],
      ['1 entry 1 @100', '3 trail -1 @94.5'],
    ],
    [
      'a trail is a distance below the best price, from the fill on',
      { rules: `enter long when bar_index == 1 size 1 BTC trail 2 atr(1)`, ...FIRST },
      [flat(100), [100, 103, 98, 100], [105, 105, 95.5, 100], [100, 100, 95, 97]],
      ['2 entry 1 @105', '3 trail -1 @95'],
    ],
    [
      'of a short above the lowest',
      { rules: `${SHORT} trail 10%` },
      [flat(100), flat(100), [100, 100, 80, 82], [82, 87.9, 82, 85], [85, 88, 85, 86]],
      ['1 entry -1 @100', '4 trail 1 @88'],
    ],
    [
      'a trail from a price: the price of each close, and where it is not known the level stays',
      { rules: `${LONG} trail 5% from (if close > 200 then na else low)` },
      // At the close of bar 2 the low is 110: 104.5. Bar 3 gives no price.
      [flat(100), flat(100), [110, 130, 110, 120], [120, 260, 120, 250], [250, 250, 104, 105]],
      ['1 entry 1 @100', '4 trail -1 @104.5'],
    ],
    [
      'a moving trail takes its distance anew at each close',
      { rules: `enter long when bar_index == 1 size 1 BTC trail 2 atr(1) moving`, ...FIRST },
      // 110 less twice the 15 of bar 1 are 80; at the close of bar 3 it is 112 less twice 2.
      [flat(100), [100, 110, 95, 100], flat(110), [110, 112, 110, 112], [112, 112, 107, 108]],
      ['2 entry 1 @110', '4 trail -1 @108'],
    ],
    [
      'a closing trail is met by closes',
      { rules: `${LONG} trail 10% closing` },
      [flat(100), flat(100), [100, 120, 100, 118], [118, 118, 100, 110], [110, 110, 100, 107], flat(105)],
      ['1 entry 1 @100', '5 trail -1 @105'],
    ],
    [
      'break-even acts from the next bar on',
      { rules: `${LONG} stop 10% breakeven after 5%` },
      [flat(100), flat(100), [100, 106, 99, 105], [105, 105, 98, 99]],
      ['1 entry 1 @100', '3 breakeven -1 @100'],
    ],
    [
      'break-even plus',
      { rules: `${LONG} stop 10% breakeven after 0.5R plus 1%` },
      [flat(100), flat(100), [100, 106, 99, 105], [105, 105, 98, 99]],
      ['1 entry 1 @100', '3 breakeven -1 @101'],
    ],
    [
      'a moving stop only tightens',
      { rules: `${LONG} stop at low - 5 moving` },
      [flat(100), flat(100), [110, 111, 109, 110], [108, 112, 105, 106], [106, 107, 103, 104]],
      ['1 entry 1 @100', '4 stop -1 @104'],
    ],
    [
      'a closing stop waits for the close',
      { rules: `${LONG} stop 5% closing` },
      [flat(100), flat(100), [100, 100, 90, 96], [96, 96, 94, 94], flat(93)],
      ['1 entry 1 @100', '4 stop -1 @93'],
    ],
    [
      'a stop-limit fills within its limit',
      { rules: `${LONG} stop 5% limit 1%` },
      [flat(100), flat(100), [100, 100, 94, 96]],
      ['1 entry 1 @100', '2 stop -1 @95'],
    ],
    [
      'a stop-limit that gaps waits at its limit',
      { rules: `${LONG} stop 5% limit 1%` },
      [flat(100), flat(100), [90, 91, 89, 90], [90, 95, 90, 94]],
      ['1 entry 1 @100', '3 stop -1 @94'],
    ],
    [
      'a trail in steps',
      { rules: `${LONG} trail 5 step 2`.replace('5 step 2', '5% step 2%') },
      [flat(100), flat(100), [100, 101, 99, 101], [101, 103, 100, 103], [103, 103, 96.9, 97]],
      ['1 entry 1 @100', '4 trail -1 @97'],
    ],
    [
      'a trail in R',
      { rules: `${LONG} stop 10% trail 0.5R` },
      [flat(100), flat(100), [100, 110, 100, 110], [110, 110, 104, 106]],
      ['1 entry 1 @100', '3 trail -1 @105'],
    ],
  ]);
});

describe('time', () => {
  checkCandles([
    [
      'timeout counts from the entry bar',
      { rules: `${LONG} timeout 3 bars` },
      [flat(100), flat(101), flat(102), flat(103), flat(104), flat(105)],
      ['1 entry 1 @101', '5 timeout -1 @105'],
    ],
    [
      'timeout with a condition waits for it',
      { rules: `${LONG} timeout 2 bars when close < 103` },
      [flat(100), flat(101), flat(104), flat(104), flat(102), flat(99)],
      ['1 entry 1 @101', '5 timeout -1 @99'],
    ],
    [
      'cooldown after a loss',
      { rules: 'enter long when true size 1 BTC stop 5% cooldown 3 bars after loss' },
      [flat(100), flat(100), [100, 100, 94, 95], flat(95), flat(96), flat(97), flat(98)],
      ['1 entry 1 @100', '2 stop -1 @95', '6 entry 1 @98'],
    ],
    [
      'a position that earned nothing was no loss',
      { rules: 'enter long when bar_index == 0 or bar_index == 2 size 1 BTC exit long when bar_index == 1 cooldown 9 bars after loss' },
      [flat(100), flat(100), flat(100), flat(100)],
      ['1 entry 1 @100', '2 exit -1 @100', '3 entry 1 @100'],
    ],
    [
      'cooldown after a win',
      { rules: 'enter long when true size 1 BTC take at 5% stop 5% cooldown 3 bars after win' },
      [flat(100), flat(100), [100, 106, 100, 105], flat(105), flat(105), flat(105), flat(105)],
      ['1 entry 1 @100', '2 take -1 @105', '6 entry 1 @105'],
    ],
    [
      'cooldown after a win does not follow a loss',
      { rules: 'enter long when true size 1 BTC stop 5% cooldown 3 bars after win' },
      [flat(100), flat(100), [100, 100, 94, 95], flat(95)],
      ['1 entry 1 @100', '2 stop -1 @95', '3 entry 1 @95'],
    ],
    [
      'cooldown after a stop, which a trail is too',
      { rules: 'enter long when true size 1 BTC trail 5% take at 20% cooldown 2 bars after stop' },
      [flat(100), [100, 110, 100, 110], [110, 110, 104, 105], flat(105), flat(105)],
      ['1 entry 1 @100', '2 trail -1 @104.5'],
    ],
    [
      'cooldown after a stop does not follow an exit that lost',
      { rules: `enter long when bar_index == 0 or bar_index == 2 size 1 BTC exit long when bar_index == 1 cooldown 9 bars after stop` },
      [flat(100), flat(100), flat(90), flat(90)],
      ['1 entry 1 @100', '2 exit -1 @90', '3 entry 1 @90'],
    ],
    [
      'cooldown after an exit of a rule',
      { rules: `enter long when bar_index != 1 size 1 BTC exit long when bar_index == 1 cooldown 2 bars after exit` },
      [flat(100), flat(100), flat(100), flat(100), flat(100), flat(100)],
      ['1 entry 1 @100', '2 exit -1 @100', '5 entry 1 @100'],
    ],
    [
      'cooldown after an exit does not follow a target',
      { rules: `enter long when true size 1 BTC take at 5% cooldown 3 bars after exit` },
      [flat(100), flat(100), [100, 106, 100, 105], flat(105)],
      ['1 entry 1 @100', '2 take -1 @105', '3 entry 1 @105'],
    ],
    [
      'cooldown counts from positions of other blocks too, and holds up its own block alone',
      {
        rules:
          'setup a long { enter when bar_index == 0 size 1 BTC exit when bar_index == 1 }\nsetup b long { enter when bar_index >= 2 size 2 BTC cooldown 9 bars }\nsetup c long { enter when bar_index >= 3 size 3 BTC }',
      },
      [flat(100), flat(100), flat(100), flat(100), flat(100)],
      ['1 entry 1 @100', '2 exit -1 @100', '4 entry 3 @100'],
    ],
    [
      'cooldown after a loss does not follow a win',
      { rules: 'enter long when true size 1 BTC take at 5% cooldown 3 bars after loss' },
      [flat(100), flat(100), [100, 106, 100, 105], flat(105)],
      ['1 entry 1 @100', '2 take -1 @105', '3 entry 1 @105'],
    ],
  ]);
});
