import type { NamedCalendar } from '#core/engine/statistics/daily-equity.ts';
import { halfYearSharpe } from '#core/engine/statistics/half-year-sharpe.ts';
import { bothSizes, chartFrame, chartPicture, type ChartSize } from './chart-frame.ts';
import { place } from './chart-scale.ts';
import type { ReportSeries } from './html-report.ts';
import { html, type Html } from './html-text.ts';
import { type DrawnPlot, plotLine, rangeOf } from './plot-lines.ts';

/** The Sharpe ratio of the last half year of days, at each day; nothing when the run has no whole half year. */
export function rollingChart({ columns, equity, from, to }: ReportSeries, calendar: NamedCalendar | null): Html | null {
  const { window, day: days, sharpe: values } = halfYearSharpe(columns.time, equity, from, to, calendar);
  // Fewer points say nothing of how it changes.
  if (window < 10 || days.length < window + 19) return null;
  const range = rangeOf(values, 0, values.length);
  if (range === null) return null;
  const drawn: DrawnPlot = { plot: { label: '', values, color: null, pane: null, style: null }, look: 'plot hue-purple', label: '' };
  const picture = (size: ChartSize): Html => {
    const [low, high] = [Math.min(0, range.low), Math.max(0, range.high)];
    const frame = chartFrame({ size, fromTime: days[0]!, toTime: days.at(-1)!, low, high, height: 190, ticks: 6, room: 0.06 });
    const zero = html`<path class="capital" d="M${frame.left} ${place(frame.y(0))}H${frame.right}" />`;
    return chartPicture(frame, `Sharpe ratio of the last ${window} days`, [zero, plotLine(drawn, days, 0, values.length, frame)]);
  };
  return html`<section>
    <h2>Sharpe ratio of the last ${window} days</h2>
    ${bothSizes(picture)}
  </section>`;
}
