import { decimalOf } from './decimal-bytes.ts';

/** How a file writes its times: a number in a unit, ISO 8601 with a zone, without one (read as UTC), or a date alone. */
export type TimeFormat = 's' | 'ms' | 'us' | 'iso-zone' | 'iso-local' | 'iso-date';

export const TIME_FORMAT_NAMES: Readonly<Record<TimeFormat, string>> = {
  s: 'seconds since 1970',
  ms: 'milliseconds since 1970',
  us: 'microseconds since 1970',
  'iso-zone': 'ISO 8601 with a time zone',
  'iso-local': 'ISO 8601 without a time zone',
  'iso-date': 'ISO 8601 dates',
};

const ISO = /^(\d{4})-(\d\d)-(\d\d)(?:[T ](\d\d):(\d\d)(?::(\d\d)(?:\.(\d{1,9}))?)?\s?(Z|UTC|[+-]\d\d(?::?\d\d)?)?)?$/;

function isoTime(match: RegExpExecArray): number {
  const part = (index: number): number => Number(match[index] ?? 0);
  const [year, month, day, hour, minute, second] = [part(1), part(2), part(3), part(4), part(5), part(6)];
  if (hour > 23 || minute > 59 || second > 59) return NaN;
  const date = new Date(Date.UTC(year, month - 1, day, hour, minute, second));
  date.setUTCFullYear(year);
  // Date.UTC rolls 31 February over into March: such a date is refused, not moved.
  if (date.getUTCMonth() !== month - 1 || date.getUTCDate() !== day) return NaN;
  const fractionMs = match[7] === undefined ? 0 : Number(`0.${match[7]}`) * 1000;
  const zone = /^([+-])(\d\d):?(\d\d)?$/.exec(match[8] ?? '');
  const offsetMinutes = zone === null ? 0 : Number(zone[2]) * 60 + Number(zone[3] ?? 0);
  if (offsetMinutes > 14 * 60) return NaN;
  return date.getTime() + fractionMs - (zone?.[1] === '-' ? -1 : 1) * offsetMinutes * 60_000;
}

/**
 * The format of a time, from its text alone; null when it is none. Numbers: below 10^11 seconds, below 10^14 milliseconds,
 * below 10^17 microseconds, each of which reaches to the year 5138 (so milliseconds before March 1973 are taken for seconds).
 */
export function detectTimeFormat(text: string): TimeFormat | null {
  const match = ISO.exec(text);
  if (match !== null) return match[4] === undefined ? 'iso-date' : match[8] === undefined ? 'iso-local' : 'iso-zone';
  return numberFormat(decimalOf(text));
}

function numberFormat(value: number): TimeFormat | null {
  const size = Math.abs(value);
  return size < 1e11 ? 's' : size < 1e14 ? 'ms' : size < 1e17 ? 'us' : null;
}

export const isNumericTime = (format: TimeFormat): format is 's' | 'ms' | 'us' => format === 's' || format === 'ms' || format === 'us';

/** Ms since the epoch of a number in a numeric format; NaN when the number is of another one. */
export function timeOfNumber(value: number, format: TimeFormat): number {
  if (numberFormat(value) !== format) return NaN;
  return format === 's' ? value * 1000 : format === 'ms' ? value : value / 1000;
}

/** Ms since the epoch (UTC) of an ISO 8601 text, which must be in `format`; NaN when it is not, or is no date that exists. */
export function parseIsoTime(text: string, format: TimeFormat): number {
  const match = ISO.exec(text);
  return match !== null && detectTimeFormat(text) === format ? isoTime(match) : NaN;
}
