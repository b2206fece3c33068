import { ACCOUNT as A } from '#core/model/strategy-abi.ts';
import type { TradePlan } from '#core/model/trade-plan.ts';
import { QUEUE, QUEUE_FIELDS } from '../costs/limit-queue.ts';
import { MARKET_STATISTIC as M } from '../costs/market-statistics.ts';
import type { BlockPlan, FrozenUnit } from './block-plan.ts';
import { LAST_VOLUME_AT, ORDER as O, POSITION as P, type RegisterLayout, STATISTICS_AT, STOP_QUEUE_AT } from './registers.ts';

/** Registers of the account and the position in quote per share, and in shares. */
const PRICES = [
  A.avgPrice,
  A.riskDistance,
  A.lastFill,
  P.firstPrice,
  P.stopLevel,
  P.stopSlack,
  P.stopWaits,
  P.closingLevel,
  P.trailStart,
  P.breakevenStart,
  STATISTICS_AT + M.lastClose,
] as const;
const SHARES = [A.qty, P.firstQty, P.boughtQty, P.leavingQty, STATISTICS_AT + M.volume, LAST_VOLUME_AT] as const;
/** The same of an order. The quantity of an exit is a share of the position, which no split changes. */
const ORDER_PRICES = [O.price, O.limit, O.distance] as const;
const BUYING_SHARES = [O.qty, O.most] as const;

/**
 * `ratio` shares take the place of each: quantities are multiplied, prices divided, of the position, of what protects it, of every order and of what
 * stands ahead of it. Its value, profit and margin stay what they are.
 */
export function splitShares(r: Float64Array, plan: TradePlan, blocks: readonly BlockPlan[], layout: RegisterLayout, ratio: number): void {
  const multiply = (at: number): void => void (r[at] = r[at]! * ratio);
  const divide = (at: number): void => void (r[at] = r[at]! / ratio);
  const splitFrozen = (from: number, units: readonly FrozenUnit[]): void => {
    for (const [place, unit] of units.entries()) {
      if (unit === 'price') divide(from + place);
      else if (unit === 'shares') multiply(from + place);
    }
  };
  const splitQueue = (at: number): void => {
    divide(at + QUEUE.price);
    multiply(at + QUEUE.ahead);
  };
  for (const at of PRICES) divide(at);
  for (const at of SHARES) multiply(at);
  const held = plan.entries[r[P.entryRule]! - 1];
  if (held !== undefined) splitFrozen(layout.frozen, blocks[held.block]!.frozenUnits);
  for (let target = 0; target < layout.targetCount; target++) {
    multiply(layout.targets + target);
    splitQueue(layout.targetQueues + target * QUEUE_FIELDS);
  }
  splitQueue(STOP_QUEUE_AT);
  const buying = [...layout.entries, ...layout.adds.flat()];
  for (const at of buying) for (const field of BUYING_SHARES) multiply(at + field);
  for (const at of [...buying, ...layout.exits]) {
    multiply(at + O.rest);
    for (const field of ORDER_PRICES) divide(at + field);
    splitQueue(at + O.queue);
  }
  for (const [rule, at] of layout.entries.entries()) splitFrozen(at + O.frozen, blocks[plan.entries[rule]!.block]!.frozenUnits);
}
