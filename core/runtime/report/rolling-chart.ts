import { calendarOf, dailyEquity, periodsPerYear, simpleReturns } from '#core/engine/statistics/daily-equity.ts';
import { rollingSharpe } from '#core/engine/statistics/rolling-sharpe.ts';
import { bothSizes, chartFrame, chartPicture, type ChartSize } from './chart-frame.ts';
import { place } from './chart-scale.ts';
import type { ReportSeries } from './html-report.ts';
import { html, type Html } from './html-text.ts';
import { type DrawnPlot, plotLine, rangeOf } from './plot-lines.ts';

/** The Sharpe ratio of the last half year of days, at each day; nothing when the run has no whole half year. */
export function rollingChart({ columns, equity, from, to }: ReportSeries): Html | null {
  const daily = dailyEquity(columns.time, equity, from, to);
  const perYear = periodsPerYear(daily, calendarOf(columns.time, from, to));
  const window = Math.round(perYear / 2);
  // Fewer points say nothing of how it changes.
  if (window < 10 || daily.day.length < window + 20) return null;
  const values = rollingSharpe(simpleReturns(daily.equity), window, perYear);
  const range = rangeOf(values, 0, values.length);
  if (range === null) return null;
  const days = daily.day.slice(1);
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
