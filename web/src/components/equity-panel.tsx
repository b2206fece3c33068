import { useEffect } from 'react';
import type { StrategyStatus } from '#core/ports/bot-control.ts';
import { createEquityChart } from '../charts/equity-chart.ts';
import { money, percent } from '../format/number-text.ts';
import { sharedQuote } from '../format/market-text.ts';
import { ALL } from '../state/page-state.ts';
import { Gain } from './gain.tsx';
import { usePage, useSession } from './session-context.ts';
import { useChart } from './use-chart.ts';

interface EquityPanelProps {
  readonly strategies: readonly StrategyStatus[];
  /** A strategy's id, or ALL. */
  readonly curve: string;
  readonly choose: (curve: string) => void;
}

/** Equity over time, of one strategy or of all together. */
export function EquityPanel({ strategies, curve, choose }: EquityPanelProps) {
  const session = useSession();
  const points = usePage((page) => page.equity[curve]);
  const members = curve === ALL ? strategies : strategies.filter((strategy) => strategy.id === curve);
  const capital = members.reduce((sum, strategy) => sum + strategy.capital, 0);
  const equity = members.reduce((sum, strategy) => sum + strategy.equity, 0);
  useEffect(() => session.showEquity(curve), [session, curve]);
  const { box, chart } = useChart(createEquityChart);
  useEffect(() => chart.current?.show({ key: curve, points: points ?? [], capital }), [chart, curve, points, capital]);
  return (
    <section className="card chart-panel" aria-label="Equity">
      <div className="chart-panel-head">
        <h2>Equity</h2>
        <span className="num">
          {money(equity)} {sharedQuote(members.map((strategy) => strategy.market))}
        </span>
        <Gain value={equity - capital} text={money} />
        <Gain value={capital > 0 ? ((equity - capital) / capital) * 100 : null} text={percent} />
        <select aria-label="Whose equity" value={curve} onChange={(event) => choose(event.target.value)}>
          <option value={ALL}>all strategies</option>
          {strategies.map((strategy) => (
            <option key={strategy.id} value={strategy.id}>
              {strategy.name}
            </option>
          ))}
        </select>
      </div>
      <div
        className="chart"
        ref={box}
        role="img"
        aria-label={`Equity curve: ${points?.length ?? 0} points, now ${money(equity)}, capital ${money(capital)}`}
      />
    </section>
  );
}
