import { SETTING as K } from '#core/model/strategy-abi.ts';
import { roundDownToLot } from '../sizing.ts';
import { valuationOf } from '../valuation.ts';

/** What is worth less than this share of the account is dust: no market sells it, and halving a position does not go on for ever. */
const DUST = 1e-9;

/**
 * How much of a position an order for a part of it may close: in lots; all of the position where what would be left could never be sold (dust,
 * less than a lot, worth less than the minimum notional); 0 where the part itself is nothing or worth too little. All of a position may always be closed.
 * @param equity of the account, at the last close
 */
export function closablePart(wanted: number, held: number, price: number, equity: number, settings: Float64Array): number {
  const least = settings[K.minNotional]!;
  const amount = roundDownToLot(wanted, settings);
  const rest = held - amount;
  const { notional } = valuationOf(settings);
  const left = notional(rest, price);
  if (left < DUST * equity) return held;
  if (rest < settings[K.lot]! * (1 - 1e-6) || left < least) return held;
  return notional(amount, price) < least || !(amount > 0) ? 0 : amount;
}
