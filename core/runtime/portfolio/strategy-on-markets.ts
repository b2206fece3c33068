import type { MarketData } from '../market-data.ts';
import type { PreparedStrategy } from '../prepare-strategy.ts';

/** One of the strategies on an account. */
export interface StrategyOnMarkets {
  /** What tells it apart from the others of the run. */
  readonly label: string;
  readonly prepared: PreparedStrategy;
  /** The candles that it trades, in the order of its `trade` line. */
  readonly markets: readonly MarketData[];
}
