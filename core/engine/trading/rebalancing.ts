import { ACCOUNT as A, LOG_KIND, SIZE } from '#core/model/strategy-abi.ts';
import { isUsable, roundDownToLot } from '../sizing.ts';
import type { EngineMarket } from './engine-market.ts';
import type { OrderReview } from './order-review.ts';
import { ORDER_TYPE, withdraw } from './order-slot.ts';
import { ORDER as O, POSITION as P } from './registers.ts';

/** Sizes that say what a position should be worth at any time; an amount of risk or of the cash does so at the entry alone. */
const LASTING_SIZES: readonly number[] = [SIZE.quantity, SIZE.money, SIZE.equityShare];

/** What sums of doubles leave between a position and its weight is nothing to trade. */
const WHOLE = 1 - 1e-9;

/** A market of a universe: out of it when it is no member, and at its weight when members were chosen. Without a universe nothing is done. */
export class Rebalancing {
  readonly #market: EngineMarket;

  constructor(market: EngineMarket) {
    this.#market = market;
  }

  /** Whether entries are taken. */
  get isMember(): boolean {
    return this.#market.plan.universe === null || this.#market.registers[P.isMember] === 1;
  }

  /** Beside exits by rules: what is no member leaves, what is above its weight is trimmed. */
  orderExit(values: Float64Array): void {
    const { account, plan } = this.#market;
    const r = this.#market.registers;
    if (plan.universe === null) return;
    if (!this.isMember) this.#market.withdrawEntries();
    const held = Math.abs(account.qty);
    if (held === 0 || r[P.exitKind] !== 0) return;
    if (!this.isMember) return this.#market.orderExit(LOG_KIND.rebalance, 1, -1);
    const target = this.#targetQty(values);
    if (target < held * WHOLE) this.#market.orderExit(LOG_KIND.rebalance, 1 - target / held, -1);
  }

  /** Beside adds by rules: what is below its weight is bought up. */
  orderAdd(values: Float64Array, review: OrderReview): void {
    const { account, layout, settings, close, limits } = this.#market;
    const r = this.#market.registers;
    if (layout.rebalance === null) return;
    const at = layout.rebalance;
    if (account.qty !== 0 && this.#market.isOnItsWay(at)) return;
    if (this.#market.isRebalance || account.qty === 0) withdraw(r, at);
    const side = Math.sign(account.qty);
    if (side === 0 || r[P.exitKind] !== 0 || limits.refuses(side as 1 | -1)) return;
    const held = Math.abs(account.qty);
    const wanted = this.#targetQty(values) - held;
    if (!(wanted > held * (1 - WHOLE))) return;
    const allowed = limits.allowed(side as 1 | -1, wanted, close, values, this.#market.addingQty);
    const passed = this.#market.passedAdd(review, side as 1 | -1, allowed, close);
    const qty = passed > 0 ? roundDownToLot(passed, settings) : 0;
    if (!(qty > 0)) return;
    this.#market.hasNewOrders = true;
    r.fill(Number.NaN, at, at + O.frozen);
    r[at + O.type] = ORDER_TYPE.market;
    r[at + O.side] = side;
    r[at + O.qty] = qty;
    r[at + O.isImmediate] = 0;
    r[at + O.rest] = 0;
    this.#market.sendFromHere(at);
  }

  /** What the position should be now; NaN = members were not chosen on this bar, or its size says nothing of it. */
  #targetQty(values: Float64Array): number {
    const market = this.#market;
    const block = market.heldBlock();
    if (!market.isRebalance || market.heldEntry() === null || !LASTING_SIZES.includes(block.planned.size.kind)) return Number.NaN;
    const read = (place: number): number => values[block.frozen[place]!]!;
    const wanted = market.sizeOf(block, market.heldEntry()!.setup, read, market.close, market.registers[A.equity]!, Number.NaN);
    return isUsable(wanted) ? roundDownToLot(wanted, market.settings) : Number.NaN;
  }
}
