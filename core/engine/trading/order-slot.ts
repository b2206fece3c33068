import type { PlannedOrder } from '#core/model/trade-plan.ts';
import { isUsable } from '../sizing.ts';
import { QUEUE } from '../costs/limit-queue.ts';
import { ORDER as O, type RegisterLayout } from './registers.ts';

export const ORDER_TYPE = { none: 0, market: 1, limit: 2, stop: 3, stopLimit: 4 } as const;

/** How long an order may wait for its price: `ioc` takes what there is at the next open, `fok` all of it there or nothing. */
export const ORDER_IMMEDIATE = { good: 0, ioc: 1, fok: 2 } as const;

/** What a bar (or its open alone) makes of an order: the price before slippage at which it fills, and on which side of the book. */
export interface Execution {
  readonly refPrice: number;
  readonly isMaker: boolean;
  /** Worst price it may fill at, of orders with a limit; NaN = none. */
  readonly limit: number;
  /** It filled at the open, so that the whole bar came after it. */
  readonly isAtOpen: boolean;
}

export interface OrderBar {
  readonly open: number;
  readonly high: number;
  readonly low: number;
  /** Limit orders fill when they are touched. */
  readonly isTouchEnough: boolean;
  /** One trade or quote, and not the first of its bar: what rests is met at its own price, never at a better one. */
  readonly isPrint: boolean;
}

/** What takes whatever the market offers at this price. */
export const atMarket = (refPrice: number, isAtOpen: boolean): Execution => ({ refPrice, isMaker: false, limit: Number.NaN, isAtOpen });

/**
 * Tests the order in the registers at `at` against a bar; null = it does not fill. A stop-limit that is triggered and not filled becomes a limit order.
 * @param ahead of a limit order, as in `executeLimit`
 */
export function execute(r: Float64Array, at: number, bar: OrderBar, ahead: number): Execution | null {
  const side = r[at + O.side]!;
  const type = r[at + O.type]!;
  if (type === ORDER_TYPE.market) return atMarket(bar.open, true);
  const price = r[at + O.price]!;
  if (type === ORDER_TYPE.limit) return executeLimit(side, price, bar, r[at + O.isImmediate] !== ORDER_IMMEDIATE.good, ahead);
  const isGap = side > 0 ? bar.open >= price : bar.open <= price;
  const isHit = isGap || (side > 0 ? bar.high >= price : bar.low <= price);
  if (!isHit) return null;
  const refPrice = isGap ? bar.open : price;
  if (type === ORDER_TYPE.stop) return atMarket(refPrice, isGap);
  const limit = r[at + O.limit]!;
  if (side > 0 ? refPrice <= limit : refPrice >= limit) return { refPrice, isMaker: false, limit, isAtOpen: isGap };
  r[at + O.type] = ORDER_TYPE.limit;
  r[at + O.price] = limit;
  return null;
}

/**
 * A limit order against a bar; `isImmediate`: at its open or not at all.
 * @param ahead base units of others that were to trade at its price first, after those that the bar traded there; NaN = nobody asks
 */
export function executeLimit(side: number, price: number, bar: OrderBar, isImmediate: boolean, ahead: number): Execution | null {
  // Among others a touch is one at the open, too.
  const isAmong = ahead === ahead && !isImmediate;
  const isBetter = side > 0 ? bar.open < price : bar.open > price;
  if ((isBetter || (bar.open === price && !isAmong)) && !bar.isPrint)
    return { refPrice: bar.open, isMaker: !isImmediate, limit: price, isAtOpen: true };
  if (isImmediate) return null;
  const extreme = side > 0 ? bar.low : bar.high;
  const isThrough = side > 0 ? extreme < price : extreme > price;
  return isThrough || ((bar.isTouchEnough || ahead < 0) && extreme === price)
    ? { refPrice: price, isMaker: true, limit: price, isAtOpen: false }
    : null;
}

/** Where an order stands in time. */
export interface Signal {
  readonly index: number;
  /** ms, the close of the bar. */
  readonly closeTime: number;
  /** Minutes since midnight at that close, in the strategy's zone. */
  readonly closeMinutes: number;
}

const DAY_MINUTES = 1440;

