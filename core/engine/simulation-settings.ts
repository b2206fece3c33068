import { type RunConventions, SETTING, SETTING_FIELDS } from '#core/model/strategy-abi.ts';

/** Where tools differ; printed with every result. The defaults are the honest ones. */
export interface Conventions extends RunConventions {
  /** No order before every series has settled (seed weight below 1e-6), or from the first bar on which all are defined. */
  readonly warmup: 'settled' | 'first';
  /** An exit goes out at the close of the last bar but one, so that nothing is open after the last. */
  readonly closeAtEnd: boolean;
  /** Smallest step of quantities in base units and of prices; null = none known. */
  readonly lot: number | null;
  readonly tick: number | null;
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
  /** Share of the price by which a fill is worse than the market. */
  readonly slippageRate: number;
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

/** What `pip` and `contract` mean where nobody knows the market's own. */
export const DEFAULT_PIP = 0.0001;
export const DEFAULT_CONTRACT = 1;

const inverseOf = (step: number): number => {
  const inverse = Math.round(1 / step);
  return inverse > 0 && 1 / inverse === step ? inverse : 0;
};

/**
 * The settings as emitted code and broker read them (SETTING layout).
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
  array[SETTING.pip] = DEFAULT_PIP;
  array[SETTING.contract] = DEFAULT_CONTRACT;
  return array;
}
