import type { RunConventions } from '#core/model/strategy-abi.ts';

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
