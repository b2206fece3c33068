import { LOG_KIND, type RunConventions, SETTING as K } from '#core/model/strategy-abi.ts';
import type { TradePlan } from '#core/model/trade-plan.ts';
import { Carry } from './carry.ts';
import { EngineMarket } from './engine-market.ts';
import { OrderFills } from './order-fills.ts';
import { POSITION as P } from './registers.ts';
import { TradeRules } from './trade-rules.ts';

/**
 * Runs the rules of a plan on one market and one sub-account: orders, fills inside of bars, protection, risk limits. docs/engine.md has every
 * rule in words. One bar is `openBar`, `mark`, (the strategy computes its values), `decide`. All state is in `registers`.
 */
export class TradingEngine {
  /** ACCOUNT first. */
  readonly registers: Float64Array;
  readonly #market: EngineMarket;
  readonly #fills: OrderFills;
  readonly #rules: TradeRules;
  readonly #carry: Carry;

  constructor(plan: TradePlan, settings: Float64Array, conventions: RunConventions, registers: Float64Array) {
    this.registers = registers;
    this.#market = new EngineMarket(plan, settings, conventions, registers);
    this.#fills = new OrderFills(this.#market);
    this.#rules = new TradeRules(this.#market);
    this.#carry = new Carry(this.#market.account, settings, plan.stepMs);
  }

  /** Log rows since the last call (LOG layout). */
  drainLog(): Float64Array {
    return this.#market.account.drainLog();
  }

  /** Marks the account at the close; returns the equity. */
  mark(close: number): number {
    return this.#market.account.mark(close);
  }

  /** Steps 0 and 1: what is owed, what waits for the open, then the range of the bar. `fundingRate`: of this bar, where the data have one. */
  openBar(index: number, time: number, open: number, high: number, low: number, close: number, fundingRate: number = Number.NaN): void {
    const market = this.#market;
    const { bar, account, conventions } = market;
    market.index = index;
    market.time = time;
    market.close = close;
    bar.open = open;
    bar.high = high;
    bar.low = low;
    this.#carry.pay({ index, time, open, fundingRate });
    this.#fills.fillExit(open);
    this.#fills.fillMarketOrders(open);
    if (account.qty !== 0) this.#fills.protect(false);
    else this.#fills.fillResting();
    if (account.qty !== 0 && conventions.opposite === 'reverse') this.#fills.fillResting();
  }

  /** Steps 4 to 6 on the bar last opened. `values` holds `plan.valueCount` doubles and is read before it returns. */
  decide(index: number, values: Float64Array): void {
    const { account, settings, conventions, close } = this.#market;
    const r = this.registers;
    const side = Math.sign(account.qty);
    if (side !== 0) this.#rules.movePosition(side, values);
    if (index >= settings[K.firstBar]!) this.#rules.decideRules(index, values);
    const isLeaving = r[P.exitKind] !== 0 && r[P.exitFraction]! >= 1;
    if (account.qty !== 0 && index === settings[K.endBar] && !isLeaving) this.#market.orderExit(LOG_KIND.end, 1, -1);
    if (conventions.fillAt !== 'close') return;
    this.#fills.fillExit(close);
    this.#fills.fillMarketOrders(close);
    this.mark(close);
  }
}
