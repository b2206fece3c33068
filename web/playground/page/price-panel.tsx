import '../../src/components/chart-panel.css';
import { useEffect, useMemo, useState } from 'react';
import { barsOf } from '#core/model/columns.ts';
import type { PlaygroundRun } from '#core/runtime/playground/run-playground.ts';
import { createCandleChart } from '../../src/charts/candle-chart.ts';
import { BarLegend } from '../../src/components/bar-legend.tsx';
import { ChartKey } from '../../src/components/chart-key.tsx';
import { useChart } from '../../src/components/use-chart.ts';
import { count } from '../../src/format/number-text.ts';
import { tradesOf } from './run-view.ts';

const PRICE_PX = 360;
const PANE_PX = 120;

/** Candles with trades, stops and the plots of the strategy. */
export function PricePanel({ run }: { readonly run: PlaygroundRun }) {
  const { document, drawings } = run;
  const [source] = document.data;
  // Another run over the same candles keeps what is in view.
  const key = `${source!.sha256} ${source!.timeframe}`;
  const bars = useMemo(() => barsOf(run.columns), [key]);
  const trades = useMemo(() => tradesOf(run), [run]);
  const [pointed, setPointed] = useState<number | null>(null);
  const { box, chart } = useChart((element) => createCandleChart(element, setPointed));
  const { plots, marks, stops } = drawings;
  useEffect(() => {
    chart.current?.show({ key, bars, trades, marks, stopLevel: null, avgPrice: null, plots, stops });
  }, [chart, key, bars, trades, marks, plots, stops]);
  const panes = new Set(plots.flatMap(({ pane }) => (pane === null ? [] : [pane]))).size;
  const shown = pointed === null ? bars.at(-1) : bars.findLast((bar) => bar.time <= pointed);
  return (
    <section className="card chart-panel" aria-label="Chart">
      <div className="chart-panel-head">
        <h2>
          {source!.market} <span className="soft">{source!.timeframe}</span>
        </h2>
        {source!.synthetic === true && <span className="badge synthetic">SYNTHETIC</span>}
        <span className="soft num">{count(bars.length)} bars</span>
      </div>
      <BarLegend bar={shown ?? null} trades={trades} />
      <div
        className="chart"
        style={{ height: PRICE_PX + panes * PANE_PX }}
        ref={box}
        role="img"
        aria-label={`Candles of ${source!.market}, ${source!.timeframe}: ${bars.length} bars, ${trades.length} trades, which are in the table below`}
      />
      <ChartKey hasAverage={false} hasMarks={marks.length > 0} />
    </section>
  );
}
