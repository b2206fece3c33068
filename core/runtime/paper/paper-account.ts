import { PortfolioEngine } from '#core/engine/trading/portfolio-engine.ts';
import type { EngineBar, MarketDecision } from '#core/engine/trading/portfolio-input.ts';
import { adoptRegisters, openTradingRegisters } from '#core/engine/trading/registers.ts';
import { waitingOrders, type WaitingOrder } from '#core/engine/trading/waiting-orders.ts';
import type { SimulationSettings } from '#core/engine/simulation-settings.ts';
import { RolloverNights } from '#core/data/forex/rollover-nights.ts';
import { StratError } from '#core/errors/strat-error.ts';
import type { Bar } from '#core/model/bar.ts';
import { ACCOUNT, ACCOUNT_FIELDS } from '#core/model/strategy-abi.ts';
import type { TradePlan } from '#core/model/trade-plan.ts';
import { accountSlots, legMarkets } from '../portfolio/account-slots.ts';

/** What an account trades by. */
export interface AccountRules {
  /** Tells rules apart that have the same plan and other numbers. */
  readonly identity: string;
  readonly plan: TradePlan;
  readonly settings: SimulationSettings;
  /** In the order of the `trade` line or the universe, at least one; then the legs of baskets, which are markets of their own here. */
  readonly markets: readonly AccountMarket[];
}

export interface AccountMarket {
  readonly market: string;
  /** Index of the first bar on which an order may be decided. */
  readonly firstBar: number;
  /** Bars that the run will have; Infinity when it has no end. */
  readonly rows: number;
}

/** An account after a decided step: all that it needs to go on. */
export interface AccountPoint {
  readonly capital: number;
  /** Steps seen. */
  readonly steps: number;
  readonly markets: readonly MarketPoint[];
  /** Registers of each basket. */
  readonly baskets?: readonly Float64Array[];
}

interface MarketPoint {
  /** Of the engine under the plan in force. */
  readonly registers: Float64Array;
  /** Bars seen. */
  readonly bars: number;
  /** Null before the first. */
  readonly lastBar: Bar | null;
  /** The account as the strategy saw it at the close of that bar. */
  readonly row: Float64Array;
}

/** What an account has of one of its markets. */
interface AccountPart {
  bars: number;
  last: Bar | null;
  row: Float64Array;
  /** What the strategy gave on the last bar that was decided under the rules in force; null = nothing, or not known. */
  lastRow: Float64Array | null;
  /** It has a bar in the step at hand. */
  isPresent: boolean;
}

const newPart = (): AccountPart => ({ bars: 0, last: null, row: new Float64Array(ACCOUNT_FIELDS), lastRow: null, isPresent: false });

/**
 * A sub-account on paper over one market or several: the trading engine, driven step by step: `openBars`, then `takeDecisions`. The loop, the replay of a
 * journal and backtests under risk rules drive it in the same way. It keeps the present; what it gives is for others to keep.
 */
export class PaperAccount {
  readonly capital: number;
  #rules: Pick<AccountRules, 'identity' | 'plan' | 'settings'>;
  readonly #rollovers = new RolloverNights();
  #engine: PortfolioEngine;
  /** By market, legs too. */
  readonly #names: readonly string[];
  readonly #parts: readonly AccountPart[];
  #steps: number;
  #awaitsDecision = false;
  #hasNewOrders = false;

