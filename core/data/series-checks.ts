import type { Columns } from '#core/model/columns.ts';
import type { Timeframe } from '#core/model/timeframe.ts';
import { barOpen, barsBetween, nextOpen, timeframeOfStep } from '#core/model/timeframe.ts';
import type { FindingLog } from './finding.ts';
import { weekShift } from './stamp-checks.ts';

const DAY_MS = 86_400_000;
/** Line of a row, in a file without errors: the header is line 1. */
const lineOf = (row: number): number => row + 2;
const counted = (count: number, thing: string): string => `${count} ${thing}${count === 1 ? '' : 's'}`;
const iso = (time: number): string => new Date(time).toISOString();

/** The most common distance between neighbours in ms; of equally common ones the shortest. NaN below two rows. */
function commonStep(time: Float64Array): number {
  const counts = new Map<number, number>();
  for (let i = 1; i < time.length; i++) {
    const step = (time[i] ?? NaN) - (time[i - 1] ?? NaN);
    counts.set(step, (counts.get(step) ?? 0) + 1);
  }
  let best = NaN;
  let bestCount = 0;
  for (const [step, count] of counts) {
    if (count > bestCount || (count === bestCount && step < best)) {
      best = step;
      bestCount = count;
    }
  }
  return best;
}

/** The timeframe that the times suggest: 28 to 31 days are months; null when no timeframe has the most common distance. */
export function inferTimeframe(time: Float64Array): Timeframe | null {
  const step = commonStep(time);
  const month: Timeframe = { name: '1mo', count: 1, unit: 'mo', stepMs: 2_629_746_000 };
  return step >= 28 * DAY_MS && step <= 31 * DAY_MS && step !== 28 * DAY_MS ? month : timeframeOfStep(step);
}

/** Logs bars that are mostly closer together (error; up to a tenth is left to the grid check) or wider apart (warning) than the timeframe says. */
export function checkTimeframe(columns: Columns, timeframe: Timeframe, log: FindingLog): void {
  const step = commonStep(columns.time);
  const shortest = timeframe.unit === 'mo' ? 28 * DAY_MS * timeframe.count : timeframe.stepMs;
  const longest = timeframe.unit === 'mo' ? 31 * DAY_MS * timeframe.count : timeframe.stepMs;
  const name = timeframeOfStep(step)?.name ?? `${step / 1000} s`;
  if (step < 0.9 * shortest) {
    log.error(
      'timeframe-mismatch',
      null,
      `the file should hold ${timeframe.name} bars, but most are ${name} apart`,
      `Rename the file or give the timeframe of its bars, ${name}`,
    );
  } else if (step > longest) {
    log.warn(
      'sparse',
      null,
      1,
      `most bars are ${name} apart, not ${timeframe.name}`,
      'If that is their length, rename the file or give it as the timeframe',
    );
  }
}

/** Logs days of a market of five days a week that carry the date of the day before or after. */
export function checkWeek(columns: Columns, timeframe: Timeframe, log: FindingLog): void {
  const shift = weekShift(columns, timeframe);
  if (shift === 0) return;
  const week = shift > 0 ? 'Tuesday to Saturday' : 'Sunday to Thursday';
  const why =
    shift > 0
      ? 'each day seems to carry the time of its close'
      : 'each day seems to carry the date of the day before, or of a zone further west';
  log.warn(
    'shifted-week',
    null,
    1,
    `its weeks are ${week}: ${why}`,
    'Bars carry the time at which they open: correct the times, unless the market trades on these days',
  );
}

/** Logs bars that do not open on the grid of their timeframe. */
export function checkGrid(columns: Columns, timeframe: Timeframe, log: FindingLog): void {
  const { time } = columns;
  let count = 0;
  let first = -1;
  let commonOffset = true;
  const offset = (time[0] ?? 0) - barOpen(timeframe, time[0] ?? 0);
  for (let i = 0; i < time.length; i++) {
    const t = time[i] ?? 0;
    const distance = t - barOpen(timeframe, t);
    if (distance !== offset) commonOffset = false;
    if (distance === 0) continue;
    count++;
    if (first < 0) first = i;
  }
  if (count === 0) return;
  const place = `${iso(time[first] ?? 0)} is not the start of a ${timeframe.name} bar (${iso(barOpen(timeframe, time[first] ?? 0))} is)`;
  log.warn(
    'off-grid',
    lineOf(first),
    count,
    commonOffset ? `every bar begins ${offset / 60_000} min after the grid: ${place}` : `${counted(count, 'bar')} off the grid: ${place}`,
    'They are used as they are; check the time zone of the file',
  );
}

interface Gap {
  /** Of the bar behind it. */
  readonly row: number;
  readonly missing: number;
}

/** Places at which bars are missing by the calendar of a market; null: it has none but the clock. */
export type GapsOfSeries = (columns: Columns, timeframe: Timeframe) => { readonly calendar: string; readonly gaps: readonly Gap[] } | null;

const LARGEST = 3;

