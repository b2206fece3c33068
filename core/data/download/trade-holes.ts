import type { UncheckedTrade } from '#core/ports/market-history.ts';
import type { CheckedPage } from './checked-page.ts';

/** An answer with a hole is asked for so often. */
const MOST_TRIES = 4;
/** So many answers in a row that have a hole whenever they are asked for: this venue leaves numbers out. */
const MOST_HOLES = 3;

/**
 * Trades that a venue numbers, as far as is known without holes: an answer that has one is asked for again, and all are joined. A venue that leaves numbers out
 * by itself is found out, and asked once only from then on.
 */
export class TradeHoles {
  #inRow = 0;

  /**
   * @param ask once; gets the rows of the answer before, to be checked along with its own
   * @param isBeside whether none is missing between an answer and its neighbour
   */
  async filled<T extends CheckedPage & { readonly given: readonly UncheckedTrade[] }>(
    ask: (more: readonly UncheckedTrade[]) => Promise<T>,
    isBeside: (page: T) => boolean,
  ): Promise<T> {
    const isWhole = (some: T): boolean => some.lastMs !== null && isDense(some) && isBeside(some);
    let page = await ask([]);
    for (let tries = 1; tries < MOST_TRIES && !isWhole(page); tries++) {
      // That there is nothing counts when it was said twice.
      if (page.lastMs === null ? tries > 1 : this.#inRow >= MOST_HOLES) return page;
      page = await ask(page.given);
    }
    if (page.lastMs !== null) this.#inRow = isWhole(page) ? 0 : this.#inRow + 1;
    return page;
  }
}

/** Every number follows the one before; also true where there are no numbers. */
function isDense({ rows }: CheckedPage): boolean {
  const ids = (rows.columns['id'] ?? new Float64Array(0)).toSorted();
  return ids.every((id, row) => Number.isNaN(id) || row === 0 || id <= ids[row - 1]! + 1);
}
