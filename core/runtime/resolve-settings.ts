import {
  type Conventions,
  DEFAULT_FUNDING_MS,
  DEFAULT_MAINTENANCE,
  DEFAULT_SETTINGS,
  type MarginSettings,
  type SimulationSettings,
  type SwapSettings,
} from '#core/engine/simulation-settings.ts';
import type { CostRequest } from '#core/model/cost-request.ts';
import type { Fee, FeeModels } from '#core/model/fee-text.ts';
import type { Slippage } from '#core/model/slippage-text.ts';
import { StratError } from '#core/errors/strat-error.ts';

/** What the user asked for on the command line; undefined = not said. Rates are shares: 0.001 = 0.1 %. */
export interface SettingsRequest extends CostRequest {
  readonly capital?: number | undefined;
  readonly feeRate?: number | undefined;
  /** In the place of `feeRate`, where there is more to it than a share of the value. */
  readonly fee?: Fee | undefined;
  readonly slippageRate?: number | undefined;
  /** In the place of `slippageRate`, where there is more to it than a share of the price. */
  readonly slippage?: Slippage | undefined;
  readonly leverage?: number | undefined;
  readonly margin?: 'isolated' | 'cross' | undefined;
  /** What a config says of costs for all its strategies: it counts where nothing is asked for, and has no effect on strategies that it does not fit. */
  readonly general?: CostRequest | undefined;
  /** What a contract of the market is. */
  readonly contract?: number | undefined;
  readonly conventions?: Partial<Conventions> | undefined;
}

/** What the strategy's `account` and `costs` lines say. */
export interface FileSettings {
  readonly account: { readonly capital: number | null; readonly leverage: number | null; readonly margin: 'isolated' | 'cross' | null };
  readonly costs: {
    readonly maker: number | null;
    readonly taker: number | null;
    readonly slippage: number | null;
    readonly borrow: number | null;
    readonly funding: boolean | null;
  };
}

/** The request with what is said in general, where it does not say otherwise itself. */
export function withGeneral({ general, ...request }: SettingsRequest): SettingsRequest {
  return { ...general, ...Object.fromEntries(Object.entries(request).filter(([, value]) => value !== undefined)) };
}

/**
 * Precedence: what the user asked for, what is said in general, the strategy's file, the built-in values. A run is never free of costs unless told.
 * @throws StratError USAGE when the leverage leaves nothing above the maintenance margin, or something asked for has no effect
 */
export function resolveSettings(asked: SettingsRequest, file: FileSettings): SimulationSettings {
  const request = withGeneral(asked);
  const paid = 1 - (request.feeDiscount ?? 0);
  const maker = request.fee?.maker ?? request.feeRate ?? file.costs.maker;
  const makerRate = maker === null ? null : maker * paid;
  const feeRate = (request.fee?.taker ?? request.feeRate ?? file.costs.taker ?? DEFAULT_SETTINGS.feeRate) * paid;
  const margin = marginOf(request, asked, file.account, feeRate);
  if (request.latency !== undefined && request.conventions?.fillAt === 'close')
    throw new StratError('USAGE', {
      reason: 'Orders are to fill at the close that decides them, and to reach the market later',
      hint: 'Leave out --latency, or --fill-at close',
    });
  if (request.queue !== undefined && request.conventions?.limitFill === 'touch')
    throw new StratError('USAGE', {
      reason: 'Limit orders are to wait behind others at their price, and to fill when it is touched',
      hint: 'Leave out --queue, or --limit-fill touch',
    });
  const isInBase = request.feeIn === 'base' && (margin === null || asked.feeIn === 'base');
  const fees = feesOf({ ...request, feeIn: isInBase ? 'base' : 'quote' }, paid, margin !== null);
  const isFunded = request.fundingRate !== undefined || file.costs.funding === true;
  if (asked.fundingMs !== undefined && !isFunded)
    throw unused('a time between fundings', 'no funding', 'costs { funding true }, or give a rate: --funding 0.01%');
  const borrowRate = request.borrowRate ?? file.costs.borrow;
  return {
    ...(makerRate === null ? {} : { makerRate }),
    ...(borrowRate === null ? {} : { borrowRate }),
    ...(fees === null ? {} : { fees }),
    ...(margin === null ? {} : { margin }),
    ...(request.latency === undefined ? {} : { latency: request.latency }),
    ...(request.participation === undefined ? {} : { participation: request.participation }),
    ...(request.queue === undefined ? {} : { queue: request.queue }),
    ...(request.minNotional === undefined ? {} : { minNotional: request.minNotional }),
    ...(isFunded ? { funding: { everyMs: request.fundingMs ?? DEFAULT_FUNDING_MS, rate: request.fundingRate ?? null } } : {}),
    ...swapOf(request),
    ...(request.contract === undefined ? {} : { contract: request.contract }),
    capital: request.capital ?? file.account.capital ?? DEFAULT_SETTINGS.capital,
    feeRate,
    slippageRate: request.slippage?.rate ?? request.slippageRate ?? file.costs.slippage ?? DEFAULT_SETTINGS.slippageRate,
    ...(request.slippage === undefined || request.slippage.models === null ? {} : { slippage: request.slippage.models }),
    conventions: { ...DEFAULT_SETTINGS.conventions, ...request.conventions },
  };
}

