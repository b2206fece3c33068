import type { UncheckedFunding } from '#core/ports/market-history.ts';
import { type CheckedPage, checkedTime, isIn, type PageLimits, PageFaults, shown, toRows } from './checked-page.ts';

/** Rates of this market that are over, each time once. */
export function checkFunding(given: readonly UncheckedFunding[], market: string, limits: PageLimits): CheckedPage {
  const faults = new PageFaults();
  const rates = new Map<number, number>();
  const doubtful = new Set<number>();
  let lastMs: number | null = null;
  for (const row of given) {
    const time = checkedTime(row.time, limits, faults);
    if (time === null || time < limits.sinceMs) continue;
    lastMs = Math.max(lastMs ?? time, time);
    if (time >= limits.endMs) continue;
    if (row.market !== market) faults.add(`a rate of ${shown(row.market)}`);
    else if (!isIn(row.rate, -1, 1)) faults.add(`${shown(row.rate)} as a rate at ${new Date(time).toISOString()}`);
    else {
      if (rates.has(time) && rates.get(time) !== row.rate) {
        faults.add(`two rates that differ at ${new Date(time).toISOString()}`);
        doubtful.add(time);
      }
      rates.set(time, row.rate);
    }
  }
  const good = [...rates].flatMap(([time, rate]) => (doubtful.has(time) ? [] : [{ time, rate }]));
  return { rows: toRows(good, { time: (row) => row.time, rate: (row) => row.rate }), lastMs, lastId: null, faults: faults.texts };
}
