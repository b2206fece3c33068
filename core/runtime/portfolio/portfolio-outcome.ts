import { LOG, LOG_FIELDS } from '#core/model/strategy-abi.ts';
import { type FurtherColumns, noFurtherColumns } from '#core/model/chart-column.ts';
import { type Columns, sharedColumns } from '#core/model/columns.ts';
import type { MarketOutcome, RunOutcome } from '../result-document.ts';
import type { PortfolioRun } from './portfolio-run.ts';

/**
 * A run over several markets as one: its bars are all moments at which any market has one, with the value of equal money in each in the place of prices; the log
 * has these bars, each market's rows together.
 * @param markets each with its own log and bars
 */
export function portfolioOutcome(
  { time, equity }: Pick<PortfolioRun, 'time' | 'equity'>,
  markets: readonly MarketOutcome[],
): RunOutcome & { readonly further: FurtherColumns } {
  const places = markets.map(({ columns }) => placesIn(time, columns.time));
  const from = Math.min(...markets.map(({ fromIndex }, market) => places[market]![fromIndex]!));
  return {
    columns: equalMoney(time, markets, places, from),
    further: noFurtherColumns(time.length),
    fromIndex: from,
    log: joinedLog(markets, places),
    equity,
    markets,
  };
}

/** Where the bars of a market stand among all moments; both rise. */
export function placesIn(all: Float64Array, own: Float64Array): Float64Array {
  let at = 0;
  return own.map((time) => {
    while (all[at] !== time) at += 1;
    return at;
  });
}

/** The rows of all logs at their places, in the order of bars, of one bar in the order of the markets. */
function joinedLog(markets: readonly MarketOutcome[], places: readonly Float64Array[]): Float64Array {
  const rows = markets.flatMap(({ log }, market) =>
    Array.from({ length: log.length / LOG_FIELDS }, (_, row) => {
      const values = log.slice(row * LOG_FIELDS, (row + 1) * LOG_FIELDS);
      values[LOG.bar] = places[market]![values[LOG.bar]!]!;
      return values;
    }),
  );
  const joined = new Float64Array(rows.length * LOG_FIELDS);
  // Sorting keeps the order of equals: the markets come one after the other, each in its own order.
  for (const [row, values] of rows.toSorted((a, b) => a[LOG.bar]! - b[LOG.bar]!).entries()) joined.set(values, row * LOG_FIELDS);
  return joined;
}

/** Equal money in every market, once whoever trades it, at the first bar that counts, or where a market begins later, kept: 1 at the start. Held as cash before a market begins. */
function equalMoney(time: Float64Array, markets: readonly MarketOutcome[], places: readonly Float64Array[], from: number): Columns {
  const columns = sharedColumns(time.length);
  columns.time.set(time);
  const names = markets.map(({ market }) => market);
  const parts = markets.flatMap(({ columns: own, fromIndex }, market) =>
    names.indexOf(names[market]!) < market ? [] : [{ own, places: places[market]!, at: -1, base: own.close[fromIndex]! }],
  );
  for (let step = 0; step < time.length; step++) {
    let value = 0;
    for (const part of parts) {
      if (part.places[part.at + 1] === step) part.at += 1;
      const began = part.at >= 0 && part.places[part.at]! >= from;
      value += began ? part.own.close[part.at]! / part.base : 1;
    }
    const mean = value / parts.length;
    columns.close[step] = mean;
    columns.open[step] = mean;
    columns.high[step] = mean;
    columns.low[step] = mean;
  }
  return columns;
}
