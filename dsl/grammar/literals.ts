import type { DurationUnit } from '#dsl/ast/expression.ts';

/** What the text of a number means, or why it is refused (`problem`, with a `hint`). */
export type NumberReading =
  | { readonly kind: 'number' | 'percent' | 'basisPoints' | 'multiple'; readonly value: number }
  | { readonly kind: 'duration'; readonly ms: number; readonly count: number; readonly unit: DurationUnit }
  | { readonly kind: 'bad'; readonly problem: string; readonly hint: string };

const MAX_VALUE = 1e15;
const MAX_DIGITS = 18;

const DAY = 86_400_000;
const UNIT_MS: ReadonlyMap<string, readonly [DurationUnit, number]> = new Map([
  ['ms', ['ms', 1]],
  ['s', ['s', 1000]],
  ['m', ['m', 60_000]],
  ['h', ['h', 3_600_000]],
  ['d', ['d', DAY]],
  ['w', ['w', 7 * DAY]],
  ['mo', ['mo', 30 * DAY]],
  ['y', ['y', 365 * DAY]],
]);

/** Units of durations, which touch their number. */
export const DURATION_UNITS: readonly string[] = [...UNIT_MS.keys()];

/** Units that other languages and platforms write. */
const OTHER_UNITS: ReadonlyMap<string, string> = new Map([
  ['sec', 's'],
  ['secs', 's'],
  ['min', 'm'],
  ['mins', 'm'],
  ['minute', 'm'],
  ['minutes', 'm'],
  ['hr', 'h'],
  ['hrs', 'h'],
  ['hour', 'h'],
  ['hours', 'h'],
  ['day', 'd'],
  ['days', 'd'],
  ['week', 'w'],
  ['weeks', 'w'],
  ['month', 'mo'],
  ['months', 'mo'],
  ['year', 'y'],
  ['years', 'y'],
  ['r', 'R'],
  ['m', 'M'],
  ['b', 'B'],
  ['bps', 'bp'],
]);

const UNIT_NAMES = 'ms s m h d w mo y, %, bp, R, k M B';

/** Reads `2.5`, `5M`, `2%`, `25bp`, `1.5R`, `4h`. Each value is the double nearest to what is written (no product of rounded parts). */
export function readNumber(image: string): NumberReading {
  const match = /^(\d[\d_]*(?:\.\d[\d_]*)?)(?:[eE]([+-]?\d+))?(.*)$/.exec(image);
  const written = match?.[1] ?? '';
  const suffix = match?.[3] ?? '';
  if (/__|_$|_\./.test(written)) return { kind: 'bad', problem: 'an underscore stands between two digits', hint: 'write 1_000' };
  const digits = written.replaceAll('_', '');
  const exponent = Number(match?.[2] ?? '0');
  if (digits.replace('.', '').replace(/^0+/, '').length > MAX_DIGITS) {
    return { kind: 'bad', problem: `a number has at most ${MAX_DIGITS} digits`, hint: 'write fewer digits' };
  }
  const scaled = (power: number): number => Number(`${digits}e${exponent + power}`);
  const plain = scaled(0);
  if (!(plain <= MAX_VALUE)) return tooLarge();
  if (plain === 0 && /[1-9]/.test(digits))
    return { kind: 'bad', problem: 'this number is too small', hint: 'write 0, or a number above 1e-300' };
  switch (suffix) {
    case '':
      return { kind: 'number', value: plain };
    case '%':
      return { kind: 'percent', value: scaled(-2) };
    case 'bp':
      return { kind: 'basisPoints', value: scaled(-4) };
    case 'R':
      return { kind: 'multiple', value: plain };
    case 'k':
      return large(scaled(3));
    case 'M':
      return large(scaled(6));
    case 'B':
      return large(scaled(9));
    default: {
      const unit = UNIT_MS.get(suffix);
      if (unit === undefined) return unknownUnit(digits, suffix);
      const ms = plain * unit[1];
      return ms <= MAX_VALUE ? { kind: 'duration', ms, count: plain, unit: unit[0] } : tooLarge();
    }
  }
}

function large(value: number): NumberReading {
  return value <= MAX_VALUE ? { kind: 'number', value } : tooLarge();
}

function tooLarge(): NumberReading {
  return { kind: 'bad', problem: 'this number is too large', hint: 'numbers and durations (in milliseconds) go up to 1e15' };
}

/** The unit that touches its number and is meant by a word, `d` by `days`; null when there is none. */
export function touchingUnit(word: string): string | null {
  const lower = word.toLowerCase();
  return OTHER_UNITS.get(lower) ?? (UNIT_MS.has(lower) || lower === 'bp' || lower === 'k' ? lower : null);
}

function unknownUnit(digits: string, suffix: string): NumberReading {
  const problem = `"${suffix.slice(0, 20)}" is not a unit`;
  const known = touchingUnit(suffix);
  if (known !== null && known !== suffix) return { kind: 'bad', problem, hint: `did you mean ${digits}${known}?` };
  if (/^(?:atr|ticks?|bars?|pips?|contracts?|[A-Z]{2,})$/.test(suffix))
    return { kind: 'bad', problem: `"${suffix}" needs a space before it`, hint: `write ${digits} ${suffix}` };
  return { kind: 'bad', problem, hint: `units that touch their number: ${UNIT_NAMES}` };
}

/** Day number since 1970-01-01 of a date of the Gregorian calendar (H. Hinnant, "chrono-compatible low-level date algorithms"). */
function daysSinceEpoch(year: number, month: number, day: number): number {
  const y = month <= 2 ? year - 1 : year;
  const era = Math.floor(y / 400);
  const yearOfEra = y - era * 400;
  const dayOfYear = Math.floor((153 * (month + (month > 2 ? -3 : 9)) + 2) / 5) + day - 1;
  return era * 146_097 + yearOfEra * 365 + Math.floor(yearOfEra / 4) - Math.floor(yearOfEra / 100) + dayOfYear - 719_468;
}

export interface DateReading {
  readonly year: number;
  readonly month: number;
  readonly day: number;
  /** Midnight in UTC, epoch milliseconds. */
  readonly ms: number;
}

/** Reads `2024-01-31`; null when it is not written so or there is no such day. */
export function readDate(image: string): DateReading | null {
  const match = /^(\d{4})-(\d{2})-(\d{2})$/.exec(image);
  if (match === null) return null;
  const [year, month, day] = [Number(match[1]), Number(match[2]), Number(match[3])];
  const leap = year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0);
  const length = [31, leap ? 29 : 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31][month - 1];
  if (length === undefined || day < 1 || day > length) return null;
  return { year, month, day, ms: daysSinceEpoch(year, month, day) * DAY };
}

/** Reads `09:30` as minutes since midnight, 24:00 included; null when there is no such time. */
export function readTime(image: string): number | null {
  const match = /^(\d{1,2}):(\d{2})$/.exec(image);
  if (match === null) return null;
  const minutes = Number(match[1]) * 60 + Number(match[2]);
  return Number(match[2]) < 60 && minutes <= 1440 ? minutes : null;
}
