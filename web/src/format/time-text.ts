const MINUTE = 16;
const SECOND = 19;
const LOCAL = new Intl.DateTimeFormat('en-GB', { dateStyle: 'medium', timeStyle: 'long' });

function iso(time: number): string | null {
  const date = new Date(time);
  return Number.isNaN(date.getTime()) ? null : date.toISOString();
}

/** UTC to the minute: 2026-11-21 04:36. */
export function utcMinute(time: number): string {
  return iso(time)?.slice(0, MINUTE).replace('T', ' ') ?? '–';
}

/** UTC to the second: 2026-11-21 04:36:05. */
export function utcSecond(time: number): string {
  return iso(time)?.slice(0, SECOND).replace('T', ' ') ?? '–';
}

/** The reader's own time, with its zone, for a tooltip. */
export function localTime(time: number): string {
  if (iso(time) === null) return '';
  return `${LOCAL.format(time)} (your time)`;
}

/** 90061000 -> 1 d 1 h. */
export function duration(ms: number): string {
  const minutes = Math.max(0, Math.floor(ms / 60_000));
  const days = Math.floor(minutes / 1440);
  const hours = Math.floor((minutes % 1440) / 60);
  if (days > 0) return `${days} d ${hours} h`;
  return hours > 0 ? `${hours} h ${minutes % 60} min` : `${minutes} min`;
}
