import type { PluginEvent } from '#core/engine/log-rows.ts';
import { pluginNodes } from '#dsl/emit/usage.ts';
import type { Program } from '#dsl/program.ts';

/** Names of the plugins that an event is about, each once. */
export function pluginNames(program: Program, { uses }: Pick<PluginEvent, 'uses'>): readonly string[] {
  const nodes = pluginNodes(program);
  const names = uses.map((place) => {
    const node = program.graph.nodes[nodes[place] ?? -1];
    return node?.op === 'plugin' ? program.plugins[node.plugin]!.manifest.name : 'a plugin';
  });
  return [...new Set(names)];
}

/** E1005 in words, behind the names of the plugins. */
export const PLUGIN_FAULT: Readonly<Record<PluginEvent['kind'], string>> = {
  flagged: 'gave an infinite value, which was taken as na',
  disabled: 'ran out of fuel and was disabled: its values are na from there on',
};
