import { useEffect } from 'react';
import type { PlaygroundRun } from '#core/runtime/playground/run-playground.ts';
import { createEquityChart } from '../../src/charts/equity-chart.ts';
import { Gain } from '../../src/components/gain.tsx';
import { useChart } from '../../src/components/use-chart.ts';
import { money, percent } from '../../src/format/number-text.ts';
import { pointsOf } from './run-view.ts';

/** The equity of a run. */
export function EquityPanel({ run }: { readonly run: PlaygroundRun }) {
  const { metrics, settings, resultHash } = run.document;
  const { box, chart } = useChart(createEquityChart);
  useEffect(
    () => chart.current?.show({ key: resultHash, points: pointsOf(run), capital: settings.capital }),
    [chart, run, resultHash, settings.capital],
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
