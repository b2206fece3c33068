import type { TradePlan } from '#core/model/trade-plan.ts';
import { ORDER_TYPE } from './order-slot.ts';
import { ORDER as O, type RegisterLayout } from './registers.ts';

/** Of the market orders of a market that enter: the highest. */
export function orderedConfidence({ entries }: RegisterLayout, r: Float64Array): number {
  let most = 0;
  for (const at of entries) if (r[at] === ORDER_TYPE.market && r[at + O.confidence]! > most) most = r[at + O.confidence]!;
  return most;
}

/** Of the entries that a row wants, of a basket or (null) of the market: the highest, which is at most 1. */
export function wantedConfidence({ entries }: TradePlan, row: Float64Array | null, of: number | null): number {
  let most = 0;
  if (row === null) return most;
  for (const { when, confidence, basket = null } of entries)
    if (basket === of && row[when] === 1 && row[confidence]! > most) most = row[confidence]!;
  return Math.min(most, 1);
}
