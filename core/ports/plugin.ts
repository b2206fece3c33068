import type { CandleSourcePort } from './candle-source.ts';
import type { ClockPort } from './clock.ts';
import type { ExchangePort } from './exchange.ts';
import type { LiveSourcePort } from './live-source.ts';
import type { MarketSourcePort } from './market-source.ts';
import type { NotifierPort } from './notifier.ts';
import type { PluginLog } from './plugin-log.ts';
import type { RiskRulePort } from './risk-rule.ts';

/** Major version of what plugins see; the kernel refuses any other. */
export const PLUGIN_API = 1;

/** What `setup` of a kind of plugin gives. Indicators are data (manifest.json and a module), not code that the host runs. */
export interface PluginPorts {
  readonly exchange: ExchangePort;
  readonly risk: RiskRulePort;
  readonly notifier: NotifierPort;
}

export type PluginKind = keyof PluginPorts;

export const PLUGIN_KINDS = ['exchange', 'risk', 'notifier'] as const satisfies readonly PluginKind[];

/** A JSON Schema (2020-12 as ajv reads it) for the plugin's own part of the config. */
export type JsonSchema = Readonly<Record<string, unknown>>;

/** All that a plugin gets from its surroundings. */
export interface PluginContext {
  /** `exchange/sim`. */
  readonly id: string;
  readonly clock: ClockPort;
  readonly log: PluginLog;
  /** Folder of the config file: relative paths in the config start there. */
  readonly folder: string;
  /** Aborts when the plugin is stopped. */
  readonly signal: AbortSignal;
  readonly candles: CandleSourcePort;
  readonly markets: MarketSourcePort;
  readonly live: LiveSourcePort;
  /** A number from 0 up to 1, to spread retries. Nothing that decides about trades may use it. */
  readonly jitter: () => number;
  /** Value of an environment variable that the config names, for secrets; undefined when it is not set. */
  readonly environment: (name: string) => string | undefined;
}

/** A running plugin: its port, and what to do around its life. Both steps have a time budget, and abort with the signal. */
export interface PluginInstance<K extends PluginKind> {
  readonly port: PluginPorts[K];
  readonly start?: (signal: AbortSignal) => Promise<void>;
  readonly stop?: (signal: AbortSignal) => Promise<void>;
}

export interface PluginModule<K extends PluginKind> {
  /** @param config checked against the manifest's schema, defaults filled in, frozen */
  readonly setup: (config: never, context: PluginContext) => PluginInstance<K> | Promise<PluginInstance<K>>;
}

/** What a plugin says of itself, as frozen data: read without running its code. */
export interface PluginManifest<K extends PluginKind = PluginKind> {
  /** `<kind>/<name>`, as its folder. */
  readonly id: `${K}/${string}`;
  readonly kind: K;
  readonly api: typeof PLUGIN_API;
  /** One line. */
  readonly summary: string;
  /** What it can do, in words that the kind's contract knows. */
  readonly capabilities: readonly string[];
  /** Ids of plugins that must have started before. */
  readonly requires: readonly string[];
  readonly config: JsonSchema;
  /** Its code runs only after the config is valid. */
  readonly load: () => Promise<PluginModule<K>>;
}

/** Freezes a manifest and checks its form while it is written. */
export function definePlugin<K extends PluginKind>(manifest: PluginManifest<K>): PluginManifest<K> {
  return Object.freeze(manifest);
}
