import type { GraphNode } from '../graph/node.ts';
import type { Program } from '../program.ts';

export type PluginNode = GraphNode & { readonly op: 'plugin' };

/** Doubles of S that a use of a plugin needs: the status last told, the status, state, inputs, outputs, params. */
export function pluginBlock(program: Program, { plugin, stateSize }: PluginNode): number {
  const { inputs, outputs, params } = program.plugins[plugin]!.manifest;
  return 2 + stateSize + inputs.length + outputs.length + params.length;
}
