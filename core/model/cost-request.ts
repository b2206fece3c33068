import type { Latency } from './latency-text.ts';
import type { MaintenanceTier } from './maintenance-text.ts';
import type { QueueModel } from './queue-text.ts';

/** Models of costs beside fee and slippage, as a command or a config asks for them; undefined = not said. */
export interface CostRequest {
  /** Share of a bar's volume that the run's orders together may take. */
  readonly participation?: number | undefined;
  /** What stands before limit orders at their price. */
  readonly queue?: QueueModel | undefined;
  /** Least value of an order, quote units. */
  readonly minNotional?: number | undefined;
  readonly latency?: Latency | undefined;
  /** Coin that a purchase pays its fee in. */
  readonly feeIn?: 'base' | 'quote' | undefined;
  /** Share that is taken off all fees. */
  readonly feeDiscount?: number | undefined;
  /** Of positions on margin. */
  readonly maintenance?: readonly MaintenanceTier[] | undefined;
  /** What a liquidation costs, in place of the fee. */
  readonly liquidationRate?: number | undefined;
  /** In place of the rates of the data; it makes a strategy pay funding that does not say so. */
  readonly fundingRate?: number | undefined;
  readonly fundingMs?: number | undefined;
  /** What borrowing costs a year. */
  readonly borrowRate?: number | undefined;
  /** Interest of a currency position, a year; negative = it earns. */
  readonly swapLong?: number | undefined;
  readonly swapShort?: number | undefined;
}
