import type { Bar } from '#core/model/bar.ts';
import { ACCOUNT, ACCOUNT_FIELDS, type RunConventions } from '#core/model/strategy-abi.ts';
import type { TradePlan } from '#core/model/trade-plan.ts';
import { AccountRegisters } from './account-registers.ts';
import { AccountShares } from './account-shares.ts';
import type { BasketDecision, BasketEngine, BasketLeg } from './basket-engine.ts';
import { balanceOf, RatedLog } from './conversion.ts';
import { orderedConfidence, wantedConfidence } from './entry-confidence.ts';
import { inOrder } from './in-order.ts';
import type { InnerSteps } from './inner-steps.ts';
import { NO_REVIEW } from './order-review.ts';
import { basketEngines, marketEngines } from './portfolio-engines.ts';
import type { EngineBar, EngineChange, MarketDecision, PortfolioBasket, PortfolioMarket, StepRates } from './portfolio-input.ts';
import { type StrategyState, strategyStates } from './strategy-state.ts';
import type { TradingEngine } from './trading-engine.ts';
import type { UniverseChoice } from './universe-choice.ts';

/**
 * Several markets on one account, of one strategy or of several: one trading engine each, with positions, orders and levels of its own; cash and equity are shared,
 * counts and limits among the markets of a strategy. A step is `open` with the bars that begin together, then `decide` with what the strategies give for each.
 * docs/engine.md: Several markets, Several strategies, Several currencies.
 */
export class PortfolioEngine {
  readonly engines: readonly TradingEngine[];
  readonly #strategies: readonly StrategyState[];
  readonly #plans: readonly TradePlan[];
  readonly #conventions: RunConventions;
  readonly #markets: readonly PortfolioMarket[];
  readonly #account: AccountRegisters;
  readonly #bars: number[];
  readonly #closes: number[];
  /** The last bar of each; null before its first. */
  readonly #shown: (Bar | null)[];
  readonly #baskets: readonly PortfolioBasket[];
  /** By basket. */
  readonly #basketEngines: readonly BasketEngine[];
  /** By market: it has a bar in this step. */
  #isPresent: readonly boolean[];
  /** By market: a bar on which no entry of it fires is only to be known. Of many markets most are so most of the time. */
  readonly #isIdle: boolean[];
  readonly #shares: AccountShares;
  /** By market: the account's currency for one of its quote. */
  #rates: readonly number[];
  readonly #logs: readonly RatedLog[];
  /** Open time of the step, ms. */
  #time: number;

