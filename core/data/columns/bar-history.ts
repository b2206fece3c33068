import type { Bar } from '#core/model/bar.ts';
import { barAt, type Columns, COLUMN_NAMES, sharedColumns, sliceColumns } from '#core/model/columns.ts';

/** Columns that grow by a bar at a time. */
export class BarHistory {
  #columns: Columns = sharedColumns(1024);
  #count = 0;

  get count(): number {
    return this.#count;
  }

  append(bar: Bar): void {
    if (this.#count === this.#columns.time.length) {
      const grown = sharedColumns(this.#count * 2);
      for (const name of COLUMN_NAMES) grown[name].set(this.#columns[name]);
      this.#columns = grown;
    }
    for (const name of COLUMN_NAMES) this.#columns[name][this.#count] = bar[name];
    this.#count += 1;
  }

  /** Bar `index` of those that there are. */
  bar(index: number): Bar {
    return barAt(this.#columns, index);
  }

  /** The bars so far; later ones do not appear in it. */
  columns(): Columns {
    return sliceColumns(this.#columns, 0, this.#count);
  }
}
