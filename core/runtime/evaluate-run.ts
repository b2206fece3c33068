import type { MarketColumn } from '#core/model/chart-column.ts';
import { type BacktestWarning, dataSource, type TradedSource } from './backtest-document.ts';
import type { BacktestLimits, BacktestResult } from './backtest.ts';
import type { NamedRule } from './bot/order-gate.ts';
import { detailRecord } from './detail-record.ts';
import { sharedColumnWarnings } from './further-columns.ts';
import type { MarketData, MarketSeries } from './market-data.ts';
import type { StrategyOnMarkets } from './portfolio/strategy-on-markets.ts';
import { resultDocument } from './result-document.ts';
import { stampWarnings } from './stamp-warnings.ts';
import { stockRecord } from './stocks/stock-record.ts';

/** What a run over the candles of an account made, with what is worth knowing of them. @param acted how often each risk rule did */
export function evaluateRun(
  strategies: readonly StrategyOnMarkets[],
  outcome: BacktestResult['outcome'],
  acted: ReadonlyMap<string, number>,
  { seed }: Pick<BacktestLimits, 'seed'>,
  timing: Readonly<Record<string, number>>,
  rules: readonly NamedRule[],
  { runMs, ran }: { readonly runMs: number; readonly ran: number },
  ratesRead: readonly MarketSeries[] = [],
): BacktestResult {
  const { prepared } = strategies[0]!;
  const markets = strategies.flatMap((one) => one.markets);
  const found = strategies.flatMap((one) => [...one.markets.flatMap(warningsOf), ...columnNotes(one)]);
  // Markets that are traded together read the same others, and several files may have the same to say.
  const warnings = [...new Map(found.map((warning) => [`${warning.code} ${warning.message}`, warning])).values()];
  warnings.push(...stampWarnings([...markets, ...markets.flatMap(({ others }) => others)]));
  for (const [rule, times] of acted) warnings.push({ code: 'RISK', message: `${rule} refused, cut or closed ${times} times` });
  const ids = rules.map(({ id }) => id);
  // The traded market may be read by its name as well: it stays the first.
  const byMarket = Map.groupBy([...markets, ...markets.flatMap(({ others }) => others), ...ratesRead], ({ market }) => market);
  const [first, ...more] = [...byMarket.values()].map(([series]) => (isTraded(series!) ? tradedSource(series) : dataSource(series!)));
  const sources = [first!, ...more] as const;
  const known = new Map(
    strategies.flatMap((one) => one.prepared.warnings.map(({ code, message }) => [`${code} ${message}`, { code, message }] as const)),
  );
  const document = resultDocument(prepared, sources, outcome, [...known.values(), ...warnings], {}, ids, seed);
  const ended = performance.now();
  const stages = { ...timing, runMs, evaluateMs: ended - ran, totalMs: ended };
  return { document: { ...document, timing: roundedMs(stages) }, outcome };
}

/** Tells of what takes no part in a run. */
export const LEFT_OUT = 'DATA_LEFT_OUT';

/** What is worth knowing of the data of a market. */
function warningsOf(data: MarketData): readonly BacktestWarning[] {
  return [
    ...(data.leftOut === undefined ? [] : [{ code: LEFT_OUT, message: `not traded for want of candles: ${data.leftOut.join(', ')}` }]),
    ...data.warnings.map((message) => ({ code: data.synthetic === true ? 'SYNTHETIC' : 'DATA', message })),
    ...data.others.flatMap(({ warnings: found }) => found.map((message) => ({ code: 'DATA', message }))),
    ...(data.ask?.warnings ?? []).map((message) => ({ code: 'DATA', message })),
    ...(data.mark?.warnings ?? []).map((message) => ({ code: 'DATA', message })),
    ...(data.depth?.warnings ?? []).map((message) => ({ code: 'DATA', message })),
    ...(data.detail?.warnings ?? []).map((message) => ({ code: 'DATA', message })),
  ];
}

function columnNotes({ prepared, markets }: StrategyOnMarkets): readonly BacktestWarning[] {
  const runs = markets.map((data) => ({ traded: data.market, has: hasOf(data) }));
  return sharedColumnWarnings(prepared.program, runs).map((message) => ({ code: 'DATA', message }));
}

const isTraded = (series: MarketSeries): series is MarketData => 'fromIndex' in series;

/** What a document says of a market that was traded. */
function tradedSource(data: MarketData): TradedSource {
  const { detail, ask, mark, depth, stock, isDelisted, fromIndex } = data;
  return {
    ...dataSource(data),
    ...(detail === undefined ? {} : { detail: detailRecord(detail, fromIndex) }),
    ...(ask === undefined ? {} : { ask: ask.source }),
    ...(mark === undefined ? {} : { mark: mark.source }),
    ...(depth === undefined ? {} : { depth: depth.source }),
    ...(stock === undefined ? {} : { stock: stockRecord(stock, fromIndex) }),
    ...(isDelisted === undefined ? {} : { delisted: isDelisted }),
  };
}

/** Which columns besides candles the data of a market have. */
function hasOf(data: MarketData): (market: string) => ReadonlySet<MarketColumn> {
  const has = new Map([...data.others, data].map(({ market, further }) => [market, new Set(further.keys())] as const));
  return (market) => has.get(market) ?? new Set();
}

/** To the microsecond: more is noise. */
function roundedMs(timing: Readonly<Record<string, number>>): Readonly<Record<string, number>> {
  return Object.fromEntries(Object.entries(timing).map(([stage, ms]) => [stage, Math.round(ms * 1000) / 1000]));
}
