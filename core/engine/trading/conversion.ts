import { ACCOUNT as A, LOG_FIELDS } from '#core/model/strategy-abi.ts';
import { POSITION as P } from './registers.ts';

/**
 * What lies of an open position in its quote currency: paid for it, received for it, fees and carry. It is the account's, and worth more or less as the rate moves,
 * until the position ends and it is converted.
 */
export function balanceOf(registers: Float64Array): number {
  const qty = registers[A.qty]!;
  return qty === 0 ? 0 : registers[P.profit]! - qty * registers[A.avgPrice]!;
}

const NOTHING = { rows: [], rates: [] } as const;

/** Rows of a log, each with the rate at which it happened. */
export class RatedLog {
  #rows: number[] = [];
  #rates: number[] = [];

  add(rows: Float64Array, rate: number): void {
    if (rows.length === 0) return;
    for (const value of rows) this.#rows.push(value);
    for (let row = 0; row < rows.length / LOG_FIELDS; row++) this.#rates.push(rate);
  }

  /** What was added since the last call. */
  drain(): { readonly rows: readonly number[]; readonly rates: readonly number[] } {
    if (this.#rows.length === 0) return NOTHING;
    const drained = { rows: this.#rows, rates: this.#rates };
    this.#rows = [];
    this.#rates = [];
    return drained;
  }
}
