import { hueOf } from '#core/model/colors.ts';
import { HistogramSeries, type IChartApi, type ISeriesApi, LineSeries, LineStyle, type SeriesType } from 'lightweight-charts';
import type { Bar } from '../api/answers.ts';
import type { ChartTheme } from './chart-theme.ts';
import { seconds } from './trade-markers.ts';

/** A `plot` line of a strategy: a value a bar, NaN where it is na. */
export interface ChartPlot {
  readonly label: string;
  readonly values: Float64Array;
  /** Colour name of the language; null = the chart chooses. */
  readonly color: string | null;
  /** Pane below the price; null = on the price. */
  readonly pane: string | null;
  /** `histogram`, ...; null = a line. */
  readonly style: string | null;
}

interface Plotted {
  readonly bars: readonly Bar[];
  readonly plots?: readonly ChartPlot[];
  readonly stops?: Float64Array | undefined;
}

export interface PlotLayer {
  readonly show: (view: Plotted, theme: ChartTheme) => void;
}

const UNNAMED = ['blue', 'orange', 'purple', 'teal', 'red', 'green'] as const;
const LINE = { lineWidth: 2, priceLineVisible: false, crosshairMarkerVisible: false } as const;

/** Colour of a plot, one that is seen on light and on dark. */
export function plotColor(color: string | null, place: number, theme: ChartTheme): string {
  switch (hueOf(color) ?? UNNAMED[place % UNNAMED.length]) {
    case 'red':
    case 'pink':
      return theme.bad;
    case 'orange':
    case 'yellow':
    case 'brown':
      return theme.stop;
    case 'green':
      return theme.good;
    case 'teal':
    case 'cyan':
      return theme.teal;
    case 'purple':
      return theme.purple;
    case 'gray':
      return theme.soft;
    case 'ink':
      return theme.ink;
    default:
      return theme.blue;
  }
}

const CLEAR = 'transparent';

/** A value a bar, where there is one. The chart draws lines on across gaps, in the colour of the point before: that one has none. */
export function linePoints(bars: readonly Bar[], values: Float64Array, isLine: boolean) {
  return bars.map(({ time }, place) => {
    const value = values[place]!;
    if (!Number.isFinite(value)) return { time: seconds(time) };
    const isLast = isLine && place + 1 < bars.length && !Number.isFinite(values[place + 1]!);
    return { time: seconds(time), value, ...(isLast ? { color: CLEAR } : {}) };
  });
}

/** The lines of a strategy on a chart of candles, with panes for those that are not prices, and its stops. */
export function plotLayer(chart: IChartApi): PlotLayer {
  let drawn: ISeriesApi<SeriesType>[] = [];
  return {
    show({ bars, plots = [], stops }, theme) {
      for (const series of drawn.toReversed()) chart.removeSeries(series);
      drawn = [];
      const points = (values: Float64Array, isLine: boolean) => linePoints(bars, values, isLine);
      const panes = [...new Set(plots.flatMap(({ pane }) => (pane === null ? [] : [pane])))];
      for (const [place, { label, values, color, pane, style }] of plots.entries()) {
        const at = pane === null ? 0 : panes.indexOf(pane) + 1;
        const look = { color: plotColor(color, place, theme), title: label, priceLineVisible: false };
        const series =
          style === 'histogram' ? chart.addSeries(HistogramSeries, look, at) : chart.addSeries(LineSeries, { ...LINE, ...look }, at);
        series.setData(points(values, style !== 'histogram'));
        drawn.push(series);
      }
      if (stops !== undefined) {
        const look = {
          ...LINE,
          lineWidth: 1,
          color: theme.stop,
          lineStyle: LineStyle.Dashed,
          lastValueVisible: false,
        } as const;
        const series = chart.addSeries(LineSeries, look, 0);
        series.setData(points(stops, true));
        drawn.push(series);
      }
      for (const [place, pane] of chart.panes().entries()) pane.setStretchFactor(place === 0 ? 3 : 1);
    },
  };
}
