import { describe } from 'vitest';
import { flat } from './candle-run.ts';
import { checkCandles } from './candle-table.ts';

/** Expected fills are worked out by hand from docs/engine.md. Entries are signalled on bar 0 and fill on bar 1 unless told. */
const LONG = 'enter long when bar_index == 0 size 1 BTC';

describe('entry orders', () => {
  checkCandles([
    [
      'a limit buy fills at its price when the market goes through it',
      { rules: 'enter long when bar_index == 0 at limit close - 5 size 1 BTC' },
      [flat(100), [100, 101, 94, 98]],
      ['1 entry 1 @95'],
    ],
    [
      'a limit that is only touched does not fill',
      { rules: 'enter long when bar_index == 0 at limit close - 5 size 1 BTC' },
      [flat(100), [100, 101, 95, 98]],
      [],
    ],
    [
      'unless the convention says that a touch is enough',
      { rules: 'enter long when bar_index == 0 at limit close - 5 size 1 BTC', conventions: { limitFill: 'touch' } },
      [flat(100), [100, 101, 95, 98]],
      ['1 entry 1 @95'],
    ],
    [
      'a limit buy fills at an open that is better',
      { rules: 'enter long when bar_index == 0 at limit close - 5 size 1 BTC' },
      [flat(100), [90, 96, 89, 92]],
      ['1 entry 1 @90'],
    ],
    [
      'a limit sale the same way round',
      { rules: 'enter short when bar_index == 0 at limit close + 5 size 1 BTC' },
      [flat(100), [100, 106, 99, 103]],
      ['1 entry -1 @105'],
    ],
    [
      'and waits where it is only touched',
      { rules: 'enter short when bar_index == 0 at limit close + 5 size 1 BTC' },
      [flat(100), [100, 105, 99, 103]],
      [],
    ],
    [
      'a stop buy fills at its trigger',
      { rules: 'enter long when bar_index == 0 at stop close + 5 size 1 BTC' },
      [flat(100), [100, 105, 99, 103]],
      ['1 entry 1 @105'],
    ],
    [
      'a stop buy fills at an open beyond it',
      { rules: 'enter long when bar_index == 0 at stop close + 5 size 1 BTC' },
      [flat(100), [108, 109, 107, 108]],
      ['1 entry 1 @108'],
    ],
    [
      'a stop pays slippage',
      { rules: 'enter long when bar_index == 0 at stop close + 5 size 1 BTC', slippageRate: 0.01 },
      [flat(100), [100, 106, 99, 103]],
      ['1 entry 1 @106.05'],
    ],
    [
      'a limit order does not',
      { rules: 'enter long when bar_index == 0 at limit close - 5 size 1 BTC', slippageRate: 0.01 },
      [flat(100), [100, 106, 90, 103]],
      ['1 entry 1 @95'],
    ],
    [
      'a stop-limit fills up to its limit',
      { rules: 'enter long when bar_index == 0 at stop close + 5 limit close + 6 size 1 BTC', slippageRate: 0.02 },
      [flat(100), [100, 107, 99, 103]],
      ['1 entry 1 @106'],
    ],
    [
      'a stop-limit that gaps over its limit waits at it',
      { rules: 'enter long when bar_index == 0 at stop close + 5 limit close + 6 size 1 BTC' },
      [flat(100), [108, 109, 107, 108], [107, 108, 105, 107]],
      ['2 entry 1 @106'],
    ],
    [
      'it rests until it fills',
      { rules: 'enter long when bar_index == 0 at limit close - 5 size 1 BTC' },
      [flat(100), flat(100), flat(99), [99, 99, 94, 95]],
      ['3 entry 1 @95'],
    ],
    [
      'good for 2 bars ends after the second',
      { rules: 'enter long when bar_index == 0 at limit close - 5 good for 2 bars size 1 BTC' },
      [flat(100), flat(100), flat(99), [99, 99, 94, 95]],
      [],
    ],
    [
      'good for 2 bars still fills on the second',
      { rules: 'enter long when bar_index == 0 at limit close - 5 good for 2 bars size 1 BTC' },
      [flat(100), flat(100), [99, 99, 94, 95]],
      ['2 entry 1 @95'],
    ],
    [
      'good until 03:00 does not fill on the bar that opens then',
      { rules: 'enter long when bar_index == 0 at limit close - 5 good until 03:00 size 1 BTC' },
      [flat(100), flat(100), flat(100), [99, 99, 94, 95]],
      [],
    ],
    [
      'good until 03:00 fills before',
      { rules: 'enter long when bar_index == 0 at limit close - 5 good until 03:00 size 1 BTC' },
      [flat(100), flat(100), [99, 99, 94, 95]],
      ['2 entry 1 @95'],
    ],
    [
      'good until the time at which it is decided is good for a day',
      { rules: 'enter long when bar_index == 0 at limit close - 5 good until 01:00 size 1 BTC' },
      [flat(100), flat(100), [99, 99, 94, 95]],
      ['2 entry 1 @95'],
    ],
    [
      'else market counts from the first signal, also where a later one prices the order anew',
      { rules: 'enter long when bar_index < 2 at limit close - 5 else market after 2 bars size 1 BTC' },
      [flat(100), flat(101), flat(102), flat(103), flat(104)],
      ['3 entry 1 @103'],
    ],
    [
      'else market after 2 bars',
      { rules: 'enter long when bar_index == 0 at limit close - 5 else market after 2 bars size 1 BTC' },
      [flat(100), flat(101), flat(102), flat(103), flat(104)],
      ['3 entry 1 @103'],
    ],
    [
      'a new signal prices the order anew',
      { rules: 'enter long when bar_index < 2 at limit close - 5 size 1 BTC' },
      [flat(100), flat(110), [110, 110, 104, 106]],
      ['2 entry 1 @105'],
    ],
    [
      'ioc fills at once or not at all',
      { rules: 'enter long when bar_index == 0 at limit close - 5 ioc size 1 BTC' },
      [flat(100), flat(100), [94, 95, 93, 94]],
      [],
    ],
    [
      'ioc takes an open within its limit',
      { rules: 'enter long when bar_index == 0 at limit close + 5 ioc size 1 BTC' },
      [flat(100), [103, 104, 100, 101]],
      ['1 entry 1 @103'],
    ],
    [
      'fok is not filled by a bar that only passes its price',
      { rules: 'enter long when bar_index == 0 at limit close - 5 fok size 1 BTC' },
      [flat(100), [100, 100, 90, 92]],
      [],
    ],
    [
      'post-only is refused when it would take',
      { rules: 'enter long when bar_index == 0 at limit close + 1 post_only size 1 BTC' },
      [flat(100), flat(100)],
      [],
      ['0 refusedPostOnly'],
    ],
    [
      'cancel withdraws what rests',
      { rules: 'long { enter when bar_index == 0 at limit close - 5 cancel when bar_index == 1 size 1 BTC }' },
      [flat(100), flat(100), [99, 99, 90, 95]],
      [],
    ],
    [
      'prices go to the tick that is not worse',
      { rules: 'enter long when bar_index == 0 at limit close - 4.7 size 1 BTC', conventions: { tick: 1 } },
      [flat(100), [100, 101, 94, 98]],
      ['1 entry 1 @95'],
    ],
    [
      'a limit sale up to it',
      { rules: 'enter short when bar_index == 0 at limit close + 4.3 size 1 BTC', conventions: { tick: 1 } },
      [flat(100), [100, 106, 100, 103]],
      ['1 entry -1 @105'],
    ],
    [
      'triggers to the tick that is further away: of a buy up',
      { rules: 'enter long when bar_index == 0 at stop close + 4.3 size 1 BTC', conventions: { tick: 1 } },
      [flat(100), [100, 104.9, 100, 103], [103, 106, 103, 104]],
      ['2 entry 1 @105'],
    ],
    [
      'of a sale down',
      { rules: 'enter short when bar_index == 0 at stop close - 4.3 size 1 BTC', conventions: { tick: 1 } },
      [flat(100), [100, 100, 95.1, 97], [97, 97, 94, 96]],
      ['2 entry -1 @95'],
    ],
    [
      'of a stop-limit both, each its way',
      { rules: 'enter long when bar_index == 0 at stop close + 4.3 limit close + 4.9 size 1 BTC', conventions: { tick: 0.5 } },
      // Triggered at 104.5, with a limit of 104.5.
      [flat(100), [105, 106, 105, 106], [106, 106, 104, 105]],
      ['2 entry 1 @104.5'],
    ],
    [
      'cancel leaves the orders of other blocks',
      {
        rules:
          'setup a long { enter when bar_index == 0 at limit 95 size 1 BTC cancel when bar_index == 1 }\nsetup b long { enter when bar_index == 0 at limit 94 size 2 BTC }',
      },
      [flat(100), flat(100), [99, 99, 93, 95]],
      ['2 entry 2 @94'],
    ],
    [
      'the size of an order that rests is made with its price',
      { rules: 'enter long when bar_index == 0 at limit 80 size 800 USDT' },
      [flat(100), [100, 100, 79, 90]],
      ['1 entry 10 @80'],
    ],
    [
      'of two that the bar reaches the nearer one fills, and oco withdraws the other',
      { rules: 'oco { enter long when bar_index == 0 at stop close + 3 enter short when bar_index == 0 at stop close - 2 } size 1 BTC' },
      [flat(100), [100, 104, 97, 100], [100, 110, 90, 100]],
      ['1 entry -1 @98'],
    ],
    [
      'oco has withdrawn it for good, also when the market is flat again',
      {
        rules:
          'oco { enter long when bar_index == 0 at stop close + 3 enter short when bar_index == 0 at stop close - 2 } exit short when bar_index == 1 size 1 BTC',
      },
      [flat(100), [100, 101, 97, 100], [100, 104, 100, 104]],
      ['1 entry -1 @98', '2 exit 1 @100'],
    ],
    [
      'without oco the other one waits until the market is flat again',
      {
        rules:
          'enter long when bar_index == 0 at stop close + 3 enter short when bar_index == 0 at stop close - 2 exit short when bar_index == 1 size 1 BTC',
      },
      [flat(100), [100, 101, 97, 100], [100, 104, 100, 104]],
      ['1 entry -1 @98', '2 exit 1 @100', '2 entry 1 @103'],
    ],
    [
      'an order whose price is na is dropped',
      { rules: 'enter long when bar_index == 0 at limit close[3] size 1 BTC', conventions: { warmup: 'first' } },
      [flat(100), flat(90)],
      [],
    ],
  ]);
});