  /** @param from where an account that was there before goes on */
  constructor(rules: AccountRules, from: AccountPoint | null = null) {
    this.capital = from?.capital ?? rules.settings.capital;
    this.#rules = rules;
    this.#steps = from?.steps ?? 0;
    this.#names = rules.markets.map(({ market }) => market);
    this.#parts = rules.markets.map((_, market) => {
      const point = from?.markets[market];
      return point === undefined ? newPart() : { ...newPart(), bars: point.bars, last: point.lastBar, row: point.row.slice() };
    });
    const opened = (market: number): Float64Array =>
      from?.markets[market]!.registers.slice() ?? openTradingRegisters(rules.plan, this.capital);
    const opener = (basket: number): Float64Array => from?.baskets?.[basket]?.slice() ?? openTradingRegisters(rules.plan, this.capital);
    this.#engine = this.#engineOf(rules, opened, opener);
  }

  /** Markets that rules trade: the first ones; what follows are legs of baskets. */
  get traded(): number {
    return this.#names.length - legMarkets(this.#rules.plan).length;
  }

  /** Moments so far at which any market had a bar. */
  get steps(): number {
    return this.#steps;
  }

  /** Bars of a market seen so far. */
  bars(market = 0): number {
    return this.#parts[market]!.bars;
  }

  /** The last step was shown and not decided on. */
  get awaitsDecision(): boolean {
    return this.#awaitsDecision;
  }

  /** Markets that have a bar in the last step, by their places. */
  get present(): readonly number[] {
    return [...this.#parts.keys()].filter((market) => this.#parts[market]!.isPresent);
  }

  /** The market whose last bar is the newest, of equals the first. */
  get latest(): number {
    const times = this.#parts.map(({ last }) => last?.time ?? -Infinity);
    return times.indexOf(Math.max(...times));
  }

  lastBar(market = 0): Bar | null {
    return this.#parts[market]!.last;
  }

  /** Signed, base units: all that is held of the market, by its rules and as a leg. */
  position(market = 0): number {
    const { engines } = this.#engine;
    const name = this.#names[market];
    return engines.reduce((sum, { registers }, place) => (this.#names[place] === name ? sum + registers[ACCOUNT.qty]! : sum), 0);
  }

  /** Of the whole account. */
  get equity(): number {
    return this.#engine.equity;
  }

  /** What the strategy gave on the last bar of a market that was decided under the rules in force; null = nothing, or not known. Not to be written. */
  lastRow(market = 0): Float64Array | null {
    return this.#parts[market]!.lastRow;
  }

  /** The account as the strategy sees it at the close of the last bar of a market. Not to be written. */
  row(market = 0): Float64Array {
    return this.#parts[market]!.row;
  }

  /** The last decision ordered something. */
  get hasNewOrders(): boolean {
    return this.#hasNewOrders;
  }

  /** A copy of the engine's registers of a market. */
  registers(market = 0): Float64Array {
    return this.#engine.registers(market).slice();
  }

  /** Copies of the registers of the baskets. */
  basketRegisters(): readonly Float64Array[] {
    return (this.#rules.plan.baskets ?? []).map((_, basket) => this.#engine.basketRegisters(basket).slice());
  }

  /** What waits for a market. */
  orders(market = 0): readonly WaitingOrder[] {
    return waitingOrders(this.#rules.plan, this.#engine.registers(market));
  }

  /** From the next step on these rules and costs hold; cash, positions and stops stay. Orders and targets stay where the rules are the same. */
  useRules(rules: AccountRules): void {
    const was = this.#rules;
    const isSame = was.identity === rules.identity && JSON.stringify(was.plan) === JSON.stringify(rules.plan);
    const engine = this.#engine;
    const adopted = (registers: Float64Array, basket: number | null): Float64Array => {
      if (isSame) return registers;
      const holder = basket === null ? null : { basket, side: Math.sign(engine.basketRegisters(basket)[ACCOUNT.qty]!) };
      return adoptRegisters(was.plan, rules.plan, registers, holder);
    };
    const holders = (was.plan.baskets ?? []).flatMap(({ legs }, basket) => legs.map(() => basket));
    const { traded } = this;
    this.#engine = this.#engineOf(
      rules,
      (market) => adopted(engine.registers(market), holders[market - traded] ?? null),
      (basket) => adopted(engine.basketRegisters(basket), basket),
    );
    this.#rules = rules;
    if (!isSame) for (const part of this.#parts) part.lastRow = null;
  }

  /**
   * Fills what is due at the open and within the bars, marks at the close; gives the log rows of it, by market.
   * @param bars by market, those that open together; null = it has none
   */
  openBars(bars: readonly (EngineBar | null)[]): readonly Float64Array[] {
    if (this.#awaitsDecision)
      throw new StratError('INTERNAL', { reason: `step ${this.#steps} came before the decision on the one before` });
    this.#engine.open(bars.map((bar, market) => (bar === null ? null : this.#withNights(bar, market))));
    for (const [market, part] of this.#parts.entries()) {
      const bar = bars[market] ?? null;
      part.isPresent = bar !== null;
      if (bar === null) continue;
      const { time, open, high, low, close, volume } = bar;
      part.last = { time, open, high, low, close, volume };
      part.row = this.#engine.row(market);
      part.bars += 1;
    }
    this.#steps += 1;
    this.#awaitsDecision = true;
    return this.#drainLogs();
  }

  /** What is known of a bar, with the nights since the one before where holding a currency costs interest. */
  #withNights(bar: EngineBar, market: number): EngineBar {
    const { swap } = this.#rules.settings;
    const { last } = this.#parts[market]!;
    return swap === undefined || last === null ? bar : { ...bar, swap, nights: this.#rollovers.between(last.time, bar.time) };
  }

  /**
   * Moves levels, takes the orders that the rules give for the rows; gives the log rows of it, by market.
   * @param decisions one of each traded market that has a bar in the step; a row of null = the strategy gave none
   */
  takeDecisions(decisions: readonly MarketDecision[]): readonly Float64Array[] {
    const wanted = this.present.filter((market) => market < this.traded);
    if (!this.#awaitsDecision) throw new StratError('INTERNAL', { reason: `a second decision on step ${this.#steps - 1}` });
    if (decisions.length !== wanted.length || decisions.some(({ market }, at) => market !== wanted[at]))
      throw new StratError('INTERNAL', { reason: `the decision on step ${this.#steps - 1} is not of the markets that have a bar` });
    this.#engine.decide(decisions);
    this.#awaitsDecision = false;
    this.#hasNewOrders = this.#engine.hasNewOrders;
    for (const { market, row } of decisions) this.#parts[market]!.lastRow = row;
    return this.#drainLogs();
  }

  #drainLogs(): readonly Float64Array[] {
    const logs = this.#engine.engines.map((engine) => engine.drainLog());
    for (const { market, log } of this.#engine.drainBaskets()) if (log.length > 0) logs[market] = Float64Array.of(...logs[market]!, ...log);
    return logs;
  }

  #engineOf(
    { plan, settings, markets }: AccountRules,
    registersOf: (market: number) => Float64Array,
    registersOfBasket: (basket: number) => Float64Array,
  ): PortfolioEngine {
    const slots = markets.map((market, place) => {
      const { bars, last, isPresent } = this.#parts[place]!;
      return { ...market, registers: registersOf(place), from: last === null ? undefined : { bars, lastBar: last, isPresent } };
    });
    const parts = accountSlots(
      plan,
      settings,
      slots,
      (plan.baskets ?? []).map((_, basket) => registersOfBasket(basket)),
    );
    return new PortfolioEngine([plan], settings.conventions, parts.markets, parts.baskets, this.#steps);
  }
}
