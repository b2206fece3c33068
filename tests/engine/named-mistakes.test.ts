import { describe, expect, test } from 'vitest';
import { type Candle, flat, runCandles } from './candle-run.ts';

/**
 * Mistakes that simulators are known for, each by its name. Partial fills, fees in the base coin, dust and minimum notional have theirs beside the models of
 * costs; a mis-stamped feed is in tests/reference/stamps.test.ts, decisions that fill at known prices in invariants.prop.test.ts.
 */
describe('named mistakes', () => {
  test('stop and target in one bar', async () => {
    const rules = 'enter long when bar_index == 0\nsize 10 BTC\nstop 5%\ntake at 5%';
    const { fills, document } = await runCandles({ rules, candles: [flat(100), flat(100), [100, 106, 94, 105]] });
    expect(fills).toEqual(['1 entry 10 @100', '2 stop -10 @95']);
    // What the target would have brought more is told.
    expect([document.metrics.ambiguousBars, document.metrics.ambiguousProfit]).toEqual([1, 100]);
    // Finer bars know: here the target came first.
    const quarters = [[flat(100)], [flat(100)], [[100, 106, 100, 105], [105, 105, 94, 94], flat(94), [94, 105, 94, 105]]] as const;
    const inside = await runCandles({ rules, candles: [flat(100), flat(100), [100, 106, 94, 105]], quarters });
    expect(inside.fills).toEqual(['1 entry 10 @100', '2 take -10 @105']);
    expect(inside.document.metrics.ambiguousBars).toBe(0);
  });

  test('gap through both', async () => {
    const rules = 'enter long when bar_index == 0\nsize 10 BTC\nstop 5%\ntake at 5%';
    // Beyond the stop, then up to the target: the open was first. Beyond the target, then down to the stop: the open was first.
    const down = await runCandles({ rules, candles: [flat(100), flat(100), [90, 120, 80, 110]] });
    expect(down.fills).toEqual(['1 entry 10 @100', '2 stop -10 @90']);
    const up = await runCandles({ rules, candles: [flat(100), flat(100), [110, 120, 80, 90]] });
    expect(up.fills).toEqual(['1 entry 10 @100', '2 take -10 @110']);
    expect([down, up].map(({ document }) => document.metrics.ambiguousBars)).toEqual([0, 0]);
    // A resting stop-limit entry that the market opened beyond waits at its limit.
    const entry = 'enter long when bar_index == 0 at stop 105 limit 106\nsize 10 BTC\nstop 20%';
    const passed = await runCandles({ rules: entry, candles: [flat(100), [110, 112, 109, 111], [111, 111, 104, 105]] });
    expect(passed.fills).toEqual(['2 entry 10 @106']);
  });

  test('limit touched but not traded through', async () => {
    const rules = 'enter long when bar_index == 0 at limit 95\nsize 10 BTC\nstop 20%';
    const candles: Candle[] = [flat(100), [100, 100, 95, 98], [98, 99, 94.99, 98]];
    expect((await runCandles({ rules, candles })).fills).toEqual(['2 entry 10 @95']);
    expect((await runCandles({ rules, candles, conventions: { limitFill: 'touch' } })).fills).toEqual(['1 entry 10 @95']);
    const target = 'enter long when bar_index == 0\nsize 10 BTC\nstop 20%\ntake at 5%';
    expect((await runCandles({ rules: target, candles: [flat(100), flat(100), [100, 105, 100, 103]] })).fills).toEqual(['1 entry 10 @100']);
  });

  test('reversal in one bar', async () => {
    const { fills, document } = await runCandles({
      rules: 'enter long when bar_index == 0\nexit long when bar_index == 2\nenter short when bar_index == 2\nsize 10 BTC\nstop 20%',
      candles: [flat(100), flat(100), flat(110), flat(112), flat(112)],
      feeRate: 0.001,
    });
    // Two fills at one open, two fees, the exit first.
    expect(fills).toEqual(['1 entry 10 @100', '3 exit -10 @112', '3 entry -10 @112']);
    expect(document.trades.map(({ side, exitReason }) => `${side} ${exitReason}`)).toEqual(['long reverse', 'short open']);
    expect(document.metrics.fees).toBeCloseTo(1 + 1.12 + 1.12, 9);
  });

  test('liquidation before stop', async () => {
    // At five times, all of a margin of 20 is gone at 80 and 0.5 % of maintenance earlier: the stop at 75 is never reached.
    const { fills, document } = await runCandles({
      rules: 'account { leverage 5 margin isolated }\nenter long when bar_index == 0\nsize 10 BTC\nstop 25%',
      candles: [flat(100), flat(100), [100, 100, 60, 100]],
    });
    // 10 * (100 - x) = 200 - 0.005 * 10 * x
    const level = 800 / 9.95;
    expect(document.trades[0]).toMatchObject({ exitReason: 'liquidation', exitPrice: expect.closeTo(level, 9) });
    expect(fills).toHaveLength(2);
  });

  test('funding at the moment of entry', async () => {
    // 16:00 UTC is the open of bar 8: who enters there pays nothing, who leaves there does.
    const run = (entry: number, exit: number): ReturnType<typeof runCandles> =>
      runCandles({
        rules: `costs { funding true }\nenter long when bar_index == ${entry - 1}\nexit long when bar_index == ${exit - 1}\nsize 10 BTC\nstop 20%`,
        candles: Array.from({ length: 14 }, () => flat(100)),
        funding: Array.from({ length: 14 }, () => 0.001),
        start: Date.UTC(2024, 0, 1, 8),
      });
    expect((await run(8, 12)).charges).toEqual([]);
    expect((await run(7, 8)).charges).toEqual(['8 funding 1']);
    expect((await run(7, 12)).charges).toEqual(['8 funding 1']);
  });

  test('delisting', async () => {
    const { fills } = await runCandles({
      rules: 'enter long when bar_index == 0 or bar_index == 2\nsize 10 BTC\nstop 50%',
      candles: [flat(100), flat(100), [100, 100, 70, 80]],
      isDelisted: true,
    });
    expect(fills).toEqual(['1 entry 10 @100', '2 delisting -10 @80']);
  });

  test('split over a position', async () => {
    const { fills, equity } = await runCandles({
      rules: 'enter long when bar_index == 0\nsize 10 BTC\nstop 10%',
      candles: [flat(400), flat(400), flat(100), [100, 100, 89, 95]],
      actions: new Map([[2, { ratio: 4, priceFactor: 0.25 }]]),
    });
    expect(fills).toEqual(['1 entry 40 @100', '3 stop -40 @90']);
    expect([...equity]).toEqual([100_000, 100_000, 100_000, 99_600]);
  });

  test('DST change', async () => {
    // New York goes from UTC-5 to UTC-4 on Sunday 10 March 2024: its nine o'clock is 14:00 UTC on Friday and 13:00 on Monday.
    const start = Date.UTC(2024, 2, 8);
    const { document } = await runCandles({
      rules: [
        'session ny { hours 09:00..16:00 zone "America/New_York" days mon..fri }',
        'enter long when ny.first',
        'exit long when ny.last',
        'size 1 BTC',
        'stop 20%',
        'risk { max orders 1 per day }',
      ].join('\n'),
      candles: Array.from({ length: 96 }, () => flat(100)),
      start,
    });
    expect(document.trades.map(({ entryTime, exitTime }) => [entryTime, exitTime])).toEqual([
      ['2024-03-08T15:00:00.000Z', '2024-03-08T21:00:00.000Z'],
      ['2024-03-11T14:00:00.000Z', '2024-03-11T20:00:00.000Z'],
    ]);
  });

  test('missing bars', async () => {
    // Bars 2 to 4 are not there: the exit ordered at the close of bar 1 fills at the next open that is, gap and all; a stop too.
    const skipped = [2, 3, 4];
    const exit = await runCandles({
      rules: 'enter long when bar_index == 0\nexit long when bar_index == 1\nsize 10 BTC\nstop 50%',
      candles: [flat(100), flat(100), flat(90), flat(90)],
      skipped,
    });
    expect(exit.fills).toEqual(['1 entry 10 @100', '2 exit -10 @90']);
    expect(exit.document.trades[0]!.exitTime).toBe('2024-01-01T05:00:00.000Z');
    const stop = await runCandles({
      rules: 'enter long when bar_index == 0\nsize 10 BTC\nstop 5%',
      candles: [flat(100), flat(100), [90, 120, 90, 110]],
      skipped,
    });
    expect(stop.fills).toEqual(['1 entry 10 @100', '2 stop -10 @90']);
    // No bar is invented: an order that is good for one bar is so for the one that is there.
    const good = await runCandles({
      rules: 'enter long when bar_index == 1 at limit 95 good for 1 bar\nsize 10 BTC\nstop 50%',
      candles: [flat(100), flat(100), flat(90), flat(90)],
      skipped,
    });
    expect(good.fills).toEqual(['2 entry 10 @90']);
  });

  test('zero volume', async () => {
    // Nobody traded in bar 1: an order that takes a share of the volume waits for bar 2.
    const candles: Candle[] = [flat(100, 50), flat(100, 0), flat(101, 50), flat(101, 50)];
    const rules = 'enter long when bar_index == 0\nsize 5 BTC\nstop 50%';
    expect((await runCandles({ rules, candles, costs: { participation: 0.5 } })).fills).toEqual(['2 entry 5 @101']);
    // Without a model of volume it fills at the price of the bar, as the file is warned about.
    expect((await runCandles({ rules, candles })).fills).toEqual(['1 entry 5 @100']);
  });
});
