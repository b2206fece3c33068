import { dayNumber } from '#core/model/civil-date.ts';
import { fail, ok, type Result } from '#core/model/result.ts';
import { shown } from '../finding.ts';

const MAX_FACTOR = 1e6;
/** Whole numbers that a split is a ratio of: 7 for 1, 3 for 2, 1 for 8. */
const MOST_SHARES = 50;

/** What of a stock changed after a day on which it traded: from the next bar on a price is of another thing. */
export interface CorporateAction {
  /** Last day before it, counted from 1970-01-01. */
  readonly day: number;
  /** Cash for each share that was held at the close of that day; 0 = none. */
  readonly dividend: number;
  /** Shares in the place of one: 7 after a split of 7 for 1, 0.125 after one of 1 for 8; 1 = no split. */
  readonly ratio: number;
  /** What earlier prices are multiplied by to be comparable with later ones. */
  readonly priceFactor: number;
  /** Unadjusted close of that day as the file has it. */
  readonly reference: number;
}

interface FactorRow {
  readonly day: number;
  readonly price: number;
  readonly split: number;
  readonly reference: number;
}

/**
 * Reads a factor file of LEAN: lines `date,price factor,split factor,reference price`, oldest first, without a header; the price of a bar up to and
 * including the date, times both factors, is comparable with prices after the last line. The first thing wrong refuses the whole, in words.
 */
export function parseFactors(text: string): Result<readonly CorporateAction[], string> {
  const rows = factorRows(text);
  return rows.ok ? ok(actionsOf(rows.value)) : rows;
}

function factorRows(text: string): Result<readonly FactorRow[], string> {
  const lines = text
    .replace(/^\uFEFF/, '')
    .trimEnd()
    .split(/\r?\n/);
  if (lines.length === 1 && lines[0] === '') return fail('it is empty');
  const rows: FactorRow[] = [];
  for (const [index, line] of lines.entries()) {
    const refuse = (reason: string): Result<never, string> => fail(`line ${index + 1}: ${reason}`);
    const fields = line.split(',');
    if (fields.length !== 4) return refuse(`${shown(line)} is not "date,price factor,split factor,reference price"`);
    const [date, ...numbers] = fields as [string, string, string, string];
    const day = dayOf(date);
    if (day === null) return refuse(`${shown(date)} is no date such as 20200828`);
    if (day <= (rows.at(-1)?.day ?? -Infinity)) return refuse(`${shown(date)} is not after the line before`);
    const [price, split, reference] = numbers.map(decimalOf) as [number, number, number];
    if (!(price > 0 && price <= MAX_FACTOR)) return refuse(`the price factor is ${shown(numbers[0])}, which is no number above 0`);
    if (!(split > 0 && split <= MAX_FACTOR)) return refuse(`the split factor is ${shown(numbers[1])}, which is no number above 0`);
    if (!(reference >= 0 && reference < Infinity))
      return refuse(`the reference price is ${shown(numbers[2])}, which is no number from 0 on`);
    const before = rows.at(-1);
    if (before !== undefined && price < before.price)
      return refuse(`the price factor falls from ${before.price} to ${price}: a dividend would be below zero`);
    if (before !== undefined && price > before.price && !(before.reference > 0))
      return refuse(`a dividend follows on line ${index}, which has no reference price to tell how much it was`);
    rows.push({ day, price, split, reference });
  }
  return ok(rows);
}

/** Digits as LEAN writes them: `Number` alone would take '' for zero and '0x1' for one. */
function decimalOf(text: string): number {
  return /^\d{1,15}(?:\.\d{1,15})?$/.test(text) ? Number(text) : Number.NaN;
}

function dayOf(text: string): number | null {
  const [, year, month, day] = (/^(\d{4})(\d\d)(\d\d)$/.exec(text) ?? []).map(Number);
  if (year === undefined || month! < 1 || month! > 12 || day! < 1 || day! > 31) return null;
  const number = dayNumber(year, month!, day!);
  // 31 February runs into March.
  return day! > 28 && dayNumber(year, month! + 1, 1) <= number ? null : number;
}

/** What happened between lines: a file names the last day on which its factors hold. */
function actionsOf(rows: readonly FactorRow[]): readonly CorporateAction[] {
  return rows.slice(1).flatMap((after, index) => {
    const { day, price, split, reference } = rows[index]!;
    const ratio = wholeRatio(after.split / split);
    const kept = price / after.price;
    if (ratio === 1 && kept === 1) return [];
    return [{ day, dividend: reference * (1 - kept), ratio, priceFactor: kept / ratio, reference }];
  });
}

/** A split is one of few shares for few; the seven digits of a file do not say so exactly. */
function wholeRatio(ratio: number): number {
  for (let before = 1; before <= MOST_SHARES; before++) {
    const after = Math.round(ratio * before);
    if (after >= 1 && after <= MOST_SHARES && Math.abs(after / before / ratio - 1) < 1e-5) return after / before;
  }
  return ratio;
}
