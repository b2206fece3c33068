import { type EngineEvent, type Fill, logRows, type PluginEvent } from '#core/engine/log-rows.ts';
import { type TradeNames, type TradeRow, tradesOf } from '#core/engine/trades.ts';
import type { Columns } from '#core/model/columns.ts';
import { LOG, LOG_FIELDS, LOG_KIND } from '#core/model/strategy-abi.ts';

/** A fill as it is told: with the trade that it closed. */
export interface ToldFill {
  readonly fill: Fill;
  /** Null for an entry. */
  readonly closed: TradeRow | null;
}

/** The log since the account was last flat: enough to tell what each exit closed, without going through the whole log. */
export class PositionTape {
  readonly #names: TradeNames;
  #rows: number[] = [];

  constructor(names: TradeNames) {
    this.#names = names;
  }

  /** Takes the log rows of one step and tells them in their order. */
  take(rows: Float64Array, columns: Columns): readonly (ToldFill | EngineEvent | PluginEvent)[] {
    if (rows.length === 0) return [];
    const before = this.#rows.length;
    this.#rows.push(...rows);
    const told: (ToldFill | EngineEvent | PluginEvent)[] = [];
    const closed = tradesOf(Float64Array.from(this.#rows), columns, this.#names).filter((trade) => trade.exitTime !== null);
    let exits = exitCount(this.#rows, before);
    for (const row of logRows(rows)) {
      if (row.type !== 'fill') told.push(row);
      else told.push({ fill: row, closed: row.kind === 'entry' ? null : (closed[exits++] ?? null) });
    }
    this.#forgetClosed();
    return told;
  }

  /** By the same operations as the broker's register, so that flat here is flat there. */
  #forgetClosed(): void {
    let position = 0;
    let flatAt = 0;
    for (let at = 0; at < this.#rows.length; at += LOG_FIELDS) {
      if (this.#rows[at + LOG.kind]! >= LOG_KIND.droppedInvalid) continue;
      position += this.#rows[at + LOG.qty]!;
      if (position === 0) flatAt = at + LOG_FIELDS;
    }
    this.#rows = this.#rows.slice(flatAt);
  }
}

function exitCount(rows: readonly number[], to: number): number {
  let count = 0;
  for (let at = 0; at < to; at += LOG_FIELDS) {
    const kind = rows[at + LOG.kind]!;
    if (kind !== LOG_KIND.entry && kind < LOG_KIND.droppedInvalid) count += 1;
  }
  return count;
}
