import { dirname, resolve } from 'node:path';
import { configError } from '#core/config/config-error.ts';
import { loadConfig, pluginFolders } from '#core/config/load-config.ts';
import { StratError } from '#core/errors/strat-error.ts';
import { createLogger } from '#core/observe/logger.ts';
import type { VenueHistories } from '#core/ports/exchange.ts';
import { createKernel } from './kernel.ts';

const PLUGIN = 'exchange/ccxt';

/** Histories of venues, until they are closed. */
export interface OpenHistories extends VenueHistories {
  readonly close: () => Promise<void>;
}

/**
 * Starts the plugin that has the past of markets, as the config sets it up: the first of `exchanges` that uses it, else as it is by itself.
 * @param path of the config; null: none
 * @throws StratError CONFIG_INVALID, PLUGIN_FAILED
 */
export async function openHistories(path: string | null, env: Readonly<Record<string, string | undefined>>): Promise<OpenHistories> {
  const kernel = createKernel({
    log: createLogger({ level: 'silent' }),
    folder: path === null ? resolve('.') : dirname(resolve(path)),
    environment: env,
  });
  try {
    const discovery = await kernel.discover(pluginFolders({ path, env }));
    const loaded = loadConfig({ path, env, pluginSchemas: discovery.schemas });
    if (!loaded.ok) throw configError(path ?? 'defaults', loaded.error);
    const own = [...loaded.value.exchanges.values()].find(({ use }) => use === PLUGIN);
    await kernel.lifecycle.apply(discovery, [{ name: PLUGIN, id: PLUGIN, config: own?.config ?? { venues: {} } }]);
    const histories = kernel.lifecycle.ports('exchange').get(PLUGIN)?.histories;
    if (histories !== undefined) return { ...histories, close: kernel.close };
    const [problem] = kernel.lifecycle.problems();
    throw new StratError('PLUGIN_FAILED', { plugin: PLUGIN, phase: 'start', reason: problem?.text ?? 'it has no history of markets' });
  } catch (error) {
    await kernel.close();
    throw error;
  }
}
