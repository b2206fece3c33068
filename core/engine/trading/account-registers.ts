import { ACCOUNT as A, SETTING } from '#core/model/strategy-abi.ts';
import type { TradePlan } from '#core/model/trade-plan.ts';
import type { PortfolioMarket } from './portfolio-input.ts';
import { countRegisters, LIMIT, LOST_SHARE, MONEY_REGISTERS, registerLayout, TRADED_REGISTERS } from './registers.ts';

/** Registers: places in those of an engine, and their values. */
interface Lent {
  readonly places: readonly number[];
  readonly values: Float64Array;
  /** Of each: it is an amount of money, which the account keeps in its own currency. */
  readonly isMoney: readonly boolean[];
}

const CASH = MONEY_REGISTERS.indexOf(A.cash);
const EQUITY = MONEY_REGISTERS.indexOf(A.equity);
const PEAK = MONEY_REGISTERS.indexOf(A.peakEquity);

/**
 * The registers that engines on one account share: money is the account's, what is counted (positions that ended, what limits count, Kelly's record) a strategy's.
 * An engine has them lent while it works: amounts of money in the quote currency of its market, at a rate (the account's currency for one of the quote).
 */
export class AccountRegisters {
  readonly #money: Lent;
  /** By strategy. */
  readonly #counts: readonly Lent[];

  /**
   * @param plans of the strategies
   * @param markets of which each strategy has one: with what it goes on from; the money is that of the first
   */
  constructor(plans: readonly TradePlan[], markets: readonly Pick<PortfolioMarket, 'strategy' | 'settings' | 'registers'>[]) {
    const registersOf = (wanted: number): Float64Array => markets.find(({ strategy = 0 }) => strategy === wanted)!.registers;
    const hasFeeTiers = markets.some(({ settings }) => settings[SETTING.feeTierCount]! > 0);
    const read = (registers: Float64Array, places: readonly number[], money: ReadonlySet<number>): Lent => ({
      places,
      values: Float64Array.from(places, (at) => registers[at]!),
      isMoney: places.map((at) => money.has(at)),
    });
    const shared = hasFeeTiers ? [...MONEY_REGISTERS, ...TRADED_REGISTERS] : MONEY_REGISTERS;
    this.#money = read(registersOf(0), shared, new Set([A.cash, A.equity, A.peakEquity]));
    this.#counts = plans.map((plan, strategy) => read(registersOf(strategy), countRegisters(plan), moneyOfLimits(plan)));
  }

  /** Takes over what another account of the same strategies holds. */
  become(other: AccountRegisters): void {
    this.#money.values.set(other.#money.values);
    for (const [strategy, { values }] of this.#counts.entries()) values.set(other.#counts[strategy]!.values);
  }

  get equity(): number {
    return this.#money.values[EQUITY]!;
  }

  /** Nothing is left of it: on margin it trades no more. */
  get isLost(): boolean {
    return !(this.equity > this.#money.values[PEAK]! * LOST_SHARE);
  }

  /** Writes them into registers of a strategy. */
  lend(strategy: number, registers: Float64Array, rate: number): void {
    write(this.#money, registers, rate);
    write(this.#counts[strategy]!, registers, rate);
  }

  /** Takes them back from a market that has worked. */
  takeMoney(registers: Float64Array, rate: number): void {
    take(this.#money, registers, rate);
  }

  takeCounts(strategy: number, registers: Float64Array, rate: number): void {
    take(this.#counts[strategy]!, registers, rate);
  }

  /** What is owed or held in another currency is worth more or less now. @param change in the account's currency */
  revalue(change: number): void {
    this.#money.values[CASH]! += change;
  }

  /** @param positions signed value of all of them */
  mark(positions: number): void {
    const { values } = this.#money;
    const equity = values[CASH]! + positions;
    values[EQUITY] = equity;
    if (equity > values[PEAK]!) values[PEAK] = equity;
  }
}

function write({ places, values, isMoney }: Lent, registers: Float64Array, rate: number): void {
  for (let at = 0; at < places.length; at++) registers[places[at]!] = rate !== 1 && isMoney[at]! ? values[at]! / rate : values[at]!;
}

function take({ places, values, isMoney }: Lent, registers: Float64Array, rate: number): void {
  for (let at = 0; at < places.length; at++) {
    const value = registers[places[at]!]!;
    if (rate === 1 || !isMoney[at]!) values[at] = value;
    // What came back as it was lent is what it was, to the last bit.
    else if (value !== values[at]! / rate) values[at] = value * rate;
  }
}

/** What limits of loss and drawdown measure from: an equity. */
function moneyOfLimits(plan: TradePlan): ReadonlySet<number> {
  const { limits } = registerLayout(plan);
  return new Set(
    plan.limits.flatMap(({ name }, place) =>
      name === 'loss' || name === 'drawdown' ? [limits[place]! + LIMIT.base, limits[place]! + LIMIT.last] : [],
    ),
  );
}
