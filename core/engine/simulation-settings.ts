import type { FeeModels } from '#core/model/fee-text.ts';
import type { Latency } from '#core/model/latency-text.ts';
import type { MaintenanceTier } from '#core/model/maintenance-text.ts';
import { isInverse, parseMarket } from '#core/model/market.ts';
import type { QueueModel } from '#core/model/queue-text.ts';
import type { SlippageModels } from '#core/model/slippage-text.ts';
import {
  FEE_TIER,
  FEE_TIER_FIELDS,
  MARGIN_KIND,
  MAX_TIERS,
  type RunConventions,
  SETTING,
  SETTING_FIELDS,
  TIER,
  TIER_FIELDS,
} from '#core/model/strategy-abi.ts';
import type { NamedCalendar } from './statistics/daily-equity.ts';

/** Where tools differ; printed with every result. The defaults are the honest ones. */
export interface Conventions extends RunConventions {
  /** No order before every series has settled (seed weight below 1e-6), or from the first bar on which all are defined. */
  readonly warmup: 'settled' | 'first';
  /** An exit goes out at the close of the last bar but one, so that nothing is open after the last. */
  readonly closeAtEnd: boolean;
  /** Smallest step of quantities and of prices; null = none known. */
  readonly lot: number | null;
  readonly tick: number | null;
  /** Of the market, by which statistics are brought to a year; left out: the bars tell whether it trades on weekends. */
  readonly calendar?: NamedCalendar;
}

/** Trading on margin: how much is lent, and when the venue closes a position. */
export interface MarginSettings {
  readonly kind: 'isolated' | 'cross';
  /** Value of a position over its initial margin, 1 or more. */
  readonly leverage: number;
  /** The first from 0; values and rates rise. At most MAX_TIERS. */
  readonly maintenance: readonly MaintenanceTier[];
  /** Share of the value that a liquidation costs, in place of the fee. */
  readonly liquidationRate: number;
}

/** What longs of a perpetual pay to shorts, at multiples of `everyMs` since the epoch. */
export interface FundingSettings {
  readonly everyMs: number;
  /** Share of the position's value; null = that of the data. */
  readonly rate: number | null;
}

/** What holding a currency position costs a year, as shares of its value; negative = it earns. */
export interface SwapSettings {
  readonly long: number;
  readonly short: number;
}

export interface SimulationSettings {
  /** Starting cash in the account's currency. */
  readonly capital: number;
  /** Share of the traded value that a fill costs: 0.001 = 0.1 %. */
  readonly feeRate: number;
  /** The same for fills of orders that rested in the book; left out: as `feeRate`. */
  readonly makerRate?: number;
  /** Share of the value of a short position that borrowing costs a year; left out: nothing. */
  readonly borrowRate?: number;
  /** What fees are besides; left out: those rates alone. */
  readonly fees?: FeeModels;
  /** Share of the price by which a fill is worse than the market. */
  readonly slippageRate: number;
  /** What makes it worse besides; left out: nothing. */
  readonly slippage?: SlippageModels;
  /** Time from a decision to its order at the market; left out: none. */
  readonly latency?: Latency;
  /** Share of a bar's volume that the run's orders together may take; left out: as much as they ask for. */
  readonly participation?: number;
  /** What stands before limit orders at their price; left out: they fill when the market goes through it. */
  readonly queue?: QueueModel;
  /** Least value of an order; left out: none. */
  readonly minNotional?: number;
  /** Left out: positions are paid in full, and nothing is liquidated. */
  readonly margin?: MarginSettings;
  /** Left out: none is paid. */
  readonly funding?: FundingSettings;
  /** Left out: none is paid. */
  readonly swap?: SwapSettings;
  /** Contracts in the quote currency on an account in the base; left out: false. */
  readonly isInverse?: true;
  /** What a contract of the market is: base units, of an inverse one dollars; left out: DEFAULT_CONTRACT. */
  readonly contract?: number;
  /** What a pip of the market is, in price; left out: DEFAULT_PIP. */
  readonly pip?: number;
  readonly conventions: Conventions;
}

export const DEFAULT_CONVENTIONS: Conventions = {
  sizeAt: 'order',
  fillAt: 'nextOpen',
  warmup: 'settled',
  closeAtEnd: false,
  lot: null,
  tick: null,
};

export const DEFAULT_SETTINGS: SimulationSettings = {
  capital: 10_000,
  feeRate: 0.001,
  slippageRate: 0.0005,
  conventions: DEFAULT_CONVENTIONS,
};

/** Where nobody says otherwise: the first tier that large venues name for their largest perpetuals lies at 0.4 % to 0.5 %. */
export const DEFAULT_MAINTENANCE: readonly MaintenanceTier[] = [{ from: 0, rate: 0.005 }];
/** At 00:00, 08:00 and 16:00 UTC. */
export const DEFAULT_FUNDING_MS = 8 * 3_600_000;

/** What `pip` and `contract` mean where nobody knows the market's own. */
export const DEFAULT_PIP = 0.0001;
export const DEFAULT_CONTRACT = 1;

const inverseOf = (step: number): number => {
  const inverse = Math.round(1 / step);
  return inverse > 0 && 1 / inverse === step ? inverse : 0;
};

/** Whether the settings have something that the broker inlined into emitted code does not know, so that the engine runs the plan. */
export function needEngine(settings: SimulationSettings): boolean {
  const { participation, minNotional, slippage, fees, latency, queue, isInverse: inverse } = settings;
  return [participation, minNotional, slippage, fees, latency, queue, inverse].some((model) => model !== undefined);
}