  /**
   * @param plans of the strategies, each of which has a market
   * @param markets where they go on, their registers and those of the baskets are what they were
   * @param steps that each of the strategies has seen before
   */
  constructor(
    plans: readonly TradePlan[],
    conventions: RunConventions,
    markets: readonly PortfolioMarket[],
    baskets: readonly PortfolioBasket[] = [],
    steps = 0,
  ) {
    this.#plans = plans;
    this.#conventions = conventions;
    this.#strategies = strategyStates(plans, markets, baskets, steps);
    this.#markets = markets;
    this.engines = marketEngines(plans, conventions, markets);
    this.#account = new AccountRegisters(plans, markets);
    this.#time = Math.max(0, ...markets.map(({ from }) => from?.lastBar.time ?? 0));
    this.#bars = markets.map(({ from }) => from?.bars ?? 0);
    this.#closes = markets.map(({ from }) => from?.lastBar.close ?? Number.NaN);
    this.#shown = markets.map(({ from }) => from?.lastBar ?? null);
    this.#isPresent = markets.map(({ from }) => from?.isPresent === true);
    this.#isIdle = markets.map(() => false);
    this.#baskets = baskets;
    const legOf = (leg: number): BasketLeg => ({ engine: this.engines[leg]!, settings: markets[leg]!.settings });
    this.#basketEngines = basketEngines(plans, conventions, baskets, legOf);
    this.#shares = new AccountShares(
      [...markets, ...baskets].map(({ strategy = 0 }) => ({ strategy, layout: this.#strategies[strategy]!.layout })),
    );
    this.#rates = markets.map(() => 1);
    this.#logs = markets.map(() => new RatedLog());
    for (const [market, { from, books }] of markets.entries()) {
      if (books !== undefined) this.engines[market]!.useBooks(books);
      this.#takeShare(market);
      if (from !== undefined) this.#showBar(market, from.bars - 1, from.lastBar);
    }
    for (const [basket, { registers }] of baskets.entries())
      this.#shares.takeBasket(markets.length + basket, registers, this.#basketRate(basket));
  }

  /**
   * An engine that stands between two steps where this one does, and goes on by itself: what would be if something were another way.
   * @param change plans whose registers are laid out alike, and settings by market and by basket
   */
  fork(change: EngineChange = {}): PortfolioEngine {
    const { plans = this.#plans, settings: settingsOf = (same: Float64Array): Float64Array => same } = change;
    const other = new PortfolioEngine(
      plans,
      this.#conventions,
      this.#markets.map((market, at) => {
        const [bars, lastBar, isPresent] = [this.#bars[at]!, this.#shown[at] ?? null, this.#isPresent[at]!];
        const [settings, registers] = [settingsOf(market.settings), this.registers(at).slice()];
        return { ...market, settings, registers, from: lastBar === null ? undefined : { bars, lastBar, isPresent } };
      }),
      this.#baskets.map((basket, at) => {
        return { ...basket, settings: settingsOf(basket.settings), registers: this.basketRegisters(at).slice() };
      }),
    );
    for (const [at, { step }] of this.#strategies.entries()) other.#strategies[at]!.step = step;
    other.#time = this.#time;
    other.#rates = this.#rates;
    other.#account.become(this.#account);
    for (const [market, close] of this.#closes.entries()) other.#value(market, close);
    return other;
  }

  /** Writes into the registers of a market, the account's among them, or of a basket: in a fork. */
  amend(of: { readonly market: number } | { readonly basket: number }, change: (registers: Float64Array) => void): void {
    if ('market' in of) this.#on(of.market, ({ registers }) => change(registers));
    else this.#onBasket(of.basket, ({ engine }) => change(engine.registers));
  }

  /** What a market or basket goes by. */
  settingsOf(of: { readonly market: number } | { readonly basket: number }): Float64Array {
    return ('market' in of ? this.#markets[of.market]! : this.#baskets[of.basket]!).settings;
  }

  /** Of the account, at the last closes. */
  get equity(): number {
    return this.#account.equity;
  }

  /**
   * Steps 0 to 3: what is owed; exits at the open, then entries and adds, then what rests; the account at the closes.
   * @param bars by market; null = it has none
   * @param rates left out: all markets are in the account's currency
   */
  open(bars: readonly (EngineBar | null)[], rates?: StepRates): void {
    if (rates !== undefined) this.#useRates(rates.open);
    this.#time = bars.find((bar) => bar !== null)?.time ?? this.#time;
    this.#isPresent = bars.map((bar) => bar !== null);
    const present = [...bars.keys()].filter((market) => bars[market] !== null);
    for (const strategy of new Set(present.map((market) => this.#strategyOf(market)))) strategy.step += 1;
    for (const market of present) this.#giveToHolders(market, bars[market]!);
    const active = present.filter((market) => !this.#isIdle[market]!);
    // Until all has been filled, the markets see each other at the open.
    for (const market of active) this.#value(market, bars[market]!.open);
    for (const market of present) this.#beginBar(market, bars[market]!);
    this.#fill(active);
    for (const market of present) this.engines[market]!.observe(bars[market]!.volume);
    const isMoved = rates !== undefined && this.#useRates(rates.close);
    for (const market of present) this.#value(market, bars[market]!.close);
    if (present.length > 1 || isMoved) for (const market of active) this.#on(market, (engine) => engine.fillClose());
    this.#mark();
  }

  /** Log rows of a market since the last call, each with the rate at which it happened. */
  drain(market: number): ReturnType<RatedLog['drain']> {
    this.#keepLog(market);
    return this.#logs[market]!.drain();
  }

  #keepLog(market: number): void {
    this.#logs[market]!.add(this.engines[market]!.drainLog(), this.#rates[market]!);
  }

  /** From here on amounts are converted at these rates; true where one has changed. What open positions owe in their currencies is worth something else then. */
  #useRates(rates: readonly number[]): boolean {
    const moved = [...rates.keys()].filter((market) => rates[market] !== this.#rates[market]);
    if (moved.length === 0) return false;
    for (const market of moved) {
      this.#keepLog(market);
      const balance = balanceOf(this.engines[market]!.registers);
      if (balance !== 0) this.#account.revalue(balance * (rates[market]! - this.#rates[market]!));
    }
    this.#rates = rates;
    for (const market of moved) this.#takeShare(market);
    return true;
  }

  /** A market has ended with its last bar, which has been decided: what is held goes at its close. */
  delist(market: number): void {
    this.#on(market, (engine) => engine.delist());
    this.#mark();
  }

  #giveToHolders(market: number, { action }: EngineBar): void {
    if (action !== undefined) this.#on(market, (engine) => engine.giveToHolders(this.#bars[market]!, action, this.#closes[market]!));
  }

  /** Shows a bar to its market, and what is owed since the one before. */
  #beginBar(market: number, bar: EngineBar): void {
    const { open, volume, fundingRate, ask, mark, nights = 0, swap } = bar;
    const engine = this.engines[market]!;
    const index = this.#bars[market]!++;
    this.#showBar(market, index, bar);
    engine.offer(volume);
    if (ask !== undefined) engine.showAsk(ask);
    engine.showMark(index, mark);
    // Who holds nothing owes nothing, and takes nothing of the account.
    if (engine.registers[ACCOUNT.qty] === 0) return engine.payCarry(fundingRate);
    this.#on(market, () => {
      if (swap !== undefined) engine.payNights(index, nights, open, swap);
      engine.payCarry(fundingRate);
    });
  }

  /** Exits at what the markets open with, then entries and adds, of all and of baskets too where it is the open of bars. */
  #fillOpen(markets: readonly number[], isBar: boolean): void {
    for (const market of markets) this.#on(market, (engine) => engine.fillExits());
    const ready = isBar ? this.#readyBaskets() : [];
    for (const basket of ready) this.#fillBasketExit(basket);
    const served = [
      ...markets.map((market) => ({
        confidence: orderedConfidence(this.#strategyOf(market).layout, this.engines[market]!.registers),
        fill: () => this.#on(market, (engine) => engine.fillEntries()),
      })),
      ...ready.map((basket) => ({
        confidence: orderedConfidence(this.#basketStrategy(basket).layout, this.#basketEngines[basket]!.engine.registers),
        fill: () => this.#fillBasketEntries(basket),
      })),
    ];
    for (const { fill } of inOrder(served, ({ confidence }) => confidence)) fill();
  }

  /** Steps 1 and 2 of the bars at hand: by what they are made of, moment by moment, where that is known; last the range of those of which it is not. */
  #fill(present: readonly number[]): void {
    const innerOf = (market: number): InnerSteps => this.engines[market]!.inner!;
    const known = present.filter((market) => this.engines[market]!.inner?.knows(this.#indexOf(market)) === true);
    const whole = known.length === 0 ? present : present.filter((market) => !known.includes(market));
    for (const market of whole) this.engines[market]!.showSpread(this.#indexOf(market));
    const walked = known.filter((market) => innerOf(market).begin(this.#indexOf(market)) && innerOf(market).next());
    this.#fillOpen(present, true);
    for (let due = walked; due.length > 0;) {
      for (const market of due) this.#on(market, (engine) => engine.fillRange());
      const time = Math.min(...walked.map((market) => innerOf(market).time));
      due = walked.filter((market) => innerOf(market).time === time && innerOf(market).next());
      this.#fillOpen(due, false);
    }
    for (const market of whole) this.#on(market, (engine) => engine.fillRange());
  }

  /** Of a market, with the account in them. Not to be written. */
  registers(market: number): Float64Array {
    const { registers } = this.engines[market]!;
    this.#lend(registers, market);
    return registers;
  }

  /** The same of a basket. */
  basketRegisters(basket: number): Float64Array {
    this.#lendBasket(basket);
    return this.#baskets[basket]!.registers;
  }

  /** The last decision ordered something, or one before whose market had no bar since. */
  get hasNewOrders(): boolean {
    return [...this.engines, ...this.#basketEngines.map((basket) => basket.engine)].some((engine) => engine.hasNewOrders);
  }

  /** The account as the strategy sees it on a market (ACCOUNT). */
  row(market: number): Float64Array {
    const [only, ...more] = this.#strategyOf(market).baskets;
    // Where all that is entered is one basket, "the position" is that.
    if (
      only !== undefined &&
      more.length === 0 &&
      this.#baskets[only]!.rulesOf === market &&
      this.#strategyOf(market).plan.entries.every(({ basket }) => basket !== undefined)
    ) {
      this.#lendBasket(only);
      return this.#basketEngines[only]!.accountRow(this.#legPrices(only), this.#closes[market]!);
    }
    return this.registers(market).slice(0, ACCOUNT_FIELDS);
  }

  /**
   * Steps 4 to 7: limits of all markets, then exits of all, then entries: the one that is surest of itself first, of equals as the markets are listed.
   * @param decisions of the markets that have a bar
   */
  decide(decisions: readonly MarketDecision[]): void {
    for (const strategy of this.#strategies) if (strategy.universe !== null) this.#chooseMembers(strategy, strategy.universe, decisions);
    /** Strategies of which a limit refuses entries. */
    const refused = new Set<StrategyState>();
    const due = decisions.filter((decision) => this.#isDue(decision));
    for (const { market, row, review = NO_REVIEW } of due) {
      this.#on(market, (engine) => engine.checkLimits(this.#indexOf(market), row, review));
      const strategy = this.#strategyOf(market);
      if (this.#tellAll(strategy, this.engines[market]!)) refused.add(strategy);
    }
    const baskets = this.#basketDecisions(decisions);
    for (const { basket, row, index, review } of baskets) {
      this.#onBasket(basket, (one) => one.checkLimits(index, row, review));
      const strategy = this.#basketStrategy(basket);
      if (this.#tellAll(strategy, this.#basketEngines[basket]!.engine)) refused.add(strategy);
    }
    if (refused.size > 0) this.#withdrawWithoutBar(refused, decisions, baskets);
    for (const { market, row } of due) this.#on(market, (engine) => engine.decideExits(this.#indexOf(market), row));
    for (const { basket, row, index } of baskets) this.#onBasket(basket, ({ engine }) => engine.decideExits(index, row));
    const wishes = [
      ...due.map(({ market, row, review }) => ({
        confidence: wantedConfidence(this.#strategyOf(market).plan, row, null),
        decide: () => this.#on(market, (engine) => engine.decideEntries(this.#indexOf(market), row, review ?? NO_REVIEW)),
      })),
      ...baskets.map(({ basket, row, review, index }) => ({
        confidence: wantedConfidence(this.#basketStrategy(basket).plan, row, this.#baskets[basket]!.basket),
        decide: () => this.#onBasket(basket, (one) => one.decideEntries(index, row, review, this.#legPrices(basket))),
      })),
    ];
    for (const { decide } of inOrder(wishes, ({ confidence }) => confidence)) decide();
    if (this.#conventions.fillAt === 'close') this.#fillAtClose(due.map(({ market }) => market));
    this.#mark();
    for (const { market } of due) this.#isIdle[market] = this.engines[market]!.isIdle() && !this.engines[market]!.hasNewOrders;
  }

  /** Whether a decision may change something. */
  #isDue({ market, row, review }: MarketDecision): boolean {
    if (!this.#isIdle[market]! || review?.isResumed === true || this.#account.isLost) return true;
    return row !== null && this.engines[market]!.wakesAt(row);
  }

  /** Events of the baskets since the last call, each with the market whose bars they count: the first leg. */
  drainBaskets(): readonly { readonly market: number; readonly log: Float64Array }[] {
    return this.#basketEngines.map((basket, place) => ({ market: this.#baskets[place]!.legs[0]!, log: basket.drainEvents() }));
  }

  /** What a limit of a whole strategy did, met by one of its engines: the others do the same. True when there was such a limit. */
  #tellAll({ markets, baskets }: StrategyState, met: TradingEngine): boolean {
    const { forAll } = met;
    if (!forAll.isRefused) return false;
    for (const engine of [
      ...markets.map((market) => this.engines[market]!),
      ...baskets.map((basket) => this.#basketEngines[basket]!.engine),
    ])
      if (engine !== met) engine.obeyAccount(forAll);
    return true;
  }

  /** The legs of a basket are in one currency. */
  #basketRate(basket: number): number {
    return this.#rates[this.#baskets[basket]!.legs[0]!]!;
  }

  #strategyOf(market: number): StrategyState {
    return this.#strategies[this.#markets[market]!.strategy ?? 0]!;
  }

  #basketStrategy(basket: number): StrategyState {
    return this.#strategies[this.#baskets[basket]!.strategy ?? 0]!;
  }

  /** Baskets all of whose legs have a bar in this step. */
  #readyBaskets(): readonly number[] {
    return [...this.#baskets.keys()].filter((basket) => this.#baskets[basket]!.legs.every((leg) => this.#isPresent[leg]));
  }

  /** Those whose rules have settled and have a row. */
  #basketDecisions(decisions: readonly MarketDecision[]): readonly BasketDecision[] {
    return this.#readyBaskets().flatMap((basket) => {
      const { rulesOf, legs } = this.#baskets[basket]!;
      const decision = decisions.find(({ market }) => market === rulesOf);
      this.#onBasket(basket, (one) => this.#show(basket, one));
      if (decision === undefined || decision.row === null || !this.engines[rulesOf]!.isSettled) return [];
      return [{ basket, row: decision.row, review: decision.review ?? NO_REVIEW, index: this.#indexOf(legs[0]!) }];
    });
  }

  /** Index of the bar at hand of a market. */
  #indexOf(market: number): number {
    return this.#bars[market]! - 1;
  }

  #legPrices(basket: number): readonly number[] {
    return this.#baskets[basket]!.legs.map((leg) => this.#closes[leg]!);
  }

  /** The basket at the prices at which its legs stand. */
  #show(basket: number, one: BasketEngine): void {
    one.show(this.#indexOf(this.#baskets[basket]!.legs[0]!), this.#basketStrategy(basket).step, this.#time, this.#legPrices(basket));
  }

  #fillBasketExit(basket: number): void {
    const { legs } = this.#baskets[basket]!;
    this.#onBasket(basket, (one) => {
      this.#show(basket, one);
      one.fillExit((leg, work) => this.#on(legs[leg]!, work));
    });
  }

  #fillBasketEntries(basket: number): void {
    const { legs } = this.#baskets[basket]!;
    this.#onBasket(basket, (one) => {
      this.#show(basket, one);
      one.fillEntries((leg, work) => this.#on(legs[leg]!, work));
    });
  }

  /** Runs something on a basket, with the account in its registers: what it counts is the account's, what it spends is not, as its legs do. */
  #onBasket(basket: number, work: (one: BasketEngine) => void): void {
    const { strategy = 0, registers } = this.#baskets[basket]!;
    this.#lendBasket(basket);
    work(this.#basketEngines[basket]!);
    const rate = this.#basketRate(basket);
    this.#account.takeCounts(strategy, registers, rate);
    this.#shares.takeBasket(this.engines.length + basket, registers, rate);
  }

  #lendBasket(basket: number): void {
    const { strategy = 0, registers, legs } = this.#baskets[basket]!;
    const rate = this.#basketRate(basket);
    this.#account.lend(strategy, registers, rate);
    this.#shares.writeOthers(this.engines.length + basket, registers, rate, legs);
  }

  /** As at an open: what leaves pays for what is entered. */
  #fillAtClose(markets: readonly number[]): void {
    for (const market of markets) this.#on(market, (engine) => engine.fillExits('close'));
    for (const market of inOrder(markets, (one) => orderedConfidence(this.#strategyOf(one).layout, this.engines[one]!.registers)))
      this.#on(market, (engine) => engine.fillEntries('close'));
  }

  /** What a limit of a strategy did reaches orders of its markets that have no bar at this step. */
  #withdrawWithoutBar(
    strategies: ReadonlySet<StrategyState>,
    decisions: readonly MarketDecision[],
    baskets: readonly BasketDecision[],
  ): void {
    const deciding = new Set(decisions.map(({ market }) => market));
    const decided = new Set(baskets.map(({ basket }) => basket));
    for (const strategy of strategies) {
      for (const market of strategy.markets) if (!deciding.has(market)) this.#on(market, (engine) => engine.obeyWithoutBar());
      for (const basket of strategy.baskets) if (!decided.has(basket)) this.#onBasket(basket, ({ engine }) => engine.obeyWithoutBar());
    }
  }

  #chooseMembers(strategy: StrategyState, universe: UniverseChoice, decisions: readonly MarketDecision[]): void {
    const own = decisions.filter(({ market }) => this.#strategyOf(market) === strategy);
    // Where no market of it has a bar, its periods wait.
    if (own.length === 0) return;
    const candidates = own.flatMap(({ market, row }) => {
      const { isSettled, registers } = this.engines[market]!;
      return row !== null && isSettled ? [{ registers, row }] : [];
    });
    const all = strategy.markets.map((market) => this.engines[market]!.registers);
    const close = this.#time + strategy.plan.stepMs;
    let isRebalance = false;
    // The registers of the first hold the account for as long as this takes.
    this.#on(strategy.markets[0]!, ({ registers }) => {
      isRebalance = universe.choose(registers, all, candidates, close);
    });
    for (const market of strategy.markets) this.engines[market]!.useRebalance(isRebalance);
  }

  #showBar(market: number, index: number, bar: Bar): void {
    const { time, open, high, low, close } = bar;
    const engine = this.engines[market]!;
    this.#shown[market] = bar;
    engine.showBar(index, time, open, high, low, close);
    engine.useStep(this.#strategyOf(market).step);
  }

  /** Runs something on a market, with the account in its registers. */
  #on(market: number, work: (engine: TradingEngine) => void): void {
    const engine = this.engines[market]!;
    const { strategy = 0, isLeg = false } = this.#markets[market]!;
    this.#isIdle[market] = false;
    this.#lend(engine.registers, market);
    work(engine);
    const rate = this.#rates[market]!;
    this.#account.takeMoney(engine.registers, rate);
    // The positions of legs are counted by their basket.
    if (!isLeg) this.#account.takeCounts(strategy, engine.registers, rate);
    this.#takeShare(market);
  }

  /** The price at which the other markets see a position from here on. */
  #value(market: number, price: number): void {
    this.#closes[market] = price;
    if (!this.#isIdle[market]!) this.#takeShare(market);
  }

  #lend(registers: Float64Array, market: number): void {
    const rate = this.#rates[market]!;
    this.#account.lend(this.#markets[market]!.strategy ?? 0, registers, rate);
    this.#shares.writeOthers(market, registers, rate);
  }

  #takeShare(market: number): void {
    const { settings, registers, isLeg = false } = this.#markets[market]!;
    this.#shares.take(market, registers, this.#closes[market]!, settings, isLeg, this.#rates[market]!);
  }

  /** Equity at the last close of every market. */
  #mark(): void {
    this.#account.mark(this.#shares.value);
  }
}
