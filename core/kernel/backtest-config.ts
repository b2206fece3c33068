import { dirname, resolve } from 'node:path';
import type { MarginConfig } from '#core/config/config.ts';
import { configError } from '#core/config/config-error.ts';
import { costsOn, type GivenCosts } from '#core/config/cost-models.ts';
import { loadConfig, pluginFolders } from '#core/config/load-config.ts';
import { StratError } from '#core/errors/strat-error.ts';
import { parseTimeframe, type Timeframe } from '#core/model/timeframe.ts';
import type { PluginHost } from '#core/indicators/indicator-shelf.ts';
import type { Logger } from '#core/observe/logger.ts';
import type { NamedRule } from '#core/runtime/bot/order-gate.ts';
import { createKernel } from './kernel.ts';
import { pluginWishes } from './plugin-wishes.ts';

/** What a config of the bot says for a backtest. Undefined = nothing. */
export interface BacktestConfig extends MarginConfig, GivenCosts {
  readonly capital: number | undefined;
  readonly timeframe: Timeframe | null;
  /** Values of a strategy file as texts, by param. */
  readonly paramsOf: (strategy: string) => ReadonlyMap<string, string>;
  /** Running risk plugins, in the order of the config. */
  readonly rules: readonly NamedRule[];
  /** Indicator plugins of its folders, pinned by the lock file beside it. */
  readonly indicators: PluginHost;
  /** Stops the plugins. */
  readonly close: () => Promise<void>;
}

/**
 * Reads a config and starts its risk plugins; exchanges and notifiers stay out of a backtest.
 * @param files paths of the strategy files: timeframe and params of their entries count, where they have one, and the capital where there is one strategy
 * @throws StratError CONFIG_INVALID also when a risk plugin does not run: a result without its limits would mislead
 */
export async function openBacktestConfig(
  path: string,
  files: readonly string[],
  env: Readonly<Record<string, string | undefined>>,
  log: Logger,
): Promise<BacktestConfig> {
  const kernel = createKernel({ log, folder: dirname(resolve(path)), environment: env });
  try {
    const discovery = await kernel.discover(pluginFolders({ path, env }));
    const loaded = loadConfig({ path, env, pluginSchemas: discovery.schemas });
    const invalid = (list: readonly string[]): StratError => new StratError('CONFIG_INVALID', { file: path, list: list.join('\n') });
    if (!loaded.ok) throw configError(path, loaded.error);
    const { account, given, exchanges, strategies, risk } = loaded.value;
    await kernel.lifecycle.apply(discovery, pluginWishes({ exchanges: new Map(), risk, notifiers: [] }));
    const problems = kernel.lifecycle.problems();
    if (problems.length > 0) throw invalid(problems.map(({ plugin, text }) => `${plugin}: ${text}`));
    const entryOf = (file: string): (typeof strategies)[number] | undefined => strategies.find((one) => one.path === resolve(file));
    const own = files.length === 1 ? entryOf(files[0]!) : undefined;
    const timeframes = new Set(files.map((file) => entryOf(file)?.timeframe ?? null));
    const [timeframe = null] = timeframes;
    if (timeframes.size > 1) throw invalid(['strategies: those of one account run on bars of one length, and their timeframes differ']);
    const { leverage, margin } = account;
    // What is not among its strategies trades where all of them do.
    const exchange = own?.exchange ?? (exchanges.size === 1 ? [...exchanges.keys()][0]! : null);
    return {
      capital: own?.isCapitalGiven === true ? own.capital : given.capital ? account.capital : undefined,
      ...(own?.margin ?? { ...(leverage === undefined ? {} : { leverage }), ...(margin === undefined ? {} : { margin }) }),
      ...costsOn(loaded.value, exchange),
      timeframe: timeframe === null ? null : parseTimeframe(timeframe),
      paramsOf: (file) => entryOf(file)?.params ?? new Map(),
      rules: [...kernel.lifecycle.ports('risk')].map(([id, rule]) => ({ id, rule })),
      indicators: discovery.indicators,
      close: kernel.close,
    };
  } catch (error) {
    await kernel.close();
    throw error;
  }
}
