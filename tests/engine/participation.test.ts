import { describe, expect, it } from 'vitest';
import { type Candle, flat, runCandles } from './candle-run.ts';
import { checkCandles } from './candle-table.ts';

/** Worked out by hand: orders may take half of a bar's volume, so that a bar of 8 gives 4 BTC. The lot is 1 BTC where told. */
const HALF = { participation: 0.5 };
const at = (price: number, volume = 8): Candle => flat(price, volume);
const LONG = 'enter long when bar_index == 0 size 10 BTC';
const LIMIT = 'enter long when bar_index == 0 at limit 100 size 10 BTC';

describe('partial fills over several bars', () => {
  checkCandles([
    [
      'a market entry goes on at the next opens',
      { rules: LONG, costs: HALF },
      [at(100), at(100), at(101), at(102), at(103)],
      ['1 entry 4 @100', '2 entry 4 @101', '3 entry 2 @102'],
      ['1 partFilled'],
    ],
    ['without a share of the volume all of it fills at once', { rules: LONG }, [at(100), at(100), at(101)], ['1 entry 10 @100'], []],
    [
      'a bar without volume gives nothing',
      { rules: LONG, costs: HALF },
      [at(100), at(100, 0), at(101, 40)],
      ['2 entry 10 @101'],
      ['1 partFilled'],
    ],
    [
      'in whole lots',
      { rules: LONG, costs: HALF, conventions: { lot: 1 } },
      [at(100), at(100, 7), at(101, 100)],
      ['1 entry 3 @100', '2 entry 7 @101'],
    ],
    [
      'the rest is cut to what the cash pays for at its own price',
      { rules: LONG, costs: HALF, capital: 1000 },
      // 600 are left for the other 6: they cost 150 each.
      [at(100), at(100), at(150), at(150)],
      ['1 entry 4 @100', '2 entry 4 @150'],
      ['1 partFilled', '2 cutToCash'],
    ],
    [
      'a limit order rests with what is left, and the stop of what has filled is in force',
      { rules: `${LIMIT} stop 10%`, costs: HALF },
      [at(102), [102, 103, 99, 101, 8], at(101), [101, 101, 99, 100, 8], [95, 96, 89, 90, 8], at(90)],
      // At the gap to 95 the last 2 fill at the open; the stop at 90 has 2 of the bar's 4 left, the others leave at the next opens.
      ['1 entry 4 @100', '3 entry 4 @100', '4 entry 2 @95', '4 stop -2 @90', '5 stop -4 @90'],
      ['1 partFilled', '4 partFilled'],
    ],
    [
      'and fills no more below a stop that has been drawn up: on the way there the position ends',
      { rules: `${LIMIT} trail 5%`, costs: HALF },
      // 110 draws the stop to 104.5; a bar that falls from 108 to 95 is there before it is at 100.
      [at(102), [102, 103, 99, 101, 8], [105, 110, 105, 110, 8], [108, 108, 95, 96, 40], at(96)],
      ['1 entry 4 @100', '3 trail -4 @104.5'],
    ],
    [
      'what waits of an entry goes when its position ends',
      { rules: `${LIMIT}\nexit long when bar_index == 1`, costs: HALF },
      [at(102), [102, 103, 99, 101, 8], at(101), [101, 101, 99, 100, 8], at(100)],
      ['1 entry 4 @100', '2 exit -4 @101'],
    ],
    [
      'a market entry that an exit overtakes buys no more',
      { rules: `${LONG}\nexit long when bar_index == 1`, costs: HALF },
      [at(100), at(100), at(101), at(102), at(103)],
      ['1 entry 4 @100', '2 exit -4 @101'],
    ],
    [
      'a stop entry goes on as a market order, whatever the price does, and its stop is measured from the first part',
      { rules: 'enter long when bar_index == 0 at stop 105 size 10 BTC stop 10%', costs: HALF },
      [at(100), [100, 106, 100, 104, 8], at(101), at(120), [120, 120, 94, 95, 40], at(95)],
      ['1 entry 4 @105', '2 entry 4 @101', '3 entry 2 @120', '4 stop -10 @94.5'],
      ['1 partFilled'],
    ],
    [
      'a stop-limit entry that was triggered waits at its limit with the rest',
      { rules: 'enter long when bar_index == 0 at stop 105 limit 106 size 10 BTC', costs: HALF },
      [at(100), [100, 107, 100, 107, 8], [108, 108, 107, 107, 8], [107, 107, 105, 106, 40]],
      ['1 entry 4 @105', '3 entry 6 @106'],
    ],
    [
      'an add counts from its first part on',
      {
        rules: `long { enter when bar_index == 0 size 4 BTC add 150% when true max 1 times exit when position.adds == 1 and position.size == 8 }`,
        costs: HALF,
      },
      [at(100), at(100), at(101), at(102), at(103)],
      ['1 entry 4 @100', '2 add 4 @101', '3 exit -4 @102', '4 exit -4 @103'],
    ],
    [
      'ioc takes what there is',
      { rules: 'enter long when bar_index == 0 at limit 105 ioc size 10 BTC', costs: HALF },
      [at(100), at(100), at(100), at(100)],
      ['1 entry 4 @100'],
      ['1 partFilled'],
    ],
    [
      'fok nothing, where that is less than all',
      { rules: 'enter long when bar_index == 0 at limit 105 fok size 10 BTC', costs: HALF },
      [at(100), at(100), at(100, 80)],
      [],
      ['1 partFilled'],
    ],
    [
      'fok all, where there is as much',
      { rules: 'enter long when bar_index == 0 at limit 105 fok size 10 BTC', costs: HALF },
      [at(100), at(100, 20), at(100)],
      ['1 entry 10 @100'],
      [],
    ],
  ]);
});

