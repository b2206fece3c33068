import { describe, expect, it } from 'vitest';
import { type Fee, parseFee } from '#core/model/fee-text.ts';
import { type CandleRun, flat, runCandles } from './candle-run.ts';

/** Worked out by hand from docs/engine.md, "Fees". */
const fee = (text: string): { readonly fee: Fee } => ({ fee: parseFee(text)! });
const LONG = 'enter long when bar_index == 0 size 10 BTC';
const OUT = '\nexit long when bar_index == 1';
const three = [flat(100), flat(100), flat(100)];
const DAY = 24;

/** `bar kind qty fee` of each fill. */
async function feesOf(run: CandleRun): Promise<string[]> {
  const { rows } = await runCandles(run);
  const short = (x: number): string => String(Number(x.toPrecision(10)));
  return rows.flatMap((row) => (row.type === 'fill' ? [`${row.bar} ${row.kind} ${short(row.qty)} ${short(row.fee)}`] : []));
}

describe('fees', () => {
  it('of maker and taker', async () => {
    const rules = 'enter long when bar_index == 0 at limit 95 size 10 BTC\nexit long when bar_index == 1';
    const candles = [flat(100), [100, 100, 94, 95], flat(100)] as const;
    expect(await feesOf({ rules, candles, costs: fee('0.1%/0.2%') })).toEqual(['1 entry 10 0.95', '2 exit -10 2']);
  });

  it('for each unit, and at least so much a fill', async () => {
    const costs = fee('unit:0.05:1');
    expect(await feesOf({ rules: LONG + OUT, candles: three, costs })).toEqual(['1 entry 10 1', '2 exit -10 1']);
    expect(await feesOf({ rules: LONG.replace('10 BTC', '100 BTC'), candles: three, costs })).toEqual(['1 entry 100 5']);
    // 1,000 less the fee of 1 pay for 9.99; at 10 a unit they pay for 1000 / 110.
    expect(await feesOf({ rules: LONG, candles: three, costs, capital: 1000 })).toEqual(['1 entry 9.99 1']);
    expect(await feesOf({ rules: LONG, candles: three, costs: fee('unit:10'), capital: 1000 })).toEqual([
      '1 entry 9.090909091 90.90909091',
    ]);
    expect(await feesOf({ rules: LONG, candles: three, costs: fee('unit:1:2000'), capital: 1000 })).toEqual([]);
  });

  it('at least so much for each part of an order', async () => {
    const costs = { ...fee('unit:0.05:1'), participation: 0.5 };
    const candles = [flat(100, 10), flat(100, 10), flat(100, 10), flat(100, 10)];
    expect(await feesOf({ rules: LONG, candles, costs })).toEqual(['1 entry 5 1', '2 entry 5 1']);
  });

  it('less a discount', async () => {
    const costs = { ...fee('0.1%/0.2%'), feeDiscount: 0.25 };
    expect(await feesOf({ rules: LONG + OUT, candles: three, costs })).toEqual(['1 entry 10 1.5', '2 exit -10 1.5']);
  });

  /** Hours that buy (a volume of 7) at the first of each of these days and sell (8) at the second. */
  const daily = (days: number, trades: (day: number) => boolean): CandleRun => ({
    rules: 'enter long when volume == 7 size 10 BTC\nexit long when volume == 8',
    candles: Array.from({ length: days * DAY }, (_, bar) =>
      flat(100, trades(Math.floor(bar / DAY)) && bar % DAY < 2 ? 7 + (bar % DAY) : 1),
    ),
  });
  const paidBy = async (run: CandleRun): Promise<number[]> => (await feesOf(run)).map((text) => Number(text.split(' ').at(-1)));

  it('by what was traded in the 30 days before, today left out', async () => {
    // 2,000 are traded a day: the second day has 2,000 behind it, the 31st the 60,000 of 30 days, and so has every day after it.
    const paid = await paidBy({ ...daily(34, () => true), costs: fee('1%,2000:0.5%,60000:0.1%') });
    expect(paid.slice(0, 2)).toEqual([10, 10]);
    expect(paid.slice(2, 60)).toEqual(Array.from({ length: 58 }, () => 5));
    expect(paid.slice(60)).toEqual(Array.from({ length: 8 }, () => 1));
  });

  it('what was traded on the same day does not count yet', async () => {
    expect(await paidBy({ ...daily(2, () => true), costs: fee('1%,1000:0.5%') })).toEqual([10, 10, 5, 5]);
  });

  it('what was traded is forgotten after 30 days', async () => {
    const costs = fee('1%,2000:0.5%');
    // Day 30 looks back to day 0; day 31 to day 1, and it sees day 30 where that traded.
    expect(await paidBy({ ...daily(32, (day) => [0, 30, 31].includes(day)), costs })).toEqual([10, 10, 5, 5, 5, 5]);
    expect(await paidBy({ ...daily(32, (day) => [0, 31].includes(day)), costs })).toEqual([10, 10, 10, 10]);
    expect(await paidBy({ ...daily(80, (day) => [0, 79].includes(day)), costs })).toEqual([10, 10, 10, 10]);
  });
});

describe('fee in the base coin', () => {
  const base = { ...fee('1%'), feeIn: 'base' } as const;

  it('is taken from what was bought, and the books show its worth', async () => {
    const { fills, rows, equity, document } = await runCandles({ rules: LONG + OUT, candles: three, costs: base, capital: 10_000 });
    // 10 are paid and 9.9 come in; they sell for 990 less 9.9.
    expect(fills).toEqual(['1 entry 9.9 @100', '2 exit -9.9 @100']);
    expect(rows.flatMap((row) => (row.type === 'fill' ? [row.fee] : [])).map((paid) => paid.toFixed(9))).toEqual([
      '10.000000000',
      '9.900000000',
    ]);
    expect([...equity]).toEqual([10_000, 9990, 9980.1]);
    expect(document.metrics.fees).toBeCloseTo(19.9, 9);
    expect(document.trades[0]!.profit).toBeCloseTo(-19.9, 9);
  });

  it('leaves all of the cash to buy for', async () => {
    const { fills, events } = await runCandles({ rules: LONG, candles: three, costs: base, capital: 1000 });
    expect(fills).toEqual(['1 entry 9.9 @100']);
    expect(events).toEqual([]);
  });

  it('dust: what it leaves below a lot is worth nothing at the end', async () => {
    const conventions = { lot: 1 };
    const { fills, rows, equity } = await runCandles({ rules: LONG + OUT, candles: three, costs: base, capital: 10_000, conventions });
    expect(fills).toEqual(['1 entry 9.9 @100', '2 exit -9.9 @100']);
    // 9 are sold for 900 less 9; the other 0.9 are lost.
    expect(rows.at(-1)).toMatchObject({ type: 'fill', fee: expect.closeTo(9 + 90, 9) });
    expect(equity.at(-1)).toBeCloseTo(10_000 - 1000 + 891, 9);
  });

  it('a short pays in money', async () => {
    const rules = 'enter short when bar_index == 0 size 10 BTC\nexit short when bar_index == 1';
    expect(await feesOf({ rules, candles: three, costs: base })).toEqual(['1 entry -10 10', '2 exit 10 10']);
  });

  it('is refused on margin, and for a fee of money', async () => {
    const rules = `account { leverage 2 }\n${LONG}`;
    await expect(runCandles({ rules, candles: three, costs: base })).rejects.toThrow(/on margin nothing is bought/);
    await expect(runCandles({ rules: LONG, candles: three, costs: { ...fee('unit:1'), feeIn: 'base' } })).rejects.toThrow(
      /cannot be taken/,
    );
  });
});
