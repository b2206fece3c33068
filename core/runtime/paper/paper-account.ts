import { Broker, openRegisters } from '#core/engine/broker.ts';
import { type SimulationSettings, settingsArray } from '#core/engine/simulation-settings.ts';
import { StratError } from '#core/errors/strat-error.ts';
import type { Bar } from '#core/model/bar.ts';
import { ACCOUNT, ACCOUNT_FIELDS } from '#core/model/strategy-abi.ts';

/** An account after a decided bar: all that it needs to go on. */
export interface AccountPoint {
  /** Of the broker, BROKER layout. */
  readonly registers: Float64Array;
  readonly capital: number;
  /** Bars seen. */
  readonly bars: number;
  readonly lastBar: Bar;
  /** The account as the strategy saw it at the close of that bar. */
  readonly row: Float64Array;
}

/**
 * A sub-account on paper: the engine's broker, driven bar by bar: `openBar`, then `takeDecision`. The loop, the replay of a journal and
 * backtests under risk rules drive it in the same way. It keeps the present; what it gives is for others to keep.
 */
export class PaperAccount {
  readonly capital: number;
  readonly #registers: Float64Array;
  #row: Float64Array = new Float64Array(ACCOUNT_FIELDS);
  #broker: Broker;
  #bars = 0;
  #last: Bar | null = null;
  #awaitsDecision = false;

  /**
   * @param rows bars that the run will have; Infinity when it has no end
   * @param from where an account that was there before goes on
   */
  constructor(settings: SimulationSettings, firstBar: number, rows: number, from: AccountPoint | null = null) {
    this.capital = from?.capital ?? settings.capital;
    this.#registers = from?.registers.slice() ?? openRegisters(settings.capital);
    this.#broker = new Broker(settingsArray(settings, firstBar, rows), settings.conventions, this.#registers);
    if (from === null) return;
    this.#bars = from.bars;
    this.#last = from.lastBar;
    this.#row = from.row.slice();
  }

  /** Bars seen so far. */
  get bars(): number {
    return this.#bars;
  }

  /** The last bar was shown and not decided on. */
  get awaitsDecision(): boolean {
    return this.#awaitsDecision;
  }

  get lastBar(): Bar | null {
    return this.#last;
  }

  /** Signed, base units. */
  get position(): number {
    return this.#registers[ACCOUNT.qty]!;
  }

  get equity(): number {
    return this.#registers[ACCOUNT.equity]!;
  }

  /** The account as the strategy sees it at the close of the last bar. Not to be written. */
  get row(): Float64Array {
    return this.#row;
  }

  /** A copy of the broker's registers, BROKER layout. */
  registers(): Float64Array {
    return this.#registers.slice();
  }

  /** What the entry of a row would order at the close of the last bar; NaN = it would be dropped. */
  entryQty(row: Float64Array): number {
    return this.#last === null ? Number.NaN : this.#broker.entryQty(this.#last, row);
  }

  /** From the next step on other costs hold; cash, position and orders stay. */
  useSettings(settings: SimulationSettings, firstBar: number, rows: number): void {
    this.#broker = new Broker(settingsArray(settings, firstBar, rows), settings.conventions, this.#registers);
  }

  /** Fills what is due at the open, tests the stop, marks at the close; gives the log rows of it. */
  openBar(bar: Bar): Float64Array {
    if (this.#awaitsDecision) throw new StratError('INTERNAL', { reason: `bar ${this.bars} came before the decision on the one before` });
    this.#last = bar;
    this.#broker.openBar(this.#bars, bar);
    this.#broker.closeBar(bar);
    this.#row = this.#broker.account();
    this.#bars += 1;
    this.#awaitsDecision = true;
    return this.#broker.drainLog();
  }

  /** Moves the trail, takes the orders of the row; gives the log rows of it. */
  takeDecision(row: Float64Array): Float64Array {
    if (!this.#awaitsDecision || this.#last === null)
      throw new StratError('INTERNAL', { reason: `a second decision on bar ${this.bars - 1}` });
    this.#broker.takeDecision(this.bars - 1, this.#last, row);
    this.#awaitsDecision = false;
    return this.#broker.drainLog();
  }
}
