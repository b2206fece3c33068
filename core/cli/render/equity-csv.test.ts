import { expect, it } from 'vitest';
import { sharedColumns } from '#core/model/columns.ts';
import { equityCsv } from './equity-csv.ts';

const DAY = 86_400_000;

it('has the Sharpe ratio of the last 183 days on the last bar of each day', () => {
  const bars = 500;
  const columns = sharedColumns(bars);
  // Two bars a day.
  for (let bar = 0; bar < bars; bar++) columns.time[bar] = (bar * DAY) / 2;
  const equity = Float64Array.from({ length: bars }, (_, bar) => 1000 + 50 * Math.sin(bar * bar));
  const [, ...rows] = equityCsv({ columns, fromIndex: 0, log: new Float64Array(0), equity }, 1000)
    .trimEnd()
    .split('\r\n')
    .map((line) => line.split(','));
  expect(rows).toHaveLength(bars);
  // Days are counted from 0: the value of day d is that of its second bar, and its return that from the day before.
  const at = (day: number): number => equity[2 * day + 1]!;
  const sharpe = (day: number): number => {
    const returns = Array.from({ length: 183 }, (_, back) => at(day - back) / at(day - back - 1) - 1);
    const mean = returns.reduce((sum, value) => sum + value, 0) / 183;
    const variance = returns.reduce((sum, value) => sum + (value - mean) ** 2, 0) / 182;
    return (mean / Math.sqrt(variance)) * Math.sqrt(365);
  };
  const told = rows.flatMap(([, , , , rolling], bar) => (rolling === '' ? [] : [bar]));
  expect(told).toEqual(Array.from({ length: 250 - 183 }, (_, place) => 2 * (183 + place) + 1));
  for (const bar of told) expect(Number(rows[bar]![4])).toBeCloseTo(sharpe((bar - 1) / 2), 9);
});
