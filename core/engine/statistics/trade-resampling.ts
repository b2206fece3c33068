import { drawIndex, type RandomSource, type Spread, spreadOf } from './resampling.ts';

/** Monte Carlo of the order of the trades: the same trades, shuffled. They end with the same equity, by other ways. */
export interface TradeOrder {
  readonly resamples: number;
  /** Largest drawdown of the equity between the trades, in the order that happened. */
  readonly actualMaxDrawdownPct: number;
  readonly maxDrawdownPct: Spread;
  /** Share of the orders whose largest drawdown is deeper than the one that happened, percent points: high = the run was lucky. */
  readonly deeperPct: number;
}

/** Monte Carlo of the returns of the trades: as many trades, drawn from those that happened, each as often as chance has it. */
export interface TradeReturns {
  readonly resamples: number;
  readonly netProfitPct: Spread;
  readonly maxDrawdownPct: Spread;
  /** Share of the draws that end with a loss, percent points. */
  readonly lossPct: number;
  /** Share of the draws that lost half of the capital on the way, percent points. */
  readonly halvedPct: number;
}

interface Way {
  /** What the capital grew to, as a multiple. */
  readonly end: number;
  /** Largest fall below the highest value so far, as a share. */
  readonly drawdown: number;
  readonly lowest: number;
}

/**
 * The profits of trades as shares of what the account held before each: compounding them gives the equity between the trades.
 * Null when the account held nothing at some point.
 * @param profits net, in money, in the order in which the trades ended
 */
export function growthFactors(profits: readonly number[], capital: number): Float64Array | null {
  const factors = new Float64Array(profits.length);
  let equity = capital;
  for (const [i, profit] of profits.entries()) {
    if (!(equity > 0)) return null;
    factors[i] = 1 + profit / equity;
    equity += profit;
  }
  return equity > 0 ? factors : null;
}

/** @param factors of `growthFactors`, at least one */
export function tradeOrder(factors: Float64Array, resamples: number, random: RandomSource): TradeOrder {
  const actual = wayOf(factors).drawdown;
  const drawdowns = new Float64Array(resamples);
  const order = Float64Array.from(factors);
  let deeper = 0;
  for (let k = 0; k < resamples; k++) {
    shuffle(order, random);
    const { drawdown } = wayOf(order);
    drawdowns[k] = drawdown * 100;
    // Rounding of products in another order is no difference.
    if (drawdown > actual + 1e-12) deeper += 1;
  }
  return {
    resamples,
    actualMaxDrawdownPct: actual * 100,
    maxDrawdownPct: spreadOf(drawdowns)!,
    deeperPct: (deeper / resamples) * 100,
  };
}

/** @param factors of `growthFactors`, at least one */
export function tradeReturns(factors: Float64Array, resamples: number, random: RandomSource): TradeReturns {
  const profits = new Float64Array(resamples);
  const drawdowns = new Float64Array(resamples);
  const drawn = new Float64Array(factors.length);
  let losses = 0;
  let halved = 0;
  for (let k = 0; k < resamples; k++) {
    for (let i = 0; i < drawn.length; i++) drawn[i] = factors[drawIndex(random, factors.length)]!;
    const { end, drawdown, lowest } = wayOf(drawn);
    profits[k] = (end - 1) * 100;
    drawdowns[k] = drawdown * 100;
    if (end < 1) losses += 1;
    if (lowest <= 0.5) halved += 1;
  }
  return {
    resamples,
    netProfitPct: spreadOf(profits)!,
    maxDrawdownPct: spreadOf(drawdowns)!,
    lossPct: (losses / resamples) * 100,
    halvedPct: (halved / resamples) * 100,
  };
}

/** Below one peak the lowest value has the deepest fall: one division a peak, none a trade. */
function wayOf(factors: Float64Array): Way {
  let value = 1;
  let peak = 1;
  let trough = 1;
  let drawdown = 0;
  let lowest = 1;
  for (let i = 0; i < factors.length; i++) {
    value *= factors[i]!;
    if (value < trough) trough = value;
    else if (value > peak) {
      if (trough < peak) drawdown = Math.max(drawdown, 1 - trough / peak);
      if (trough < lowest) lowest = trough;
      peak = trough = value;
    }
  }
  if (trough < lowest) lowest = trough;
  return { end: value, drawdown: Math.max(drawdown, 1 - trough / peak), lowest };
}

/** R. Fisher and F. Yates, in the form of R. Durstenfeld 1964: every order is as likely as any other. */
function shuffle(values: Float64Array, random: RandomSource): void {
  for (let i = values.length - 1; i > 0; i--) {
    const other = drawIndex(random, i + 1);
    const kept = values[i]!;
    values[i] = values[other]!;
    values[other] = kept;
  }
}
