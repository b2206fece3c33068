/** Rows of a block. */
export const BLOCK_ROWS = 65_536;

/** Rows of a table as columns of numbers, in the order of the file. NaN = empty or no number. Who gets it uses it before the next one is asked for. */
export interface RowBlock {
  readonly length: number;
  /** Ms since the epoch. */
  readonly time: Float64Array;
  /** As the layout lists its columns. */
  readonly values: readonly Float64Array[];
  /** Line of the file each row stands on; of files without lines the number of the row, from 1. */
  readonly lines: Float64Array;
}

/** Columns that grow by blocks. Memory of blocks that were handed on is used again, as whoever got them asks for more only when done with them. */
export class BlockBuilder {
  time!: Float64Array;
  values!: readonly Float64Array[];
  lines!: Float64Array;
  /** Rows of the block that is being filled. */
  row = 0;
  readonly #width: number;
  readonly #full: RowBlock[] = [];
  readonly #free: Omit<RowBlock, 'length'>[] = [];

  constructor(width: number) {
    this.#width = width;
    this.#begin();
  }

  /** To be called after a row was written: a full block is put away. True when the columns are others now. */
  next(): boolean {
    if (++this.row < BLOCK_ROWS) return false;
    this.#put();
    this.#begin();
    return true;
  }

  /** Blocks that were filled since it was asked last. */
  *take(): Generator<RowBlock> {
    for (const block of this.#full.splice(0)) {
      yield block;
      this.#free.push(block);
    }
  }

  /** The blocks of batches of rows, each of which `read` writes; the first one is there already. */
  async *ofBatches<T>(first: T, rest: AsyncIterable<T>, read: (batch: T) => void): AsyncGenerator<RowBlock> {
    read(first);
    yield* this.take();
    for await (const batch of rest) {
      read(batch);
      yield* this.take();
    }
    yield* this.finish();
  }

  /** The rest, at the end. */
  finish(): Generator<RowBlock> {
    if (this.row > 0) this.#put();
    return this.take();
  }

  #begin(): void {
    const column = (): Float64Array => new Float64Array(BLOCK_ROWS);
    const { time, values, lines } = this.#free.pop() ?? {
      time: column(),
      values: Array.from({ length: this.#width }, column),
      lines: column(),
    };
    this.time = time;
    this.values = values;
    this.lines = lines;
  }

  #put(): void {
    this.#full.push({ length: this.row, time: this.time, values: this.values, lines: this.lines });
    this.row = 0;
  }
}
