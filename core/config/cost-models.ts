import type { CostRequest } from '#core/model/cost-request.ts';
import { type Fee, parseFee } from '#core/model/fee-text.ts';
import { parseLatency } from '#core/model/latency-text.ts';
import { parseMaintenance } from '#core/model/maintenance-text.ts';
import { parseQueue } from '#core/model/queue-text.ts';
import { parseSlippage, type Slippage } from '#core/model/slippage-text.ts';
import { parseTimeframe } from '#core/model/timeframe.ts';
import type { Config } from './config.ts';
import { parsePercent, parseSignedPercent } from './percent.ts';

/** Keys of `costs` beside fee and slippage, as written; without defaults. */
export interface CostTexts {
  readonly participation?: string;
  readonly queue?: string;
  readonly minNotional?: number;
  readonly latency?: string;
  readonly feeIn?: 'base' | 'quote';
  readonly feeDiscount?: string;
  readonly maintenance?: string;
  readonly liquidationFee?: string;
  readonly funding?: string;
  readonly fundingEvery?: string;
  readonly borrow?: string;
  readonly swapLong?: string;
  readonly swapShort?: string;
}

/** What an exchange's own `costs` say, as written: each key goes before the one of all. */
export type VenueCosts = CostTexts & { readonly fee?: string; readonly slippage?: string };

/** What trading on one exchange costs; undefined = nobody says. */
export interface GivenCosts {
  readonly fee: Fee | undefined;
  readonly slippage: Slippage | undefined;
  readonly models: CostRequest;
}

type Reading = (costs: CostTexts) => CostRequest;
const read =
  <Key extends keyof CostTexts>(key: Key, request: (value: NonNullable<CostTexts[Key]>) => CostRequest): Reading =>
  (costs) => {
    const value = costs[key];
    return value === undefined ? {} : request(value);
  };

/** What each key asks for. The texts have been checked. */
const READINGS: Readonly<Record<keyof CostTexts, Reading>> = {
  participation: read('participation', (text) => ({ participation: parsePercent(text) ?? 0 })),
  queue: read('queue', (text) => ({ queue: parseQueue(text) ?? {} })),
  minNotional: read('minNotional', (minNotional) => ({ minNotional })),
  latency: read('latency', (text) => ({ latency: parseLatency(text) ?? {} })),
  feeIn: read('feeIn', (feeIn) => ({ feeIn })),
  feeDiscount: read('feeDiscount', (text) => ({ feeDiscount: parsePercent(text) ?? 0 })),
  maintenance: read('maintenance', (text) => ({ maintenance: parseMaintenance(text) ?? [] })),
  liquidationFee: read('liquidationFee', (text) => ({ liquidationRate: parsePercent(text) ?? 0 })),
  funding: read('funding', (text) => ({ fundingRate: parseSignedPercent(text) ?? 0 })),
  fundingEvery: read('fundingEvery', (text) => ({ fundingMs: parseTimeframe(text)?.stepMs ?? 0 })),
  borrow: read('borrow', (text) => ({ borrowRate: parsePercent(text) ?? 0 })),
  swapLong: read('swapLong', (text) => ({ swapLong: parseSignedPercent(text) ?? 0 })),
  swapShort: read('swapShort', (text) => ({ swapShort: parseSignedPercent(text) ?? 0 })),
};

/** Those keys alone, as far as they are there. */
export function costTextsOf(costs: CostTexts): CostTexts {
  return Object.fromEntries(Object.entries(costs).filter(([key, value]) => key in READINGS && value !== undefined));
}

/** What they ask for. */
function costRequest(costs: CostTexts): CostRequest {
  return Object.assign({}, ...Object.values(READINGS).map((reading) => reading(costs))) as CostRequest;
}

/**
 * What a config says of the costs on one of its exchanges.
 * @param exchange its name; null = of no certain one
 */
export function costsOn({ costs, given, exchanges }: Pick<Config, 'costs' | 'given' | 'exchanges'>, exchange: string | null): GivenCosts {
  const { fee, slippage, ...others } = costs;
  const all: VenueCosts = { ...others, ...(given.fee ? { fee } : {}), ...(given.slippage ? { slippage } : {}) };
  const own = { ...all, ...(exchange === null ? undefined : exchanges.get(exchange)?.costs) };
  return {
    fee: own.fee === undefined ? undefined : (parseFee(own.fee) ?? undefined),
    slippage: own.slippage === undefined ? undefined : (parseSlippage(own.slippage) ?? undefined),
    models: costRequest(own),
  };
}
