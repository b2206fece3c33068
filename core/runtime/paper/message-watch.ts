import type { Fill } from '#core/engine/log-rows.ts';
import { civilDate } from '#core/model/civil-date.ts';
import { type Period, periodNumber } from '#core/model/period.ts';
import type { PlannedMessage } from '#core/model/message-plan.ts';
import { messageText } from '#core/model/message-text.ts';

/** A `notify` line that spoke. */
export interface StrategyMessage {
  readonly text: string;
  readonly level: PlannedMessage['level'];
  /** Name of a notifier; null = all of them. */
  readonly via: string | null;
}

/** Messages of one strategy on one bar; what is beyond is dropped, so that a strategy cannot flood a channel. */
const MOST_A_BAR = 10;
const MOST_TEXT = 1000;
const MINUTE_MS = 60_000;
const DAY_MS = 86_400_000;

/**
 * Which `notify` lines of a strategy speak: one with a condition when it becomes true, one without at every entry and exit. Periods of `once per` are
 * those of UTC.
 */
export class MessageWatch {
  readonly #messages: readonly PlannedMessage[];
  readonly #symbol: string;
  #last: Float64Array | null;
  readonly #spokeIn = new Map<PlannedMessage, number>();

  /** @param last the row before; null = there is none, and what is true at once speaks */
  constructor(messages: readonly PlannedMessage[], symbol: string, last: Float64Array | null) {
    this.#messages = messages;
    this.#symbol = symbol;
    this.#last = last;
  }

  /** Takes a row on which nothing is told: of warm-up, or the first after a start. */
  pass(row: Float64Array | null): void {
    if (row !== null) this.#last = row;
  }

  /**
   * @param row what the strategy gave on a bar; null = nothing, and no condition is known
   * @param fills of that bar
   * @param time open of the bar, ms
   */
  take(row: Float64Array | null, fills: readonly Pick<Fill, 'kind'>[], time: number): readonly StrategyMessage[] {
    const last = this.#last;
    this.pass(row);
    const spoken: StrategyMessage[] = [];
    for (const message of this.#messages) {
      const { when, oncePer, level, via } = message;
      const speaks = when === null ? fills.some(({ kind }) => kind !== 'add') : row?.[when] === 1 && last?.[when] !== 1;
      if (!speaks) continue;
      if (oncePer !== null) {
        const period = periodOf(oncePer, time);
        if (this.#spokeIn.get(message) === period) continue;
        this.#spokeIn.set(message, period);
      }
      const text = messageText(message.parts, this.#symbol, (place) => row?.[place]);
      if (spoken.length < MOST_A_BAR) spoken.push({ text: text.slice(0, MOST_TEXT), level, via });
    }
    return spoken;
  }
}

/** Of UTC. */
function periodOf(per: Period, time: number): number {
  const day = Math.floor(time / DAY_MS);
  const { year, month } = civilDate(day);
  return periodNumber(per, { bar: time, year, month, day, minuteOfDay: Math.floor((time - day * DAY_MS) / MINUTE_MS) });
}
