import { bothSizes, chartFrame, chartPicture, type ChartSize } from './chart-frame.ts';
import type { PricedSeries } from './html-report.ts';
import { html, type Html } from './html-text.ts';
import { plainText } from './plain-text.ts';
import { type DrawnPlot, plotLine, rangeOf } from './plot-lines.ts';

const HEIGHT = 170;

/** Plots of a pane of their own below the price, on the time axis of the price. */
export function paneChart(series: PricedSeries, pane: string, plots: readonly DrawnPlot[]): Html {
  return bothSizes((size) => panePicture(series, pane, plots, size));
}

function panePicture({ columns, from, to }: PricedSeries, pane: string, plots: readonly DrawnPlot[], size: ChartSize): Html {
  const ranges = plots.flatMap(({ plot }) => {
    const range = rangeOf(plot.values, from, to);
    if (range === null) return [];
    return plot.style === 'histogram' ? [{ low: Math.min(0, range.low), high: Math.max(0, range.high) }] : [range];
  });
  if (ranges.length === 0) return html`<p class="none ${size.place}">No value in this period.</p>`;
  const frame = chartFrame({
    size,
    fromTime: columns.time[from]!,
    toTime: columns.time[to - 1]!,
    low: Math.min(...ranges.map(({ low }) => low)),
    high: Math.max(...ranges.map(({ high }) => high)),
    height: HEIGHT,
    ticks: 4,
    room: 0.04,
  });
  const lines = plots.map((drawn) => plotLine(drawn, columns.time, from, to, frame));
  return chartPicture(frame, `Plots of ${plainText(pane, 60)}`, lines);
}
