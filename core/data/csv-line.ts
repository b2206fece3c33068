import { decimalOf, EXACT_POWERS, parseDecimal } from './decimal-bytes.ts';
import type { TextBytes } from './text-bytes.ts';

const LINE_FEED = 10;
const CARRIAGE_RETURN = 13;
const QUOTE = 34;
const POINT = 46;
const ZERO = 48;
/** So many digits are always an exact integer in a double. */
const EXACT_DIGITS = 15;

const isBlank = (byte: number | undefined): boolean => byte === 32 || byte === 9 || byte === CARRIAGE_RETURN;

/**
 * Splits lines of a CSV text into fields and reads plain decimals in the same pass: of a candle file that is nearly all of it, and a
 * second look at each byte would cost as much again. Fields hold no delimiters, quoted or not.
 */
export class CsvLine {
  /** Fields of the last line read, which may be more than were wanted. */
  count = 0;
  readonly #bytes: TextBytes;
  readonly #end: number;
  readonly #delimiter: number;
  readonly #mark: number;
  readonly #starts: Int32Array;
  readonly #ends: Int32Array;
  /** NaN where the field is no plain decimal: then `number` has a closer look. */
  readonly #values: Float64Array;

  /** `end`: where the text ends. `wanted`: fields of a line that are kept. `mark`: the byte before decimals, a point or a comma. */
  constructor(bytes: TextBytes, end: number, delimiter: number, wanted: number, mark = POINT) {
    this.#bytes = bytes;
    this.#end = end;
    this.#delimiter = delimiter;
    this.#mark = mark;
    this.#starts = new Int32Array(wanted);
    this.#ends = new Int32Array(wanted);
    this.#values = new Float64Array(wanted);
  }

  /** Reads the line that begins at `from`; returns where the next one begins, which is behind `end` after the last. */
  read(from: number): number {
    const bytes = this.#bytes;
    const end = this.#end;
    const delimiter = this.#delimiter;
    const mark = this.#mark;
    const starts = this.#starts;
    let count = 0;
    let start = from;
    let mantissa = 0;
    let point = -1;
    let isPlain = true;
    for (let i = from; ; i++) {
      const byte = i < end ? (bytes[i] ?? LINE_FEED) : LINE_FEED;
      const digit = byte - ZERO;
      if (digit >= 0 && digit <= 9) {
        mantissa = mantissa * 10 + digit;
        continue;
      }
      if (byte === mark) {
        if (point >= 0) isPlain = false;
        point = i;
        continue;
      }
      const isLast = byte === LINE_FEED || (byte === CARRIAGE_RETURN && (i + 1 >= end || bytes[i + 1] === LINE_FEED));
      if (byte !== delimiter && !isLast) {
        isPlain = false;
        continue;
      }
      if (count < starts.length) {
        starts[count] = start;
        this.#ends[count] = i;
        const digits = point < 0 ? i - start : i - start - 1;
        if (!isPlain || digits === 0 || digits > EXACT_DIGITS) this.#values[count] = NaN;
        else this.#values[count] = point < 0 ? mantissa : mantissa / (EXACT_POWERS[i - point - 1] ?? NaN);
      }
      count++;
      if (isLast) {
        this.count = count;
        return byte === LINE_FEED ? i + 1 : i + 2;
      }
      start = i + 1;
      mantissa = 0;
      point = -1;
      isPlain = true;
    }
  }

  /** The number in a field, as `parseDecimal` reads it. */
  number(field: number): number {
    const value = this.#values[field] ?? NaN;
    if (!Number.isNaN(value)) return value;
    if (this.#mark !== POINT) return decimalOf(this.text(field).replace(String.fromCharCode(this.#mark), '.'));
    const [start, end] = this.#trimmed(field);
    return parseDecimal(this.#bytes, start, end);
  }

  /** Where a field begins and ends among the bytes, with the blanks and quotes around it. */
  start(field: number): number {
    return this.#starts[field] ?? 0;
  }

  end(field: number): number {
    return this.#ends[field] ?? 0;
  }

  /** The text of a field without the blanks and quotes around it. */
  text(field: number): string {
    const [start, end] = this.#trimmed(field);
    return this.#bytes.toString('latin1', start, end);
  }

  isEmpty(field: number): boolean {
    const [start, end] = this.#trimmed(field);
    return start === end;
  }

  #trimmed(field: number): readonly [number, number] {
    const bytes = this.#bytes;
    let start = this.#starts[field] ?? 0;
    let end = this.#ends[field] ?? 0;
    while (start < end && isBlank(bytes[start])) start++;
    while (start < end && isBlank(bytes[end - 1])) end--;
    return end - start >= 2 && bytes[start] === QUOTE && bytes[end - 1] === QUOTE ? [start + 1, end - 1] : [start, end];
  }
}
