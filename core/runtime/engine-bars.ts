import { RolloverNights } from '#core/data/forex/rollover-nights.ts';
import type { EngineBar } from '#core/engine/trading/portfolio-input.ts';
import { barAt } from '#core/model/columns.ts';
import type { MarketData } from './market-data.ts';
import type { PreparedStrategy } from './prepare-strategy.ts';

/** The bars of a market as the engine takes them, by index; each is to be asked for once, in order. */
export function engineBars({ program, settings }: PreparedStrategy, data: MarketData): (index: number) => EngineBar {
  const { columns, stock, ask, mark } = data;
  const { swap } = settings;
  const rates = program.costs.funding === true ? data.further.get('funding_rate') : undefined;
  const rollovers = swap === undefined ? null : new RolloverNights();
  return (index) => ({
    ...barAt(columns, index),
    fundingRate: rates?.[index] ?? Number.NaN,
    action: stock?.byBar.get(index),
    ask: ask === undefined ? undefined : barAt(ask.columns, index),
    mark: mark === undefined || Number.isNaN(mark.columns.open[index]!) ? undefined : barAt(mark.columns, index),
    nights: rollovers === null || index === 0 ? 0 : rollovers.between(columns.time[index - 1]!, columns.time[index]!),
    swap,
  });
}
