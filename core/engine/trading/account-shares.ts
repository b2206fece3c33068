import { ACCOUNT as A, MARGIN_KIND, SETTING as K, TIER, TIER_FIELDS } from '#core/model/strategy-abi.ts';
import type { TradePlan } from '#core/model/trade-plan.ts';
import { ORDER_TYPE } from './order-slot.ts';
import { ORDER as O, OTHERS, POSITION as P, type RegisterLayout } from './registers.ts';

/** What one market takes of an account that it shares, as OTHERS has it. */
export interface MarketShare {
  readonly value: number;
  readonly free: number;
  readonly exposure: number;
  readonly ordered: number;
  readonly long: number;
  readonly maintenance: number;
  readonly held: number;
  readonly entering: number;
}

const NAMES = Object.keys(OTHERS) as readonly (keyof MarketShare)[];

/** @param close the last one of the market; NaN before its first bar, when it takes nothing */
export function marketShare(
  r: Float64Array,
  close: number,
  settings: Float64Array,
  plan: TradePlan,
  { entries }: RegisterLayout,
): MarketShare {
  const qty = r[A.qty]!;
  let ordered = 0;
  let entering = 0;
  for (const [rule] of plan.entries.entries()) {
    const at = entries[rule]!;
    const type = r[at + O.type]!;
    if (type === ORDER_TYPE.none) continue;
    const price = type === ORDER_TYPE.market ? close : r[at + O.price]!;
    // A quantity that is made at the fill is not known before.
    if (r[at + O.qty]! > 0) ordered += r[at + O.qty]! * price;
    if (type === ORDER_TYPE.market && qty === 0) entering = 1;
  }
  if (qty === 0) return { value: 0, free: 0, exposure: 0, ordered, long: 0, maintenance: 0, held: 0, entering };
  const value = qty * close;
  const exposure = Math.abs(value);
  const isIsolated = settings[K.marginKind] === MARGIN_KIND.isolated;
  const free = isIsolated ? qty * r[A.avgPrice]! - r[P.margin]! : value - exposure / settings[K.leverage]!;
  const long = Math.max(value, 0);
  return { value, free, exposure, ordered, long, maintenance: maintenanceOf(exposure, settings), held: 1, entering };
}

/** Writes the sum of some shares into the registers of a market that they are the others of. */
export function writeOthers(r: Float64Array, shares: readonly MarketShare[], own: number): void {
  for (const name of NAMES) {
    let sum = 0;
    for (let at = 0; at < shares.length; at++) if (at !== own) sum += shares[at]![name];
    r[OTHERS[name]] = sum;
  }
}

/** What must be left behind a position of that value, and what closing it costs; nothing where nothing is liquidated. */
function maintenanceOf(exposure: number, settings: Float64Array): number {
  if (settings[K.marginKind] === MARGIN_KIND.none) return 0;
  let at = K.tiers as number;
  for (let tier = 1; tier < settings[K.tierCount]!; tier++)
    if (exposure >= settings[K.tiers + tier * TIER_FIELDS + TIER.from]!) at = K.tiers + tier * TIER_FIELDS;
  return exposure * (settings[at + TIER.rate]! + settings[K.liquidationRate]!) - settings[at + TIER.deducted]!;
}
