import { type ChartColumn, columnKey } from '#core/model/chart-column.ts';
import { COLUMN_NAMES } from '#core/model/columns.ts';
import type { Program } from '../program.ts';
import type { Graph } from './node.ts';

/**
 * The columns a graph reads besides the six of the traded chart's candles, in the order in which code gets them behind those: what its nodes name, then
 * the close times that charts are aligned by (of every further chart that anything is computed on, and of the traded one when there is such a chart), then
 * what the engine reads beside the nodes.
 */
export function columnsOf({ nodes }: Pick<Graph, 'nodes'>, more: readonly ChartColumn[] = []): readonly ChartColumn[] {
  const named = nodes.flatMap((node): readonly ChartColumn[] =>
    node.op !== 'column' || (node.chart === 0 && node.column.kind === 'bar') ? [] : [{ chart: node.chart, column: node.column }],
  );
  const further = new Set(nodes.map(({ chart }) => chart).filter((chart) => chart > 0));
  const aligned = further.size === 0 ? [] : [0, ...further].toSorted((a, b) => a - b);
  const closes = aligned.map((chart): ChartColumn => ({ chart, column: { kind: 'closeTime' } }));
  return [...new Map([...named, ...closes, ...more].map((column) => [columnKey(column), column])).values()];
}

/** Where the rates of `costs { funding true }` come from. */
export const FUNDING_COLUMN: ChartColumn = { chart: 0, column: { kind: 'data', name: 'funding_rate' } };

/** Its place among all columns, candles first; null when no funding is paid, or at a rate of the settings. */
export function fundingPlace({ costs, columns }: Pick<Program, 'costs' | 'columns'>): number | null {
  if (costs.funding !== true) return null;
  const place = columns.findIndex((column) => columnKey(column) === columnKey(FUNDING_COLUMN));
  return place < 0 ? null : COLUMN_NAMES.length + place;
}