/** null = a share of the value is all there is to fees. @param paid share of them that a discount leaves */
function feesOf({ fee, feeIn }: SettingsRequest, paid: number, isOnMargin: boolean): FeeModels | null {
  const { tiers, perUnit, least } = fee?.models ?? {};
  const isInBase = feeIn === 'base';
  if (isInBase && isOnMargin)
    throw new StratError('USAGE', {
      reason: 'Fees are to be taken from what is bought, and on margin nothing is bought that they could be taken from',
      hint: 'Leave out --fee-in base, or the margin',
    });
  if (isInBase && perUnit !== undefined)
    throw new StratError('USAGE', {
      reason: 'A fee of an amount of money for each unit cannot be taken from what is bought',
      hint: 'Leave out --fee-in base, or give a rate: --fee 0.1%',
    });
  const models: FeeModels = {
    ...(tiers === undefined ? {} : { tiers: tiers.map(({ from, maker, taker }) => ({ from, maker: maker * paid, taker: taker * paid })) }),
    ...(perUnit === undefined ? {} : { perUnit: perUnit * paid }),
    ...(least === undefined ? {} : { least: least * paid }),
    ...(isInBase ? { isInBase } : {}),
  };
  return Object.keys(models).length === 0 ? null : models;
}

/** null = no strategy trades on margin that names neither a leverage nor a kind of margin. */
function marginOf(request: SettingsRequest, asked: SettingsRequest, file: FileSettings['account'], feeRate: number): MarginSettings | null {
  const leverage = request.leverage ?? file.leverage ?? 1;
  const margin = request.margin ?? file.margin;
  if (leverage === 1 && margin === null) {
    if (asked.maintenance !== undefined || asked.liquidationRate !== undefined)
      throw unused('a maintenance margin or liquidation fee', 'neither leverage nor margin', 'account { leverage 2 }');
    return null;
  }
  const settings: MarginSettings = {
    kind: margin ?? 'cross',
    leverage,
    maintenance: request.maintenance ?? DEFAULT_MAINTENANCE,
    liquidationRate: request.liquidationRate ?? feeRate,
  };
  const needed = settings.maintenance[0]!.rate + settings.liquidationRate;
  if (settings.leverage * needed < 1) return settings;
  const percent = (share: number): string => `${Number((share * 100).toPrecision(4))}%`;
  throw new StratError('USAGE', {
    reason: `A leverage of ${settings.leverage} asks for a margin of ${percent(1 / settings.leverage)}, and positions are liquidated at ${percent(needed)}`,
    hint: 'Write a smaller leverage, or give the maintenance margin of your venue: --maintenance 0.4%',
  });
}

function swapOf({ swapLong, swapShort }: SettingsRequest): { readonly swap?: SwapSettings } {
  return swapLong === undefined && swapShort === undefined ? {} : { swap: { long: swapLong ?? 0, short: swapShort ?? 0 } };
}

const unused = (asked: string, lacking: string, hint: string): StratError =>
  new StratError('USAGE', { reason: `You gave ${asked}, and the strategy has ${lacking}`, hint: `Write: ${hint}` });
