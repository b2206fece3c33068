import type { ControlMark, StrategyStatus } from '#core/ports/bot-control.ts';
import './chart-panel.css';
import { useEffect, useMemo, useState } from 'react';
import { createCandleChart } from '../charts/candle-chart.ts';
import { price } from '../format/number-text.ts';
import { chartKey } from '../state/page-state.ts';
import { BarLegend } from './bar-legend.tsx';
import { ChartKey } from './chart-key.tsx';
import { usePage, useSession } from './session-context.ts';
import { useChart } from './use-chart.ts';

const NO_MARKS: readonly ControlMark[] = [];

/** Candles of a market of the chosen strategy with its trades and levels; of several, one is chosen. */
export function CandlePanel({ strategy }: { readonly strategy: StrategyStatus }) {
  const session = useSession();
  const { id, markets } = strategy;
  const [wanted, setWanted] = useState<string | null>(null);
  const market = markets.find((one) => one.market === wanted) ?? markets[0];
  const name = market?.market ?? '';
  const key = chartKey(id, name);
  const bars = usePage((page) => page.candles[key]);
  const marks = usePage((page) => page.marks[key]) ?? NO_MARKS;
  const allTrades = usePage((page) => page.trades);
  const trades = useMemo(() => allTrades.filter((trade) => trade.strategy === id && trade.market === name), [allTrades, id, name]);
  const [stopLevel, avgPrice] = market === undefined || market.qty === 0 ? [null, null] : [market.stopLevel, market.avgPrice];
  const [pointed, setPointed] = useState<number | null>(null);
  useEffect(() => session.showCandles(id, name), [session, id, name]);
  const { box, chart } = useChart((element) => createCandleChart(element, setPointed));
  useEffect(() => {
    chart.current?.show({
      key,
      bars: bars ?? [],
      trades,
      marks,
      stopLevel,
      avgPrice,
    });
  }, [chart, key, bars, trades, marks, stopLevel, avgPrice]);

  const last = bars?.at(-1);
  const shown = pointed === null ? last : (bars?.findLast((bar) => bar.time <= pointed) ?? last);
  return (
    <section className="card chart-panel" aria-label={`Chart of ${strategy.name}`}>
      <div className="chart-panel-head">
        <h2>
          {name} <span className="soft">{strategy.timeframe}</span>
        </h2>
        {strategy.synthetic && <span className="badge synthetic">SYNTHETIC</span>}
        <span className="soft">{strategy.name}</span>
        {markets.length > 1 && (
          <select aria-label="Market of the chart" value={name} onChange={(event) => setWanted(event.target.value)}>
            {markets.map((one) => (
              <option key={one.market}>{one.market}</option>
            ))}
          </select>
        )}
      </div>
      <BarLegend bar={shown ?? null} trades={trades} />
      <div
        className="chart tall"
        ref={box}
        role="img"
        aria-label={`Candles of ${name}, ${strategy.timeframe}: ${bars?.length ?? 0} bars, last close ${price(last?.close ?? null)}. The trades are in the table below.`}
      />
      <ChartKey hasAverage hasMarks={marks.length > 0} />
    </section>
  );
}
