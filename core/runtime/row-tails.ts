import { type BarSource, type ColumnPlan, ColumnStream } from '#core/data/columns/column-stream.ts';
import type { MarketBar } from '#core/model/bar.ts';

const NOTHING = new Float64Array(0);

/** The further columns of a strategy as the tails of the rows that a decider is fed with (core/sandbox/row-layout.ts). */
export class RowTails {
  readonly #stream: ColumnStream | null;
  readonly #hasOtherCharts: boolean;
  readonly #closed: Float64Array[] = [];

  /** @throws StratError as `ColumnStream` */
  constructor(plan: ColumnPlan, others: ReadonlyMap<string, BarSource>) {
    this.#hasOtherCharts = plan.columns.some(({ chart }) => chart > 0);
    this.#stream =
      plan.columns.length === 0
        ? null
        : new ColumnStream(plan, others, (chart, values) => void this.#closed.push(Float64Array.of(chart, ...values)));
  }

  /** The strategy reads no further columns: every tail is empty. */
  get isEmpty(): boolean {
    return this.#stream === null;
  }

  /** The tail of the next bar of the traded market; each bar is to be asked for once, in order. */
  next(bar: MarketBar): Float64Array {
    if (this.#stream === null) return NOTHING;
    const own = this.#stream.next(bar);
    if (!this.#hasOtherCharts) return own.slice();
    const closed = this.#closed.splice(0);
    return Float64Array.from([...own, closed.length, ...closed.flatMap((values) => [...values])]);
  }
}
