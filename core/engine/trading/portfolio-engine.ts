import { ACCOUNT as A, ACCOUNT_FIELDS, type RunConventions } from '#core/model/strategy-abi.ts';
import type { TradePlan } from '#core/model/trade-plan.ts';
import { AccountShares } from './account-shares.ts';
import { NO_REVIEW, type OrderReview } from './order-review.ts';
import { ORDER_TYPE } from './order-slot.ts';
import { accountRegisters, ORDER as O, type RegisterLayout, registerLayout } from './registers.ts';
import { TradingEngine } from './trading-engine.ts';
import { UniverseChoice } from './universe-choice.ts';

/** A bar of one of the markets, as the engine takes it. */
export interface EngineBar {
  /** Open time, ms. */
  readonly time: number;
  readonly open: number;
  readonly high: number;
  readonly low: number;
  readonly close: number;
  /** Traded base units. */
  readonly volume: number;
  /** NaN = the data have none for the bar. */
  readonly fundingRate: number;
}

/** One market of an account. */
export interface PortfolioMarket {
  readonly settings: Float64Array;
  /** Of this market; the account's part is taken from the first of all markets. */
  readonly registers: Float64Array;
}

/** What one market of a step decides by. */
export interface MarketDecision {
  readonly market: number;
  /** null = the strategy gave none. */
  readonly row: Float64Array | null;
  /** Left out: everything may go out. */
  readonly review?: OrderReview;
}

/** The highest first, of equals in the order in which they came. */
function inOrder<T>(all: readonly T[], weight: (one: T) => number): readonly T[] {
  if (all.length < 2) return all;
  const weights = new Map(all.map((one) => [one, weight(one)]));
  return all.toSorted((a, b) => weights.get(b)! - weights.get(a)!);
}

/**
 * Several markets on one account: one trading engine each, with positions, orders and levels of its own; cash, equity, counts and limits are shared. A step is
 * `open` with the bars that begin together, then `decide` with what the strategy gives for each. docs/engine.md: Several markets.
 */
export class PortfolioEngine {
  readonly engines: readonly TradingEngine[];
  readonly #plan: TradePlan;
  readonly #fillAt: RunConventions['fillAt'];
  readonly #layout: RegisterLayout;
  readonly #markets: readonly PortfolioMarket[];
  /** Places of the registers that are the account's, and their values. */
  readonly #places: readonly number[];
  readonly #shared: Float64Array;
  readonly #bars: number[];
  readonly #closes: number[];
  readonly #shares: AccountShares;
  readonly #universe: UniverseChoice | null;
  #step = -1;
  /** Open time of the step, ms. */
  #time = 0;

  constructor(plan: TradePlan, conventions: RunConventions, markets: readonly PortfolioMarket[]) {
    this.#plan = plan;
    this.#fillAt = conventions.fillAt;
    this.#layout = registerLayout(plan);
    this.#markets = markets;
    this.engines = markets.map(({ settings, registers }) => new TradingEngine(plan, settings, conventions, registers));
    this.#universe = plan.universe === null ? null : new UniverseChoice(plan.universe);
    this.#places = accountRegisters(plan);
    this.#shared = Float64Array.from(this.#places, (place) => markets[0]!.registers[place]!);
    this.#bars = markets.map(() => 0);
    this.#closes = markets.map(() => Number.NaN);
    this.#shares = new AccountShares(markets.length, this.#layout);
    for (const market of markets.keys()) this.#takeShare(market);
  }

  /** Of the account, at the last closes. */
  get equity(): number {
    return this.#shared[this.#places.indexOf(A.equity)]!;
  }

