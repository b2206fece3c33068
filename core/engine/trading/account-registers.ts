import { ACCOUNT as A } from '#core/model/strategy-abi.ts';
import type { TradePlan } from '#core/model/trade-plan.ts';
import { countRegisters, MONEY_REGISTERS } from './registers.ts';

/** What a strategy counts: places in its registers, and their values. */
interface Counts {
  readonly places: readonly number[];
  readonly values: Float64Array;
}

const CASH = MONEY_REGISTERS.indexOf(A.cash);
const EQUITY = MONEY_REGISTERS.indexOf(A.equity);
const PEAK = MONEY_REGISTERS.indexOf(A.peakEquity);

/**
 * The registers that engines on one account share: money is the account's, what is counted (positions that ended, what limits count, Kelly's record) a strategy's.
 * An engine has them lent while it works.
 */
export class AccountRegisters {
  readonly #money: Float64Array;
  /** By strategy. */
  readonly #counts: readonly Counts[];

  /**
   * @param plans of the strategies
   * @param registersOf a market of each, with what it goes on from; the money is that of the first
   */
  constructor(plans: readonly TradePlan[], registersOf: (strategy: number) => Float64Array) {
    const read = (registers: Float64Array, places: readonly number[]): Float64Array => Float64Array.from(places, (at) => registers[at]!);
    this.#money = read(registersOf(0), MONEY_REGISTERS);
    this.#counts = plans.map((plan, strategy) => {
      const places = countRegisters(plan);
      return { places, values: read(registersOf(strategy), places) };
    });
  }

  get equity(): number {
    return this.#money[EQUITY]!;
  }

  /** Writes them into registers of a strategy. */
  lend(strategy: number, registers: Float64Array): void {
    for (let at = 0; at < MONEY_REGISTERS.length; at++) registers[MONEY_REGISTERS[at]!] = this.#money[at]!;
    const { places, values } = this.#counts[strategy]!;
    for (let at = 0; at < places.length; at++) registers[places[at]!] = values[at]!;
  }

  /** Takes them back from a market that has worked. */
  takeMoney(registers: Float64Array): void {
    for (let at = 0; at < MONEY_REGISTERS.length; at++) this.#money[at] = registers[MONEY_REGISTERS[at]!]!;
  }

  takeCounts(strategy: number, registers: Float64Array): void {
    const { places, values } = this.#counts[strategy]!;
    for (let at = 0; at < places.length; at++) values[at] = registers[places[at]!]!;
  }

  /** @param positions signed value of all of them */
  mark(positions: number): void {
    const equity = this.#money[CASH]! + positions;
    this.#money[EQUITY] = equity;
    if (equity > this.#money[PEAK]!) this.#money[PEAK] = equity;
  }
}
