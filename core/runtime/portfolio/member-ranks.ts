import { POSITION as P, registerCount } from '#core/engine/trading/registers.ts';
import { UniverseChoice } from '#core/engine/trading/universe-choice.ts';
import { ACCOUNT_FIELDS } from '#core/model/strategy-abi.ts';
import type { PlannedUniverse, TradePlan } from '#core/model/trade-plan.ts';
import type { MarketData } from '../market-data.ts';
import type { PreparedStrategy } from '../prepare-strategy.ts';
import { openRows } from '../stocks/stock-rows.ts';
import { type MarketRows, openStrategyRows } from './market-rows.ts';

/**
 * What `rank(x)` is: for each market, by the program's number of the rank, the place of the market among the members of the universe, 1 = the highest x, one value
 * a bar; NaN where it is none, or where its x is na. Members and x are chosen without the account and without ranks, so a run of their own gives them.
 * @param steps for each step the index of each market's bar, -1 = it has none
 */
export async function memberRanks(
  prepared: PreparedStrategy,
  markets: readonly MarketData[],
  universe: PlannedUniverse,
  time: Float64Array,
  steps: readonly (readonly number[])[],
  limits: Parameters<typeof openStrategyRows>[1],
): Promise<readonly (readonly Float64Array[])[]> {
  const { plan } = prepared.compiled;
  const ranks = markets.map(({ columns }) => universe.ranks.map(() => new Float64Array(columns.time.length).fill(Number.NaN)));
  const choice = new UniverseChoice(universe);
  const registers = markets.map(() => emptyRegisters(plan));
  const nobody = new Float64Array(ACCOUNT_FIELDS);
  const strategy = openStrategyRows(prepared, limits, markets.length);
  const rows: MarketRows[] = [];
  try {
    for (const data of markets) rows.push(await openRows(strategy, data));
    for (const [step, indexes] of steps.entries()) {
      const present = await Promise.all(
        indexes
          .flatMap((index, market) => (index < 0 ? [] : [{ market, index }]))
          .map(async (one) => ({ ...one, row: await rows[one.market]!.next(one.index, () => nobody) })),
      );
      const settled = present.filter(({ market, index }) => index >= Math.max(prepared.warmUpBars, markets[market]!.fromIndex));
      const candidates = settled.map(({ market, row }) => ({ registers: registers[market]!, row }));
      choice.choose(registers[0]!, registers, candidates, time[step]! + plan.stepMs);
      for (const [rank, place] of universe.ranks.entries()) {
        const members = settled.filter(({ market, row }) => registers[market]![P.isMember] === 1 && !Number.isNaN(row[place]!));
        const order = members.toSorted((a, b) => (a.row[place] === b.row[place] ? 0 : b.row[place]! - a.row[place]!));
        for (const [at, { market, index }] of order.entries()) ranks[market]![rank]![index] = at + 1;
      }
    }
    return ranks;
  } finally {
    for (const { close } of rows) await close();
    strategy.close();
  }
}

function emptyRegisters(plan: TradePlan): Float64Array {
  const registers = new Float64Array(registerCount(plan));
  registers[P.rebalancePeriod] = registers[P.refreshPeriod] = Number.NaN;
  return registers;
}