  /** Steps 0 to 3: what is owed; exits at the open, then entries and adds, then what rests; the account at the closes. null = the market has no bar. */
  open(bars: readonly (EngineBar | null)[]): void {
    this.#step += 1;
    this.#time = bars.find((bar) => bar !== null)?.time ?? this.#time;
    const present = [...bars.keys()].filter((market) => bars[market] !== null);
    // Until all has been filled, the markets see each other at the open.
    for (const market of present) this.#value(market, bars[market]!.open);
    for (const market of present) {
      const { time, open, high, low, close, volume, fundingRate } = bars[market]!;
      this.#on(market, (engine) => {
        engine.showBar(this.#bars[market]!, time, open, high, low, close);
        engine.useStep(this.#step);
        engine.offer(volume);
        engine.payCarry(fundingRate);
        engine.fillExits();
      });
      this.#bars[market]! += 1;
    }
    for (const market of inOrder(present, (one) => this.#confidence(one))) this.#on(market, (engine) => engine.fillEntries());
    for (const market of present) this.#on(market, (engine) => engine.fillRange());
    for (const market of present) this.engines[market]!.observe(bars[market]!.volume);
    for (const market of present) this.#value(market, bars[market]!.close);
    if (present.length > 1) for (const market of present) this.#on(market, (engine) => engine.fillClose());
    this.#mark();
  }

  /** The account as the strategy sees it on a market (ACCOUNT). */
  row(market: number): Float64Array {
    const { registers } = this.engines[market]!;
    this.#lend(registers, market);
    return registers.slice(0, ACCOUNT_FIELDS);
  }

  /**
   * Steps 4 to 7: limits of all markets, then exits of all, then entries: the one that is surest of itself first, of equals as the markets are listed.
   * @param decisions of the markets that have a bar
   */
  decide(decisions: readonly MarketDecision[]): void {
    const at = (market: number): number => this.#bars[market]! - 1;
    if (this.#universe !== null) this.#chooseMembers(this.#universe, decisions);
    let isRefused = false;
    for (const { market, row } of decisions) {
      this.#on(market, (engine) => engine.checkLimits(at(market), row));
      const { forAll } = this.engines[market]!;
      if (!forAll.isRefused) continue;
      for (const [other, engine] of this.engines.entries()) if (other !== market) engine.obeyAccount(forAll);
      isRefused = true;
    }
    if (isRefused) this.#withdrawWithoutBar(decisions);
    for (const { market, row } of decisions) this.#on(market, (engine) => engine.decideExits(at(market), row));
    for (const { market, row, review } of inOrder(decisions, (one) => this.#wish(one)))
      this.#on(market, (engine) => engine.decideEntries(at(market), row, review ?? NO_REVIEW));
    if (this.#fillAt === 'close') this.#fillAtClose(decisions.map(({ market }) => market));
    this.#mark();
    for (const [market, { registers }] of this.engines.entries()) this.#lend(registers, market);
  }

  /** As at an open: what leaves pays for what is entered. */
  #fillAtClose(markets: readonly number[]): void {
    for (const market of markets) this.#on(market, (engine) => engine.fillExits('close'));
    for (const market of inOrder(markets, (one) => this.#confidence(one))) this.#on(market, (engine) => engine.fillEntries('close'));
  }

  /** What a limit of the account did reaches orders of markets that have no bar at this step. */
  #withdrawWithoutBar(decisions: readonly MarketDecision[]): void {
    const deciding = new Set(decisions.map(({ market }) => market));
    for (const market of this.engines.keys()) if (!deciding.has(market)) this.#on(market, (engine) => engine.obeyWithoutBar());
  }

  #chooseMembers(universe: UniverseChoice, decisions: readonly MarketDecision[]): void {
    const candidates = decisions.flatMap(({ market, row }) => {
      const { isSettled, registers } = this.engines[market]!;
      return row !== null && isSettled ? [{ registers, row }] : [];
    });
    const all = this.engines.map(({ registers }) => registers);
    const close = this.#time + this.#plan.stepMs;
    let isRebalance = false;
    // The registers of the first hold the account for as long as this takes.
    this.#on(0, ({ registers }) => {
      isRebalance = universe.choose(registers, all, candidates, close);
    });
    for (const engine of this.engines) engine.useRebalance(isRebalance);
  }

  /** Runs something on a market, with the account in its registers. */
  #on(market: number, work: (engine: TradingEngine) => void): void {
    const engine = this.engines[market]!;
    this.#lend(engine.registers, market);
    work(engine);
    const places = this.#places;
    for (let at = 0; at < places.length; at++) this.#shared[at] = engine.registers[places[at]!]!;
    this.#takeShare(market);
  }

  /** The price at which the other markets see a position from here on. */
  #value(market: number, price: number): void {
    this.#closes[market] = price;
    this.#takeShare(market);
  }

  #lend(registers: Float64Array, market: number): void {
    const places = this.#places;
    for (let at = 0; at < places.length; at++) registers[places[at]!] = this.#shared[at]!;
    this.#shares.writeOthers(market, registers);
  }

  #takeShare(market: number): void {
    const { settings, registers } = this.#markets[market]!;
    this.#shares.take(market, registers, this.#closes[market]!, settings);
  }

  /** Equity at the last close of every market. */
  #mark(): void {
    const at = (register: number): number => this.#places.indexOf(register);
    const equity = this.#shared[at(A.cash)]! + this.#shares.value;
    this.#shared[at(A.equity)] = equity;
    if (equity > this.#shared[at(A.peakEquity)]!) this.#shared[at(A.peakEquity)] = equity;
  }

  /** Of the market orders of a market that enter: the highest. */
  #confidence(market: number): number {
    const { registers: r } = this.#markets[market]!;
    let most = 0;
    for (const at of this.#layout.entries) if (r[at] === ORDER_TYPE.market && r[at + O.confidence]! > most) most = r[at + O.confidence]!;
    return most;
  }

  /** Of the entries that a row wants: the highest. */
  #wish({ row }: MarketDecision): number {
    let most = 0;
    if (row === null) return most;
    for (const { when, confidence } of this.#plan.entries) if (row[when] === 1 && row[confidence]! > most) most = row[confidence]!;
    return most;
  }
}
