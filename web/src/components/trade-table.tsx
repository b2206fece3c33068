import { useMemo } from 'react';
import type { StrategyStatus } from '#core/ports/bot-control.ts';
import { usePage } from './session-context.ts';
import { tradeColumns } from './trade-columns.tsx';
import { TradeList } from './trade-list.tsx';

/** All trades of the bot. */
export function TradeTable({ strategies }: { readonly strategies: readonly StrategyStatus[] }) {
  const trades = usePage((page) => page.trades);
  const names = strategies.map((strategy) => `${strategy.id}\n${strategy.name}`).join('\n\n');
  const columns = useMemo(() => {
    const known = new Map(names.split('\n\n').map((pair) => pair.split('\n') as [string, string]));
    return tradeColumns((id) => known.get(id) ?? id);
  }, [names]);
  return <TradeList trades={trades} columns={columns} none="None yet." />;
}
