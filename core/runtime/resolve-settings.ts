import { type Conventions, DEFAULT_SETTINGS, type SimulationSettings } from '#core/engine/simulation-settings.ts';

/** What the user asked for on the command line; undefined = not said. Rates are shares: 0.001 = 0.1 %. */
export interface SettingsRequest {
  readonly capital?: number | undefined;
  readonly feeRate?: number | undefined;
  readonly slippageRate?: number | undefined;
  readonly conventions?: Partial<Conventions> | undefined;
}

/** What the strategy's `account` and `costs` lines say. */
export interface FileSettings {
  readonly account: { readonly capital: number | null };
  readonly costs: {
    readonly maker: number | null;
    readonly taker: number | null;
    readonly slippage: number | null;
    readonly borrow: number | null;
  };
}

/** Precedence: what the user asked for, the strategy's file, the built-in values. A run is never free of costs unless told. */
export function resolveSettings(request: SettingsRequest, file: FileSettings): SimulationSettings {
  const makerRate = request.feeRate ?? file.costs.maker;
  return {
    ...(makerRate === null ? {} : { makerRate }),
    ...(file.costs.borrow === null ? {} : { borrowRate: file.costs.borrow }),
    capital: request.capital ?? file.account.capital ?? DEFAULT_SETTINGS.capital,
    feeRate: request.feeRate ?? file.costs.taker ?? DEFAULT_SETTINGS.feeRate,
    slippageRate: request.slippageRate ?? file.costs.slippage ?? DEFAULT_SETTINGS.slippageRate,
    conventions: { ...DEFAULT_SETTINGS.conventions, ...request.conventions },
  };
}
