import type { OrderReview } from '#core/engine/trading/order-review.ts';
import { adoptRegisters, openTradingRegisters } from '#core/engine/trading/registers.ts';
import { TradingEngine } from '#core/engine/trading/trading-engine.ts';
import { waitingOrders, type WaitingOrder } from '#core/engine/trading/waiting-orders.ts';
import { type SimulationSettings, type SwapSettings, settingsArray } from '#core/engine/simulation-settings.ts';
import { StratError } from '#core/errors/strat-error.ts';
import type { Bar } from '#core/model/bar.ts';
import type { InnerBars } from '#core/model/inner-bars.ts';
import { ACCOUNT, ACCOUNT_FIELDS } from '#core/model/strategy-abi.ts';
import type { TradePlan } from '#core/model/trade-plan.ts';

/** What an account trades by. */
export interface AccountRules {
  /** Tells rules apart that have the same plan and other numbers. */
  readonly identity: string;
  readonly plan: TradePlan;
  readonly settings: SimulationSettings;
  /** Index of the first bar on which an order may be decided. */
  readonly firstBar: number;
  /** Bars that the run will have; Infinity when it has no end. */
  readonly rows: number;
  /** What happened inside of bars, where that is known: in backtests. */
  readonly inner?: InnerBars | null;
}

/** What is known of a bar besides its candle. */
export interface BarNews {
  /** Where the data have one. */
  readonly fundingRate?: number | undefined;
  /** What buys meet; null = what sales do. */
  readonly ask?: Bar | null;
  /** Nights since the bar before for which currency positions cost interest. */
  readonly nights?: number;
}

/** An account after a decided bar: all that it needs to go on. */
export interface AccountPoint {
  /** Of the engine under the plan in force. */
  readonly registers: Float64Array;
  readonly capital: number;
  /** Bars seen. */
  readonly bars: number;
  readonly lastBar: Bar;
  /** The account as the strategy saw it at the close of that bar. */
  readonly row: Float64Array;
}

/**
 * A sub-account on paper: the trading engine, driven bar by bar: `openBar`, then `takeDecision`. The loop, the replay of a journal and
 * backtests under risk rules drive it in the same way. It keeps the present; what it gives is for others to keep.
 */
export class PaperAccount {
  readonly capital: number;
  #rules: Pick<AccountRules, 'identity' | 'plan'>;
  #engine: TradingEngine;
  readonly #swap: SwapSettings | null;
  #row: Float64Array = new Float64Array(ACCOUNT_FIELDS);
  #lastRow: Float64Array | null = null;
  #bars = 0;
  #last: Bar | null = null;
  #awaitsDecision = false;

  /** @param from where an account that was there before goes on */
  constructor(rules: AccountRules, from: AccountPoint | null = null) {
    this.capital = from?.capital ?? rules.settings.capital;
    this.#rules = rules;
    this.#swap = rules.settings.swap ?? null;
    this.#engine = engineOf(rules, from?.registers.slice() ?? openTradingRegisters(rules.plan, this.capital));
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
    return this.#engine.registers[ACCOUNT.qty]!;
  }

  get equity(): number {
    return this.#engine.registers[ACCOUNT.equity]!;
  }

  /** What the strategy gave on the last bar that was decided under the rules in force; null = nothing, or not known. Not to be written. */
  get lastRow(): Float64Array | null {
    return this.#lastRow;
  }

  /** The account as the strategy sees it at the close of the last bar. Not to be written. */
  get row(): Float64Array {
    return this.#row;
  }

  /** The last decision ordered something. */
  get hasNewOrders(): boolean {
    return this.#engine.hasNewOrders;
  }

  /** A copy of the engine's registers. */
  registers(): Float64Array {
    return this.#engine.registers.slice();
  }

  /** What waits for the market. */
  orders(): readonly WaitingOrder[] {
    return waitingOrders(this.#rules.plan, this.#engine.registers);
  }

  /** From the next step on these rules and costs hold; cash, position and stop stay. Orders and targets stay where the rules are the same. */
  useRules(rules: AccountRules): void {
    const { registers } = this.#engine;
    const was = this.#rules;
    const isSame = was.identity === rules.identity && JSON.stringify(was.plan) === JSON.stringify(rules.plan);
    this.#engine = engineOf(rules, isSame ? registers : adoptRegisters(was.plan, rules.plan, registers));
    this.#rules = rules;
    if (!isSame) this.#lastRow = null;
    if (this.#last === null) return;
    const { time, open, high, low, close } = this.#last;
    this.#engine.showBar(this.#bars - 1, time, open, high, low, close);
  }

  /**
   * Fills what is due at the open and within the bar, marks at the close; gives the log rows of it.
   */
  openBar(bar: Bar, { fundingRate = Number.NaN, ask = null, nights = 0 }: BarNews = {}): Float64Array {
    if (this.#awaitsDecision) throw new StratError('INTERNAL', { reason: `bar ${this.bars} came before the decision on the one before` });
    this.#last = bar;
    if (ask !== null) this.#engine.showAsk(ask);
    if (this.#swap !== null) this.#engine.payNights(this.#bars, nights, bar.open, this.#swap);
    this.#engine.openBar(this.#bars, bar.time, bar.open, bar.high, bar.low, bar.close, bar.volume, fundingRate);
    this.#engine.mark(bar.close);
    this.#row = this.#engine.registers.slice(0, ACCOUNT_FIELDS);
    this.#bars += 1;
    this.#awaitsDecision = true;
    return this.#engine.drainLog();
  }

  /** Before the next bar: a dividend for each share held, then a split; gives the log rows of it. */
  giveToHolders(action: { readonly dividend: number; readonly ratio: number }): Float64Array {
    this.#engine.giveToHolders(this.#bars, action, this.#last?.close ?? Number.NaN);
    return this.#engine.drainLog();
  }

  /** After the decision on the last bar of a market that ends: gives the log rows of it. */
  delist(): Float64Array {
    this.#engine.delist();
    return this.#engine.drainLog();
  }

  /**
   * Moves levels, takes the orders that the rules give for the row; gives the log rows of it.
   * @param row null = the strategy gave none
   */
  takeDecision(row: Float64Array | null, review: OrderReview): Float64Array {
    if (!this.#awaitsDecision || this.#last === null)
      throw new StratError('INTERNAL', { reason: `a second decision on bar ${this.bars - 1}` });
    this.#engine.decide(this.bars - 1, row, review);
    this.#awaitsDecision = false;
    this.#lastRow = row;
    return this.#engine.drainLog();
  }
}

function engineOf({ plan, settings, firstBar, rows, inner = null }: AccountRules, registers: Float64Array): TradingEngine {
  return new TradingEngine(plan, settingsArray(settings, firstBar, rows), settings.conventions, registers, inner);
}
