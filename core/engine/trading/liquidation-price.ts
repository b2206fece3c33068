import { SETTING as K, TIER, TIER_FIELDS } from '#core/model/strategy-abi.ts';
import { valuationOf } from '../valuation.ts';

/**
 * The price at which what stands behind a position has fallen to the maintenance margin and the cost of closing. With v the value there:
 * `backing + side * v = v * rate - deducted + v * liquidationRate`, in the tier that v lies in; of an inverse contract, which owes what is bought, `- side * v`.
 * @param side +1 long, -1 short
 * @param qty above zero
 * @param backing what would stand behind it if the position were worth nothing: cash (and margin) less what was paid, or plus what was received
 * @returns NaN where no price above zero does it
 */
export function liquidationPrice(side: number, qty: number, backing: number, settings: Float64Array): number {
  const closing = settings[K.liquidationRate]!;
  const { sign, priceAt } = valuationOf(settings);
  for (let tier = settings[K.tierCount]! - 1; tier >= 0; tier -= 1) {
    const at = K.tiers + tier * TIER_FIELDS;
    const value = (backing + settings[at + TIER.deducted]!) / (settings[at + TIER.rate]! + closing - side * sign);
    if (value > 0 && value >= settings[at + TIER.from]!) return priceAt(value, qty);
  }
  return Number.NaN;
}
