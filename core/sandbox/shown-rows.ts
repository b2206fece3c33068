import { type HistoryRows, joinedRows } from './history-rows.ts';

const NOTHING: HistoryRows = { count: () => 0, slice: () => new Float64Array(0) };

/** A history and the rows after it that were shown since. A row is kept here until the history has it, which keeps all others. */
export class ShownRows implements HistoryRows {
  readonly #past: HistoryRows;
  #count: number;
  /** The rows that end at `#count`. */
  readonly #kept: Float64Array[] = [];

  constructor(past: HistoryRows = NOTHING) {
    this.#past = past;
    this.#count = past.count();
  }

  readonly count = (): number => this.#count;

  append(row: Float64Array): void {
    const first = this.#count - this.#kept.length;
    this.#kept.splice(0, this.#past.count() - first);
    this.#kept.push(row);
    this.#count += 1;
  }

  readonly slice = (from: number, to: number): Float64Array => {
    const first = this.#count - this.#kept.length;
    const kept = this.#kept.slice(Math.max(0, from - first), Math.max(0, to - first));
    return from < first ? joinedRows([this.#past.slice(from, Math.min(to, first)), ...kept]) : joinedRows(kept);
  };
}
