import { civilDate, dayNumber } from '#core/model/civil-date.ts';
import type { TimeFormat } from './time-format.ts';
import type { WallZone } from './wall-zone.ts';

const DAY_MS = 86_400_000;
const ZERO = 48;
const MINUS = 45;
const PLUS = 43;
const COLON = 58;
const isLetter = (byte: number): boolean => (byte | 32) >= 97 && (byte | 32) <= 122;

/** Reads the times of a file, forward or back, in the format of its first ones. */
export class TimeReader {
  /** Times are numbers. */
  readonly isNumeric: boolean;
  readonly #format: TimeFormat;
  readonly #zone: WallZone;
  readonly #numbers = new Float64Array(7);
  readonly #widths = new Int32Array(7);
  #year = NaN;
  #month = NaN;
  #day = NaN;
  #dayMs = NaN;
  readonly #isBackward: boolean;
  #last: number;

  /** @param zone of times that do not say theirs. @param isBackward the newest row comes first */
  constructor(format: TimeFormat, zone: WallZone, isBackward: boolean) {
    this.isNumeric = format.type !== 'text';
    this.#format = format;
    this.#zone = zone;
    this.#isBackward = isBackward;
    this.#last = isBackward ? Infinity : -Infinity;
  }

  /** Ms since the epoch. The unit of a number is known by its size; NaN beyond the year 5138. */
  ofNumber(value: number): number {
    if (this.#format.type === 'clock') return value >= 0 && value < 2 * DAY_MS ? this.ofWall(this.#format.dayMs + value) : NaN;
    const size = Math.abs(value);
    if (size < 1e11) return value * 1000;
    if (size < 1e14) return value;
    if (size < 1e17) return value / 1000;
    return size < 1e20 ? value / 1e6 : NaN;
  }

  /** Ms since the epoch of what clocks show. */
  ofWall(wallMs: number): number {
    this.#last = this.#zone.momentOf(wallMs, this.#last, this.#isBackward);
    return this.#last;
  }

  /**
   * Ms since the epoch of the text in `[start, end)`: year, month, day in one order, then the clock. Numbers of digits may differ, marks between them are
   * not compared. NaN when it is none, or no date of the calendar.
   */
  ofText(bytes: Uint8Array, start: number, end: number): number {
    if (this.#format.type !== 'text') return NaN;
    const { order, hasClock, hasZone } = this.#format;
    if (order === 'ymd' && hasClock) {
      const wall = this.#isoSeconds(bytes, start, end, hasZone);
      if (wall === wall) return hasZone ? wall : this.ofWall(wall);
    }
    const [numbers, widths] = [this.#numbers, this.#widths];
    let count = 0;
    let i = start;
    // A date without marks is one number of eight digits.
    const isCompact = end - start >= 8 && this.#digits(bytes, start, start + 8);
    while (i < end && count < 7) {
      const byte = bytes[i]!;
      if (byte < ZERO || byte > ZERO + 9) {
        if (count >= 5 && (byte === PLUS || byte === MINUS || isLetter(byte))) break;
        if (isLetter(byte) && byte !== 84) return NaN;
        i++;
        continue;
      }
      // The clock may be without marks, too: 170000.
      const most = isCompact ? (count === 0 ? 4 : count < 6 ? 2 : 9) : 9;
      let value = 0;
      let width = 0;
      while (i < end && width < most && bytes[i]! >= ZERO && bytes[i]! <= ZERO + 9) {
        value = value * 10 + bytes[i]! - ZERO;
        i++;
        width++;
      }
      numbers[count] = value;
      widths[count] = width;
      count++;
    }
    if (count < 3 || (hasClock ? count < 5 : count !== 3)) return NaN;
    const [year, month, day] =
      order === 'ymd'
        ? [numbers[0]!, numbers[1]!, numbers[2]!]
        : [numbers[2]!, numbers[order === 'dmy' ? 1 : 0]!, numbers[order === 'dmy' ? 0 : 1]!];
    if (widths[order === 'ymd' ? 0 : 2] !== 4) return NaN;
    const midnight = this.#midnight(year, month, day);
    // A date without a time of day is that of the bar, wherever it is.
    if (!hasClock) return midnight;
    let hour = numbers[3]!;
    const minute = numbers[4]!;
    const second = count > 5 ? numbers[5]! : 0;
    const fraction = count > 6 ? numbers[6]! / 10 ** widths[6]! : 0;
    const rest = i < end ? suffixOf(bytes, i, end) : NO_SUFFIX;
    if (rest === null) return NaN;
    if (rest.half !== null) hour = (hour % 12) + (rest.half === 'PM' ? 12 : 0);
    if (hour > 23 || minute > 59 || second > 59) return NaN;
    const wall = midnight + hour * 3_600_000 + minute * 60_000 + second * 1000 + fraction * 1000;
    if (Number.isNaN(wall) || (rest.offsetMinutes !== null) !== hasZone) return NaN;
    if (rest.offsetMinutes !== null) return wall - rest.offsetMinutes * 60_000;
    return this.ofWall(wall);
  }

  /** As most write it: `2024-01-31T09:30:00`, with a blank for the T too, in UTC with `Z` or `+00:00` behind. NaN for all else, right or wrong. */
  #isoSeconds(bytes: Uint8Array, start: number, end: number, hasZone: boolean): number {
    const behind = start + 19;
    if (hasZone ? !isUtc(bytes, behind, end) : end !== behind) return NaN;
    const isMarked = bytes[start + 4] === MINUS && bytes[start + 7] === MINUS && bytes[start + 13] === COLON && bytes[start + 16] === COLON;
    if (!isMarked || (bytes[start + 10] !== 84 && bytes[start + 10] !== 32)) return NaN;
    const year = 100 * twoDigits(bytes, start) + twoDigits(bytes, start + 2);
    const midnight = this.#midnight(year, twoDigits(bytes, start + 5), twoDigits(bytes, start + 8));
    const hour = twoDigits(bytes, start + 11);
    const minute = twoDigits(bytes, start + 14);
    const second = twoDigits(bytes, start + 17);
    return hour < 24 && minute < 60 && second < 60 ? midnight + hour * 3_600_000 + minute * 60_000 + second * 1000 : NaN;
  }

  /** Neighbours share their date mostly. */
  #midnight(year: number, month: number, day: number): number {
    if (year === this.#year && month === this.#month && day === this.#day) return this.#dayMs;
    this.#year = year;
    this.#month = month;
    this.#day = day;
    const number = dayNumber(year, month, day);
    const back = civilDate(number);
    // 31 February would be a day of March: such a date is none.
    this.#dayMs = back.month === month && back.day === day ? number * DAY_MS : NaN;
    return this.#dayMs;
  }

  #digits(bytes: Uint8Array, from: number, to: number): boolean {
    for (let i = from; i < to; i++) if (bytes[i]! < ZERO || bytes[i]! > ZERO + 9) return false;
    return true;
  }
}

/** NaN when they are none. */
function twoDigits(bytes: Uint8Array, at: number): number {
  const [tens, ones] = [bytes[at]! ^ ZERO, bytes[at + 1]! ^ ZERO];
  return tens < 10 && ones < 10 ? tens * 10 + ones : NaN;
}

/** `Z` or `+00:00`. */
const isUtc = (bytes: Uint8Array, start: number, end: number): boolean =>
  end - start === 1
    ? bytes[start] === 90
    : end - start === 6 &&
      bytes[start] === PLUS &&
      bytes[start + 3] === COLON &&
      twoDigits(bytes, start + 1) === 0 &&
      twoDigits(bytes, start + 4) === 0;

interface Suffix {
  readonly half: 'AM' | 'PM' | null;
  readonly offsetMinutes: number | null;
}

const NO_SUFFIX: Suffix = { half: null, offsetMinutes: null };

/** What stands behind the clock: AM or PM, a zone. Null when it is neither. */
function suffixOf(bytes: Uint8Array, start: number, end: number): Suffix | null {
  const text = String.fromCharCode(...bytes.subarray(start, Math.min(end, start + 16))).trim();
  const match = /^(AM|PM)?\s?(?:(Z|UTC|GMT)|(?:GMT|UTC)?([+-])(\d\d):?(\d\d)?)?$/.exec(text);
  if (match === null) return null;
  const half = match[1] === 'AM' || match[1] === 'PM' ? match[1] : null;
  if (match[2] !== undefined) return { half, offsetMinutes: 0 };
  if (match[3] === undefined) return { half, offsetMinutes: null };
  const minutes = Number(match[4]) * 60 + Number(match[5] ?? 0);
  return minutes > 14 * 60 ? null : { half, offsetMinutes: (match[3] === '-' ? -1 : 1) * minutes };
}
