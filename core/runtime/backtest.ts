import { openRegisters } from '#core/engine/broker-registers.ts';
import { openTradingRegisters } from '#core/engine/trading/registers.ts';
import { settingsArray } from '#core/engine/simulation-settings.ts';
import { runBacktest as runInIsolate } from '#core/sandbox/isolate.ts';
import { runProcessBacktest } from '#core/sandbox/process-backtest.ts';
import type { FurtherColumns, MarketColumn } from '#core/model/chart-column.ts';
import { type BacktestDocument, type BacktestWarning, dataSource } from './backtest-document.ts';
import type { NamedRule } from './bot/order-gate.ts';
import { columnWarnings, furtherColumns } from './further-columns.ts';
import type { MarketData } from './market-data.ts';
import type { PreparedStrategy } from './prepare-strategy.ts';
import { resultDocument, type RunOutcome } from './result-document.ts';
import { ruledRun } from './ruled-run.ts';

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
 * @param rules risk rules of a config; with any the run goes step by step, as the bot does
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
  const { columns } = data;
  const started = performance.now();
  const further = furtherColumns(prepared, data);
  const { log, equity, acted } =
    rules.length > 0 ? await ruledRun(prepared, data, rules, limits) : await freeRun(prepared, data, further, limits);
  limits.onRan?.();
  const ran = performance.now();
  const outcome = { columns, further, fromIndex: data.fromIndex, log, equity, detail: data.detail };
  const warnings: BacktestWarning[] = [
    ...prepared.warnings.map(({ code, message }) => ({ code, message })),
    ...data.warnings.map((message) => ({ code: data.synthetic === true ? 'SYNTHETIC' : 'DATA', message })),
    ...data.others.flatMap(({ warnings: found }) => found.map((message) => ({ code: 'DATA', message }))),
    ...(data.detail?.warnings ?? []).map((message) => ({ code: 'DATA', message })),
    ...columnWarnings(prepared.program, data.market, hasOf(data)).map((message) => ({ code: 'DATA', message })),
  ];
  for (const [rule, times] of acted) warnings.push({ code: 'RISK', message: `${rule} refused, cut or closed ${times} times` });
  const ids = rules.map(({ id }) => id);
  const document = resultDocument(prepared, [dataSource(data), ...data.others.map(dataSource)], outcome, warnings, {}, ids, limits.seed);
  const ended = performance.now();
  const stages = { ...timing, runMs: ran - started, evaluateMs: ended - ran, totalMs: ended };
  return { document: { ...document, timing: roundedMs(stages) }, outcome };
}

/** Which columns besides candles the data of a market have. */
function hasOf(data: MarketData): (market: string) => ReadonlySet<MarketColumn> {
  const has = new Map([...data.others, data].map(({ market, further }) => [market, new Set(further.keys())] as const));
  return (market) => has.get(market) ?? new Set();
}

/** One call of the isolate for all bars; in a process of its own when code of strangers takes part. */
async function freeRun(
  prepared: PreparedStrategy,
  { columns, fromIndex, detail }: MarketData,
  further: FurtherColumns,
  limits: BacktestLimits,
): Promise<{ readonly log: Float64Array; readonly equity: Float64Array; readonly acted: ReadonlyMap<string, number> }> {
  const { compiled, params, settings, program } = prepared;
  const rows = columns.time.length;
  const firstBar = Math.max(prepared.warmUpBars, fromIndex);
  const { plan, engine } = compiled;
  const registers = engine === null ? openRegisters(settings.capital) : openTradingRegisters(plan, settings.capital);
  const input = { columns, further, inner: detail?.inner, params, settings: settingsArray(settings, firstBar, rows), registers };
  const run = program.plugins.length > 0 ? runProcessBacktest : runInIsolate;
  const { log, equity } = await run(compiled, input, limits);
  return { log, equity, acted: new Map() };
}

/** To the microsecond: more is noise. */
function roundedMs(timing: Readonly<Record<string, number>>): Readonly<Record<string, number>> {
  return Object.fromEntries(Object.entries(timing).map(([stage, ms]) => [stage, Math.round(ms * 1000) / 1000]));
}
