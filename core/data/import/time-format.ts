import { decimalOf } from '../decimal-bytes.ts';

/** A number since 1970 in a unit; ms since the midnight of one day; or a text: year, month and day in an order, and a time of the day or none. */
export type TimeFormat =
  | { readonly type: 'clock'; readonly dayMs: number }
  | { readonly type: 'number'; readonly unit: TimeUnit }
  | { readonly type: 'text'; readonly order: DateOrder; readonly hasClock: boolean; readonly hasZone: boolean };

type TimeUnit = 's' | 'ms' | 'us' | 'ns';
/** `ymd` also without marks between: 20240131. */
type DateOrder = 'ymd' | 'dmy' | 'mdy';

const UNIT_NAMES: Readonly<Record<TimeUnit, string>> = {
  s: 'seconds since 1970',
  ms: 'milliseconds since 1970',
  us: 'microseconds since 1970',
  ns: 'nanoseconds since 1970',
};

const CLOCK = String.raw`(?:[T ]\s*(\d{1,2}):?(\d\d)(?::?(\d\d)(?:[.,]\d{1,9})?)?\s?(AM|PM)?)?`;
const ZONE = String.raw`(\s?(?:Z|UTC|(?:GMT|UTC)?[+-]\d\d(?::?\d\d)?))?`;
const YMD = new RegExp(String.raw`^\d{4}([-./])\d{1,2}\1\d{1,2}${CLOCK}${ZONE}$`);
const COMPACT = new RegExp(String.raw`^(?:19|20)\d{6}${CLOCK}${ZONE}$`);
const DMY_OR_MDY = new RegExp(String.raw`^(\d{1,2})([-./])(\d{1,2})\2\d{4}${CLOCK}${ZONE}$`);

/** By size, each unit to the year 5138: milliseconds before March 1973 are taken for seconds. */
function unitOf(value: number): TimeUnit | null {
  const size = Math.abs(value);
  return size < 1e11 ? 's' : size < 1e14 ? 'ms' : size < 1e17 ? 'us' : size < 1e20 ? 'ns' : null;
}

/** What is known of how times are written; `days` = the texts do not tell days from months. */
type DetectedTime = TimeFormat | 'days' | null;

/** The format of times, from the first ones of a column. Null when they are none that is read. @param order of days and months, by the user's word */
export function detectTime(texts: readonly string[], order: 'dmy' | 'mdy' | null = null): DetectedTime {
  const [first = ''] = texts;
  const isCompact = COMPACT.test(first);
  if (!isCompact && !Number.isNaN(decimalOf(first))) {
    const unit = unitOf(decimalOf(first));
    return unit === null ? null : { type: 'number', unit };
  }
  const match = isCompact ? COMPACT.exec(first) : YMD.exec(first);
  if (match !== null) {
    // Groups before the clock: the mark between of YMD.
    const at = isCompact ? 1 : 2;
    return { type: 'text', order: 'ymd', hasClock: match[at] !== undefined, hasZone: match[at + 4] !== undefined };
  }
  const turned = DMY_OR_MDY.exec(first);
  if (turned === null) return null;
  const hasClock = turned[4] !== undefined;
  const hasZone = turned[8] !== undefined;
  if (order !== null) return { type: 'text', order, hasClock, hasZone };
  if (turned[2] === '.') return { type: 'text', order: 'dmy', hasClock, hasZone };
  const [one, two] = [1, 3].map((place) => Math.max(...texts.map((text) => Number(DMY_OR_MDY.exec(text)?.[place] ?? 0))));
  if (one! > 12 && two! <= 12) return { type: 'text', order: 'dmy', hasClock, hasZone };
  if (two! > 12 && one! <= 12) return { type: 'text', order: 'mdy', hasClock, hasZone };
  return 'days';
}

export function timeFormatName(format: TimeFormat): string {
  if (format.type === 'number') return UNIT_NAMES[format.unit];
  if (format.type === 'clock') return 'milliseconds of the day';
  const order = { ymd: 'year-month-day', dmy: 'day.month.year', mdy: 'month/day/year' }[format.order];
  return `dates as ${order}${format.hasClock ? ` with a time of day${format.hasZone ? ' and a zone' : ''}` : ''}`;
}
