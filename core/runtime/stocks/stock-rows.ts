import type { MarketRows, StrategyRows } from '../portfolio/market-rows.ts';
import type { MarketData } from '../market-data.ts';
import { ShownHistory } from './shown-history.ts';

/**
 * What a strategy gives for the bars of a market, splits and dividends minded: after each the strategy begins anew and is shown its history on the new scale.
 * @throws StratError SANDBOX_*
 */
export async function openRows(strategy: StrategyRows, data: MarketData, ranks?: readonly Float64Array[]): Promise<MarketRows> {
  let rows = await strategy.open(data, undefined, ranks);
  const { stock } = data;
  if (stock === undefined) return rows;
  const history = new ShownHistory(data.columns);
  return {
    next: async (index, account) => {
      const action = stock.byBar.get(index);
      if (action !== undefined) {
        history.rescale(action);
        await rows.close();
        const shown = { count: history.count, account: (bar: number) => history.account(bar) };
        rows = await strategy.open({ ...data, columns: history.columns }, shown, ranks);
      }
      const row = await rows.next(index, account);
      history.push(account());
      return row;
    },
    close: async () => rows.close(),
  };
}