describe('exit orders', () => {
  checkCandles([
    [
      'an exit at a limit rests and only closes',
      { rules: `${LONG}\nexit long when bar_index == 1 at limit close + 5` },
      [flat(100), flat(100), [100, 106, 99, 104], [104, 110, 104, 105]],
      ['1 entry 1 @100', '2 exit -1 @105'],
    ],
    [
      'an exit at a stop',
      { rules: `${LONG}\nexit long when bar_index == 1 at stop close - 5` },
      [flat(100), flat(100), [100, 101, 94, 95]],
      ['1 entry 1 @100', '2 exit -1 @95'],
    ],
    [
      'an exit that becomes a market order fills at the open, before the stop',
      { rules: `${LONG} stop 5%\nexit long when bar_index == 1 at limit 200 else market after 1 bars` },
      [flat(100), flat(100), flat(100), [100, 100, 90, 95]],
      ['1 entry 1 @100', '3 exit -1 @100'],
    ],
    [
      'goes when its position ends: the next has none',
      { rules: 'enter long when bar_index == 0 or bar_index == 2 size 1 BTC stop 5%\nexit long when bar_index == 1 at limit close + 5' },
      [flat(100), flat(100), [100, 100, 94, 95], flat(95), [95, 110, 95, 100]],
      ['1 entry 1 @100', '2 stop -1 @95', '3 entry 1 @95'],
    ],
    [
      'half of it',
      { rules: 'enter long when bar_index == 0 size 2 BTC\nexit long 50% when bar_index == 1' },
      [flat(100), flat(100), flat(101), flat(102)],
      ['1 entry 2 @100', '2 exit -1 @101'],
    ],
    [
      'a reversal: the exit and the entry at one open',
      { rules: `${LONG}\nexit long when bar_index == 1\nenter short when bar_index == 1` },
      [flat(100), flat(100), flat(101)],
      ['1 entry 1 @100', '2 exit -1 @101', '2 entry -1 @101'],
    ],
  ]);
});
