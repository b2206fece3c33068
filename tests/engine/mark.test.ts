import { describe, expect, it } from 'vitest';
import { type Candle, flat, runCandles } from './candle-run.ts';

/** As in margin.test.ts: 500 BTC at 100 with 10,000 behind them are liquidated at 80.40201005. */
const FIVE = 'account { leverage 5 }\n';
const ALL_IN = 'enter long when bar_index == 0 size 500% of equity';
const run = async (candles: readonly Candle[], marks: readonly (Candle | null)[], rules = FIVE + ALL_IN) =>
  runCandles({ rules, capital: 10_000, candles, marks });

describe('a position on margin is liquidated by the mark price', () => {
  it('and not by a trade far from it', async () => {
    const { fills } = await run([flat(100), flat(100), [100, 100, 70, 99]], [flat(100), flat(100), [100, 100, 95, 99]]);
    expect(fills).toEqual(['1 entry 500 @100']);
  });

  it('where the market itself has not been, at the nearest price that it had', async () => {
    const { fills } = await run([flat(100), flat(100), [100, 100, 95, 99]], [flat(100), flat(100), [100, 100, 79, 99]]);
    expect(fills).toEqual(['1 entry 500 @100', '2 liquidation -500 @95']);
  });

  it('at its level where both were', async () => {
    const { fills } = await run([flat(100), flat(100), [100, 100, 70, 99]], [flat(100), flat(100), [100, 100, 75, 99]]);
    expect(fills).toEqual(['1 entry 500 @100', '2 liquidation -500 @80.40201005']);
  });

  it('at the open of the market where the mark opens beyond', async () => {
    const { fills } = await run([flat(100), flat(100), [90, 95, 85, 90]], [flat(100), flat(100), [80, 95, 80, 90]]);
    expect(fills).toEqual(['1 entry 500 @100', '2 liquidation -500 @90']);
  });

  it('of a short likewise', async () => {
    const short = `${FIVE}enter short when bar_index == 0 size 500% of equity`;
    const calm = await run([flat(100), flat(100), [100, 130, 100, 101]], [flat(100), flat(100), [100, 105, 100, 101]], short);
    expect(calm.fills).toEqual(['1 entry -500 @100']);
    const wild = await run([flat(100), flat(100), [100, 105, 100, 101]], [flat(100), flat(100), [100, 130, 100, 101]], short);
    expect(wild.fills).toEqual(['1 entry -500 @100', '2 liquidation 500 @105']);
  });

  it('where none is known, by the candles', async () => {
    const { fills, document } = await run([flat(100), flat(100), [100, 100, 70, 99]], [flat(100), flat(100), null]);
    expect(fills).toEqual(['1 entry 500 @100', '2 liquidation -500 @80.40201005']);
    expect(document.data[0]!.mark).toMatchObject({ rows: 2 });
    expect(JSON.stringify(document.warnings)).toContain('1 of 3 bars have no mark price');
  });

  it('a stop that the market meets first goes first', async () => {
    const rules = `${FIVE}enter long when bar_index == 0 size 500% of equity\nstop 10%`;
    const { fills } = await run([flat(100), flat(100), [100, 100, 70, 80]], [flat(100), flat(100), [100, 100, 70, 80]], rules);
    expect(fills).toEqual(['1 entry 500 @100', '2 stop -500 @90']);
  });

  it('an add that rests beyond the level fills while the mark is far from there', async () => {
    // 100 BTC with 2,000 of their own behind them are liquidated at 80.40, before the market is at 70; 8,000 are free for an add.
    const rules =
      'account { leverage 5 margin isolated }\nenter long when bar_index == 0 size 100 BTC add 10% every 30% against max 1 times';
    const candles: Candle[] = [flat(100), flat(100), [100, 100, 69, 99]];
    const far: Candle[] = [flat(100), flat(100), [100, 100, 98, 99]];
    expect((await run(candles, far, rules)).fills).toEqual(['1 entry 100 @100', '2 add 10 @70']);
    expect((await run(candles, candles, rules)).fills).toEqual(['1 entry 100 @100', '2 liquidation -100 @80.40201005']);
  });

  it('inside of bars that finer ones tell of, these do', async () => {
    const hour = (price: number): Candle[] => Array.from({ length: 4 }, () => flat(price));
    const { fills } = await runCandles({
      rules: FIVE + ALL_IN,
      capital: 10_000,
      candles: [flat(100), flat(100), flat(100)],
      quarters: [hour(100), hour(100), hour(100)],
      marks: [flat(100), flat(100), [100, 100, 70, 100]],
    });
    expect(fills).toEqual(['1 entry 500 @100']);
  });
});

describe('funding', () => {
  it('is counted on the mark price', async () => {
    const rules = 'costs { funding true }\nenter long when bar_index == 0 size 100 BTC';
    const candles = [flat(100), flat(100), flat(100), flat(100), flat(100)];
    const funding = [0, 0, 0.001, 0, 0.001];
    const margin = { fundingMs: 2 * 3_600_000 };
    // 100 BTC at 110 and 0.1 %; the fifth bar has no mark price.
    const marks = [flat(100), flat(100), flat(110), flat(100), null];
    const { charges } = await runCandles({ rules, candles, funding, margin, marks });
    expect(charges).toEqual(['2 funding 11', '4 funding 10']);
  });
});

describe('marks that are none', () => {
  const candles = [flat(100), flat(100), flat(100)];
  it.each([
    ['of another price', [flat(10), flat(10), flat(10)], 'more than half away'],
    ['of another time', [null, null, null], 'none of the 3 bars'],
  ])('%s are refused', async (_, marks, says) => {
    await expect(run(candles, marks)).rejects.toThrow(says);
  });
});
