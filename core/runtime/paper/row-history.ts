/** Rows in a block: a block is never moved, so views of it stay good. */
const BLOCK = 1024;

/** Rows of equal length that grow by one at a time, packed: an array object of its own for each would take three times the memory. */
export class RowHistory {
  readonly #fields: number;
  readonly #blocks: Float64Array[] = [];
  #count = 0;

  /** @param fields doubles of a row */
  constructor(fields: number) {
    this.#fields = fields;
  }

  get count(): number {
    return this.#count;
  }

  /** Copies the row. */
  append(row: Float64Array): void {
    if (this.#count === this.#blocks.length * BLOCK) this.#blocks.push(new Float64Array(BLOCK * this.#fields));
    this.#count += 1;
    this.row(this.#count - 1).set(row);
  }

  /** A view of row `index`, 0 <= index < count. */
  row(index: number): Float64Array {
    const at = (index % BLOCK) * this.#fields;
    return this.#blocks[Math.floor(index / BLOCK)]!.subarray(at, at + this.#fields);
  }

  /** Views of all rows. */
  rows(): readonly Float64Array[] {
    return Array.from({ length: this.#count }, (_, index) => this.row(index));
  }
}
