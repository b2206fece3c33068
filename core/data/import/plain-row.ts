import { EXACT_POWERS } from '../decimal-bytes.ts';

const ZERO = 48;
const LINE_FEED = 10;
const CARRIAGE_RETURN = 13;
/** So many digits are always an exact integer in a double. */
const EXACT_DIGITS = 15;
/** And so many in 32 bits, in which a step costs a third of what it does in doubles. */
const SHORT_DIGITS = 9;

/** Where the fields of a line go. */
export interface RowPlan {
  readonly delimiter: number;
  /** The byte before decimals. */
  readonly mark: number;
  /** A column for each field; what is not wanted has one too. */
  readonly columns: Float64Array[];
  /** Number of the field that holds a text, which is passed over; -1 = none. */
  readonly textField: number;
  /** Where that text began and ended in the line that was read last. */
  readonly textPlace: Int32Array;
}

/**
 * Reads a line of nothing but plain decimals of up to 15 digits (and one text without quotes or blanks around it, where the plan has one) into `row` of the columns:
 * what nearly every line of a market's data is. Returns where the next line begins; -1 when it is another line, which `CsvLine` has a closer look at: then `row`
 * holds nothing of use. Numbers are equal to the last bit to those of `parseDecimal`, for its reason.
 */
export function readPlainRow(bytes: Uint8Array, from: number, plan: RowPlan, row: number): number {
  const { delimiter, mark, columns, textField } = plan;
  const last = columns.length - 1;
  let i = from;
  for (let field = 0; ; field++) {
    const start = i;
    let byte = bytes[i]!;
    if (field === textField) {
      while (byte !== delimiter && byte !== LINE_FEED && byte !== CARRIAGE_RETURN && i < bytes.length) byte = bytes[++i]!;
      plan.textPlace[0] = start;
      plan.textPlace[1] = i;
    } else {
      let short = 0;
      // Digits are the bytes that this turns into 0 to 9.
      let digit = byte ^ ZERO;
      while (digit < 10) {
        short = (Math.imul(short, 10) + digit) | 0;
        byte = bytes[++i]!;
        digit = byte ^ ZERO;
      }
      let digits = i - start;
      if (byte !== mark) {
        if (digits === 0 || digits > EXACT_DIGITS) return -1;
        columns[field]![row] = digits <= SHORT_DIGITS ? short : integerAt(bytes, start, i);
      } else {
        const point = ++i;
        byte = bytes[i]!;
        digit = byte ^ ZERO;
        while (digit < 10) {
          short = (Math.imul(short, 10) + digit) | 0;
          byte = bytes[++i]!;
          digit = byte ^ ZERO;
        }
        const decimals = i - point;
        digits += decimals;
        if (digits === 0 || digits > EXACT_DIGITS) return -1;
        const power = EXACT_POWERS[decimals]!;
        columns[field]![row] =
          (digits <= SHORT_DIGITS ? short : integerAt(bytes, start, point - 1) * power + integerAt(bytes, point, i)) / power;
      }
    }
    i++;
    if (field < last) {
      if (byte !== delimiter) return -1;
    } else if (byte === LINE_FEED) return i;
    else return byte === CARRIAGE_RETURN && bytes[i] === LINE_FEED ? i + 1 : -1;
  }
}

/** Up to 15 digits as one exact integer, the last nine apart from those before. */
function integerAt(bytes: Uint8Array, start: number, end: number): number {
  const cut = Math.max(start, end - SHORT_DIGITS);
  let high = 0;
  let low = 0;
  for (let i = start; i < cut; i++) high = (Math.imul(high, 10) + (bytes[i]! ^ ZERO)) | 0;
  for (let i = cut; i < end; i++) low = (Math.imul(low, 10) + (bytes[i]! ^ ZERO)) | 0;
  return high * 1e9 + low;
}
