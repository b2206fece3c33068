import { describe, expect, it } from 'vitest';
import { flat, runCandles } from './candle-run.ts';
import { checkCandles } from './candle-table.ts';

/**
 * Worked out by hand: no fee and no slippage, maintenance margin 0.5 % of the value unless told, and 10,000 in the account. Five times that at 100 are 500 BTC
 * with 40,000 borrowed, so that the price at which 0.5 % are left of the value v is v / 500 with v - 40,000 = 0.005 v: 80.40201005.
 */
const FIVE = 'account { leverage 5 }\n';
const ISOLATED = 'account { leverage 5 margin isolated }\n';
const ALL_IN = 'enter long when bar_index == 0 size 500% of equity';
const capital = 10_000;

describe('leverage', () => {
  checkCandles([
    [
      'a position may be worth so many times the account',
      { rules: FIVE + ALL_IN, capital },
      [flat(100), flat(100)],
      ['1 entry 500 @100'],
      [],
    ],
    [
      'and no more',
      { rules: `${FIVE}enter long when bar_index == 0 size 800% of equity`, capital },
      [flat(100), flat(100)],
      ['1 entry 500 @100'],
      ['1 cutToCash'],
    ],
    [
      'a short likewise',
      { rules: `${FIVE}enter short when bar_index == 0 size 800% of equity`, capital },
      [flat(100), flat(100)],
      ['1 entry -500 @100'],
      ['1 cutToCash'],
    ],
    [
      // v / 5 + 0.001 v = 10,000
      'the fee is paid beside the margin',
      { rules: FIVE + ALL_IN, capital, feeRate: 0.001 },
      [flat(100), flat(100)],
      ['1 entry 497.5124378 @100'],
      ['1 cutToCash'],
    ],
    [
      // At 80 the 250 BTC have lost 5,000; of the other 5,000 they take 250 * 80 / 5 = 4,000, which leaves 1,000 for 5,000 worth.
      'an add takes what margin the loss has left',
      { rules: `${FIVE}enter long when bar_index == 0 size 250 BTC add 100% when bar_index == 1 max 1 times`, capital },
      [flat(100), [100, 100, 80, 80], flat(80)],
      ['1 entry 250 @100', '2 add 62.5 @80'],
      ['2 cutToCash'],
    ],
    [
      // At 110 the short has lost 2,500; of the other 7,500 it takes 250 * 110 / 5 = 5,500, which leaves 2,000 for 10,000 worth.
      'and that of a short',
      { rules: `${FIVE}enter short when bar_index == 0 size 250 BTC add 100% when bar_index == 1 max 1 times`, capital },
      [flat(100), [100, 110, 100, 110], flat(110)],
      ['1 entry -250 @100', '2 add -90.90909091 @110'],
      ['2 cutToCash'],
    ],
    [
      // Its own margin of 5,000 is bound, whatever it has lost: 5,000 are free for 25,000 worth.
      'an isolated add takes what is not bound',
      { rules: `${ISOLATED}enter long when bar_index == 0 size 250 BTC add 200% when bar_index == 1 max 1 times`, capital },
      [flat(100), [100, 100, 90, 90], flat(90)],
      ['1 entry 250 @100', '2 add 277.7777778 @90'],
      ['2 cutToCash'],
    ],
    [
      'without it a position is paid in full',
      { rules: `account { leverage 1 }\n${ALL_IN}`, capital },
      [flat(100), flat(100)],
      ['1 entry 100 @100'],
      ['1 cutToCash'],
    ],
  ]);

  it('gains and losses are those of the whole position', async () => {
    const { equity } = await runCandles({ rules: FIVE + ALL_IN, capital, candles: [flat(100), flat(100), flat(103), flat(99)] });
    expect([...equity]).toEqual([10_000, 10_000, 11_500, 9500]);
  });

  it('a long pays borrow on the money it does not have', async () => {
    const rules = `${FIVE}costs { borrow 8.76% }\n${ALL_IN}`;
    const { charges } = await runCandles({ rules, capital, candles: [flat(100), flat(100), flat(100), flat(100)] });
    // 8.76 % of 40,000 a year are 0.4 an hour, then a little more, as that is borrowed too.
    expect(charges).toEqual(['2 borrow 0.4', '3 borrow 0.400004']);
  });

  it('is refused where liquidation would come at once', async () => {
    const run = runCandles({ rules: `account { leverage 200 }\n${ALL_IN}`, candles: [flat(100)] });
    await expect(run).rejects.toMatchObject({ code: 'USAGE', message: expect.stringContaining('liquidated at 0.5%') });
  });
});

