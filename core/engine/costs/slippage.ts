import { SETTING as K } from '#core/model/strategy-abi.ts';
import { buyPrice, sellPrice } from '../sizing.ts';
import type { BookDepth } from './book-depth.ts';
import type { Liquidity } from './liquidity.ts';
import { MARKET_STATISTIC as M } from './market-statistics.ts';

/** More than this share of the price no impact takes: the laws below hold for orders that a market can bear. */
const MOST_IMPACT = 0.5;

/**
 * How much worse than the market a fill is that takes what others offer: a fixed share, half of the spread, and the impact of its size.
 *
 * - volume share: k * s^2, s = what the orders of the bar have taken so far, this one included, over its volume, at most 1. zipline's VolumeShareSlippage and LEAN's
 *   VolumeShareSlippageModel (both with k = 0.1).
 * - square root: Y * sigma * sqrt(q / V), sigma and V the deviation of returns and the mean volume of bars that have closed. Torre and Ferrari, BARRA market impact
 *   model handbook (1997); Almgren, Thum, Hauptmann, Li, "Direct estimation of equity market impact" (2005); Tóth, Lempérière, Bouchaud et al., "Anomalous price impact
 *   and the critical nature of liquidity" (2011), with a Y of about 1. Both grow alike with the length of the bars, so that days give what hours do.
 */
export class Slippage {
  readonly #settings: Float64Array;
  readonly #statistics: Float64Array;
  readonly #liquidity: Liquidity;

  /** @param statistics of the market, MARKET_STATISTIC layout */
  constructor(settings: Float64Array, statistics: Float64Array, liquidity: Liquidity) {
    this.#settings = settings;
    this.#statistics = statistics;
    this.#liquidity = liquidity;
  }

  /**
   * @param qty base units that are bought (side above zero) or sold
   * @param depth what recorded books show; null = nothing is known
   * @param isApart buys meet a price of their own
   */
  priceOf(side: number, refPrice: number, qty: number, depth: BookDepth | null, isApart: boolean): number {
    const k = this.#settings;
    const impact = Math.min(MOST_IMPACT, this.#shareImpact(qty) + this.#rootImpact(qty));
    const walked = depth === null ? 0 : depth.rateOf(side, qty, isApart);
    const rate = k[K.slippageRate]! + k[K.spreadRate]! / 2 + impact + walked;
    const distance = (k[K.spreadPips]! * k[K.pip]!) / 2;
    return side > 0 ? buyPrice(refPrice, rate, distance, k) : Math.max(0, sellPrice(refPrice, rate, distance, k));
  }

  #shareImpact(qty: number): number {
    const factor = this.#settings[K.volumeShareImpact]!;
    if (factor === 0) return 0;
    const share = this.#liquidity.shareWith(qty);
    return factor * share * share;
  }

  #rootImpact(qty: number): number {
    const factor = this.#settings[K.squareRootImpact]!;
    const s = this.#statistics;
    const weight = s[M.weight]!;
    if (factor === 0 || weight === 0 || qty === 0) return 0;
    // The weights of both means cancel in the quotient; that of the variance does not.
    const sigma = Math.sqrt(s[M.variance]! / weight);
    return sigma === 0 ? 0 : factor * sigma * Math.sqrt((qty * weight) / s[M.volume]!);
  }
}
