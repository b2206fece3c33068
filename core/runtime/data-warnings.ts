import type { Columns } from '#core/model/columns.ts';
import { fileName } from '#core/model/file-name.ts';
import { LineMap } from '#dsl/diagnostics/line-map.ts';
import { type BacktestWarning, isoTime } from './backtest-document.ts';
import type { PreparedStrategy } from './prepare-strategy.ts';

/** A price that is this many times a number, or this part of it, is far from it. */
const FAR = 20;

/**
 * Warnings of the language that only the data of a run can decide: W0601, W0908.
 * @param markets the candles of each market that is traded
 */
export function dataWarnings(
  prepared: PreparedStrategy,
  columns: Columns,
  fromIndex: number,
  markets: readonly Columns[],
): readonly BacktestWarning[] {
  return [...trainingWarnings(prepared, columns, fromIndex), ...priceWarnings(prepared, markets)];
}

/** Markets of an account whose candles end before those of the others, with a position that nothing closes any more. @param held names of the markets with one */
export function endedWarnings(
  { time }: Columns,
  markets: readonly { readonly market: string; readonly columns: Columns }[],
  held: ReadonlySet<string>,
): readonly BacktestWarning[] {
  const ends = new Map(markets.map(({ market, columns }) => [market, columns.time.at(-1)!]));
  return [...ends].flatMap(([market, last]) => {
    if (last === time.at(-1) || !held.has(market)) return [];
    const message = `${market} has no bar after ${isoTime(last)}, and the run ends at ${isoTime(time.at(-1)!)}: its position stays at its last close to the end, and no order of it fills; if the market ended then, give --delisted ${market}=${isoTime(last).slice(0, 10)}`;
    return [{ code: 'DATA_ENDED', message }];
  });
}

/** Markets whose prices lie below the step of prices: there sales are rounded down to nothing, and buys up to the step. */
export function tickWarnings(
  tick: number | null,
  markets: readonly { readonly market: string; readonly columns: Columns }[],
): readonly BacktestWarning[] {
  if (tick === null) return [];
  return markets.flatMap(({ market, columns: { low, time } }) => {
    const bar = low.findIndex((price) => price < tick);
    if (bar < 0) return [];
    const message = `the step of prices (tick ${tick}) is more than the price of ${market}, which is ${low[bar]!} at ${isoTime(time[bar]!)}: a sale there fills at 0, a buy at ${tick} or more; give the step that this market has`;
    return [{ code: 'TICK_ABOVE_PRICE', message }];
  });
}

function trainingWarnings({ program, models }: PreparedStrategy, { time }: Columns, fromIndex: number): readonly BacktestWarning[] {
  return models.flatMap(({ trained }, place) => {
    if (trained === undefined) return [];
    const tested = time.subarray(fromIndex);
    const within = tested.reduce((count, moment) => (moment >= trained.from && moment < trained.to ? count + 1 : count), 0);
    if (within === 0) return [];
    const period = `from ${isoTime(trained.from)} to ${isoTime(trained.to)}`;
    const message = `the model ${program.models[place]!.name} was trained on data ${period}, which hold ${within} of the ${tested.length} bars of this run: its result is too good, test on later data`;
    return [{ code: 'W0601', message }];
  });
}

function priceWarnings({ program, source }: PreparedStrategy, markets: readonly Columns[]): readonly BacktestWarning[] {
  const lines = new LineMap(source.text);
  return program.priceLiterals.flatMap(({ value, span }) => {
    const isNear = ({ high, low }: Columns): boolean => low.some((price, bar) => price <= value * FAR && high[bar]! >= value / FAR);
    if (markets.some(isNear)) return [];
    const range = `from ${Math.min(...markets.map(({ low }) => minOf(low)))} to ${Math.max(...markets.map(({ high }) => maxOf(high)))}`;
    const place = `${fileName(source.file)}:${lines.position(span.start).line}`;
    return [{ code: 'W0908', message: `${place}: the price never was near ${value}: in these data it went ${range}. Check the number` }];
  });
}

const maxOf = (values: Float64Array): number => values.reduce((most, value) => Math.max(most, value), 0);
const minOf = (values: Float64Array): number => values.reduce((least, value) => Math.min(least, value), Infinity);
