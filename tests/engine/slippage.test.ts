import { describe, expect, it } from 'vitest';
import { parseSlippage } from '#core/model/slippage-text.ts';
import { type Candle, flat, runCandles } from './candle-run.ts';
import { checkCandles } from './candle-table.ts';

/** Worked out by hand from docs/engine.md, "Prices". */
const by = (text: string): { readonly slippage: NonNullable<ReturnType<typeof parseSlippage>> } => ({ slippage: parseSlippage(text)! });
const LONG = 'enter long when bar_index == 0 size 10 BTC';
const OUT = '\nexit long when bar_index == 1';

describe('spread', () => {
  checkCandles([
    [
      'half of it, both ways',
      { rules: LONG + OUT, costs: by('spread:2%') },
      [flat(100), flat(100), flat(100)],
      ['1 entry 10 @101', '2 exit -10 @99'],
    ],
    [
      'in pips of the market',
      { rules: LONG + OUT, costs: by('spread:200pips') },
      [flat(1), flat(1), flat(1)],
      ['1 entry 10 @1.01', '2 exit -10 @0.99'],
    ],
    ['added to a fixed share', { rules: LONG, costs: by('1% + spread:2%') }, [flat(100), flat(100)], ['1 entry 10 @102']],
    [
      'not of what rested in the book',
      { rules: 'enter long when bar_index == 0 at limit 95 size 10 BTC', costs: by('spread:2%') },
      [flat(100), [100, 100, 94, 95]],
      ['1 entry 10 @95'],
    ],
    [
      // Bought at 105 + 5 %, which the stop is below by less: the market was at 105 when it came into force.
      'a stop that it puts beyond the market fills at the market',
      { rules: 'enter long when bar_index == 0 at stop 105 size 10 BTC stop 1%', costs: by('spread:10%') },
      [flat(100), [100, 112, 100, 108]],
      ['1 entry 10 @110.25', '1 stop -10 @99.75'],
    ],
    [
      'that of a short as well',
      { rules: 'enter short when bar_index == 0 at stop 95 size 10 BTC stop 1%', costs: by('spread:10%') },
      [flat(100), [100, 100, 88, 92]],
      ['1 entry -10 @90.25', '1 stop 10 @99.75'],
    ],
    [
      'a stop pays it, never beyond its limit',
      { rules: 'enter long when bar_index == 0 at stop 105 limit 105.5 size 10 BTC', costs: by('spread:2%') },
      [flat(100), [100, 106, 100, 105]],
      ['1 entry 10 @105.5'],
    ],
  ]);
});

describe('volume share', () => {
  const at = (volume: number): Candle => flat(100, volume);
  checkCandles([
    // 0.1 * (10 / 100)^2 = 0.1 %
    ['grows with the square of the share', { rules: LONG, costs: by('volume-share:0.1') }, [at(100), at(100)], ['1 entry 10 @100.1']],
    [
      // The exit has taken 10 of 100 when the entry takes 10 more: 0.1 * (20 / 100)^2 = 0.4 %.
      'of all that the bar has given so far',
      {
        rules: 'enter long when bar_index == 0\nexit long when bar_index == 1\nenter short when bar_index == 1\nsize 10 BTC',
        costs: by('volume-share:0.1'),
      },
      [at(100), at(100), at(100)],
      ['1 entry 10 @100.1', '2 exit -10 @99.9', '2 entry -10 @99.6'],
    ],
    ['at most that of all of the volume', { rules: LONG, costs: by('volume-share:0.1') }, [at(100), at(1)], ['1 entry 10 @110']],
    ['which a bar without volume takes', { rules: LONG, costs: by('volume-share:0.1') }, [at(100), at(0)], ['1 entry 10 @110']],
    ['never more than half of the price', { rules: LONG, costs: by('volume-share:9') }, [at(100), at(1)], ['1 entry 10 @150']],
    [
      'nor do both models together',
      { rules: 'enter long when bar_index == 2 size 10 BTC', costs: by('volume-share:0.3 + square-root:3') },
      // 0.3 for all of the volume, and 3 * 10 % * sqrt(10 / 10) = 0.3.
      [flat(100, 10), flat(110, 10), flat(99, 10), flat(100, 10)],
      ['3 entry 10 @150'],
    ],
    [
      'sizes at the fill are made without it',
      { rules: 'enter long when bar_index == 0 size 1000 USDT', costs: by('volume-share:0.1'), conventions: { sizeAt: 'fill' } },
      [at(100), at(100)],
      ['1 entry 10 @100.1'],
    ],
    [
      'what the participation leaves costs less',
      { rules: LONG, costs: { ...by('volume-share:0.1'), participation: 0.05 } },
      [at(100), at(100), at(100)],
      ['1 entry 5 @100.025', '2 entry 5 @100.025'],
      ['1 partFilled'],
    ],
    [
      // 1,000 pay for 9.99 at the price of 10 of 100; the price of 9.99 is a little lower.
      'what the cash cuts costs less',
      { rules: LONG, costs: by('volume-share:0.1'), capital: 1000 },
      [at(100), at(100)],
      ['1 entry 9.99000999 @100.0998003'],
      ['1 cutToCash'],
    ],
  ]);
});

describe('square root', () => {
  // Closes 100, 110, 99: changes of +10 % and -10 %, so that sigma is 10 %, at 400 a bar. 4 of them: 1 * 10 % * sqrt(4 / 400) = 1 %.
  const bars: readonly Candle[] = [flat(100, 400), [100, 110, 100, 110, 400], [110, 110, 99, 99, 400], [100, 100, 100, 100, 1e9]];
  checkCandles([
    [
      'by sigma and volume of closed bars, whatever the bar of the fill trades',
      { rules: 'enter long when bar_index == 2 size 4 BTC', costs: by('square-root:1') },
      bars,
      ['3 entry 4 @101'],
    ],
    [
      'of bars that finer ones decide as well',
      {
        rules: 'enter long when bar_index == 2 size 4 BTC',
        costs: by('square-root:1'),
        quarters: [
          [flat(100), flat(100), flat(100), flat(100)],
          [[100, 110, 100, 110], flat(110), flat(110), flat(110)],
          [[110, 110, 99, 99], flat(99), flat(99), flat(99)],
          [flat(100), flat(100), flat(100), flat(100)],
        ],
      },
      bars,
      ['3 entry 4 @101'],
    ],
    ['times Y', { rules: 'enter short when bar_index == 2 size 16 BTC', costs: by('square-root:0.5') }, bars, ['3 entry -16 @99']],
    [
      'nothing before there is a change',
      { rules: 'enter long when bar_index == 0 size 4 BTC', costs: by('square-root:1') },
      bars,
      ['1 entry 4 @100'],
    ],
  ]);

  it('the report counts it', async () => {
    const { document } = await runCandles({ rules: LONG, candles: [flat(100, 100), flat(100, 100)], costs: by('volume-share:0.1') });
    expect(document.settings.slippage).toEqual({ volumeShare: 0.1 });
    expect(document.metrics.slippage).toBeCloseTo(1, 9);
    expect(document.warnings.map(({ code }) => code)).not.toContain('NO_COSTS');
  });
});
