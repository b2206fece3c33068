import type { CostTexts, VenueCosts } from './cost-models.ts';

/** A plugin at work: which one, and its own config, checked by the schema of its manifest with the defaults filled in. */
export interface PluginUse {
  /** `exchange/sim`, `risk/max-position`, `notifier/console`. */
  readonly use: string;
  readonly config: Readonly<Record<string, unknown>>;
  /** Keys of `config` that the schema marks `writeOnly`: never shown. Nested ones are joined with dots. */
  readonly secrets: readonly string[];
}

/** An exchange at work, and what trading on it costs where that is not what `costs` says. */
export interface ExchangeUse extends PluginUse {
  readonly costs: VenueCosts;
}

/** What a config says of margin; left out: the strategies' files do. */
export interface MarginConfig {
  readonly leverage?: number;
  readonly margin?: 'isolated' | 'cross';
}

export interface StrategyConfig {
  /** Unique. As given, else the name of the file without `.strat`. */
  readonly id: string;
  /** As written. */
  readonly file: string;
  /** Absolute. */
  readonly path: string;
  /** Name of an instance in `exchanges`. */
  readonly exchange: string;
  /** Starting cash in quote units: its own, else `account.capital`. */
  readonly capital: number;
  /** The config says it; else the `account` line of the strategy's file goes before the default. */
  readonly isCapitalGiven: boolean;
  /** Its own, else those of `account`. */
  readonly margin: MarginConfig;
  /** `1h`; null = that of the strategy's trade line. */
  readonly timeframe: string | null;
  /** Values as texts (`20`, `3%`, `30m`): the compiler reads them as what the `param` lines declare. */
  readonly params: ReadonlyMap<string, string>;
}

export interface HttpConfig {
  readonly enabled: boolean;
  /** An address of the machine itself. */
  readonly host: string;
  /** 0 = any that is free. */
  readonly port: number;
}

/** Hours of a market: a known calendar, and what is closed besides, as `parseClosure` of core/model takes it. */
export interface CalendarConfig {
  readonly like: string;
  readonly zone?: string;
  readonly closed: readonly string[];
}

export type LogLevelName = 'trace' | 'debug' | 'info' | 'warn' | 'error' | 'fatal' | 'silent';

/** The checked config: every default filled in, frozen to the last leaf. */
export interface Config {
  /** Absolute path of the file; null = the built-in defaults. */
  readonly file: string | null;
  /** Absolute. Relative paths start here: the folder of the file, or the working directory without one. */
  readonly folder: string;
  /** SHA-256 of the file's bytes in hex, for `watchConfig`; null without a file. */
  readonly sha256: string | null;
  /** Of strategies that say nothing else; starting cash in quote units. */
  readonly account: MarginConfig & { readonly capital: number };
  /** As written; `costsOn` reads them. */
  readonly costs: CostTexts & { readonly fee: string; readonly slippage: string };
  /** What file or environment say themselves; where they do not, the `account` and `costs` lines of a strategy go before the defaults. */
  readonly given: { readonly capital: boolean; readonly fee: boolean; readonly slippage: boolean };
  readonly http: HttpConfig;
  readonly log: { readonly level: LogLevelName };
  /** Absolute folders that hold `<kind>/<id>/`. */
  readonly plugins: { readonly folders: readonly string[] };
  readonly calendars: ReadonlyMap<string, CalendarConfig>;
  readonly exchanges: ReadonlyMap<string, ExchangeUse>;
  /** In the order in which they are asked. */
  readonly risk: readonly PluginUse[];
  readonly notifiers: readonly PluginUse[];
  readonly strategies: readonly StrategyConfig[];
}
