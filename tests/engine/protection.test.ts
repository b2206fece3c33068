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

describe('stops that move', () => {
  checkCandles([
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
      'cooldown after a loss does not follow a win',
      { rules: 'enter long when true size 1 BTC take at 5% cooldown 3 bars after loss' },
      [flat(100), flat(100), [100, 106, 100, 105], flat(105)],
      ['1 entry 1 @100', '2 take -1 @105', '3 entry 1 @105'],
    ],
  ]);
});
