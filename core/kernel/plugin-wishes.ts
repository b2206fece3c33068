import type { Config, PluginUse } from '#core/config/config.ts';
import type { PluginWish } from './lifecycle.ts';

/**
 * The plugins that a config wants. Exchanges have the names of the config; rules and notifiers that of their plugin, and
 * `#2`, `#3` when it is used again, so that taking one out of the list leaves the others running.
 */
export function pluginWishes({ exchanges, risk, notifiers }: Pick<Config, 'exchanges' | 'risk' | 'notifiers'>): readonly PluginWish[] {
  return [...[...exchanges].map(([name, { use, config }]) => ({ name, id: use, config })), ...counted(risk), ...counted(notifiers)];
}

function counted(uses: readonly PluginUse[]): readonly PluginWish[] {
  return uses.map(({ use, config }, index) => {
    const before = uses.slice(0, index).filter((other) => other.use === use).length;
    return { name: before === 0 ? use : `${use}#${before + 1}`, id: use, config };
  });
}
