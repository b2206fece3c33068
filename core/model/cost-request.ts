import type { Latency } from './latency-text.ts';

/** Models of costs beside fee and slippage, as a command or a config asks for them; undefined = not said. */
export interface CostRequest {
  /** Share of a bar's volume that the run's orders together may take. */
  readonly participation?: number | undefined;
  /** Least value of an order, quote units. */
  readonly minNotional?: number | undefined;
  readonly latency?: Latency | undefined;
  /** Coin that a purchase pays its fee in. */
  readonly feeIn?: 'base' | 'quote' | undefined;
  /** Share that is taken off all fees. */
  readonly feeDiscount?: number | undefined;
}
