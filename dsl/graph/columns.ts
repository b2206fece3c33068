import { type ChartColumn, columnKey } from '#core/model/chart-column.ts';
import type { Graph } from './node.ts';

/**
 * The columns a graph reads besides the six of the traded chart's candles, in the order in which code gets them behind those: what its nodes name, then
 * the close times that charts are aligned by (of every further chart that anything is computed on, and of the traded one when there is such a chart).
 */
export function columnsOf({ nodes }: Pick<Graph, 'nodes'>): readonly ChartColumn[] {
  const named = nodes.flatMap((node): readonly ChartColumn[] =>
    node.op !== 'column' || (node.chart === 0 && node.column.kind === 'bar') ? [] : [{ chart: node.chart, column: node.column }],
  );
  const further = new Set(nodes.map(({ chart }) => chart).filter((chart) => chart > 0));
  const aligned = further.size === 0 ? [] : [0, ...further].toSorted((a, b) => a - b);
  const closes = aligned.map((chart): ChartColumn => ({ chart, column: { kind: 'closeTime' } }));
  return [...new Map([...named, ...closes].map((column) => [columnKey(column), column])).values()];
}
