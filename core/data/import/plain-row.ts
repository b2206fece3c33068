import { EXACT_POWERS } from '../decimal-bytes.ts';

const ZERO = 48;
const LINE_FEED = 10;
const CARRIAGE_RETURN = 13;
/** So many digits are always an exact integer in a double. */
const EXACT_DIGITS = 15;

/** Where the fields of a line go. */
export interface RowPlan {
  readonly delimiter: number;
  /** The byte before decimals. */
  readonly mark: number;
  /** A place in `out` for each field; one behind the wanted ones for what is not. */
  readonly places: Int32Array;
  readonly out: Float64Array;
}

/**
 * Reads a line of nothing but plain decimals of up to 15 digits into `out`: what nearly every line of a market's data is. Returns where the next line
 * begins; -1 when it is another line, which `CsvLine` has a closer look at. Numbers are equal to the last bit to those of `parseDecimal`, for its reason.
 */
export function readPlainRow(bytes: Uint8Array, from: number, { delimiter, mark, places, out }: RowPlan): number {
  const last = places.length - 1;
  let i = from;
  for (let field = 0; ; field++) {
    const start = i;
    let mantissa = 0;
    let byte = bytes[i]!;
    // Digits are the bytes that this turns into 0 to 9.
    while ((byte ^ ZERO) < 10) {
      mantissa = mantissa * 10 + (byte ^ ZERO);
      byte = bytes[++i]!;
    }
    let digits = i - start;
    if (byte === mark) {
      const point = ++i;
      byte = bytes[i]!;
      while ((byte ^ ZERO) < 10) {
        mantissa = mantissa * 10 + (byte ^ ZERO);
        byte = bytes[++i]!;
      }
      const decimals = i - point;
      digits += decimals;
      if (digits === 0 || digits > EXACT_DIGITS) return -1;
      mantissa /= EXACT_POWERS[decimals]!;
    } else if (digits === 0 || digits > EXACT_DIGITS) return -1;
    out[places[field]!] = mantissa;
    i++;
    if (field < last) {
      if (byte !== delimiter) return -1;
    } else if (byte === LINE_FEED) return i;
    else return byte === CARRIAGE_RETURN && bytes[i] === LINE_FEED ? i + 1 : -1;
  }
}
