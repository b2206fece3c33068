import type { StrategyStatus } from '#core/ports/bot-control.ts';

/** Result of the open position at the last close, in quote, before exit costs; null when flat or not yet known. `qty` < 0 is short. */
export function unrealised(strategy: Pick<StrategyStatus, 'qty' | 'avgPrice' | 'lastBar'>): number | null {
  if (strategy.qty === 0 || strategy.avgPrice === null || strategy.lastBar === null) return null;
  return strategy.qty * (strategy.lastBar.close - strategy.avgPrice);
}
