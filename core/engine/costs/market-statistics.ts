/** What is known of a market from the bars that have closed; registers of the engine. */
export const MARKET_STATISTIC = {
  /** NaN before the first bar. */
  lastClose: 0,
  /** Sum of the weights of what was seen; it grows towards 1. */
  weight: 1,
  /** Mean of the squares of the changes from close to close (shares), and of the traded base units a bar: each times `weight`. */
  variance: 2,
  volume: 3,
} as const;
export const MARKET_STATISTICS = 4;

const M = MARKET_STATISTIC;

const WINDOW_MS = 20 * 86_400_000;
const FEWEST_BARS = 20;

/** Takes a bar that has closed into the statistics: exponential means over about 20 days, at least 20 bars, whose weights are those of what there is so far. */
export function observeBar(s: Float64Array, stepMs: number, close: number, volume: number): void {
  const last = s[M.lastClose]!;
  s[M.lastClose] = close;
  if (!(last > 0)) return;
  const share = 2 / (Math.max(FEWEST_BARS, WINDOW_MS / stepMs) + 1);
  const move = close / last - 1;
  s[M.weight] = s[M.weight]! + share * (1 - s[M.weight]!);
  s[M.variance] = s[M.variance]! + share * (move * move - s[M.variance]!);
  s[M.volume] = s[M.volume]! + share * ((volume > 0 ? volume : 0) - s[M.volume]!);
}
