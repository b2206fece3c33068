import { BaselineSeries, createChart } from 'lightweight-charts';
import type { EquityPoint } from '#core/ports/bot-control.ts';
import { chartOptions, type ChartTheme, readTheme, watchTheme } from './chart-theme.ts';
import { firstNew } from './follow.ts';
import { seconds } from './trade-markers.ts';

/** The curve; `capital` is the line between gain and loss. `key` changes when it is another curve. */
export interface EquityView {
  readonly key: string;
  readonly points: readonly EquityPoint[];
  readonly capital: number;
}

export interface EquityChart {
  readonly show: (view: EquityView) => void;
  readonly remove: () => void;
}

export function createEquityChart(box: HTMLElement): EquityChart {
  let shown: EquityView = { key: '', points: [], capital: 0 };
  let theme = readTheme();
  const chart = createChart(box, chartOptions(theme));
  const curve = chart.addSeries(BaselineSeries, { lineWidth: 2, priceFormat: { type: 'price', precision: 2, minMove: 0.01 } });

  // Two thousand points have to fit on a phone.
  chart.timeScale().applyOptions({ minBarSpacing: 0.02 });

  const colour = (next: ChartTheme): void => {
    theme = next;
    chart.applyOptions(chartOptions(theme));
    curve.applyOptions({
      topLineColor: theme.good,
      topFillColor1: theme.goodSoft,
      topFillColor2: theme.goodSoft,
      bottomLineColor: theme.bad,
      bottomFillColor1: theme.badSoft,
      bottomFillColor2: theme.badSoft,
      priceLineColor: theme.soft,
    });
  };
  const pointOf = (point: EquityPoint) => ({ time: seconds(point.time), value: point.equity });

  colour(theme);
  const unwatch = watchTheme(colour);
  return {
    show(view) {
      const another = view.key !== shown.key || shown.points.length === 0;
      if (another || view.capital !== shown.capital) curve.applyOptions({ baseValue: { type: 'price', price: view.capital } });
      if (view.points !== shown.points) {
        // The whole curve stays in view until the reader zooms in on its end. Asked before: a new point moves the view.
        const range = chart.timeScale().getVisibleLogicalRange();
        const from = another ? null : firstNew(shown.points, view.points);
        if (from === null) curve.setData(view.points.map(pointOf));
        else for (const point of view.points.slice(from)) curve.update(pointOf(point));
        if (another || range === null || range.from < 1) chart.timeScale().fitContent();
      }
      shown = view;
    },
    remove() {
      unwatch();
      chart.remove();
    },
  };
}
