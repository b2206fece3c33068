import { SETTING } from '#core/model/strategy-abi.ts';
import { plainValue } from './arithmetic.ts';
import type { Graph } from './node.ts';

/**
 * Values of the nodes that do not change within a run, by node; NaN at the places of series.
 * @param settings in SETTING order: what the units of the market are
 */
export function runConstants({ nodes }: Pick<Graph, 'nodes'>, params: Float64Array, settings: Float64Array): Float64Array {
  const values = new Float64Array(nodes.length).fill(Number.NaN);
  for (const [id, node] of nodes.entries()) {
    if (node.rate === 'series') continue;
    if (node.op === 'const') values[id] = node.value;
    else if (node.op === 'param') values[id] = params[node.index]!;
    else if (node.op === 'unit') values[id] = settings[SETTING[node.unit]]!;
    else values[id] = plainValue(node, values);
  }
  return values;
}
