import { describe, expect, it } from 'vitest';
import { sharedColumns } from '#core/model/columns.ts';
import { monthlyReturns } from './monthly-table.ts';

describe('monthly returns', () => {
  it('chain to the year, and years to the whole run', () => {
    const days = ['2023-11-29', '2023-11-30', '2023-12-31', '2024-02-01', '2024-02-29', '2024-03-01'];
    const columns = sharedColumns(days.length);
    for (const [i, day] of days.entries()) columns.time[i] = Date.parse(day);
    const rows = monthlyReturns({ columns, equity: Float64Array.of(1000, 1100, 990, 990, 1188, 1188), plots: [], from: 0, to: 6 }, 1000);
    expect(rows.map((row) => row.year)).toEqual([2023, 2024]);
    expect(rows[0]!.months[10]).toBeCloseTo(10, 10);
    expect(rows[0]!.months[11]).toBeCloseTo(-10, 10);
    expect(rows[0]!.total).toBeCloseTo(-1, 10);
    expect(rows[1]!.months.slice(0, 4).map((value) => (value === null ? null : Math.round(value)))).toEqual([null, 20, 0, null]);
    expect(rows[1]!.total).toBeCloseTo(20, 10);
    expect((1 + rows[0]!.total / 100) * (1 + rows[1]!.total / 100)).toBeCloseTo(1.188, 10);
  });
});
