import { describe, expect, it } from 'vitest';
import { civilDate, dayNumber, weekdayOf } from './civil-date.ts';

const DAY_MS = 86_400_000;

/** The same by Date. */
function byDate(day: number): string {
  const date = new Date(day * DAY_MS);
  return [date.getUTCFullYear(), date.getUTCMonth() + 1, date.getUTCDate(), date.getUTCDay() === 0 ? 7 : date.getUTCDay(), day].join(' ');
}

describe('dates', () => {
  it('are those of Date, from 1600 to 2400, and back', () => {
    const [from, to] = [Date.UTC(1600, 0, 1) / DAY_MS, Date.UTC(2400, 0, 1) / DAY_MS];
    const days = Array.from({ length: to - from }, (_, index) => from + index);
    const wrong = days.filter((number) => {
      const { year, month, day } = civilDate(number);
      return [year, month, day, weekdayOf(number), dayNumber(year, month, day)].join(' ') !== byDate(number);
    });
    expect(wrong).toEqual([]);
  });

  it('run over the ends of years', () => {
    expect(dayNumber(2023, 14, 1)).toBe(dayNumber(2024, 2, 1));
    expect(dayNumber(2024, 3, 0)).toBe(dayNumber(2024, 2, 29));
    expect(civilDate(dayNumber(-4, 2, 29))).toEqual({ year: -4, month: 2, day: 29 });
  });
});