describe('exits over several bars', () => {
  const bought = [at(100), at(100, 100)];
  checkCandles([
    [
      'a market exit',
      { rules: `${LONG}\nexit long when bar_index == 1`, costs: HALF },
      [...bought, at(101), at(102), at(103), at(104)],
      ['1 entry 10 @100', '2 exit -4 @101', '3 exit -4 @102', '4 exit -2 @103'],
      ['2 partFilled'],
    ],
    [
      'a share of the position is that of what was held at its first fill',
      { rules: `${LONG}\nexit long 60% when bar_index == 1`, costs: HALF },
      [...bought, at(101), at(102), at(103), at(104)],
      ['1 entry 10 @100', '2 exit -4 @101', '3 exit -2 @102'],
    ],
    [
      'a triggered stop becomes a market order for what is left, whatever the price does',
      { rules: `${LONG} stop 5%`, costs: HALF },
      [...bought, [100, 100, 94, 99, 8], at(99), at(104), at(104)],
      ['1 entry 10 @100', '2 stop -4 @95', '3 stop -4 @99', '4 stop -2 @104'],
      ['2 partFilled'],
    ],
    [
      'a triggered stop-limit waits at its limit',
      { rules: `${LONG} stop 5% limit 1%`, costs: HALF },
      // The limit lies one percent of the entry below the level: 94.
      [...bought, [100, 100, 94.5, 94.5, 8], [93, 93.5, 92, 93, 8], [93, 97, 93, 97, 100], at(97)],
      ['1 entry 10 @100', '2 stop -4 @95', '4 stop -6 @94'],
    ],
    [
      'a target rests with what is left, and the stop is in force',
      { rules: `${LONG} stop 10% take at 5%`, costs: HALF },
      [...bought, [100, 106, 100, 104, 8], [104, 104, 103, 103, 8], [103, 106, 103, 104, 8], [104, 104, 89, 90, 8]],
      ['1 entry 10 @100', '2 take -4 @105', '4 take -4 @105', '5 stop -2 @90'],
      ['2 partFilled'],
    ],
    [
      'two targets in one bar share its volume',
      { rules: `${LONG} take 50% at 2%, rest at 4%`, costs: HALF },
      [...bought, [100, 105, 100, 103, 14], [103, 105, 103, 103, 100]],
      // Of 7 the first takes 5 and the second 2.
      ['1 entry 10 @100', '2 take -5 @102', '2 take -2 @104', '3 take -3 @104'],
    ],
    [
      'closeAtEnd may leave a rest',
      { rules: LONG, costs: HALF, conventions: { closeAtEnd: true } },
      [...bought, at(101), at(102)],
      ['1 entry 10 @100', '3 end -4 @102'],
    ],
    [
      'a limit exit rests with what is left',
      { rules: `${LONG}\nexit long when bar_index == 1 at limit 105`, costs: HALF },
      [...bought, [100, 106, 100, 104, 8], at(104), [104, 106, 104, 104, 8], at(110, 4)],
      ['1 entry 10 @100', '2 exit -4 @105', '4 exit -4 @105', '5 exit -2 @110'],
    ],
    [
      'a reversal waits until all of the other side has left',
      { rules: 'enter long when bar_index == 0\nexit long when bar_index == 1\nenter short when bar_index == 1\nsize 10 BTC', costs: HALF },
      [...bought, at(101), at(102), at(103), at(104), at(105)],
      ['1 entry 10 @100', '2 exit -4 @101', '3 exit -4 @102', '4 exit -2 @103', '4 entry -2 @103', '5 entry -4 @104', '6 entry -4 @105'],
    ],
    [
      'while a position leaves, targets and resting exits wait no more',
      { rules: `${LONG} take at 5%\nexit long when bar_index == 1`, costs: HALF },
      [...bought, [101, 106, 101, 104, 8], at(104), at(104), at(104)],
      ['1 entry 10 @100', '2 exit -4 @101', '3 exit -4 @104', '4 exit -2 @104'],
    ],
    [
      'the venue takes a position over as a whole',
      { rules: 'account { leverage 5 }\nenter long when bar_index == 0 size 500% of equity', capital: 10_000, costs: HALF },
      [at(100), at(100, 1000), [100, 100, 70, 75, 8]],
      // 10,000 and 0.5 % of the value: 80.40201005, as in margin.test.ts.
      ['1 entry 500 @100', '2 liquidation -500 @80.40201005'],
    ],
    [
      'adds share the volume, and an add that is filling goes on before the next',
      { rules: `${LONG} add 60% when bar_index == 1 max 2 times`, costs: HALF },
      [...bought, at(101), at(102), at(103)],
      ['1 entry 10 @100', '2 add 4 @101', '3 add 2 @102'],
    ],
    [
      'a ladder places its next rung once all of the last has filled',
      { rules: `${LONG} add 50% every 5% against max 2 times`, costs: HALF },
      [...bought, [100, 100, 94, 96, 8], [96, 96, 94.5, 95, 8], [95, 95, 90, 91, 100]],
      // The second rung lies 5 % below 95.
      ['1 entry 10 @100', '2 add 4 @95', '3 add 1 @95', '4 add 5 @90.25'],
    ],
  ]);

  it('finer bars have a volume of their own', async () => {
    const quarters = [[at(100)], [at(100, 2), at(101, 2), at(102, 2), at(103, 2)], [at(103, 40)]];
    const candles: readonly Candle[] = [at(100), [100, 103, 100, 103, 8], at(103, 40)];
    const { fills } = await runCandles({ rules: 'enter long when bar_index == 0 size 5 BTC', candles, quarters, costs: HALF });
    expect(fills).toEqual(['1 entry 1 @100', '1 entry 1 @101', '1 entry 1 @102', '1 entry 1 @103', '2 entry 1 @103']);
  });

  it('a warning counts the orders', async () => {
    const { document } = await runCandles({ rules: LONG, candles: [at(100), at(100), at(101)], costs: HALF });
    expect(document.warnings.filter(({ code }) => code === 'PART_FILLED')).toHaveLength(1);
    expect(document.settings.participation).toBe(0.5);
  });
});
