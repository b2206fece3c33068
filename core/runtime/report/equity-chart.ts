import type { SimulationSettings } from '#core/engine/simulation-settings.ts';
import { bothSizes, chartFrame, chartPicture, type ChartSize, pathThrough } from './chart-frame.ts';
import { lineIndexes } from './chart-scale.ts';
import type { ReportSeries } from './html-report.ts';
import { html, type Html } from './html-text.ts';

/** The equity at each close, and what the same capital had become if it had bought at the first close and held. */
export function equityChart(series: ReportSeries, { capital, isInverse }: Pick<SimulationSettings, 'capital' | 'isInverse'>): Html {
  // On an account in the coin that is traded, to buy and hold it is to do nothing.
  const close = isInverse === true ? series.columns.close.map(() => 1) : series.columns.close;
  return bothSizes((size) => equityPicture(series, close, capital, size));
}

function equityPicture({ columns, equity, from, to }: ReportSeries, close: Float64Array, capital: number, size: ChartSize): Html {
  const held = close.map((price) => (capital * price) / close[from]!);
  let low = capital;
  let high = capital;
  for (let i = from; i < to; i++) {
    low = Math.min(low, equity[i]!, held[i]!);
    high = Math.max(high, equity[i]!, held[i]!);
  }
  const frame = chartFrame({ size, fromTime: columns.time[from]!, toTime: columns.time[to - 1]!, low, high, height: 260, room: 0.04 });
  const line = (values: Float64Array): string =>
    pathThrough(lineIndexes(values, from, to, size.buckets).map((i) => [frame.x(columns.time[i]!), frame.y(values[i]!)] as const));
  return chartPicture(frame, 'Equity, and buy and hold', [
    html`<path class="capital" d="M${frame.left} ${frame.y(capital)}H${frame.right}" />`,
    html`<path class="hold" d="${line(held)}" /><path class="equity" d="${line(equity)}" />`,
  ]);
}

/** How far the equity is below its highest value so far, percent points downwards. */
export function drawdownChart(series: ReportSeries, capital: number): Html {
  return bothSizes((size) => drawdownPicture(series, capital, size));
}

function drawdownPicture({ columns, equity, from, to }: ReportSeries, capital: number, size: ChartSize): Html {
  const depth = new Float64Array(to);
  let peak = capital;
  let deepest = 0;
  for (let i = from; i < to; i++) {
    peak = Math.max(peak, equity[i]!);
    depth[i] = (equity[i]! / peak - 1) * 100;
    deepest = Math.min(deepest, depth[i]!);
  }
  const frame = chartFrame({
    size,
    fromTime: columns.time[from]!,
    toTime: columns.time[to - 1]!,
    low: deepest === 0 ? -1 : deepest,
    high: 0,
    height: 170,
    unit: ' %',
    ticks: 3,
  });
  const points = lineIndexes(depth, from, to, size.buckets).map((i) => [frame.x(columns.time[i]!), frame.y(depth[i]!)] as const);
  const zero = frame.y(0);
  const area = pathThrough([[points[0]?.[0] ?? frame.left, zero], ...points, [points.at(-1)?.[0] ?? frame.right, zero]]);
  return chartPicture(frame, 'Drawdown in percent', [html`<path class="drawdown" d="${area}Z" />`]);
}
