import { runBacktest as runInIsolate } from '#core/sandbox/isolate.ts';
import { runProcessBacktest } from '#core/sandbox/process-backtest.ts';
import type { Columns } from '#core/model/columns.ts';
import type { FurtherColumns } from '#core/model/chart-column.ts';
import type { NamedRule } from './bot/order-gate.ts';
import type { AccountCurrency } from './currency/account-currency.ts';
import { evaluateRun } from './evaluate-run.ts';
import { freeInput, needsSteps } from './free-run.ts';
import { furtherColumns } from './further-columns.ts';
import type { MarketData, MarketSeries } from './market-data.ts';
import type { BacktestDocument } from './backtest-document.ts';
import type { PreparedStrategy } from './prepare-strategy.ts';
import type { RunOutcome } from './result-document.ts';
import { placesIn, portfolioOutcome } from './portfolio/portfolio-outcome.ts';
import { type PortfolioRun, portfolioRun } from './portfolio/portfolio-run.ts';
import type { StrategyOnMarkets } from './portfolio/strategy-on-markets.ts';
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
  const isStepped = rules.length > 0 || needsSteps(prepared, data);
  const { further, log, equity, acted, columns } = isStepped
    ? await byStep(prepared, data, rules, limits)
    : await freeRun(prepared, data, limits);
  limits.onRan?.();
  const ran = performance.now();
  const outcome = { columns, further, fromIndex: data.fromIndex, log, equity, data };
  const strategies = [{ label: prepared.source.name, prepared, markets: [data] }];
  return evaluateRun(strategies, outcome, acted, limits, timing, rules, { runMs: ran - started, ran });
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

/** Whether it is one strategy on one market by rules of its own: such a run is one call of the isolate, and needs no account of several. */
export function isAlone(strategies: readonly StrategyOnMarkets[]): boolean {
  const [one, ...more] = strategies;
  const { universe, baskets } = one!.prepared.program;
  return more.length === 0 && one!.markets.length === 1 && universe === null && baskets.length === 0;
}

/** Runs strategies, alone or on an account that they share. @throws StratError SANDBOX_* */
export async function runStrategies(
  strategies: readonly StrategyOnMarkets[],
  limits: BacktestLimits,
  timing: Readonly<Record<string, number>>,
  rules: readonly NamedRule[] = [],
  account?: AccountMoney,
): Promise<BacktestResult> {
  const [{ prepared, markets }] = strategies as readonly [StrategyOnMarkets];
  return account === undefined && isAlone(strategies)
    ? backtest(prepared, markets[0]!, limits, timing, rules)
    : accountBacktest(strategies, limits, timing, rules, account);
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
  return evaluateRun(strategies, outcome, run.acted, limits, timing, rules, { runMs: ran - started, ran }, account?.read);
}

/** At the close of each bar of a market. */
function closeRates({ rates, time }: PortfolioRun, slot: number, columns: Columns): Float64Array {
  return placesIn(time, columns.time).map((step) => rates!.run.steps[step]!.close[slot]!);
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
  const run = prepared.program.plugins.length > 0 ? runProcessBacktest : runInIsolate;
  const input = freeInput(prepared, data);
  const { log, equity } = await run(prepared.compiled, input, limits);
  return { log, equity, acted: new Map(), columns: data.columns, further: input.further };
}
