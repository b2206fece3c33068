import { ROW_TAIL, rowLength, type TradePlan } from '#core/model/trade-plan.ts';

/** Of 32 uses of plugins. */
const LARGEST_DIGITS = 2 ** 32 - 1;

/**
 * What is wrong with a row from a process that may be hostile, or undefined. Values may be any double: the engine drops an order whose numbers are no numbers
 * (E1001), and a condition that is neither 1 nor 0 is unknown. Digits of plugins name them and must be in range.
 */
export function decisionFault(row: Float64Array, plan: Pick<TradePlan, 'valueCount'>): string | undefined {
  if (row.length !== rowLength(plan)) return `a decision of ${row.length} values`;
  for (const [name, place] of Object.entries(ROW_TAIL)) {
    const digits = row[plan.valueCount + place]!;
    if (!Number.isInteger(digits) || digits < 0 || digits > LARGEST_DIGITS) return `${name} ${digits}`;
  }
  return undefined;
}
