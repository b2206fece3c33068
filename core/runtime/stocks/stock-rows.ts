import { type MarketRows, openMarketRows } from '../portfolio/market-rows.ts';
import type { MarketData } from '../market-data.ts';
import type { PreparedStrategy } from '../prepare-strategy.ts';
import { ShownHistory } from './shown-history.ts';

/**
 * What a strategy gives for the bars of a market, splits and dividends minded: after each the strategy begins anew and is shown its history on the new scale.
 * @throws StratError SANDBOX_*
 */
export async function openRows(
  prepared: PreparedStrategy,
  data: MarketData,
  limits: Parameters<typeof openMarketRows>[2],
  ranks?: readonly Float64Array[],
): Promise<MarketRows> {
  let rows = await openMarketRows(prepared, data, limits, undefined, ranks);
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
        rows = await openMarketRows(prepared, { ...data, columns: history.columns }, limits, shown, ranks);
      }
      const row = await rows.next(index, account);
      history.push(account());
      return row;
    },
    close: async () => rows.close(),
  };
}