describe('liquidation', () => {
  checkCandles([
    [
      'closes a long where its margin is used up',
      { rules: FIVE + ALL_IN, capital },
      [flat(100), flat(100), [100, 101, 80, 90]],
      ['1 entry 500 @100', '2 liquidation -500 @80.40201005'],
    ],
    ['and not before', { rules: FIVE + ALL_IN, capital }, [flat(100), flat(100), [100, 101, 80.41, 90]], ['1 entry 500 @100']],
    [
      // 60,000 in cash, 500 BTC owed: 60,000 - v = 0.005 v.
      'closes a short the same way round',
      { rules: `${FIVE}enter short when bar_index == 0 size 500% of equity`, capital },
      [flat(100), flat(100), [100, 120, 99, 110]],
      ['1 entry -500 @100', '2 liquidation 500 @119.4029851'],
    ],
    [
      'at the open of a bar that opens beyond',
      { rules: FIVE + ALL_IN, capital },
      [flat(100), flat(100), [78, 85, 77, 84]],
      ['1 entry 500 @100', '2 liquidation -500 @78'],
    ],
    [
      'on the bar of the entry as well',
      { rules: FIVE + ALL_IN, capital },
      [flat(100), [100, 101, 80, 90]],
      ['1 entry 500 @100', '1 liquidation -500 @80.40201005'],
    ],
    [
      // 526.3157895 BTC at 95, 40,000 borrowed.
      'of an entry inside of a bar against the whole bar',
      { rules: `${FIVE}enter long when bar_index == 0 at limit 95 size 500% of equity`, capital },
      [flat(100), [100, 100, 70, 90]],
      ['1 entry 526.3157895 @95', '1 liquidation -526.3157895 @76.38190955'],
    ],
    [
      'comes before a stop that lies behind it',
      { rules: `${FIVE}${ALL_IN} stop at 75`, capital },
      [flat(100), flat(100), [100, 101, 70, 90]],
      ['1 entry 500 @100', '2 liquidation -500 @80.40201005'],
    ],
    [
      'comes after a stop that lies before it',
      { rules: `${FIVE}${ALL_IN} stop at 85`, capital },
      [flat(100), flat(100), [100, 101, 70, 90]],
      ['1 entry 500 @100', '2 stop -500 @85'],
    ],
    [
      'of both in a gap it is the liquidation',
      { rules: `${FIVE}${ALL_IN} stop at 85`, capital },
      [flat(100), flat(100), [80, 90, 70, 90]],
      ['1 entry 500 @100', '2 liquidation -500 @80'],
    ],
    [
      'a gap over the stop alone is the stop',
      { rules: `${FIVE}${ALL_IN} stop at 85`, capital },
      [flat(100), flat(100), [82, 90, 70, 90]],
      ['1 entry 500 @100', '2 stop -500 @82'],
    ],
    [
      'a stop-limit that does not fill leaves the position to it',
      { rules: `${FIVE}${ALL_IN} stop at 85 limit 1%`, capital },
      [flat(100), flat(100), [82, 83, 70, 90]],
      ['1 entry 500 @100', '2 liquidation -500 @80.40201005'],
    ],
    [
      'a target in the same bar is not taken, and told',
      { rules: `${FIVE}${ALL_IN} take at 5%`, capital },
      [flat(100), flat(100), [100, 106, 80, 90]],
      ['1 entry 500 @100', '2 liquidation -500 @80.40201005'],
      ['2 ambiguous'],
    ],
    [
      'a market exit at an open beyond it fills first',
      { rules: `${FIVE}${ALL_IN}\nexit long when bar_index == 1`, capital },
      [flat(100), flat(100), [78, 85, 77, 84]],
      ['1 entry 500 @100', '2 exit -500 @78'],
    ],
    [
      'adds against the position end at it',
      { rules: `${FIVE}enter long when bar_index == 0 size 400 BTC add 10% every 30% against max 1 times`, capital },
      [flat(100), flat(100), [100, 100, 60, 60]],
      // 30,000 borrowed for 400 BTC; the add would lie at 70.
      ['1 entry 400 @100', '2 liquidation -400 @75.37688442'],
    ],
    [
      // 250 BTC at 100 with 15,000 borrowed, 250 more at 120 with 30,000: 500 BTC for 45,000, liquidated at 90.45226131.
      'meets what was added on the way up by the close of that bar',
      { rules: `${FIVE}enter long when bar_index == 0 size 250 BTC add 100% every 20% in_favor max 1 times`, capital },
      [flat(100), flat(100), [100, 121, 88, 89]],
      ['1 entry 250 @100', '2 add 250 @120', '2 liquidation -500 @90.45226131'],
    ],
    [
      'withdraws the entries that rest',
      {
        rules: `${FIVE}long { enter when bar_index == 0 at limit 60 enter when bar_index == 0 size 500% of equity }`,
        capital,
      },
      [flat(100), flat(100), [100, 100, 75, 75], [70, 70, 50, 55]],
      ['1 entry 500 @100', '2 liquidation -500 @80.40201005'],
    ],
    [
      // 0.005 of 20,000 and 0.05 of the rest: v - 40,000 = 0.05 v - 900.
      'asks more of what lies in a higher tier',
      {
        rules: FIVE + ALL_IN,
        capital,
        margin: {
          maintenance: [
            { from: 0, rate: 0.005 },
            { from: 20_000, rate: 0.05 },
          ],
        },
      },
      [flat(100), flat(100), [100, 101, 80, 90]],
      ['1 entry 500 @100', '2 liquidation -500 @82.31578947'],
    ],
  ]);

  checkCandles([
    [
      'is a stop to a cooldown',
      { rules: `${FIVE}enter long when true size 500% of equity cooldown 2 bars after stop`, capital },
      [flat(100), flat(100), [100, 101, 80, 90], flat(90), flat(90), flat(90)],
      // 201.0050251 are left of the account, five times which at 90 is 11.1669.
      ['1 entry 500 @100', '2 liquidation -500 @80.40201005', '5 entry 11.16694584 @90'],
    ],
    [
      'at the same price comes before the stop',
      {
        rules: `account { leverage 4 }\nenter long when bar_index == 0 size 400% of equity stop at 80`,
        capital,
        margin: { maintenance: [{ from: 0, rate: 0.0625 }] },
      },
      // 30,000 borrowed for 400 BTC: v - 30,000 = 0.0625 v at 80.
      [flat(100), flat(100), [100, 101, 79, 90]],
      ['1 entry 400 @100', '2 liquidation -400 @80'],
    ],
  ]);

  it('costs its fee, which is kept in reserve', async () => {
    const { fills, rows, equity, document } = await runCandles({
      rules: FIVE + ALL_IN,
      capital,
      margin: { liquidationRate: 0.01 },
      candles: [flat(100), flat(100), [100, 101, 80, 90]],
    });
    // v - 40,000 = 0.015 v, and of it 0.005 v are left.
    expect(fills[1]).toBe('2 liquidation -500 @81.21827411');
    expect(rows.at(-1)).toMatchObject({ fee: expect.closeTo(406.0913706, 6) });
    expect(equity.at(-1)).toBeCloseTo(203.0456853, 6);
    expect(document.metrics.liquidations).toBe(1);
    expect(document.trades[0]).toMatchObject({ exitReason: 'liquidation', profit: expect.closeTo(-9796.9543147, 6) });
    expect(document.warnings.find(({ code }) => code === 'LIQUIDATED')?.message).toMatch(/^1 position was liquidated.*2024-01-01T02/);
  });
});

