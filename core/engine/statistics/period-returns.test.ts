import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { periodReturns } from './period-returns.ts';

const daily = (points: Readonly<Record<string, number>>) => ({
  day: Float64Array.from(Object.keys(points), (day) => Date.parse(day)),
  equity: Float64Array.from(Object.values(points)),
});

describe('the returns of months and years', () => {
  it('start where the period before ended, also over months without bars', () => {
    const points = daily({
      '2023-11-29': 1000,
      '2023-11-30': 1100,
      '2023-12-31': 990,
      '2024-02-01': 891,
      '2024-02-29': 1188,
      '2024-03-01': 1188,
    });
    const { months, years } = periodReturns(points, 1000);
    expect(
      months.map(({ year, month, returnPct, maxDrawdownPct }) => [
        year,
        month,
        Math.round(returnPct * 1e6) / 1e6,
        Math.round(maxDrawdownPct),
      ]),
    ).toEqual([
      [2023, 11, 10, 0],
      [2023, 12, -10, 10],
      [2024, 2, 20, 10],
      [2024, 3, 0, 0],
    ]);
    expect(years.map(({ year, month, returnPct }) => [year, month, Math.round(returnPct * 1e6) / 1e6])).toEqual([
      [2023, 0, -1],
      [2024, 0, 20],
    ]);
    expect(years[0]!.maxDrawdownPct).toBeCloseTo(10, 10);
  });

  it('are none without days', () => expect(periodReturns(daily({}), 1000)).toEqual({ months: [], years: [] }));

  it('chain to the whole run, and months to their year', () => {
    const steps = fc.array(fc.record({ days: fc.integer({ min: 1, max: 45 }), equity: fc.integer({ min: 1, max: 5000 }) }), {
      minLength: 1,
      maxLength: 60,
    });
    fc.assert(
      fc.property(steps, (list) => {
        let day = Date.UTC(2022, 10, 20);
        const points: Record<string, number> = {};
        for (const { days, equity } of list) {
          day += days * 86_400_000;
          points[new Date(day).toISOString().slice(0, 10)] = equity;
        }
        const { months, years } = periodReturns(daily(points), 1000);
        const chain = (rows: readonly { readonly returnPct: number }[]): number =>
          rows.reduce((product, { returnPct }) => product * (1 + returnPct / 100), 1);
        expect(chain(months) * 1000).toBeCloseTo(list.at(-1)!.equity, 6);
        for (const year of years) {
          const own = months.filter((month) => month.year === year.year);
          expect(chain(own)).toBeCloseTo(1 + year.returnPct / 100, 9);
          for (const { maxDrawdownPct } of own) expect(maxDrawdownPct).toBeLessThanOrEqual(year.maxDrawdownPct + 1e-9);
        }
      }),
    );
  });
});
