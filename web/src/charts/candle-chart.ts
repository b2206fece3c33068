import type { ControlMark, ControlTrade } from '#core/ports/bot-control.ts';
import {
  CandlestickSeries,
  createChart,
  createSeriesMarkers,
  HistogramSeries,
  type IPriceLine,
  LineStyle,
  type UTCTimestamp,
} from 'lightweight-charts';
import type { Bar } from '../api/answers.ts';
import { priceDecimals } from '../format/number-text.ts';
import { chartOptions, type ChartTheme, readTheme, watchTheme } from './chart-theme.ts';
import { firstNew } from './follow.ts';
import { type ChartPlot, plotLayer } from './plot-layer.ts';
import { markMarkers, seconds, tradeMarkers } from './trade-markers.ts';

/** What the chart shows; `key` changes when it is another series. */
export interface CandleView {
  readonly key: string;
  readonly bars: readonly Bar[];
  readonly trades: readonly ControlTrade[];
  readonly marks: readonly ControlMark[];
  readonly stopLevel: number | null;
  readonly avgPrice: number | null;
  /** Lines of the strategy, a value a bar. Left out: none. */
  readonly plots?: readonly ChartPlot[];
  /** The stop in force after each bar. Left out: it is not known. */
  readonly stops?: Float64Array | undefined;
}

export interface CandleChart {
  readonly show: (view: CandleView) => void;
  readonly remove: () => void;
}

const PIXELS_A_BAR = 7;

/** Candles, volume, trades and levels in `box`, which gives the size. `point` hears the bar under the pointer, null = none. */
export function createCandleChart(box: HTMLElement, point: (time: number | null) => void): CandleChart {
  let theme = readTheme();
  let shown: CandleView = { key: '', bars: [], trades: [], marks: [], stopLevel: null, avgPrice: null };
  const chart = createChart(box, chartOptions(theme));
  const candles = chart.addSeries(CandlestickSeries, {});
  const volume = chart.addSeries(HistogramSeries, {
    priceScaleId: 'volume',
    priceFormat: { type: 'volume' },
    priceLineVisible: false,
    lastValueVisible: false,
  });
  candles.priceScale().applyOptions({ scaleMargins: { top: 0.08, bottom: 0.24 } });
  volume.priceScale().applyOptions({ scaleMargins: { top: 0.84, bottom: 0 } });
  const plots = plotLayer(chart);
  const markers = createSeriesMarkers<UTCTimestamp>(candles as never, []);
  const lines: { stop: IPriceLine | null; average: IPriceLine | null } = { stop: null, average: null };

  const candleOf = (bar: Bar) => ({ time: seconds(bar.time), open: bar.open, high: bar.high, low: bar.low, close: bar.close });
  const volumeOf = (bar: Bar) => ({
    time: seconds(bar.time),
    value: bar.volume,
    color: bar.close >= bar.open ? theme.goodSoft : theme.badSoft,
  });

  const colour = (next: ChartTheme): void => {
    theme = next;
    chart.applyOptions(chartOptions(theme));
    candles.applyOptions({
      upColor: theme.good,
      downColor: theme.bad,
      borderVisible: false,
      wickUpColor: theme.good,
      wickDownColor: theme.bad,
      priceLineColor: theme.soft,
    });
  };

  const draw = (bars: readonly Bar[], from: number | null): void => {
    if (from !== null) {
      for (const bar of bars.slice(from)) {
        candles.update(candleOf(bar));
        volume.update(volumeOf(bar));
      }
      return;
    }
    candles.setData(bars.map(candleOf));
    volume.setData(bars.map(volumeOf));
    const decimals = priceDecimals(bars.at(-1)?.close ?? 0);
    candles.applyOptions({ priceFormat: { type: 'price', precision: decimals, minMove: 10 ** -decimals } });
  };

  const setMarkers = ({ bars, trades, marks }: CandleView): void => {
    const from = bars[0]?.time ?? 0;
    const all = [...tradeMarkers(trades, from, theme), ...markMarkers(marks, from, theme)];
    markers.setMarkers(all.toSorted((a, b) => a.time - b.time));
  };

  const level = (name: 'stop' | 'average', price: number | null): void => {
    const line = lines[name];
    if (price === null) {
      if (line !== null) candles.removePriceLine(line);
      lines[name] = null;
      return;
    }
    const color = name === 'stop' ? theme.stop : theme.blue;
    const options = { price, color, title: name, lineStyle: LineStyle.Dashed, lineWidth: 1 as const, axisLabelVisible: true };
    if (line === null) lines[name] = candles.createPriceLine(options);
    else line.applyOptions(options);
  };

  chart.subscribeCrosshairMove((move) => point(typeof move.time === 'number' ? move.time * 1000 : null));
  colour(theme);
  const unwatch = watchTheme((next) => {
    colour(next);
    draw(shown.bars, null);
    setMarkers(shown);
    level('stop', shown.stopLevel);
    level('average', shown.avgPrice);
    plots.show(shown, theme);
  });

  return {
    show(view) {
      const another = view.key !== shown.key || shown.bars.length === 0;
      if (view.bars !== shown.bars) draw(view.bars, another ? null : firstNew(shown.bars, view.bars));
      if (another && view.bars.length > 0) {
        const bars = Math.max(30, Math.floor(box.clientWidth / PIXELS_A_BAR));
        chart.timeScale().setVisibleLogicalRange({ from: view.bars.length - bars, to: view.bars.length + 4 });
      }
      const cut = view.bars[0]?.time !== shown.bars[0]?.time;
      if (view.trades !== shown.trades || view.marks !== shown.marks || another || cut) setMarkers(view);
      level('stop', view.stopLevel);
      level('average', view.avgPrice);
      if (view.plots !== shown.plots || view.stops !== shown.stops || view.bars !== shown.bars) plots.show(view, theme);
      shown = view;
    },
    remove() {
      unwatch();
      chart.remove();
    },
  };
}