describe('isolated and cross margin', () => {
  const ONE = 'enter long when bar_index == 0 size 100% of equity';
  const FALL = [flat(100), flat(100), [100, 101, 40, 90]] as const;
  checkCandles([
    // 100 BTC for 10,000, of which 2,000 are margin: v - 8,000 = 0.005 v.
    [
      'isolated, a position stands on its own margin',
      { rules: ISOLATED + ONE, capital },
      FALL,
      ['1 entry 100 @100', '2 liquidation -100 @80.40201005'],
    ],
    ['cross, it stands on the whole account', { rules: FIVE + ONE, capital }, FALL, ['1 entry 100 @100']],
    [
      // The short's margin is 2,000, and it has 10,000 of proceeds: 12,000 - v = 0.005 v.
      'an isolated short',
      { rules: `${ISOLATED}enter short when bar_index == 0 size 100% of equity`, capital },
      [flat(100), flat(100), [100, 130, 90, 90]],
      ['1 entry -100 @100', '2 liquidation 100 @119.4029851'],
    ],
    [
      'isolated without leverage, a short is liquidated before it has doubled',
      { rules: 'account { margin isolated }\nenter short when bar_index == 0 size 100% of equity', capital },
      [flat(100), flat(100), [100, 210, 90, 90]],
      ['1 entry -100 @100', '2 liquidation 100 @199.0049751'],
    ],
    [
      // Half of it is sold at 90 with half of the margin: the other half stands as before.
      'an isolated half keeps half of the margin',
      { rules: `${ISOLATED}${ONE}\nexit long 50% when bar_index == 1`, capital },
      [flat(100), [100, 100, 90, 90], flat(90), [90, 90, 80, 85]],
      ['1 entry 100 @100', '2 exit -50 @90', '3 liquidation -50 @80.40201005'],
    ],
  ]);

  it("an isolated position never loses more than its margin: the rest is the venue's", async () => {
    const { charges, equity, document } = await runCandles({
      rules: ISOLATED + ONE,
      capital,
      candles: [flat(100), flat(100), [70, 75, 65, 72], flat(72)],
    });
    expect(charges).toEqual(['2 covered -1000']);
    expect([...equity]).toEqual([10_000, 10_000, 8000, 8000]);
    expect(document.trades[0]).toMatchObject({ profit: -2000, carry: -1000, exitReason: 'liquidation' });
    expect(document.metrics.netProfit).toBe(-2000);
  });

  it('nor does a market exit beyond its margin', async () => {
    const { fills, equity } = await runCandles({
      rules: `${ISOLATED}${ONE}\nexit long when bar_index == 1`,
      capital,
      candles: [flat(100), flat(100), flat(70)],
    });
    expect(fills).toEqual(['1 entry 100 @100', '2 exit -100 @70']);
    expect(equity.at(-1)).toBe(8000);
  });

  it('a cross position may lose more than the account, which trades no more', async () => {
    const { fills, events, equity, document } = await runCandles({
      rules: `${FIVE}enter long when bar_index != 1 size 500 BTC`,
      capital,
      candles: [flat(100), flat(100), flat(70), flat(70), flat(70)],
    });
    expect(fills).toEqual(['1 entry 500 @100', '2 liquidation -500 @70']);
    expect(events).toEqual(['2 bankrupt']);
    expect([...equity]).toEqual([10_000, 10_000, -5000, -5000, -5000]);
    expect(document.warnings.map(({ code }) => code)).toContain('BANKRUPT');
  });
});

