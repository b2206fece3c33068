import type { CostRequest } from '#core/model/cost-request.ts';
import { parseLatency } from '#core/model/latency-text.ts';
import { parsePercent } from './percent.ts';

/** Keys of `costs` beside fee and slippage, as written; without defaults. */
export interface CostTexts {
  readonly participation?: string;
  readonly minNotional?: number;
  readonly latency?: string;
  readonly feeIn?: 'base' | 'quote';
  readonly feeDiscount?: string;
}

/** Those keys alone, as far as they are there. */
export function costTextsOf({ participation, minNotional, latency, feeIn, feeDiscount }: CostTexts): CostTexts {
  return {
    ...(participation === undefined ? {} : { participation }),
    ...(minNotional === undefined ? {} : { minNotional }),
    ...(latency === undefined ? {} : { latency }),
    ...(feeIn === undefined ? {} : { feeIn }),
    ...(feeDiscount === undefined ? {} : { feeDiscount }),
  };
}

/** What they ask for. The texts have been checked. */
export function costRequest({ participation, minNotional, latency, feeIn, feeDiscount }: CostTexts): CostRequest {
  return {
    ...(participation === undefined ? {} : { participation: parsePercent(participation) ?? 0 }),
    ...(minNotional === undefined ? {} : { minNotional }),
    ...(latency === undefined ? {} : { latency: parseLatency(latency) ?? {} }),
    ...(feeIn === undefined ? {} : { feeIn }),
    ...(feeDiscount === undefined ? {} : { feeDiscount: parsePercent(feeDiscount) ?? 0 }),
  };
}
