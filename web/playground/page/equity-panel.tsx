import { useEffect, useRef } from 'react';
import type { PlaygroundRun } from '#core/runtime/playground/run-playground.ts';
import { createEquityChart, type EquityChart } from '../../src/charts/equity-chart.ts';
import { Gain } from '../../src/components/gain.tsx';
import { money, percent } from '../../src/format/number-text.ts';
import { pointsOf } from './run-view.ts';

/** The equity of a run. */
export function EquityPanel({ run }: { readonly run: PlaygroundRun }) {
  const { metrics, settings, resultHash } = run.document;
  const box = useRef<HTMLDivElement>(null);
  const chart = useRef<EquityChart>(null);
  useEffect(() => {
    if (box.current === null) return;
    const made = createEquityChart(box.current);
    chart.current = made;
    return () => {
      made.remove();
      chart.current = null;
    };
  }, []);
  useEffect(
    () => chart.current?.show({ key: resultHash, points: pointsOf(run), capital: settings.capital }),
    [run, resultHash, settings.capital],
  );
  return (
    <section className="card chart-panel" aria-label="Equity">
      <div className="chart-panel-head">
        <h2>Equity</h2>
        <span className="num">
          {money(metrics.finalEquity)} {settings.currency}
        </span>
        <Gain value={metrics.netProfit} text={money} />
        <Gain value={metrics.netProfitPct} text={percent} />
      </div>
      <div
        className="chart"
        ref={box}
        role="img"
        aria-label={`Equity curve: from ${money(settings.capital)} to ${money(metrics.finalEquity)} ${settings.currency}`}
      />
    </section>
  );
}