/** A yen is worth about a hundredth of a dollar, and has no cents: its pips are a hundredth. */
const YEN_PIP = 0.01;

/** The settings of a run on one of its markets. */
export function settingsOn(settings: SimulationSettings, market: string | undefined): SimulationSettings {
  const { pip: _, isInverse: __, ...rest } = settings;
  if (market === undefined) return rest;
  if (isInverse(market)) return inverseSettings(rest);
  return parseMarket(market)?.quote === 'JPY' ? { ...rest, pip: YEN_PIP } : rest;
}

/** Venues trade whole contracts, and nobody lends dollars or coins to hold one. */
function inverseSettings(all: SimulationSettings): SimulationSettings {
  const { borrowRate: _, ...settings } = all;
  const { conventions, contract } = settings;
  return { ...settings, isInverse: true, conventions: { ...conventions, lot: conventions.lot ?? contract ?? DEFAULT_CONTRACT } };
}

/**
 * The settings as emitted code and engine read them (SETTING layout).
 * @param firstBar index of the first bar on which an order may be decided
 * @param rows number of bars of the run; Infinity when it has no end
 */
export function settingsArray(settings: SimulationSettings, firstBar: number, rows: number): Float64Array {
  const { conventions } = settings;
  const array = new Float64Array(SETTING_FIELDS);
  array[SETTING.feeRate] = settings.feeRate;
  array[SETTING.slippageRate] = settings.slippageRate;
  array[SETTING.lot] = conventions.lot ?? 0;
  array[SETTING.lotInverse] = conventions.lot === null ? 0 : inverseOf(conventions.lot);
  array[SETTING.tick] = conventions.tick ?? 0;
  array[SETTING.tickInverse] = conventions.tick === null ? 0 : inverseOf(conventions.tick);
  array[SETTING.firstBar] = firstBar;
  array[SETTING.endBar] = conventions.closeAtEnd && Number.isFinite(rows) ? rows - 2 : -1;
  array[SETTING.makerRate] = settings.makerRate ?? settings.feeRate;
  array[SETTING.borrowRate] = settings.borrowRate ?? 0;
  array[SETTING.pip] = settings.pip ?? DEFAULT_PIP;
  array[SETTING.contract] = settings.contract ?? DEFAULT_CONTRACT;
  array[SETTING.isInverse] = settings.isInverse === true ? 1 : 0;
  array[SETTING.participation] = settings.participation ?? 0;
  array[SETTING.latencyMs] = settings.latency?.ms ?? 0;
  array[SETTING.latencyBars] = settings.latency?.bars ?? 0;
  array[SETTING.isQueued] = settings.queue === undefined ? 0 : 1;
  array[SETTING.queueQty] = settings.queue?.qty ?? 0;
  array[SETTING.queueShare] = settings.queue?.share ?? 0;
  array[SETTING.minNotional] = settings.minNotional ?? 0;
  array[SETTING.spreadRate] = settings.slippage?.spreadRate ?? 0;
  array[SETTING.spreadPips] = settings.slippage?.spreadPips ?? 0;
  array[SETTING.volumeShareImpact] = settings.slippage?.volumeShare ?? 0;
  array[SETTING.squareRootImpact] = settings.slippage?.squareRoot ?? 0;
  array[SETTING.depthShare] = settings.slippage?.depth ?? 0;
  array[SETTING.leverage] = 1;
  if (settings.fees !== undefined) writeFees(array, settings.fees);
  if (settings.margin !== undefined) writeMargin(array, settings.margin);
  array[SETTING.fundingMs] = settings.funding?.everyMs ?? 0;
  array[SETTING.fundingRate] = settings.funding?.rate ?? Number.NaN;
  return array;
}

function writeFees(array: Float64Array, { tiers = [], perUnit = 0, least = 0, isInBase }: FeeModels): void {
  array[SETTING.feePerUnit] = perUnit;
  array[SETTING.feeLeast] = least;
  array[SETTING.isFeeInBase] = isInBase === true ? 1 : 0;
  array[SETTING.feeTierCount] = tiers.length;
  for (const [place, { from, maker, taker }] of tiers.entries()) {
    const at = SETTING.feeTiers + place * FEE_TIER_FIELDS;
    array[at + FEE_TIER.from] = from;
    array[at + FEE_TIER.maker] = maker;
    array[at + FEE_TIER.taker] = taker;
  }
}

function writeMargin(array: Float64Array, { kind, leverage, maintenance, liquidationRate }: MarginSettings): void {
  array[SETTING.leverage] = leverage;
  array[SETTING.marginKind] = MARGIN_KIND[kind];
  array[SETTING.liquidationRate] = liquidationRate;
  const tiers = maintenance.slice(0, MAX_TIERS);
  array[SETTING.tierCount] = tiers.length;
  let deducted = 0;
  for (const [place, { from, rate }] of tiers.entries()) {
    // The margin rises without a step from tier to tier: each takes its rate of what lies in it.
    deducted += from * (rate - (tiers[place - 1]?.rate ?? rate));
    const at = SETTING.tiers + place * TIER_FIELDS;
    array[at + TIER.from] = from;
    array[at + TIER.rate] = rate;
    array[at + TIER.deducted] = deducted;
  }
}
