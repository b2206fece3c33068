import { FillMatcher, type Match } from '#core/engine/fill-matcher.ts';
import { marketValuation } from '#core/engine/market-valuation.ts';
import { type EngineEvent, type Fill, logRows, type PluginEvent } from '#core/engine/log-rows.ts';

/** A fill and the open time of its bar, ms. */
export type TimedFill = Fill & { readonly time: number };

/** A fill as it is told: with what it closed. */
export interface ToldFill {
  readonly fill: TimedFill;
  /** Null for an entry. */
  readonly closed: Match<TimedFill> | null;
}

/** Closed trades that an operator can look back on; older ones are in the history on the disk. */
const KEPT_TRADES = 1000;

/** What an account traded, told fill by fill: the open position, the last trades and the faults of plugins are kept. */
export class TradeTape {
  readonly #matcher: FillMatcher<TimedFill>;
  readonly #closed: Match<TimedFill>[] = [];
  readonly #pluginEvents = new Map<string, PluginEvent>();

  /** @param market whose fills it takes */
  constructor(market: string) {
    this.#matcher = new FillMatcher(marketValuation(market));
  }

  /** Takes the log rows of one step on the bar of `time` and tells them in their order. */
  take(rows: Float64Array, time: number): readonly (ToldFill | EngineEvent | PluginEvent)[] {
    const log = logRows(rows).map((row) => (row.type === 'fill' ? { ...row, time } : row));
    return log.flatMap((row, at) => {
      if (row.type === 'charge') {
        this.#matcher.charge(row);
        return [];
      }
      if (row.type === 'plugin') this.#pluginEvents.set(`${row.kind} ${row.uses.join(' ')}`, row);
      if (row.type !== 'fill') return row;
      const next = log.slice(at + 1).find((other) => other.type === 'fill');
      const closed = this.#matcher.take(row, next);
      if (closed !== null) this.#keep(closed);
      return { fill: row, closed };
    });
  }

  /** The last trades, oldest first, an open position behind them. */
  trades(): readonly Match<TimedFill>[] {
    const open = this.#matcher.open();
    return open === null ? [...this.#closed] : [...this.#closed, open];
  }

  /** What plugins did wrong, each kind of it once. */
  pluginEvents(): readonly PluginEvent[] {
    return [...this.#pluginEvents.values()];
  }

  #keep(closed: Match<TimedFill>): void {
    this.#closed.push(closed);
    if (this.#closed.length > KEPT_TRADES) this.#closed.shift();
  }
}
