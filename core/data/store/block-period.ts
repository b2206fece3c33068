import { civilDate, dayNumber } from '#core/model/civil-date.ts';
import { parseTimeframe } from '#core/model/timeframe.ts';
import type { SeriesKey } from './series-key.ts';

const DAY_MS = 86_400_000;

/** A stretch of time, half open, ms UTC. Its name sorts by time. */
export interface BlockPeriod {
  readonly name: string;
  readonly from: number;
  readonly to: number;
}

type Span = 'day' | 'month' | 'year' | 'all';

/**
 * Of what length the blocks of a series are: some ten thousand rows each, so that adding to a series writes little and reading it opens few files. Part of
 * the definition of its digest: changing it changes digests.
 */
function spanOf({ kind, timeframe }: SeriesKey): Span {
  if (kind === 'trades') return 'day';
  if (kind === 'funding') return 'year';
  // How many bars a rule other than time makes nobody knows before.
  if (kind === 'bars') return 'month';
  const stepMs = parseTimeframe(timeframe ?? '')!.stepMs;
  if (stepMs < 60_000) return 'day';
  if (stepMs < 3_600_000) return 'month';
  return stepMs < DAY_MS ? 'year' : 'all';
}

/** The block of a series that a time belongs to. */
export function blockPeriod(key: SeriesKey, time: number): BlockPeriod {
  const span = spanOf(key);
  if (span === 'all') return { name: 'all', from: -Infinity, to: Infinity };
  const day = Math.floor(time / DAY_MS);
  const { year, month, day: dayOfMonth } = civilDate(day);
  const yearText = String(year).padStart(4, '0');
  const monthText = `${yearText}-${String(month).padStart(2, '0')}`;
  if (span === 'year') return { name: yearText, from: dayNumber(year, 1, 1) * DAY_MS, to: dayNumber(year + 1, 1, 1) * DAY_MS };
  if (span === 'month') return { name: monthText, from: dayNumber(year, month, 1) * DAY_MS, to: dayNumber(year, month + 1, 1) * DAY_MS };
  return { name: `${monthText}-${String(dayOfMonth).padStart(2, '0')}`, from: day * DAY_MS, to: (day + 1) * DAY_MS };
}