/** Writes the terms of an order into its registers; false when a price or a time that it needs is no number above zero. */
export function placeOrder(r: Float64Array, at: number, order: PlannedOrder, side: number, values: Float64Array, signal: Signal): boolean {
  const isResting = r[at + O.type] !== ORDER_TYPE.none;
  const valueOf = (place: number | null): number => (place === null ? Number.NaN : values[place]!);
  const [price, limit] = [valueOf(order.price), valueOf(order.limit)];
  if (order.type !== 'market' && !isUsable(price)) return false;
  if (order.type === 'stopLimit' && !isUsable(limit)) return false;
  const { index, closeTime, closeMinutes } = signal;
  const wait = valueOf(order.elseMarketAfterBars);
  if (!isResting || r[at + O.marketBar] !== r[at + O.marketBar]) r[at + O.marketBar] = index + wait;
  r[at + O.type] = ORDER_TYPE[order.type];
  r[at + O.side] = side;
  r[at + O.price] = price;
  r[at + O.limit] = limit;
  r[at + O.lastBar] = order.goodForBars === null ? Infinity : index + valueOf(order.goodForBars);
  r[at + O.isImmediate] = ORDER_IMMEDIATE[order.timeInForce];
  r[at + O.rest] = 0;
  const until = order.goodUntilMinutes;
  const left = until === null ? Number.NaN : (until - closeMinutes + DAY_MINUTES) % DAY_MINUTES || DAY_MINUTES;
  r[at + O.untilMs] = closeTime + left * 60_000;
  return true;
}

/** Whether an order may still fill on a bar. */
export function isAlive(r: Float64Array, at: number, index: number, time: number): boolean {
  return !(index > r[at + O.lastBar]!) && !(time >= r[at + O.untilMs]!);
}

/**
 * What a bar has left of an order waits on: at its limit if it has one, else as a market order. The order has been withdrawn for the fill.
 * @param type that it had
 * @param qty base units that it has still to fill
 */
export function keepRest(r: Float64Array, at: number, type: number, marketBar: number, qty: number): void {
  const isLimit = type === ORDER_TYPE.limit || type === ORDER_TYPE.stopLimit;
  if (type === ORDER_TYPE.stopLimit) r[at + O.price] = r[at + O.limit]!;
  r[at + O.type] = isLimit ? ORDER_TYPE.limit : ORDER_TYPE.market;
  r[at + O.marketBar] = marketBar;
  r[at + O.rest] = qty;
}

/** Whether the order in the registers waits for what bars have left of it. */
export function hasRest(r: Float64Array, at: number): boolean {
  return r[at] !== ORDER_TYPE.none && r[at + O.rest]! > 0;
}

/** Whether any order of a rule rests or is on its way. */
export function hasOrders(r: Float64Array, { entries, exits, adds, rebalance }: RegisterLayout): boolean {
  const isThere = (at: number): boolean => r[at] !== ORDER_TYPE.none;
  return (
    entries.some(isThere) ||
    exits.some(isThere) ||
    adds.some((places) => places.some(isThere)) ||
    (rebalance !== null && isThere(rebalance))
  );
}

export function withdraw(r: Float64Array, at: number): void {
  r[at + O.type] = ORDER_TYPE.none;
  r[at + O.rest] = 0;
  r[at + O.queue + QUEUE.price] = 0;
  r[at + O.marketBar] = Number.NaN;
}

/** What an order may still fill, base units: of a ladder of adds all rungs. Zero where there is none. */
export function waitingQty(r: Float64Array, at: number): number {
  if (r[at + O.type] === ORDER_TYPE.none) return 0;
  const [rest, qty, rungs] = [r[at + O.rest]!, r[at + O.qty]!, r[at + O.rungs]!];
  if (rest > 0) return rest;
  return rungs >= 1 ? Math.min(ladderQty(qty, r[at + O.scale]!, rungs), r[at + O.most]!) : qty;
}

/** All rungs of a ladder together: they may fill within one bar, and nobody is asked in between. */
export function ladderQty(first: number, scale: number, rungs: number): number {
  if (!(scale > 0)) return first;
  const qty = scale === 1 ? first * Math.floor(rungs) : (first * (scale ** Math.floor(rungs) - 1)) / (scale - 1);
  return qty < Number.MAX_VALUE ? Math.max(first, qty) : Number.MAX_VALUE;
}
