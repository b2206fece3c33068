import { describe, expect, it } from 'vitest';
import { type Candle, type CandleRun, flat, runCandles } from './candle-run.ts';

/**
 * Hours and the quarters that they are made of. Expected fills are worked out by hand from docs/engine.md, "Finer bars". Entries are signalled on bar 0 and
 * fill on bar 1 unless told.
 */
interface DetailCase {
  readonly what: string;
  readonly rules: string;
  readonly run?: Partial<CandleRun>;
  /** The quarters of each hour: the hours are made of them. */
  readonly quarters: readonly (readonly Candle[])[];
  readonly fills: readonly string[];
  /** What the hours alone give. */
  readonly without: readonly string[];
  readonly events?: readonly string[];
}

const hourOf = (quarters: readonly Candle[]): Candle => [
  quarters[0]![0],
  Math.max(...quarters.map((quarter) => quarter[1])),
  Math.min(...quarters.map((quarter) => quarter[2])),
  quarters.at(-1)![3],
];

const LONG = 'enter long when bar_index == 0 size 1 BTC';
const SHORT = 'enter short when bar_index == 0 size 1 BTC';
const calm = [flat(100)];
const UP_THEN_DOWN: readonly Candle[] = [
  [100, 103, 99, 102],
  [102, 106, 101, 104],
  [104, 104, 94, 95],
  [95, 100, 95, 100],
];
const DOWN_THEN_UP: readonly Candle[] = [
  [100, 101, 94, 95],
  [95, 99, 95, 99],
  [99, 106, 99, 104],
  [104, 104, 100, 100],
];

const CASES: readonly DetailCase[] = [
  {
    what: 'the target, when it was reached first',
    rules: `${LONG} stop 5% take at 5%`,
    quarters: [calm, calm, UP_THEN_DOWN],
    fills: ['1 entry 1 @100', '2 take -1 @105'],
    without: ['1 entry 1 @100', '2 stop -1 @95'],
    events: [],
  },
  {
    what: 'the stop, when it was reached first',
    rules: `${LONG} stop 5% take at 5%`,
    quarters: [calm, calm, DOWN_THEN_UP],
    fills: ['1 entry 1 @100', '2 stop -1 @95'],
    without: ['1 entry 1 @100', '2 stop -1 @95'],
    events: [],
  },
  {
    what: 'of a short the other way round',
    rules: `${SHORT} stop 5% take at 5%`,
    quarters: [calm, calm, DOWN_THEN_UP],
    fills: ['1 entry -1 @100', '2 take 1 @95'],
    without: ['1 entry -1 @100', '2 stop 1 @105'],
    events: [],
  },
  {
    what: 'stop and target in one quarter: the stop, and it is counted',
    rules: `${LONG} stop 5% take at 5%`,
    quarters: [calm, calm, [flat(100), [100, 106, 94, 100], flat(100), flat(100)]],
    fills: ['1 entry 1 @100', '2 stop -1 @95'],
    without: ['1 entry 1 @100', '2 stop -1 @95'],
    events: ['2 ambiguous'],
  },
  {
    what: 'a gap between quarters fills at the open of the later one',
    rules: `${LONG} stop 5%`,
    quarters: [calm, calm, [flat(100), flat(92), flat(93), flat(94)]],
    fills: ['1 entry 1 @100', '2 stop -1 @92'],
    without: ['1 entry 1 @100', '2 stop -1 @95'],
  },
  {
    what: 'a limit that is only touched in one quarter is gone through in another',
    rules: 'enter long when bar_index == 0 at limit close - 5 size 1 BTC',
    quarters: [calm, [flat(100), [100, 100, 95, 96], [96, 96, 94, 96], flat(96)]],
    fills: ['1 entry 1 @95'],
    without: ['1 entry 1 @95'],
  },
  {
    what: 'an entry inside of a bar: a stop that only the time before it passed is left alone',
    rules: 'enter long when bar_index == 0 at stop close + 5 size 1 BTC stop 6%',
    quarters: [calm, [[100, 100, 98, 99], [99, 106, 99, 106], flat(106), flat(106)]],
    fills: ['1 entry 1 @105'],
    without: ['1 entry 1 @105', '1 stop -1 @98.7'],
  },
  {
    what: 'an entry inside of a bar: a target in a later quarter counts, whatever the close of the bar',
    rules: 'enter long when bar_index == 0 at limit close - 5 size 1 BTC take at 3%',
    quarters: [calm, [[100, 100, 94, 95], [95, 98, 95, 96], flat(96), flat(95.5)]],
    fills: ['1 entry 1 @95', '1 take -1 @97.85'],
    without: ['1 entry 1 @95'],
  },
  {
    what: 'another entry may follow in a later quarter when the market is flat again',
    rules: `setup near long {
  enter when bar_index == 0 at limit close - 2
  size 1 BTC
  stop 1%
}
setup far long {
  enter when bar_index == 0 at limit close - 6
  size 2 BTC
  stop 20%
}`,
    quarters: [calm, [flat(100), [100, 100, 95, 95], [95, 95, 93, 93], flat(93)]],
    fills: ['1 entry 1 @98', '1 stop -1 @97.02', '1 entry 2 @94'],
    without: ['1 entry 1 @98', '1 stop -1 @97.02'],
  },
  {
    what: 'a market order fills at the first open, and an exit that was ordered with it before',
    rules: `${LONG}\nexit long when bar_index == 1`,
    quarters: [calm, [flat(101), flat(102), flat(103), flat(104)], [flat(105), flat(106), flat(107), flat(108)]],
    fills: ['1 entry 1 @101', '2 exit -1 @105'],
    without: ['1 entry 1 @101', '2 exit -1 @105'],
  },
  {
    what: 'an order that must fill at once meets the first quarter alone',
    rules: 'enter long when bar_index == 0 at limit close - 5 ioc size 1 BTC',
    quarters: [calm, [flat(100), flat(94), flat(94), flat(94)]],
    fills: [],
    without: [],
  },
  {
    what: 'a stop-limit that a quarter jumps over waits as a limit from the next quarter on',
    rules: 'enter long when bar_index == 0 at stop close + 5 limit close + 6 size 1 BTC',
    quarters: [calm, [flat(100), flat(108), [108, 108, 105.5, 107], flat(107)]],
    fills: ['1 entry 1 @106'],
    without: ['1 entry 1 @105'],
  },
  {
    what: 'an order that is good until a time within the bar ends at that time',
    rules: 'enter long when bar_index == 0 at limit close - 5 good until 01:30 size 1 BTC',
    quarters: [calm, [flat(100), flat(100), [100, 100, 94, 96], flat(96)]],
    fills: [],
    without: ['1 entry 1 @95'],
  },
  {
    what: 'trails move at closes of the bar only',
    rules: `${LONG} trail 3%`,
    quarters: [
      calm,
      calm,
      [[100, 110, 100, 109], [109, 109, 104, 105], flat(105), flat(105)],
      [flat(107), [107, 107, 106, 106], flat(106), flat(106)],
    ],
    fills: ['1 entry 1 @100', '3 trail -1 @106.7'],
    without: ['1 entry 1 @100', '3 trail -1 @106.7'],
  },
  {
    what: 'a trail knows the range from the entry on, not what came before',
    rules: 'enter long when bar_index == 0 at limit close - 5 size 1 BTC trail 3%',
    quarters: [calm, [[100, 120, 96, 96], [96, 96, 94, 96], flat(96), flat(96)], [flat(96), flat(95), flat(95), flat(95)]],
    // 3 % below 96. The hour alone says 120, so that the trail stands at 116.4 and the next open is beyond it.
    fills: ['1 entry 1 @95'],
    without: ['1 entry 1 @95', '2 trail -1 @96'],
  },
  {
    what: 'adds rest against the position from quarter to quarter, and the stop ends them',
    rules: 'enter long when bar_index == 0 size 1 BTC stop 8% add 100% every 3% against max 3 times',
    quarters: [calm, calm, [flat(100), [100, 100, 96, 96], [96, 96, 91, 91], flat(94)]],
    fills: ['1 entry 1 @100', '2 add 1 @97', '2 add 1 @94.09', '2 stop -3 @92'],
    without: ['1 entry 1 @100', '2 add 1 @97', '2 add 1 @94.09', '2 stop -3 @92'],
  },
];

