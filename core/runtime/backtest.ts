import { openRegisters } from '#core/engine/broker-registers.ts';
import { openTradingRegisters } from '#core/engine/trading/registers.ts';
import { settingsArray } from '#core/engine/simulation-settings.ts';
import { runBacktest as runInIsolate } from '#core/sandbox/isolate.ts';
import { runProcessBacktest } from '#core/sandbox/process-backtest.ts';
import type { Columns } from '#core/model/columns.ts';
import type { FurtherColumns, MarketColumn } from '#core/model/chart-column.ts';
import { type BacktestDocument, type BacktestWarning, dataSource, type TradedSource } from './backtest-document.ts';
import type { NamedRule } from './bot/order-gate.ts';
import type { AccountCurrency } from './currency/account-currency.ts';
import { detailRecord } from './detail-data.ts';
import { columnWarnings, furtherColumns } from './further-columns.ts';
import type { MarketData, MarketSeries } from './market-data.ts';
import type { PreparedStrategy } from './prepare-strategy.ts';
import { resultDocument, type RunOutcome } from './result-document.ts';
import { placesIn, portfolioOutcome } from './portfolio/portfolio-outcome.ts';
import { type PortfolioRun, portfolioRun } from './portfolio/portfolio-run.ts';
import type { StrategyOnMarkets } from './portfolio/strategy-on-markets.ts';
import { stampWarnings } from './stamp-warnings.ts';
import { stockRecord } from './stocks/stock-actions.ts';
import { restatedColumns, restatedLog } from './stocks/restated.ts';

export interface BacktestLimits {
  readonly memoryMb: number;
  readonly timeoutMs: number;
  readonly signal?: AbortSignal;
  readonly onProgress?: (bars: number) => void;
  /** The run is over and its evaluation begins, which `signal` does not reach. */
  readonly onRan?: () => void;
  /** Seed of the resampling behind `significance`; null = none is wanted, left out: 1. */
  readonly seed?: number | null;
}

/** Generous for millions of bars, small enough that a run that never ends is noticed. */
export const DEFAULT_LIMITS: BacktestLimits = { memoryMb: 512, timeoutMs: 120_000 };

export interface BacktestResult {
  readonly document: BacktestDocument;
  /** What the document was made of: charts need the bars and the equity. */
  readonly outcome: RunOutcome & { readonly further: FurtherColumns };
}

/**
 * Runs a prepared strategy over candles in an isolate and evaluates the result. Data with finer bars need a strategy that was prepared for them.
 * @param rules risk rules of a config; with any the run goes step by step, as the bot does; so it does with all that only the host knows: splits, asks, nights, the end of a market
 * @param timing durations in ms of the stages before, by name; those of this function are added
 * @throws StratError SANDBOX_*
 */
export async function backtest(
  prepared: PreparedStrategy,
  data: MarketData,
  limits: BacktestLimits,
  timing: Readonly<Record<string, number>>,
  rules: readonly NamedRule[] = [],
): Promise<BacktestResult> {
  const started = performance.now();
  const isStepped =
    rules.length > 0 ||
    data.stock !== undefined ||
    data.ask !== undefined ||
    data.depth !== undefined ||
    data.isDelisted === true ||
    prepared.settings.swap !== undefined;
  const { further, log, equity, acted, columns } = isStepped
    ? await byStep(prepared, data, rules, limits)
    : await freeRun(prepared, data, limits);
  limits.onRan?.();
  const ran = performance.now();
  const outcome = { columns, further, fromIndex: data.fromIndex, log, equity, data };
  const strategies = [{ label: prepared.source.name, prepared, markets: [data] }];
  return evaluate(strategies, outcome, acted, limits, timing, rules, { runMs: ran - started, ran });
}

/**
 * The same over several markets that share an account.
 * @param markets in the order of the `trade` line
 * @throws StratError SANDBOX_*
 */
export async function portfolioBacktest(
  prepared: PreparedStrategy,
  markets: readonly MarketData[],
  limits: BacktestLimits,
  timing: Readonly<Record<string, number>>,
  rules: readonly NamedRule[] = [],
): Promise<BacktestResult> {
  return accountBacktest([{ label: prepared.source.name, prepared, markets }], limits, timing, rules);
}

/** The currency of an account, and what was read for its rates. */
export interface AccountMoney {
  readonly currency: AccountCurrency;
  readonly read: readonly MarketSeries[];
}

/**
 * The same of several strategies that share an account.
 * @param account left out: in the currency of its markets
 * @param strategies on bars of one length, prepared together (core/runtime/portfolio/prepare-together.ts)
 * @throws StratError SANDBOX_*
 */
