import { describe } from 'vitest';
import { parseSlippage } from '#core/model/slippage-text.ts';
import { type Book, type Candle, type CandleRun, flat } from './candle-run.ts';
import { checkCandles } from './candle-table.ts';

/** Worked out by hand from docs/engine.md, "Depth". The middle is 100, and so is the market, so that prices are those of the levels. */
const bookAt = (minute: number, size = 5): Book => ({
  minute,
  bids: [
    [99, size],
    [98, size],
  ],
  asks: [
    [101, size],
    [102, size],
  ],
});
const deep = (text = 'depth', books: readonly Book[] = [bookAt(0)]): Pick<CandleRun, 'books' | 'costs'> => ({
  books,
  costs: { slippage: parseSlippage(text)! },
});
const buy = (qty: number): string => `enter long when bar_index == 0 size ${qty} BTC`;
const STILL: readonly Candle[] = [flat(100), flat(100), flat(100), flat(100)];

describe('slippage by depth', () => {
  checkCandles([
    ['an order for less than the best level pays it', { rules: buy(4), ...deep() }, STILL, ['1 entry 4 @101']],
    ['one for more pays the mean of what it takes', { rules: buy(8), ...deep() }, STILL, ['1 entry 8 @101.375']],
    ['books that no slippage asks for are not there', { rules: buy(15), books: [bookAt(0)] }, STILL, ['1 entry 15 @100'], []],
    ['sales take the bids', { rules: 'enter short when bar_index == 0 size 8 BTC', ...deep() }, STILL, ['1 entry -8 @98.625']],
    [
      'what the book does not have goes on at the next open, where it is whole again',
      { rules: buy(15), ...deep() },
      STILL,
      ['1 entry 10 @101.5', '2 entry 5 @101'],
      ['1 partFilled'],
    ],
    [
      'and so does an exit',
      { rules: `${buy(10)}\nexit long when bar_index == 1`, ...deep('depth', [bookAt(0), bookAt(110, 3)]) },
      STILL,
      ['1 entry 10 @101.5', '2 exit -6 @98.5', '3 exit -4 @98.75'],
    ],
    [
      'ioc takes what there is',
      { rules: 'enter long when bar_index == 0 at limit 103 ioc size 15 BTC', ...deep() },
      STILL,
      ['1 entry 10 @101.5'],
    ],
    ['fok all or nothing', { rules: 'enter long when bar_index == 0 at limit 103 fok size 15 BTC', ...deep() }, STILL, []],
    ['a part of what is shown', { rules: buy(5), ...deep('depth:0.5') }, STILL, ['1 entry 5 @101.5']],
    [
      'distances are shares of the price that the market has by then',
      { rules: buy(5), ...deep() },
      [flat(100), flat(200), flat(200)],
      ['1 entry 5 @202'],
    ],
    ['it is on top of other slippage', { rules: buy(5), ...deep('1%+depth') }, STILL, ['1 entry 5 @102']],
    [
      'the last book at the moment counts, and none after it',
      { rules: buy(4), ...deep('depth', [bookAt(0, 1), bookAt(60, 2), bookAt(61, 9)]) },
      STILL,
      ['1 entry 4 @101.5'],
    ],
    [
      'before the first book depth costs nothing',
      { rules: `${buy(4)}\nexit long when bar_index == 1`, ...deep('depth', [bookAt(61)]) },
      STILL,
      ['1 entry 4 @100', '2 exit -4 @99'],
    ],
    [
      'what one order of a moment has taken is gone for the next',
      { rules: `${buy(5)}\nexit long when bar_index == 1\nenter short when bar_index == 1`, ...deep() },
      STILL,
      ['1 entry 5 @101', '2 exit -5 @99', '2 entry -5 @98'],
    ],
    [
      'what rested in the book pays nothing',
      { rules: 'enter long when bar_index == 0 at limit 99 size 50 BTC', ...deep() },
      [flat(100), [100, 100, 98, 100], flat(100)],
      ['1 entry 50 @99'],
    ],
    [
      'stops take',
      { rules: `${buy(4)} stop at 90`, ...deep() },
      [flat(100), flat(100), [100, 100, 89, 90], flat(90)],
      ['1 entry 4 @101', '2 stop -4 @89.1'],
    ],
    [
      'and none goes beyond its limit',
      { rules: 'enter long when bar_index == 0 at stop 105 limit 105.5 size 4 BTC', ...deep() },
      [flat(100), [100, 106, 100, 106], flat(106)],
      ['1 entry 4 @105.5'],
    ],
    [
      'what is liquidated goes as a whole, the rest at the last level',
      {
        rules: 'account { leverage 10 }\nenter long when bar_index == 0 size 20 BTC',
        capital: 1000,
        margin: { maintenance: [{ from: 0, rate: 0 }], liquidationRate: 0 },
        ...deep('depth', [{ ...bookAt(0), asks: [[101, 20]] }]),
      },
      // Bought for 2020, of which 1020 are lent: nothing is left at 51. Five go at 99 %, fifteen at 98 %.
      [flat(100), flat(100), flat(51), flat(51)],
      ['1 entry 20 @101', '2 liquidation -20 @50.1075'],
    ],
    [
      'where buys meet a price of their own, the best of the side is the market',
      { rules: `${buy(10)}\nexit long when bar_index == 1`, asks: [flat(101), flat(101), flat(101), flat(101)], ...deep() },
      [flat(99), flat(99), flat(99), flat(99)],
      ['1 entry 10 @101.5', '2 exit -10 @98.5'],
    ],
    [
      'finer bars meet the book of their time',
      {
        rules: `${buy(4)} stop at 90`,
        quarters: [[], [], [flat(100), flat(100), [100, 100, 89, 90], flat(90)], []],
        ...deep('depth', [bookAt(0), bookAt(149, 2), bookAt(151, 9)]),
      },
      [flat(100), flat(100), [100, 100, 89, 90], flat(90)],
      ['1 entry 4 @101', '2 stop -4 @88.65'],
    ],
  ]);
});