describe('finer bars decide what happens inside of a bar', () => {
  it.each(CASES)('$what', async ({ rules, run, quarters, fills, without, events }) => {
    const candles = quarters.map(hourOf);
    const outcome = await runCandles({ rules, ...run, candles, quarters });
    expect(outcome.fills).toEqual(fills);
    expect(outcome.events).toEqual(events ?? []);
    expect((await runCandles({ rules, ...run, candles })).fills).toEqual(without);
  });
});

describe('the result of a run with finer bars', () => {
  const rules = `${LONG} stop 5% take at 5%`;

  it('counts the bars that they decided, and those that they do not make up, which are met as they are', async () => {
    const whole = [calm, calm, UP_THEN_DOWN];
    const candles = whole.map(hourOf);
    const full = await runCandles({ rules, candles, quarters: whole });
    expect(full.document.data[0]!.detail).toMatchObject({ timeframe: '15m', barsDecided: 3, barsWithout: 0 });
    expect(full.document.metrics).toMatchObject({ ambiguousBars: 0, ambiguousProfit: 0 });
    // The quarter with the low is missing.
    const torn = await runCandles({ rules, candles, quarters: [calm, [], UP_THEN_DOWN.toSpliced(2, 1)] });
    expect(torn.fills).toEqual(['1 entry 1 @100', '2 stop -1 @95']);
    expect(torn.document.data[0]!.detail).toMatchObject({ barsDecided: 1, barsWithout: 2 });
    expect(torn.document.metrics).toMatchObject({ ambiguousBars: 1, ambiguousProfit: 10 });
    expect(torn.document.warnings).toContainEqual({
      code: 'DETAIL',
      message: '2 of 3 bars are not made up of the 15m bars of --detail: there orders met the bar as it is',
    });
  });

  it('says nothing of them where there were none', async () => {
    expect((await runCandles({ rules, candles: [flat(100), flat(100)] })).document.data[0]).not.toHaveProperty('detail');
  });
});
