import { RolloverNights } from '#core/data/forex/rollover-nights.ts';
import type { CorporateAction } from '#core/data/stocks/factor-file.ts';
import type { Bar } from '#core/model/bar.ts';
import { barAt } from '#core/model/columns.ts';
import type { MarketData } from './market-data.ts';
import type { PreparedStrategy } from './prepare-strategy.ts';

/** What is known of a bar besides its candle. */
export interface BarFacts {
  /** NaN = the data have none for the bar. */
  readonly fundingRate: number;
  /** What happened to the stock since the bar before. */
  readonly action: CorporateAction | undefined;
  /** What buys meet; undefined = what sales do. */
  readonly ask: Bar | undefined;
  /** The mark price; undefined = not known. */
  readonly mark: Bar | undefined;
  /** Nights since the bar before for which currency positions cost interest. */
  readonly nights: number;
}

/** The facts of the bars of a market, by index; each bar is to be asked for once, in order. */
export function barFacts({ program, settings }: PreparedStrategy, data: MarketData): (index: number) => BarFacts {
  const { columns, stock, ask, mark } = data;
  const rates = program.costs.funding === true ? data.further.get('funding_rate') : undefined;
  const rollovers = settings.swap === undefined ? null : new RolloverNights();
  return (index) => ({
    fundingRate: rates?.[index] ?? Number.NaN,
    action: stock?.byBar.get(index),
    ask: ask === undefined ? undefined : barAt(ask.columns, index),
    mark: mark === undefined || Number.isNaN(mark.columns.open[index]!) ? undefined : barAt(mark.columns, index),
    nights: rollovers === null || index === 0 ? 0 : rollovers.between(columns.time[index - 1]!, columns.time[index]!),
  });
}
