import type { PlannedUniverse } from '#core/model/trade-plan.ts';
import { POSITION as P } from './registers.ts';

const DAY_MS = 86_400_000;
const WEEK_MS = 7 * DAY_MS;
/** 1970-01-05, the first Monday. */
const MONDAY_MS = 4 * DAY_MS;

/** A market that could be a member at this moment: it has a bar, its series have settled. */
export interface Candidate {
  readonly registers: Float64Array;
  readonly row: Float64Array;
}

/** Number of the period that a moment lies in: whole weeks begin on Mondays, other periods at the epoch. */
const periodOf = (time: number, every: number): number => Math.floor((time - (every % WEEK_MS === 0 ? MONDAY_MS : 0)) / every);

/**
 * Which markets of an account are members of its universe, and with what weight; kept in the registers of each market, and when that was last asked in those of
 * the account.
 */
export class UniverseChoice {
  readonly #universe: PlannedUniverse;

  constructor(universe: PlannedUniverse) {
    this.#universe = universe;
  }

  /**
   * Asks filters and ranks where it is time to.
   * @param account registers that hold those of the account
   * @param all registers of every market
   * @param time close of the bars at hand, ms
   * @returns true when members were chosen
   */
  choose(account: Float64Array, all: readonly Float64Array[], candidates: readonly Candidate[], time: number): boolean {
    if (candidates.length === 0) return false;
    const { rebalanceMs, refreshMs } = this.#universe;
    const isRebalance = this.#isDue(account, P.rebalancePeriod, rebalanceMs, time);
    if (refreshMs === null ? isRebalance : this.#isDue(account, P.refreshPeriod, refreshMs, time)) this.#refresh(all, candidates);
    if (isRebalance) this.#rebalance(all, candidates);
    return isRebalance;
  }

  /** True in the first moment of a period; of none in every moment. */
  #isDue(account: Float64Array, at: number, every: number | null, time: number): boolean {
    if (every === null) return true;
    const period = periodOf(time, every);
    const isNew = account[at] !== period;
    account[at] = period;
    return isNew;
  }

  /** Markets pass where all filters are known to hold. */
  #refresh(all: readonly Float64Array[], candidates: readonly Candidate[]): void {
    for (const registers of all) registers[P.isEligible] = 0;
    for (const { registers, row } of candidates)
      registers[P.isEligible] = this.#universe.filters.every((filter) => row[filter] === 1) ? 1 : 0;
  }

  /** The best by rank are members, of equal ones the first of the list; their weights add up to 1. */
  #rebalance(all: readonly Float64Array[], candidates: readonly Candidate[]): void {
    const { rankBy, isDescending, hold } = this.#universe;
    const scored = candidates.flatMap(({ registers, row }) => {
      const score = rankBy === null ? 0 : row[rankBy]!;
      const weight = this.#weightOf(row);
      const isFit = registers[P.isEligible] === 1 && score === score && weight > 0 && weight < Infinity;
      return isFit ? [{ registers, score: isDescending ? score : -score, weight }] : [];
    });
    const most = hold === null ? Infinity : Math.floor(candidates[0]!.row[hold]!);
    const members = scored.toSorted((a, b) => (a.score === b.score ? 0 : b.score - a.score)).slice(0, Math.max(0, most));
    for (const registers of all) {
      registers[P.isMember] = 0;
      registers[P.weight] = 0;
    }
    const sum = members.reduce((total, { weight }) => total + weight, 0);
    for (const { registers, weight } of members) {
      registers[P.isMember] = 1;
      registers[P.weight] = weight / sum;
    }
  }

  #weightOf(row: Float64Array): number {
    const { mode, value } = this.#universe.weight;
    if (mode === 'equal' || value === null) return 1;
    return mode === 'by' ? row[value]! : 1 / row[value]!;
  }
}
