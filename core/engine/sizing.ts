import { SETTING, SIZE } from '#core/model/strategy-abi.ts';
import type { Valuation } from './valuation.ts';

/** A step counts as whole within this share of itself: 0.3 / 0.001 is 299.99999999999994 in doubles. */
const STEP_SLACK = 1e-6;

/** A price, distance or quantity that an order can be made of: above zero and finite. */
export const isUsable = (x: number): boolean => x > 0 && x < Infinity;

/** Rounds a quantity down to the lot; unchanged without one. */
export function roundDownToLot(qty: number, settings: Float64Array): number {
  const lot = settings[SETTING.lot]!;
  if (lot === 0) return qty;
  const inverse = settings[SETTING.lotInverse]!;
  return inverse > 0 ? Math.floor(qty * inverse + STEP_SLACK) / inverse : Math.floor(qty / lot + STEP_SLACK) * lot;
}

/** Price of a buy: the market's price made worse by a share of it and a distance, up to the tick. */
export function buyPrice(refPrice: number, rate: number, distance: number, settings: Float64Array): number {
  return roundUpToTick(refPrice * (1 + rate) + distance, settings);
}

/** Price of a sale: the market's price made worse by a share of it and a distance, down to the tick. */
export function sellPrice(refPrice: number, rate: number, distance: number, settings: Float64Array): number {
  return roundDownToTick(refPrice * (1 - rate) - distance, settings);
}

/** The next price on the tick at or above; unchanged without one. */
export function roundUpToTick(price: number, settings: Float64Array): number {
  const tick = settings[SETTING.tick]!;
  if (tick === 0) return price;
  const inverse = settings[SETTING.tickInverse]!;
  return inverse > 0 ? Math.ceil(price * inverse - STEP_SLACK) / inverse : Math.ceil(price / tick - STEP_SLACK) * tick;
}

/** The next price on the tick at or below; unchanged without one. */
export function roundDownToTick(price: number, settings: Float64Array): number {
  const tick = settings[SETTING.tick]!;
  if (tick === 0) return price;
  const inverse = settings[SETTING.tickInverse]!;
  return inverse > 0 ? Math.floor(price * inverse + STEP_SLACK) / inverse : Math.floor(price / tick + STEP_SLACK) * tick;
}

/**
 * The quantity that an amount is.
 * @param risk what one unit loses from the price to the initial stop, for the risk kinds
 */
export function quantityOf(
  kind: number,
  amount: number,
  price: number,
  equity: number,
  cash: number,
  risk: number,
  { quantityFor }: Valuation,
): number {
  switch (kind) {
    case SIZE.quantity:
      return amount;
    case SIZE.money:
      return quantityFor(amount, price);
    case SIZE.equityShare:
      return quantityFor(amount * equity, price);
    case SIZE.cashShare:
      return quantityFor(amount * cash, price);
    case SIZE.riskMoney:
      return amount / risk;
    case SIZE.riskEquityShare:
      return (amount * equity) / risk;
    case SIZE.riskCashShare:
      return (amount * cash) / risk;
    default:
      return Number.NaN;
  }
}

/** What a size clause is made of: its amount, then an optional ceiling and floor. */
export interface SizeTerms {
  readonly sizeKind: number;
  readonly sizeAmount: number;
  readonly maxKind: number;
  readonly maxAmount: number;
  readonly minKind: number;
  readonly minAmount: number;
}

/** The quantity of an entry before lot and cash; NaN when a term is na. */
export function sizeOf(terms: SizeTerms, price: number, equity: number, cash: number, risk: number, valuation: Valuation): number {
  let qty = quantityOf(terms.sizeKind, terms.sizeAmount, price, equity, cash, risk, valuation);
  if (terms.maxKind !== SIZE.none) {
    const most = quantityOf(terms.maxKind, terms.maxAmount, price, equity, cash, risk, valuation);
    if (most !== most || qty > most) qty = most;
  }
  if (terms.minKind !== SIZE.none) {
    const least = quantityOf(terms.minKind, terms.minAmount, price, equity, cash, risk, valuation);
    if (least !== least || qty < least) qty = least;
  }
  return qty;
}
