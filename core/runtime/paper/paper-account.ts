import { Broker, openRegisters } from '#core/engine/broker.ts';
import { type SimulationSettings, settingsArray } from '#core/engine/simulation-settings.ts';
import { StratError } from '#core/errors/strat-error.ts';
import type { Bar } from '#core/model/bar.ts';
import type { Columns } from '#core/model/columns.ts';
import { ACCOUNT, ACCOUNT_FIELDS } from '#core/model/strategy-abi.ts';
import type { DecisionHistory } from '#core/sandbox/history-rows.ts';
import type { RunOutcome } from '../result-document.ts';
import { BarHistory } from './bar-history.ts';
import { RowHistory } from './row-history.ts';

/**
 * A sub-account on paper: the engine's broker with everything that a result is made of. The loop and the replay of a
 * journal drive it in the same way, bar by bar: `openBar`, then `takeDecision`.
 */
export class PaperAccount {
  readonly capital: number;
  readonly #registers: Float64Array;
  readonly #bars = new BarHistory();
  readonly #accounts = new RowHistory(ACCOUNT_FIELDS);
  readonly #equity: number[] = [];
  readonly #log: number[] = [];
  #broker: Broker;
  #last: Bar | null = null;
  #awaitsDecision = false;

  /** @param rows bars that the run will have; Infinity when it has no end */
  constructor(settings: SimulationSettings, firstBar: number, rows: number) {
    this.capital = settings.capital;
    this.#registers = openRegisters(settings.capital);
    this.#broker = new Broker(settingsArray(settings, firstBar, rows), settings.conventions, this.#registers);
  }

  /** Bars seen so far. */
  get bars(): number {
    return this.#bars.count;
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

  /** The account as the strategy sees it at the close of the last bar. */
  get row(): Float64Array {
    return this.#accounts.row(this.#accounts.count - 1);
  }

  /** A copy of the broker's registers, BROKER layout. */
  registers(): Float64Array {
    return this.#registers.slice();
  }

  /** What the entry of a row would order at the close of the last bar; NaN = it would be dropped. */
  entryQty(row: Float64Array): number {
    return this.#last === null ? Number.NaN : this.#broker.entryQty(this.#last, row);
  }

  /** The accounts as the strategy saw them, bar by bar, in ACCOUNT order. Views of what is kept: not to be written. */
  accountRows(): readonly Float64Array[] {
    return this.#accounts.rows();
  }

  /** Equity at each close so far. */
  equityCurve(): readonly number[] {
    return this.#equity;
  }

  /** From the next step on other costs hold; cash, position and orders stay. */
  useSettings(settings: SimulationSettings, firstBar: number, rows: number): void {
    this.#broker = new Broker(settingsArray(settings, firstBar, rows), settings.conventions, this.#registers);
  }

  /** Fills what is due at the open, tests the stop, marks at the close; gives the log rows of it. */
  openBar(bar: Bar): Float64Array {
    if (this.#awaitsDecision) throw new StratError('INTERNAL', { reason: `bar ${this.bars} came before the decision on the one before` });
    const index = this.#bars.count;
    this.#bars.append(bar);
    this.#last = bar;
    this.#broker.openBar(index, bar);
    this.#broker.closeBar(bar);
    this.#accounts.append(this.#broker.account());
    this.#equity.push(this.equity);
    this.#awaitsDecision = true;
    return this.#drain();
  }

  /** Moves the trail, takes the orders of the row; gives the log rows of it. */
  takeDecision(row: Float64Array): Float64Array {
    if (!this.#awaitsDecision || this.#last === null)
      throw new StratError('INTERNAL', { reason: `a second decision on bar ${this.bars - 1}` });
    this.#broker.takeDecision(this.bars - 1, this.#last, row);
    this.#equity[this.bars - 1] = this.equity;
    this.#awaitsDecision = false;
    return this.#drain();
  }

  /** What the strategy was shown and has decided on. */
  decidedHistory(): DecisionHistory {
    const decided = this.#awaitsDecision ? this.bars - 1 : this.bars;
    const columns = this.#bars.columns();
    const until = (column: Float64Array): Float64Array => column.subarray(0, decided);
    return {
      columns: {
        time: until(columns.time),
        open: until(columns.open),
        high: until(columns.high),
        low: until(columns.low),
        close: until(columns.close),
        volume: until(columns.volume),
      },
      accounts: this.#accounts.rows().slice(0, decided),
    };
  }

  /** The bars so far. */
  columns(): Columns {
    return this.#bars.columns();
  }

  outcome(): RunOutcome {
    return { columns: this.columns(), fromIndex: 0, log: Float64Array.from(this.#log), equity: Float64Array.from(this.#equity) };
  }

  #drain(): Float64Array {
    const rows = this.#broker.drainLog();
    this.#log.push(...rows);
    return rows;
  }
}
