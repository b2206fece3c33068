import type { Columns } from '#core/model/columns.ts';
import { utcGrid } from '../bar-grid.ts';
import { BarList } from './bar-list.ts';
import type { BarRule } from './bar-rule.ts';

/** Trades of one market, oldest first, several may be of one moment. */
export interface Trades {
  /** ms. */
  readonly time: Float64Array;
  readonly price: Float64Array;
  /** Base units; empty where they are not known. */
  readonly qty: Float64Array;
}

/** Bars made of trades; in shared memory. A bar opens at the time of its first trade, by time on the grid of UTC. */
export interface TradeBars {
  readonly columns: Columns;
  /** Trades behind the last bar that ended. By time the last bar counts as ended: it is left to the reader whether more trades would have come. */
  readonly left: number;
}

/**
 * Makes bars of trades. A bar exists when there is a trade in it; one by a rule other than time when it has ended by that rule, so what is left at the end is
 * none. Prices are those of trades, but for bricks, whose open and close are on a grid of their size that begins at the first price, rounded down.
 */
export function barsFromTrades(trades: Trades, rule: BarRule): TradeBars {
  const bars = new BarList();
  const take = TAKERS[rule.kind] as (bars: BarList, trades: Trades, rule: BarRule) => number;
  const left = take(bars, trades, rule);
  return { columns: bars.columns(), left };
}

const qtyOf = ({ qty }: Trades, row: number): number => qty[row] ?? 0;

function timeBars(bars: BarList, trades: Trades, { timeframe }: BarRule & { readonly kind: 'time' }): number {
  const grid = utcGrid(timeframe);
  let end = -Infinity;
  let open = 0;
  for (const [row, time] of trades.time.entries()) {
    if (time >= end) {
      bars.end();
      open = grid.open(time);
      end = grid.end(time);
    }
    bars.add(open, trades.price[row]!, qtyOf(trades, row));
  }
  bars.end();
  return 0;
}

function tickBars(bars: BarList, trades: Trades, { size }: BarRule & { readonly kind: 'tick' }): number {
  let count = 0;
  for (const [row, time] of trades.time.entries()) {
    bars.add(time, trades.price[row]!, qtyOf(trades, row));
    if (++count < size) continue;
    bars.end();
    count = 0;
  }
  return count;
}

function amountBars(bars: BarList, trades: Trades, rule: BarRule & { readonly kind: 'volume' | 'dollar' }): number {
  if (rule.isSplit) return splitBars(bars, trades, rule);
  let full = 0;
  let left = 0;
  for (const [row, time] of trades.time.entries()) {
    const price = trades.price[row]!;
    const qty = qtyOf(trades, row);
    bars.add(time, price, qty);
    full += rule.kind === 'volume' ? qty : qty * price;
    left++;
    if (full < rule.size) continue;
    bars.end();
    full = 0;
    left = 0;
  }
  return left;
}

function splitBars(bars: BarList, trades: Trades, { kind, size }: BarRule & { readonly kind: 'volume' | 'dollar' }): number {
  let full = 0;
  let left = 0;
  for (const [row, time] of trades.time.entries()) {
    const price = trades.price[row]!;
    const unit = kind === 'volume' ? 1 : price;
    let amount = qtyOf(trades, row) * unit;
    left++;
    while (full + amount >= size) {
      bars.add(time, price, (size - full) / unit);
      bars.end();
      amount -= size - full;
      full = 0;
      left = 1;
    }
    if (amount > 0) bars.add(time, price, amount / unit);
    else left = 0;
    full += amount;
  }
  return left;
}

function rangeBars(bars: BarList, trades: Trades, { size }: BarRule & { readonly kind: 'range' }): number {
  let left = 0;
  for (const [row, time] of trades.time.entries()) {
    bars.add(time, trades.price[row]!, qtyOf(trades, row));
    left++;
    // Prices on a grid are apart by a hair less than they look.
    if (bars.high - bars.low < size * (1 - 1e-9)) continue;
    bars.end();
    left = 0;
  }
  return left;
}

function renkoBars(bars: BarList, trades: Trades, { size }: BarRule & { readonly kind: 'renko' }): number {
  if (trades.price.length === 0) return 0;
  // Bricks are counted, so that no rounding adds up: brick n is from n to n + 1 sizes.
  const units = (price: number): number => price / size;
  const slack = 1e-9;
  let top = Math.floor(units(trades.price[0]!) + slack);
  let bottom = top;
  let left = 0;
  for (const [row, time] of trades.time.entries()) {
    const price = trades.price[row]!;
    bars.addVolume(time, price, qtyOf(trades, row));
    left++;
    const at = units(price);
    while (at >= top + 1 - slack) {
      bars.addVolume(time, price, 0);
      bars.endAs(top * size, (top + 1) * size);
      bottom = top++;
      left = 0;
    }
    while (at <= bottom - 1 + slack) {
      bars.addVolume(time, price, 0);
      bars.endAs(bottom * size, (bottom - 1) * size);
      top = bottom--;
      left = 0;
    }
  }
  return left;
}

const TAKERS = { time: timeBars, tick: tickBars, volume: amountBars, dollar: amountBars, range: rangeBars, renko: renkoBars } as const;
