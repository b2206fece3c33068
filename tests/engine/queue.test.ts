import { describe, expect, it } from 'vitest';
import { type Candle, flat, runCandles } from './candle-run.ts';
import { checkCandles } from './candle-table.ts';

/** Worked out by hand from docs/engine.md, "Queue". The tick is 1 where told, so that of a bar from 100 to 103 a quarter has traded at each price. */
const TICK = { conventions: { tick: 1 } };
const behind = (qty: number): { readonly costs: { readonly queue: { readonly qty: number } } } => ({ costs: { queue: { qty } } });
const LIMIT = 'enter long when bar_index == 0 at limit 100 size 10 BTC';
/** It trades 2 at 100, and closes above. */
const TOUCH: Candle = [102, 103, 100, 102, 8];
const AWAY = flat(104, 8);

describe('limit orders behind others at their price', () => {
  checkCandles([
    [
      'a touch fills once more than those ahead has traded there',
      { rules: LIMIT, ...TICK, ...behind(5) },
      [AWAY, TOUCH, TOUCH, TOUCH, AWAY],
      ['3 entry 10 @100'],
    ],
    ['as much as those ahead is not more', { rules: LIMIT, ...TICK, ...behind(4) }, [AWAY, TOUCH, TOUCH, AWAY], []],
    ['what trades elsewhere moves nobody', { rules: LIMIT, ...TICK, ...behind(1) }, [AWAY, [102, 103, 101, 102, 800], AWAY], []],
    [
      'a bar that goes through the price fills',
      { rules: LIMIT, ...TICK, ...behind(1e9) },
      [AWAY, [102, 103, 99, 100, 1], AWAY],
      ['1 entry 10 @100'],
    ],
    [
      'one that opens at a better one fills there',
      { rules: LIMIT, ...TICK, ...behind(1e9) },
      [AWAY, [99, 103, 98, 100, 1], AWAY],
      ['1 entry 10 @99'],
    ],
    ['one that opens at it has touched it', { rules: LIMIT, ...TICK, ...behind(1e9) }, [AWAY, [100, 103, 100, 102, 1], AWAY], []],
    ['without a queue such a bar fills at its open', { rules: LIMIT }, [AWAY, [100, 103, 100, 102, 1], AWAY], ['1 entry 10 @100']],
    [
      'without a tick nobody knows what a bar with a range traded at its end',
      { rules: LIMIT, ...behind(1) },
      [AWAY, TOUCH, TOUCH, AWAY],
      [],
    ],
    [
      'a bar of one price traded all of it there',
      { rules: LIMIT, ...behind(10) },
      [AWAY, flat(100, 8), flat(100, 8), AWAY],
      ['2 entry 10 @100'],
    ],
    [
      "a share is one of the volume of the bar before: 6 of the signal's 8",
      { rules: LIMIT, ...TICK, costs: { queue: { share: 0.75 } } },
      [AWAY, TOUCH, TOUCH, TOUCH, TOUCH, AWAY],
      ['4 entry 10 @100'],
    ],
    [
      'a short waits at the highs',
      { rules: 'enter short when bar_index == 0 at limit 100 size 10 BTC', ...TICK, ...behind(3) },
      [flat(96), [98, 100, 97, 98, 8], [98, 100, 97, 98, 8], flat(96)],
      ['2 entry -10 @100'],
    ],
    [
      'an order that is priced as it was keeps its place',
      { rules: 'enter long when bar_index < 3 at limit 100 size 10 BTC', ...TICK, ...behind(3) },
      [AWAY, TOUCH, TOUCH, AWAY],
      ['2 entry 10 @100'],
    ],
    [
      'one at another price joins its end',
      // At 100 on bar 1, at 101 on bar 2, at 100 again from bar 3 on.
      { rules: 'enter long when bar_index < 3 at limit open - 4 size 10 BTC', ...TICK, ...behind(3) },
      [AWAY, [105, 106, 100, 104, 14], [104, 104, 104, 104, 8], TOUCH, TOUCH, AWAY],
      ['4 entry 10 @100'],
    ],
    [
      'a target waits as well',
      { rules: 'enter long when bar_index == 0 size 10 BTC take at 3%', ...TICK, ...behind(3) },
      [flat(100), flat(100), [101, 103, 100, 101, 8], [101, 103, 100, 101, 8], flat(100)],
      ['1 entry 10 @100', '3 take -10 @103'],
    ],
    [
      'the target of the next position stands at the end again',
      { rules: 'enter long when (bar_index == 0 or bar_index == 3) size 10 BTC take at 3%', ...TICK, ...behind(3) },
      [flat(100), flat(100), [101, 103, 100, 101, 16], flat(100), flat(100), [101, 103, 100, 101, 8], flat(100)],
      ['1 entry 10 @100', '2 take -10 @103', '4 entry 10 @100'],
    ],
    [
      'rungs of a ladder wait each',
      { rules: 'enter long when bar_index == 0 size 10 BTC add 100% every 1% against max 2 times', ...TICK, ...behind(3) },
      [flat(100), flat(100), flat(99, 4), flat(98.01, 2), flat(98.01, 2), flat(100)],
      // 99 trades 4: the first rung fills, the second joins at 98.01, where 2 and 2 trade.
      ['1 entry 10 @100', '2 add 10 @99', '4 add 10 @98.01'],
    ],
    [
      'a triggered stop-limit waits at its limit',
      { rules: 'enter long when bar_index == 0 at stop 102 limit 103 size 10 BTC', ...TICK, ...behind(3) },
      [flat(100), flat(104, 8), flat(103, 2), flat(103, 2), flat(104)],
      ['3 entry 10 @103'],
    ],
    [
      'what a bar leaves of an order stays the first',
      { rules: LIMIT, ...TICK, costs: { queue: { qty: 5 }, participation: 0.5 } },
      [AWAY, flat(100, 8), flat(100, 8), flat(100, 8), AWAY],
      ['1 entry 4 @100', '2 entry 4 @100', '3 entry 2 @100'],
      ['1 partFilled'],
    ],
    [
      'orders that may not wait join none',
      { rules: 'enter long when bar_index == 0 at limit 100 ioc size 10 BTC', ...TICK, ...behind(1e9) },
      [AWAY, flat(100, 8), AWAY],
      ['1 entry 10 @100'],
    ],
    [
      'with latency it joins when it comes',
      { rules: LIMIT, ...TICK, costs: { queue: { qty: 5 }, latency: { bars: 1 } } },
      [AWAY, flat(100, 8), flat(100, 4), flat(100, 4), AWAY],
      ['3 entry 10 @100'],
    ],
    [
      'finer bars pass one after the other',
      {
        rules: LIMIT,
        ...TICK,
        ...behind(3),
        quarters: [
          [],
          [
            [102, 102, 100, 101, 6],
            [101, 102, 100, 102, 6],
            [102, 103, 102, 102, 9],
          ],
          [],
        ],
      },
      // A third of 6 twice.
      [AWAY, [102, 103, 100, 102, 21], AWAY],
      ['1 entry 10 @100'],
    ],
    [
      'trades at the price pass one after the other',
      { rules: LIMIT, ...behind(3), ticks: [[104], [101, 100, 100, 101], [104]], tickQty: 2 },
      [flat(104), [101, 101, 100, 101], flat(104)],
      ['1 entry 10 @100'],
    ],
    [
      'one of them is too little',
      { rules: LIMIT, ...behind(3), ticks: [[104], [101, 100, 101], [104]], tickQty: 2 },
      [flat(104), [101, 101, 100, 101], flat(104)],
      [],
    ],
    [
      'of quotes nobody knows what has traded: the ask has to go through',
      {
        rules: LIMIT,
        ...behind(0),
        ticks: [
          [[104, 105]],
          [
            [99, 101],
            [99, 100],
            [98, 100],
          ],
          [
            [98, 101],
            [97, 99],
          ],
        ],
      },
      [flat(104), [99, 99, 98, 98, 8], [98, 98, 97, 97, 8]],
      ['2 entry 10 @100'],
    ],
  ]);

  it('is of those who wait alone: market orders and stops fill as ever', async () => {
    const rules = 'enter long when bar_index == 0 size 10 BTC stop 5%';
    const candles: Candle[] = [flat(100), flat(100), [98, 99, 94, 97], flat(97)];
    const [one, other] = [await runCandles({ rules, candles }), await runCandles({ rules, candles, ...TICK, ...behind(1e9) })];
    expect(other.fills).toEqual(one.fills);
    expect(one.fills).toHaveLength(2);
  });
});
