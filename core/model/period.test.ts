import { describe, expect, it } from 'vitest';
import { nextMoment, type Period, type PeriodMoment, periodNumber } from './period.ts';

const HOUR = 3_600_000;

/** The same by Date, in UTC. */
function momentOf(time: number, bar: number): PeriodMoment {
  const date = new Date(time);
  return {
    bar,
    year: date.getUTCFullYear(),
    month: date.getUTCMonth() + 1,
    day: Math.floor(time / (24 * HOUR)),
    minuteOfDay: date.getUTCHours() * 60 + date.getUTCMinutes(),
  };
}

describe('periods', () => {
  it('the next moment is that of the bar one later, over the ends of days, months and years', () => {
    for (const stepMs of [HOUR / 60, HOUR, 5 * HOUR, 24 * HOUR, 7 * 24 * HOUR])
      for (let bar = 0; bar < 2000; bar++) {
        const time = Date.UTC(2023, 10, 20) + bar * stepMs;
        expect(nextMoment(momentOf(time, bar), stepMs)).toEqual(momentOf(time + stepMs, bar + 1));
      }
  });

  it.each<readonly [Period, string, string, string]>([
    ['hour', '2024-02-29T22:59', '2024-02-29T22:00', '2024-02-29T23:00'],
    ['day', '2024-02-29T23:59', '2024-02-29T00:00', '2024-03-01T00:00'],
    // A Sunday and a Monday.
    ['week', '2024-03-03T23:59', '2024-02-26T00:00', '2024-03-04T00:00'],
    ['month', '2024-02-29T23:59', '2024-02-01T00:00', '2024-03-01T00:00'],
    ['month', '2023-12-31T23:59', '2023-12-01T00:00', '2024-12-01T00:00'],
  ])('a %s holds %s and %s, and not %s', (per, last, first, next) => {
    const [a, b, c] = [last, first, next].map((text) => periodNumber(per, momentOf(Date.parse(`${text}Z`), 0)));
    expect(a).toBe(b);
    expect(c).not.toBe(a);
  });
});
