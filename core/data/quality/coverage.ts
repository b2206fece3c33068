import { ExpectedBars } from '../calendar/expected-bars.ts';
import type { QualityReport } from './check-series.ts';

/** How much of a month is there. */
export interface MonthCoverage {
  /** When it begins, ms, UTC. */
  readonly from: number;
  /** Bars that are there, and bars that the calendar has and that are not, between the first bar and the last. */
  readonly present: number;
  readonly missing: number;
}

/** Months from the first bar to the last, UTC. */
export function monthCoverage({ sound, series, calendar, gaps }: QualityReport): readonly MonthCoverage[] {
  const months = new Map<number, { present: number; missing: number }>();
  const of = (month: number): { present: number; missing: number } => {
    const known = months.get(month) ?? { present: 0, missing: 0 };
    months.set(month, known);
    return known;
  };
  for (const time of sound.columns.time) of(monthStart(time, 0)).present++;
  const expected = new ExpectedBars(calendar, series.timeframe);
  for (const { after, before, missing } of gaps) {
    let counted = 0;
    for (let month = monthStart(after, 0); month < before; month = monthStart(month, 1)) {
      const end = monthStart(month, 1);
      const upTo = end < before ? expected.between(after, end) : missing;
      of(month).missing += upTo - counted;
      counted = upTo;
    }
  }
  return [...months].map(([from, counts]) => ({ from, ...counts })).toSorted((a, b) => a.from - b.from);
}

function monthStart(time: number, later: number): number {
  const date = new Date(time);
  return Date.UTC(date.getUTCFullYear(), date.getUTCMonth() + later);
}
