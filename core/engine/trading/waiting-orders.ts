import { ACCOUNT as A } from '#core/model/strategy-abi.ts';
import { hasDigit } from '#core/model/digits.ts';
import type { TradePlan } from '#core/model/trade-plan.ts';
import { blockPlans } from './block-plan.ts';
import { ORDER_TYPE } from './order-slot.ts';
import { Protection } from './protection.ts';
import { ORDER as O, POSITION as P, registerLayout } from './registers.ts';

/** What waits for the market: an order of a rule, or a level of the open position. */
export interface WaitingOrder {
  readonly type: 'market' | 'limit' | 'stop' | 'stop_limit';
  /** `protection`: the stop in force, `target`: what is left of `take`. */
  readonly purpose: 'entry' | 'exit' | 'add' | 'protection' | 'target';
  readonly side: 'buy' | 'sell';
  /** Base units; null = sized when it fills. */
  readonly qty: number | null;
  /** Of a limit order its limit, else the trigger; null = whatever the market offers. */
  readonly price: number | null;
}

const TYPES: Readonly<Record<number, WaitingOrder['type']>> = {
  [ORDER_TYPE.market]: 'market',
  [ORDER_TYPE.limit]: 'limit',
  [ORDER_TYPE.stop]: 'stop',
  [ORDER_TYPE.stopLimit]: 'stop_limit',
};

const known = (x: number): number | null => (Number.isNaN(x) ? null : x);

/** All that waits, in the order in which a bar meets it: what goes out at the open, the stop, targets, what rests. */
export function waitingOrders(plan: TradePlan, r: Float64Array): readonly WaitingOrder[] {
  const layout = registerLayout(plan);
  const orders: WaitingOrder[] = [];
  const held = Math.abs(r[A.qty]!);
  const closing = r[A.qty]! > 0 ? ('sell' as const) : ('buy' as const);
  if (held > 0) {
    const leaving = Math.min(held, r[P.leavingQty]!);
    if (leaving > 0) orders.push({ type: 'market', purpose: 'exit', side: closing, qty: leaving, price: null });
    if (r[P.exitKind] !== 0) orders.push({ type: 'market', purpose: 'exit', side: closing, qty: held * r[P.exitFraction]!, price: null });
    for (const level of [r[P.stopLevel]!, r[P.closingLevel]!])
      if (!Number.isNaN(level) && leaving !== held)
        orders.push({ type: 'stop', purpose: 'protection', side: closing, qty: held, price: level });
    orders.push(...targets(plan, r, layout.frozen, closing));
  }
  const slots = [
    ...layout.entries.map((at) => ({ at, purpose: 'entry' as const })),
    ...layout.exits.map((at) => ({ at, purpose: 'exit' as const })),
    ...layout.adds.flat().map((at) => ({ at, purpose: 'add' as const })),
  ];
  for (const { at, purpose } of slots) {
    const type = TYPES[r[at]!];
    if (type === undefined) continue;
    // A resting exit holds its share of what is held.
    const rest = r[at + O.rest]!;
    const qty = rest > 0 ? rest : purpose === 'exit' ? held * r[at + O.qty]! : r[at + O.qty]!;
    const price = type === 'market' ? null : known(r[at + O.price]!);
    orders.push({ type, purpose, side: r[at + O.side]! > 0 ? 'buy' : 'sell', qty: known(qty), price });
  }
  return orders;
}

function targets(plan: TradePlan, r: Float64Array, frozenAt: number, side: WaitingOrder['side']): readonly WaitingOrder[] {
  const entry = plan.entries[r[P.entryRule]! - 1];
  if (entry === undefined || r[P.isAdopted] === 1) return [];
  const block = blockPlans(plan)[entry.block]!;
  const protection = new Protection(r, frozenAt);
  const restsAt = registerLayout(plan).targets;
  return block.takes.flatMap(({ share }, place) => {
    const price = known(protection.takeLevel(block, place, Math.sign(r[A.qty]!)));
    const rest = r[restsAt + place]!;
    if ((hasDigit(r[P.takenDigits]!, place) && !(rest > 0)) || price === null) return [];
    const qty = share === null ? null : rest > 0 ? rest : share * r[P.boughtQty]!;
    return [{ type: 'limit', purpose: 'target', side, qty, price }];
  });
}