export async function accountBacktest(
  strategies: readonly StrategyOnMarkets[],
  limits: BacktestLimits,
  timing: Readonly<Record<string, number>>,
  rules: readonly NamedRule[] = [],
  account?: AccountMoney,
): Promise<BacktestResult> {
  const started = performance.now();
  const run = await portfolioRun(strategies, rules, limits, account?.currency);
  limits.onRan?.();
  const ran = performance.now();
  const joined = portfolioOutcome(
    run,
    run.slots.map(({ strategy, at, data: traded }, slot) => {
      const { prepared } = strategies[strategy]!;
      const data = inLastShares(traded);
      const { market, columns, fromIndex } = data;
      const further = furtherColumns(prepared, data, run.ranks[strategy]?.[at]);
      const rates = run.rates === undefined ? {} : { rates: { log: run.rates.logs[slot]!, close: closeRates(run, slot, columns) } };
      return { market, strategy, columns, fromIndex, further, log: lastShareLog(run.logs[slot]!, data), data, ...rates };
    }),
  );
  const outcome = strategies.length === 1 ? joined : { ...joined, strategies };
  return evaluate(strategies, outcome, run.acted, limits, timing, rules, { runMs: ran - started, ran }, account?.read);
}

/** At the close of each bar of a market. */
function closeRates({ rates, time }: PortfolioRun, slot: number, columns: Columns): Float64Array {
  return placesIn(time, columns.time).map((step) => rates!.run.steps[step]!.close[slot]!);
}

function evaluate(
  strategies: readonly StrategyOnMarkets[],
  outcome: BacktestResult['outcome'],
  acted: ReadonlyMap<string, number>,
  { seed }: BacktestLimits,
  timing: Readonly<Record<string, number>>,
  rules: readonly NamedRule[],
  { runMs, ran }: { readonly runMs: number; readonly ran: number },
  ratesRead: readonly MarketSeries[] = [],
): BacktestResult {
  const { prepared } = strategies[0]!;
  const markets = strategies.flatMap((one) => one.markets);
  const found = strategies.flatMap((one) => one.markets.flatMap((data) => warningsOf(one.prepared, data)));
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

/** What is worth knowing of the data of a market. */
function warningsOf(prepared: PreparedStrategy, data: MarketData): readonly BacktestWarning[] {
  return [
    ...data.warnings.map((message) => ({ code: data.synthetic === true ? 'SYNTHETIC' : 'DATA', message })),
    ...data.others.flatMap(({ warnings: found }) => found.map((message) => ({ code: 'DATA', message }))),
    ...(data.ask?.warnings ?? []).map((message) => ({ code: 'DATA', message })),
    ...(data.depth?.warnings ?? []).map((message) => ({ code: 'DATA', message })),
    ...(data.detail?.warnings ?? []).map((message) => ({ code: 'DATA', message })),
    ...columnWarnings(prepared.program, data.market, hasOf(data)).map((message) => ({ code: 'DATA', message })),
  ];
}

const isTraded = (series: MarketSeries): series is MarketData => 'fromIndex' in series;

/** What a document says of a market that was traded. */
function tradedSource(data: MarketData): TradedSource {
  const { detail, ask, depth, stock, isDelisted, fromIndex } = data;
  return {
    ...dataSource(data),
    ...(detail === undefined ? {} : { detail: detailRecord(detail, fromIndex) }),
    ...(ask === undefined ? {} : { ask: ask.source }),
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

/** A run, and the candles that its prices and quantities are those of. */
interface Ran {
  readonly log: Float64Array;
  readonly equity: Float64Array;
  /** How often each risk rule acted. */
  readonly acted: ReadonlyMap<string, number>;
  readonly columns: Columns;
  readonly further: FurtherColumns;
}

/** Bar by bar on the host: an account of one market. */
async function byStep(prepared: PreparedStrategy, data: MarketData, rules: readonly NamedRule[], limits: BacktestLimits): Promise<Ran> {
  const { logs, equity, acted } = await portfolioRun([{ label: prepared.source.name, prepared, markets: [data] }], rules, limits);
  const told = inLastShares(data);
  return { log: lastShareLog(logs[0]!, data), equity, acted, columns: told.columns, further: furtherColumns(prepared, told) };
}

/** A stock with splits is told in shares of its last day. */
function inLastShares(data: MarketData): MarketData {
  return data.stock === undefined ? data : { ...data, columns: restatedColumns(data.columns, data.stock) };
}

function lastShareLog(log: Float64Array, { stock, columns }: MarketData): Float64Array {
  return stock === undefined ? log : restatedLog(log, stock, columns.time.length);
}

/** One call of the isolate for all bars; in a process of its own when code of strangers takes part. */
async function freeRun(prepared: PreparedStrategy, data: MarketData, limits: BacktestLimits): Promise<Ran> {
  const { compiled, params, settings, program } = prepared;
  const { columns, fromIndex, detail } = data;
  const further = furtherColumns(prepared, data);
  const rows = columns.time.length;
  const firstBar = Math.max(prepared.warmUpBars, fromIndex);
  const { plan, engine } = compiled;
  const registers = engine === null ? openRegisters(settings.capital) : openTradingRegisters(plan, settings.capital);
  const input = { columns, further, inner: detail?.inner, params, settings: settingsArray(settings, firstBar, rows), registers };
  const run = program.plugins.length > 0 ? runProcessBacktest : runInIsolate;
  const { log, equity } = await run(compiled, input, limits);
  return { log, equity, acted: new Map(), columns, further };
}

/** To the microsecond: more is noise. */
function roundedMs(timing: Readonly<Record<string, number>>): Readonly<Record<string, number>> {
  return Object.fromEntries(Object.entries(timing).map(([stage, ms]) => [stage, Math.round(ms * 1000) / 1000]));
}
