import { fail, ok, type Result } from '#core/model/result.ts';
import { shownWord } from './bar-table.ts';
import { type BarPlace, parseBarPlace } from './bar-place.ts';
import { type SentenceFault, type WrittenNumber, writtenNumber } from './sentence-fault.ts';

/** What must hold at the close of a bar, one of `bar 31: stop is 94, quick is 105, quick > trend`. */
export interface ValueLine {
  readonly place: BarPlace;
  readonly text: string;
  readonly check: ValueCheck;
}

export type ValueCheck =
  /** No position, no order that waits (the stop and targets of a position are none), or no stop. */
  | { readonly kind: 'none'; readonly what: 'position' | 'order' | 'stop' }
  /** Signed quantity held, base units; the stop in force. */
  | { readonly kind: 'account'; readonly what: 'position' | 'stop'; readonly value: WrittenNumber }
  /** An order that waits for the next bar. */
  | {
      readonly kind: 'order';
      readonly side: 'buy' | 'sell';
      readonly qty: WrittenNumber | null;
      readonly type: 'market' | 'limit' | 'stop' | null;
      readonly price: WrittenNumber | null;
    }
  /** An expression of the language; `true` also where nothing is said of its value. */
  | { readonly kind: 'expression'; readonly source: string; readonly value: WrittenNumber | boolean | 'na' };

const HINT =
  'write quick is 105, quick is about 104.67, quick > trend, x is na, position is 20, stop is 94, no position, no order, or order buy 20 at limit 98';
const ORDER =
  /^order (?<side>buy|sell)(?: (?<qty>(?:about |~ ?)?[\d.]+))?(?: (?:at|@) (?<type>market|limit|stop)(?: (?<price>(?:about |~ ?)?[\d.]+))?)?$/;

/** Reads a line of `values`: several checks with commas between them. */
export function parseValueLines(where: string, text: string): Result<readonly ValueLine[], SentenceFault> {
  const place = parseBarPlace(where);
  if (!place.ok) return place;
  const lines: ValueLine[] = [];
  for (const part of splitAtCommas(text)) {
    const check = checkOf(part);
    if (!check.ok) return check;
    lines.push({ place: place.value, text: part, check: check.value });
  }
  return ok(lines);
}

/** Commas inside of brackets and quotes belong to calls and texts. */
function splitAtCommas(text: string): readonly string[] {
  const parts: string[] = [];
  let depth = 0;
  let part = '';
  for (const sign of text) {
    if (sign === '(' || sign === '[') depth += 1;
    if (sign === ')' || sign === ']') depth -= 1;
    if (sign === ',' && depth === 0) {
      parts.push(part.trim());
      part = '';
    } else part += sign;
  }
  return [...parts, part.trim()];
}

function checkOf(text: string): Result<ValueCheck, SentenceFault> {
  if (text === '') return fail({ message: 'a check is empty', hint: HINT });
  const none = /^no (position|order|stop)$/.exec(text);
  if (none !== null) return ok({ kind: 'none', what: none[1] as 'position' | 'order' | 'stop' });
  if (/^order\b/.test(text)) return orderOf(text);
  const account = /^(position|stop) is (.+)$/.exec(text);
  if (account !== null) {
    const value = writtenNumber(account[2]!);
    if (value === null) return fail({ message: `"${shownWord(account[2]!)}" is no number`, hint: HINT });
    return ok({ kind: 'account', what: account[1] as 'position' | 'stop', value });
  }
  const value = /^(.+) is ((?:about |~ ?)?-?[\d.]+%?|true|false)$/.exec(text);
  if (value === null) {
    const na = /^(.+) is na$/.exec(text);
    return ok(na === null ? { kind: 'expression', source: text, value: true } : { kind: 'expression', source: na[1]!, value: 'na' });
  }
  const [, source, wanted] = value;
  if (wanted === 'true' || wanted === 'false') return ok({ kind: 'expression', source: source!, value: wanted === 'true' });
  const number = writtenNumber(wanted!);
  if (number === null) return fail({ message: `"${shownWord(wanted!)}" is no number`, hint: HINT });
  return ok({ kind: 'expression', source: source!, value: number });
}

function orderOf(text: string): Result<ValueCheck, SentenceFault> {
  const groups = ORDER.exec(text)?.groups;
  if (groups === undefined) return fail({ message: `"${shownWord(text)}" is no order`, hint: HINT });
  const { side, qty, type, price } = groups;
  const numberOf = (word: string | undefined): WrittenNumber | null => (word === undefined ? null : writtenNumber(word));
  return ok({
    kind: 'order',
    side: side as 'buy' | 'sell',
    qty: numberOf(qty),
    type: (type as 'market' | 'limit' | 'stop' | undefined) ?? null,
    price: numberOf(price),
  });
}
