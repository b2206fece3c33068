import { describe, expect, it } from 'vitest';
import { type Candle, flat, runCandles } from './candle-run.ts';
import { checkCandles } from './candle-table.ts';

/** Worked out by hand: bars of an hour, the order of bar 0 is decided at 1:00. */
const SECOND = { latency: { ms: 1000 } };
const LONG = 'enter long when bar_index == 0 size 1 BTC';
const rising = Array.from({ length: 8 }, (_, bar) => flat(100 + bar));

describe('latency', () => {
  checkCandles([
    ['an order meets the first bar that opens after it has come', { rules: LONG, costs: SECOND }, rising, ['2 entry 1 @102']],
    ['which may be the one at that very time', { rules: LONG, costs: { latency: { ms: 3_600_000 } } }, rising, ['2 entry 1 @102']],
    ['in bars', { rules: LONG, costs: { latency: { bars: 3 } } }, rising, ['4 entry 1 @104']],
    [
      'a market exit likewise',
      { rules: `${LONG}\nexit long when bar_index == 3`, costs: SECOND },
      rising,
      ['2 entry 1 @102', '5 exit -1 @105'],
    ],
    [
      'an exit that is ordered at every close leaves with the first of its orders',
      { rules: `${LONG}\nexit long when bar_index >= 3`, costs: { latency: { bars: 2 } } },
      rising,
      ['3 entry 1 @103', '6 exit -1 @106'],
    ],
    [
      'and so does an entry',
      { rules: 'enter long when bar_index >= 0 size 1 BTC', costs: { latency: { bars: 2 } } },
      rising,
      ['3 entry 1 @103'],
    ],
    [
      'a resting order is not there before',
      { rules: 'enter long when bar_index == 0 at limit 95 size 1 BTC', costs: SECOND },
      [flat(100), [100, 100, 94, 96], [96, 96, 94, 96]],
      ['2 entry 1 @95'],
    ],
    [
      'priced anew it keeps the time of its first',
      { rules: 'enter long when close >= 100 at limit close - 5 size 1 BTC', costs: SECOND },
      [flat(100), flat(101), flat(102), [102, 102, 96, 99]],
      ['3 entry 1 @97'],
    ],
    [
      'its days are counted from the signal',
      { rules: 'enter long when bar_index == 0 at limit 95 good for 1 bars size 1 BTC', costs: SECOND },
      [flat(100), flat(100), [96, 96, 94, 96]],
      [],
    ],
    [
      'what an order turns into, too',
      { rules: 'enter long when bar_index == 0 at limit 95 else market after 2 bars size 1 BTC', costs: { latency: { bars: 1 } } },
      rising,
      ['4 entry 1 @104'],
    ],
    [
      'cancel is at once',
      {
        rules: 'long { enter when bar_index == 0 at limit 95 size 1 BTC cancel when bar_index == 2 }',
        costs: { latency: { bars: 1 } },
      },
      [flat(100), flat(100), flat(100), [100, 100, 94, 96]],
      [],
    ],
    [
      'and so is the move of a stop',
      { rules: `${LONG} stop 10% breakeven after 5%`, costs: SECOND },
      [flat(100), flat(100), [100, 106, 100, 106], [106, 106, 99, 99]],
      ['2 entry 1 @100', '3 breakeven -1 @100'],
    ],
    [
      'rules decide on, and see nothing of what is on its way',
      {
        rules:
          'setup a long { enter when bar_index == 0 size 1 BTC exit when bar_index == 1 }\nsetup b short { enter when bar_index == 1 size 2 BTC }',
        costs: { latency: { bars: 2 } },
      },
      // Flat at the close of bar 1: there is nothing to close, and a short is ordered, which meets the long.
      rising,
      ['3 entry 1 @103'],
    ],
    [
      'stops and targets wait at the market',
      { rules: `${LONG} stop 5%`, costs: SECOND },
      [flat(100), flat(100), [100, 100, 94, 96]],
      ['2 entry 1 @100', '2 stop -1 @95'],
    ],
    [
      'a reversal as one',
      {
        rules: 'enter long when bar_index == 0\nexit long when bar_index == 3\nenter short when bar_index == 3\nsize 1 BTC',
        costs: SECOND,
      },
      rising,
      ['2 entry 1 @102', '5 exit -1 @105', '5 entry -1 @105'],
    ],
    [
      'an add is ordered once',
      { rules: `${LONG} add 100% when bar_index >= 3 max 5 times`, costs: { latency: { bars: 2 } } },
      rising.slice(0, 7),
      ['3 entry 1 @103', '6 add 1 @106'],
    ],
    [
      'a ladder of adds is there after its first order has come',
      { rules: `${LONG} add 100% every 5% against max 1 times`, costs: SECOND },
      [flat(100), flat(100), flat(100), [100, 100, 94, 96], [96, 96, 94, 96], flat(96)],
      ['2 entry 1 @100', '4 add 1 @95'],
    ],
    [
      'a position that its stop has closed has no exit on its way',
      {
        rules: 'enter long when bar_index == 0 or bar_index == 4\nexit long when bar_index == 2\nsize 1 BTC\nstop 5%',
        costs: SECOND,
      },
      [flat(100), flat(100), flat(100), [100, 100, 94, 94], flat(94), flat(94), flat(94), flat(94)],
      ['2 entry 1 @100', '3 stop -1 @95', '6 entry 1 @94'],
    ],
  ]);

  it('goes with no fills at the close that decided', async () => {
    await expect(runCandles({ rules: LONG, candles: rising, costs: SECOND, conventions: { fillAt: 'close' } })).rejects.toThrow(/close/);
  });

  it('finer bars make it as long as it is', async () => {
    const quarters: readonly (readonly Candle[])[] = [[flat(100)], [flat(100), flat(101), flat(102), flat(103)], [flat(103)]];
    const candles: readonly Candle[] = [flat(100), [100, 103, 100, 103], flat(103)];
    const { fills, document } = await runCandles({ rules: LONG, candles, quarters, costs: { latency: { ms: 16 * 60_000 } } });
    expect(fills).toEqual(['1 entry 1 @102']);
    expect(document.warnings.filter(({ code }) => code === 'LATENCY').map(({ message }) => message)).toEqual([
      expect.stringMatching(/960 s after their decision.* before 1800 s/),
    ]);
  });

  it('a warning tells where it is longer than asked for', async () => {
    const codes = async (latency: { ms: number } | { bars: number }): Promise<readonly string[]> =>
      (await runCandles({ rules: LONG, candles: rising, costs: { latency } })).document.warnings.map(({ code }) => code);
    expect(await codes({ ms: 1000 })).toContain('LATENCY');
    expect(await codes({ ms: 3_600_000 })).not.toContain('LATENCY');
    expect(await codes({ bars: 1 })).not.toContain('LATENCY');
  });
});
