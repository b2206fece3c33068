import type { Bar } from '#core/model/bar.ts';

/** What the claims of the cookbook compare with, written apart from strat: slow, and plain to read. */
const DAY = 86_400_000;

export const dayOf = (time: number): number => Math.floor(time / DAY);
/** Of the day, UTC. */
export const minuteOf = (time: number): number => Math.floor((time % DAY) / 60_000);
/** 0 Sunday to 6 Saturday, UTC. */
export const weekdayOf = (time: number): number => new Date(time).getUTCDay();
export const clamp = (x: number, low: number, high: number): number => Math.min(Math.max(x, low), high);

const LONDON = new Intl.DateTimeFormat('en-GB', { timeZone: 'Europe/London', hour: '2-digit', minute: '2-digit', hourCycle: 'h23' });

/** Minutes since midnight on the clocks of London; NaN of no time. */
export function londonMinutes(time: number): number {
  if (!Number.isFinite(time)) return Number.NaN;
  const [hours, minutes] = LONDON.format(time).split(':').map(Number);
  return hours! * 60 + minutes!;
}

/** Mean of the `length` values up to one. */
export function mean(values: readonly number[], length: number, at: number): number {
  return values.slice(at - length + 1, at + 1).reduce((sum, value) => sum + value, 0) / length;
}

export function populationDeviation(values: readonly number[]): number {
  const middle = mean(values, values.length, values.length - 1);
  return Math.sqrt(values.reduce((sum, value) => sum + (value - middle) ** 2, 0) / values.length);
}

/** Wilder's average of the true ranges, from the mean of the first ones. */
export function averageRange(bars: readonly Bar[], length: number): readonly number[] {
  const ranges = bars.map(({ high, low }, bar) => {
    const before = bars[bar - 1]?.close;
    return before === undefined ? Number.NaN : Math.max(high, before) - Math.min(low, before);
  });
  const averages: number[] = [];
  for (const [bar, range] of ranges.entries()) {
    if (bar < length) averages.push(Number.NaN);
    else if (bar === length) averages.push(mean(ranges, length, bar));
    else averages.push(averages[bar - 1]! + (range - averages[bar - 1]!) / length);
  }
  return averages;
}

/** The closes of the longer bars of a length in ms that were over at a time. */
export function lastClosed(bars: readonly Bar[], lengthMs: number, time: number): readonly number[] {
  const parts = Map.groupBy(
    bars.filter((bar) => (Math.floor(bar.time / lengthMs) + 1) * lengthMs <= time),
    (bar) => Math.floor(bar.time / lengthMs),
  );
  return Array.from(parts.values(), (part) => part.at(-1)!.close);
}
