const DAY_MS = 86_400_000;

/** From a value to a place in the picture. */
export type Scale = (value: number) => number;

export function linearScale(from: number, to: number, start: number, end: number): Scale {
  const span = to - from;
  return span === 0 ? () => (start + end) / 2 : (value) => start + ((value - from) / span) * (end - start);
}

/** About `count` round values (1, 2 or 5 times a power of ten) inside [low, high]. */
export function niceTicks(low: number, high: number, count: number): { readonly values: number[]; readonly digits: number } {
  const span = high - low;
  // A range that doubles can hardly tell from nothing has no ticks to find.
  if (!(span > Math.max(Math.abs(low), Math.abs(high)) * 1e-9) || !Number.isFinite(span)) return { values: [low], digits: 2 };
  const rough = span / count;
  const power = Math.floor(Math.log10(rough));
  const unit = 10 ** power;
  const step = ([1, 2, 5].find((factor) => factor * unit >= rough) ?? 10) * unit;
  const values: number[] = [];
  for (let n = Math.ceil(low / step); n * step <= high; n++) values.push(n * step);
  return { values, digits: Math.max(0, -Math.floor(Math.log10(step))) };
}

/** At most `count` times in [from, to] with their labels: on days when there are enough of them, else evenly by the minute. */
export function timeTicks(from: number, to: number, count: number): { readonly time: number; readonly label: string }[] {
  const span = to - from;
  if (!(span > 0)) return [{ time: from, label: timeLabel(from, true) }];
  const days = span / DAY_MS;
  if (days > 31 * count) return monthTicks(from, to, count);
  if (days < 4) {
    return Array.from({ length: count }, (_, i) => from + (span * (i + 0.5)) / count).map((time) => ({
      time,
      label: timeLabel(time, true),
    }));
  }
  const step = Math.max(1, Math.ceil(days / count)) * DAY_MS;
  const ticks: { time: number; label: string }[] = [];
  for (let time = Math.ceil(from / DAY_MS) * DAY_MS; time <= to; time += step) ticks.push({ time, label: timeLabel(time, false) });
  return ticks;
}

/** Number of the month (UTC) that a time lies in, counted from January of the year 0. */
export function monthOf(time: number): number {
  const date = new Date(time);
  return date.getUTCFullYear() * 12 + date.getUTCMonth();
}

/** Months in a step between ticks; more is whole years. */
const MONTH_STEPS = [1, 2, 3, 6, 12];

/** Firsts of months (UTC), as many apart as are needed; years have their number alone. */
function monthTicks(from: number, to: number, count: number): { readonly time: number; readonly label: string }[] {
  const months = monthOf(to) - monthOf(from) + 1;
  const step = MONTH_STEPS.find((size) => months / size <= count) ?? 12 * Math.ceil(months / 12 / count);
  const ticks: { time: number; label: string }[] = [];
  for (let month = Math.ceil(monthOf(from) / step) * step; ; month += step) {
    const time = Date.UTC(Math.floor(month / 12), month % 12);
    if (time > to) return ticks;
    if (time >= from) ticks.push({ time, label: new Date(time).toISOString().slice(0, step < 12 ? 7 : 4) });
  }
}

function timeLabel(time: number, hasMinutes: boolean): string {
  const iso = new Date(time).toISOString();
  return hasMinutes ? iso.slice(5, 16).replace('T', ' ') : iso.slice(0, 10);
}

/**
 * Indexes of [from, to) that keep the look of a line at `buckets` pixels: of each bucket its lowest and highest point, in
 * order. All indexes when there are no more than two a bucket.
 */
export function lineIndexes(values: Float64Array, from: number, to: number, buckets: number): number[] {
  const indexes: number[] = [];
  const size = (to - from) / buckets;
  if (size <= 2) {
    for (let i = from; i < to; i++) indexes.push(i);
    return indexes;
  }
  for (let b = 0; b < buckets; b++) {
    const start = from + Math.floor(b * size);
    const end = b === buckets - 1 ? to : from + Math.floor((b + 1) * size);
    let low = start;
    let high = start;
    for (let i = start; i < end; i++) {
      if (values[i]! < values[low]!) low = i;
      if (values[i]! > values[high]!) high = i;
    }
    indexes.push(Math.min(low, high));
    if (low !== high) indexes.push(Math.max(low, high));
  }
  // The line has to begin and end where the data does.
  if (indexes[0] !== from) indexes.unshift(from);
  if (indexes.at(-1) !== to - 1) indexes.push(to - 1);
  return indexes;
}

/** A coordinate as short text. */
export function place(value: number): string {
  return String(Math.round(value * 10) / 10);
}
