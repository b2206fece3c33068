import { useState } from 'react';
import { CandlePanel } from './components/candle-panel.tsx';
import { EquityPanel } from './components/equity-panel.tsx';
import { EventLog } from './components/event-log.tsx';
import { OrderTable } from './components/order-table.tsx';
import { PageFooter } from './components/page-footer.tsx';
import { PageHeader } from './components/page-header.tsx';
import { PositionTable } from './components/position-table.tsx';
import { ProblemList } from './components/problem-list.tsx';
import { usePage } from './components/session-context.ts';
import { StrategyCard } from './components/strategy-card.tsx';
import { TradeTable } from './components/trade-table.tsx';
import { useRoute } from './components/use-route.ts';
import { ALL } from './state/page-state.ts';

export function App() {
  const route = useRoute();
  const bot = usePage((page) => page.bot);
  const strategies = usePage((page) => page.strategies);
  const [curve, setCurve] = useState(ALL);
  const chosen = strategies.find((strategy) => route.page === 'strategy' && strategy.id === route.id) ?? strategies[0];
  return (
    <>
      <PageHeader />
      <main>
        <ProblemList />
        {strategies.length === 0 && <p className="soft empty">{bot === null ? 'Waiting for the bot …' : 'No strategy is configured.'}</p>}
        <div className="columns">
          <div className="cards" role="list" aria-label="Strategies">
            {strategies.map((strategy) => (
              <div role="listitem" key={strategy.id}>
                <StrategyCard strategy={strategy} chosen={strategy === chosen} />
              </div>
            ))}
          </div>
          {chosen !== undefined && (
            <div className="charts">
              <CandlePanel strategy={chosen} />
              <EquityPanel strategies={strategies} curve={curve} choose={setCurve} />
            </div>
          )}
        </div>
        <div className="pair">
          <PositionTable strategies={strategies} />
          <OrderTable />
        </div>
        <TradeTable strategies={strategies} />
        <EventLog />
      </main>
      <PageFooter>Times are UTC; hover over one for your own.</PageFooter>
    </>
  );
}
