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
  { time, equity, rates }: Pick<PortfolioRun, 'time' | 'equity' | 'rates'>,
  markets: readonly MarketOutcome[],
): RunOutcome & { readonly further: FurtherColumns } {
  const places = markets.map(({ columns }) => placesIn(time, columns.time));
  const from = Math.min(...markets.map(({ fromIndex }, market) => places[market]![fromIndex]!));
  const { log, logRates } = joinedLog(markets, places);
  return {
    columns: equalMoney(time, markets, places, from),
    further: noFurtherColumns(time.length),
    fromIndex: from,
    log,
    equity,
    markets,
    ...(rates === undefined ? {} : { conversion: { currency: rates.run.currency, currencies: rates.run.currencies, log: logRates } }),
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
function joinedLog(
  markets: readonly MarketOutcome[],
  places: readonly Float64Array[],
): { readonly log: Float64Array; readonly logRates: Float64Array } {
  const rows = markets.flatMap(({ log, rates }, market) =>
    Array.from({ length: log.length / LOG_FIELDS }, (_, row) => {
      const values = log.slice(row * LOG_FIELDS, (row + 1) * LOG_FIELDS);
      values[LOG.bar] = places[market]![values[LOG.bar]!]!;
      return { values, rate: rates?.log[row] ?? Number.NaN };
    }),
  );
  const joined = new Float64Array(rows.length * LOG_FIELDS);
  const sorted = rows.toSorted((a, b) => a.values[LOG.bar]! - b.values[LOG.bar]!);
  // Sorting keeps the order of equals: the markets come one after the other, each in its own order.
  for (const [row, { values }] of sorted.entries()) joined.set(values, row * LOG_FIELDS);
  return { log: joined, logRates: Float64Array.from(sorted, ({ rate }) => rate) };
}

/** Equal money in every market, once whoever trades it, at the first bar that counts, or where a market begins later, kept: 1 at the start. Held as cash before a market begins. */
function equalMoney(time: Float64Array, markets: readonly MarketOutcome[], places: readonly Float64Array[], from: number): Columns {
  const columns = sharedColumns(time.length);
  columns.time.set(time);
  const names = markets.map(({ market }) => market);
  const parts = markets.flatMap(({ columns: own, fromIndex, rates }, market) => {
    if (names.indexOf(names[market]!) < market) return [];
    const base = own.close[fromIndex]!;
    const worth =
      rates === undefined
        ? own.close.map((close) => close / base)
        : // What it costs is owed in its own currency, as of any position.
          own.close.map((close, bar) => 1 + (close / base - 1) * (rates.close[bar]! / rates.close[fromIndex]!));
    return [{ worth, places: places[market]!, at: -1 }];
  });
  for (let step = 0; step < time.length; step++) {
    let value = 0;
    for (const part of parts) {
      if (part.places[part.at + 1] === step) part.at += 1;
      const began = part.at >= 0 && part.places[part.at]! >= from;
      value += began ? part.worth[part.at]! : 1;
    }
    const mean = value / parts.length;
    columns.close[step] = mean;
    columns.open[step] = mean;
    columns.high[step] = mean;
    columns.low[step] = mean;
  }
  return columns;
}