/** Logs how many bars are missing, against an unbroken grid where no calendar is known, and the largest three places. Nothing is filled in. */
export function checkGaps(columns: Columns, timeframe: Timeframe, log: FindingLog, ofCalendar: GapsOfSeries = () => null): void {
  const { time } = columns;
  const known = ofCalendar(columns, timeframe);
  const gaps = known?.gaps ?? gapsOfGrid(time, timeframe);
  const largest = gaps.toSorted((a, b) => b.missing - a.missing || a.row - b.row).slice(0, LARGEST);
  const worst = largest[0];
  if (worst === undefined) return;
  const missing = gaps.reduce((sum, gap) => sum + gap.missing, 0);
  const places = largest.map(
    ({ row, missing: bars }) => `${bars} between ${iso(time[row - 1] ?? 0)} and ${iso(time[row] ?? 0)} (line ${lineOf(row)})`,
  );
  const closed =
    known === null ? 'Closed markets (nights, weekends) count as missing' : `Hours outside of the calendar ${known.calendar} do not count`;
  log.warn(
    'gaps',
    lineOf(worst.row),
    gaps.length,
    `${counted(missing, 'bar')} missing in ${counted(gaps.length, 'place')}: ${places.join(', ')}${gaps.length > LARGEST ? ', ...' : ''}`,
    `No bar is invented: indicators and orders go on with the next bar that is there. ${closed}`,
  );
}

function gapsOfGrid(time: Float64Array, timeframe: Timeframe): readonly Gap[] {
  const gaps: Gap[] = [];
  for (let row = 1; row < time.length; row++) {
    const missing = barsBetween(timeframe, time[row - 1] ?? 0, time[row] ?? 0) - 1;
    if (missing > 0) gaps.push({ row, missing });
  }
  return gaps;
}

/** Logs how many bars have no volume. */
export function checkZeroVolume(columns: Columns, log: FindingLog): void {
  const { volume } = columns;
  let count = 0;
  for (const value of volume) if (value === 0) count++;
  if (count === 0) return;
  const hint = 'Do not use volume in a strategy on this file, or check the source';
  if (count === volume.length) log.warn('zero-volume', null, count, 'no bar has a volume', hint);
  else log.warn('zero-volume', lineOf(volume.indexOf(0)), count, `${counted(count, 'bar')} of ${volume.length} with volume 0`, hint);
}

const median = (values: readonly number[]): number => {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)] ?? NaN;
};

/** Bars before the last one to which it is compared. */
const PARTIAL_WINDOW = 30;

/**
 * Logs a last bar that was likely still forming when the file was made. Without a clock this is a guess: its volume is
 * below 40 % of the median of the 30 bars before, its range below 80 % of theirs, and at most 2 of those had so little
 * volume (chosen on ../shared/data: finds the four bars known to be partial). With `now` it is known.
 */
export function checkLastBar(columns: Columns, timeframe: Timeframe, now: number | null, log: FindingLog): void {
  const { time, high, low, volume } = columns;
  const last = time.length - 1;
  const lastTime = time[last] ?? 0;
  const hint = 'It is used as it is; export the file again later, or cut the bar off';
  if (now !== null) {
    if (lastTime <= now && nextOpen(timeframe, lastTime) > now) {
      log.warn('partial-last', lineOf(last), 1, `the last bar, ${iso(lastTime)}, has not ended yet`, hint);
    }
    return;
  }
  const from = last - PARTIAL_WINDOW;
  if (from < 0) return;
  const lastVolume = volume[last] ?? 0;
  const before = [...volume.subarray(from, last)];
  const usualVolume = median(before);
  const usualRange = median(before.map((_, k) => (high[from + k] ?? 0) - (low[from + k] ?? 0)));
  if (lastVolume >= 0.4 * usualVolume || (high[last] ?? 0) - (low[last] ?? 0) >= 0.8 * usualRange) return;
  if (before.filter((value) => value <= lastVolume).length > 2) return;
  const share = Math.round((lastVolume / usualVolume) * 100);
  log.warn(
    'partial-last',
    lineOf(last),
    1,
    `the last bar, ${iso(lastTime)}, looks partial: its volume is ${share} % of what is usual`,
    hint,
  );
}

/** Logs bars that open after `now`. */
export function checkFuture(columns: Columns, now: number, log: FindingLog): void {
  const { time } = columns;
  const count = time.reduce((sum, t) => sum + (t > now ? 1 : 0), 0);
  if (count === 0) return;
  const first = time.findIndex((t) => t > now);
  log.error(
    'future-time',
    lineOf(first),
    `${counted(count, 'bar')} in the future, the first at ${iso(time[first] ?? 0)}`,
    'Check the clock of this machine, and the unit and time zone of the file',
  );
}

/**
 * Logs what bars look like as a series.
 * @param now ms since the epoch; null = not known: what lies after it is not known either
 */
export function checkSeries(columns: Columns, timeframe: Timeframe, now: number | null, log: FindingLog, gapsOf?: GapsOfSeries): void {
  checkTimeframe(columns, timeframe, log);
  if (now !== null) checkFuture(columns, now, log);
  checkGrid(columns, timeframe, log);
  checkWeek(columns, timeframe, log);
  checkGaps(columns, timeframe, log, gapsOf);
  checkZeroVolume(columns, log);
  checkLastBar(columns, timeframe, now, log);
}
