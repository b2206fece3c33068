/** What is wrong with a sentence of a test, and what to write in its place. */
export interface SentenceFault {
  readonly message: string;
  readonly hint: string;
}

/** A number as a test writes it: equal to the last digit, or `about`: what rounds to the digits that are written. */
export interface WrittenNumber {
  readonly value: number;
  readonly text: string;
  /** Digits behind the point; null = the number itself is meant. */
  readonly digits: number | null;
}

const NUMBER = /^-?\d{1,15}(?:\.(\d{1,12}))?(%?)$/;

/** `19.8`, `2%` (0.02), `about 19.8`; null when it is neither. */
export function writtenNumber(text: string): WrittenNumber | null {
  const isAbout = /^(?:about |~ ?)/.test(text);
  const number = text.replace(/^(?:about |~ ?)/, '');
  const match = NUMBER.exec(number);
  if (match === null) return null;
  const isPercent = match[2] === '%';
  const digits = (match[1]?.length ?? 0) + (isPercent ? 2 : 0);
  const value = isPercent ? Number(number.slice(0, -1)) / 100 : Number(number);
  return { value, text, digits: isAbout ? digits : null };
}

/** Doubles differ in their last digits by the order of sums: what a person works out on paper is equal to a billionth. */
const EXACT = 1e-9;

export function isAsWritten({ value, digits }: WrittenNumber, found: number): boolean {
  if (Number.isNaN(found)) return false;
  if (digits === null) return Math.abs(found - value) <= EXACT * Math.max(1e-3, Math.abs(value));
  return Math.abs(found - value) <= 0.5 * 10 ** -digits * (1 + EXACT);
}

/** A number of the run in messages: ten digits, no exponent for what people write without. */
export function shownNumber(value: number): string {
  return Number.isNaN(value) ? 'na' : String(Number(value.toPrecision(10)));
}
