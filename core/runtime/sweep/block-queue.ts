/** A block that an isolate has taken, and its number. */
export interface TakenBlock<Block> {
  readonly block: Block;
  readonly number: number;
}

/** Blocks on their way: each is taken once, and its results are told when those of all blocks before it were. Of these a few wait at most. */
export class BlockQueue<Block, Results = Float64Array> {
  readonly #blocks: Iterator<Block, void>;
  readonly #most: number;
  readonly #onResults: (block: Block, results: Results) => void;
  readonly #done = new Map<number, readonly [Block, Results]>();
  /** The next block, made before it is asked for; undefined = not made yet, null = there is none. */
  #next: Block | null | undefined;
  #taken = 0;
  #told = 0;
  #isClosed = false;
  #isStopped = false;
  #moved = Promise.withResolvers<void>();

  /** @param most blocks that are taken and not told */
  constructor(blocks: Iterator<Block, void>, most: number, onResults: (block: Block, results: Results) => void) {
    this.#blocks = blocks;
    this.#most = most;
    this.#onResults = onResults;
  }

  /** The next block; null when there is none, or the queue was closed. Waits while too many results do. */
  async take(): Promise<TakenBlock<Block> | null> {
    while (!this.#isClosed && !this.#isStopped && this.#taken - this.#told >= this.#most) {
      this.tell();
      if (this.#taken - this.#told >= this.#most) await this.#moved.promise;
    }
    const block = this.#isClosed || this.#isStopped ? null : this.peek();
    if (block === null) return null;
    this.#next = undefined;
    return { block, number: this.#taken++ };
  }

  /** Makes the next block, so that an isolate need not wait for it. */
  peek(): Block | null {
    if (this.#next === undefined) {
      const { done, value } = this.#blocks.next();
      this.#next = done === true ? null : value;
    }
    return this.#next;
  }

  done({ block, number }: TakenBlock<Block>, results: Results): void {
    this.#done.set(number, [block, results]);
  }

  /** Tells the results whose turn it is. */
  tell(): void {
    const before = this.#told;
    for (let next = this.#done.get(this.#told); next !== undefined && !this.#isClosed; next = this.#done.get(this.#told)) {
      this.#done.delete(this.#told);
      this.#told += 1;
      this.#onResults(...next);
    }
    // Only for news: two that wait would wake each other for ever.
    if (this.#told > before) this.#wake();
  }

  /** No block is taken any more; those that were are told. */
  stopTaking(): void {
    this.#next = null;
    this.#isStopped = true;
    this.#wake();
  }

  /** No block is taken and none is told any more. */
  close(): void {
    this.#isClosed = true;
    this.#wake();
  }

  /** Whether all blocks were told. */
  get isWhole(): boolean {
    return this.#next === null && this.#told === this.#taken;
  }

  #wake(): void {
    this.#moved.resolve();
    this.#moved = Promise.withResolvers();
  }
}