describe('funding', () => {
  /** Every two hours, at the opens of the bars 0, 2, 4. */
  const EVERY_2H = { fundingMs: 2 * 3_600_000 };
  const BUY = 'costs { funding true }\nenter long when bar_index == 0 size 100 BTC';
  const five = Array.from({ length: 5 }, () => flat(100));
  const RATES = [0.01, 0.02, 0.03, 0.04, -0.05];

  it('is paid by longs on what the position is worth at the open, at the rate of that bar; a negative rate pays them', async () => {
    const { charges, equity, document } = await runCandles({ rules: BUY, margin: EVERY_2H, funding: RATES, candles: five });
    expect(charges).toEqual(['2 funding 300', '4 funding -500']);
    expect([...equity]).toEqual([100_000, 100_000, 99_700, 99_700, 100_200]);
    expect(document.metrics).toMatchObject({ funding: -200, netProfit: 200 });
  });

  it('is paid to shorts', async () => {
    const { charges } = await runCandles({ rules: BUY.replace('long', 'short'), margin: EVERY_2H, funding: RATES, candles: five });
    expect(charges).toEqual(['2 funding -300', '4 funding 500']);
  });

  it('at the moment of entry is not paid: the position was not held before', async () => {
    const { fills, charges } = await runCandles({ rules: BUY.replace('== 0', '== 1'), margin: EVERY_2H, funding: RATES, candles: five });
    expect(fills).toEqual(['2 entry 100 @100']);
    expect(charges).toEqual(['4 funding -500']);
  });

  it('at the moment of exit is paid, and is part of what the trade earned', async () => {
    const rules = `${BUY}\nexit long when bar_index == 1`;
    const { fills, charges, document } = await runCandles({ rules, margin: EVERY_2H, funding: RATES, candles: five });
    expect(fills).toEqual(['1 entry 100 @100', '2 exit -100 @100']);
    expect(charges).toEqual(['2 funding 300']);
    expect(document.trades).toMatchObject([{ profit: -300, carry: 300, fees: 0 }]);
  });

  it('of instants inside of a bar is paid at the next open, at the rate of the bar they lie in', async () => {
    const { charges } = await runCandles({ rules: BUY, margin: { fundingMs: 1_200_000 }, funding: RATES, candles: five.slice(0, 3) });
    // 01:20 and 01:40 at 2 %, then 02:00 at 3 %.
    expect(charges).toEqual(['2 funding 400', '2 funding 300']);
  });

  it('of instants in a gap of the data is paid at the next open, at the rate of the bar before it, on what is held then', async () => {
    const { charges } = await runCandles({
      rules: `${BUY} add 100% when bar_index == 1 max 1 times`,
      margin: EVERY_2H,
      funding: [0, 0.01, 0.02, 0.03],
      candles: [flat(100), flat(100), flat(110), flat(110)],
      skipped: [2, 3, 4, 5, 6],
    });
    // 02:00, 04:00 and 06:00 at 1 % of 100 at 110, before the add fills there; 08:00 at 3 % of 200.
    expect(charges).toEqual(['2 funding 330', '3 funding 660']);
  });

  it('and the borrow of an isolated position', async () => {
    const { fills } = await runCandles({
      rules: `${ISOLATED}costs { borrow 87.6% }\nenter short when bar_index == 0 size 100% of equity`,
      capital,
      candles: [flat(100), flat(100), flat(110), [110, 120, 110, 110]],
    });
    // An hour of 11,000 at 87.6 % a year is 1.1, twice: of the margin of 2,000 are left 1,997.8, and 11,997.8 - v = 0.005 v.
    expect(fills).toEqual(['1 entry -100 @100', '3 liquidation 100 @119.3810945']);
  });

  it('comes at 00:00, 08:00 and 16:00 UTC where nobody says otherwise', async () => {
    const day = Array.from({ length: 26 }, () => flat(100));
    const { charges } = await runCandles({ rules: BUY, funding: day.map(() => 0.0001), candles: day });
    expect(charges).toEqual(['8 funding 1', '16 funding 1', '24 funding 1']);
  });

  it('is not paid where the data have no rate, and that is told', async () => {
    const { charges, events, document } = await runCandles({
      rules: BUY,
      margin: EVERY_2H,
      funding: RATES.map((rate, bar) => (bar === 2 ? Number.NaN : rate)),
      candles: five,
    });
    expect(charges).toEqual(['4 funding -500']);
    expect(events).toEqual(['2 fundingUnknown']);
    expect(document.warnings.map(({ code }) => code)).toContain('FUNDING_UNKNOWN');
  });

  it('at a given rate needs no data and no word of the strategy', async () => {
    const { charges, document } = await runCandles({
      rules: 'enter long when bar_index == 0 size 100 BTC',
      margin: { ...EVERY_2H, fundingRate: 0.001 },
      candles: five,
    });
    expect(charges).toEqual(['2 funding 10', '4 funding 10']);
    expect(document.warnings.map(({ code }) => code)).not.toContain('DATA');
  });

  it('goes from the margin of an isolated position, which is liquidated sooner', async () => {
    const { fills } = await runCandles({
      rules: `${ISOLATED}costs { funding true }\nenter long when bar_index == 0 size 100% of equity`,
      capital,
      margin: EVERY_2H,
      funding: [0, 0, 0.05],
      candles: [flat(100), flat(100), [100, 100, 80, 90]],
    });
    // 1,500 of the 2,000 are left: v - 8,500 = 0.005 v.
    expect(fills).toEqual(['1 entry 100 @100', '2 liquidation -100 @85.42713568']);
  });
});
