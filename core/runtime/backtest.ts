import { openRegisters } from '#core/engine/broker.ts';
import { settingsArray } from '#core/engine/simulation-settings.ts';
import { runBacktest as runInIsolate } from '#core/sandbox/isolate.ts';
import { type BacktestDocument, isoTime } from './backtest-document.ts';
import type { MarketData } from './market-data.ts';
import type { PreparedStrategy } from './prepare-strategy.ts';
import { resultDocument, type RunOutcome } from './result-document.ts';

export interface BacktestLimits {
  readonly memoryMb: number;
  readonly timeoutMs: number;
  readonly signal?: AbortSignal;
  readonly onProgress?: (bars: number) => void;
  /** The run is over and its evaluation begins, which `signal` does not reach. */
  readonly onRan?: () => void;
}

/** Generous for millions of bars, small enough that a run that never ends is noticed. */
export const DEFAULT_LIMITS: BacktestLimits = { memoryMb: 512, timeoutMs: 120_000 };

export interface BacktestResult {
  readonly document: BacktestDocument;
  /** What the document was made of: charts need the bars and the equity. */
  readonly outcome: RunOutcome;
}

/**
 * Runs a prepared strategy over candles in an isolate and evaluates the result.
 * @param timing durations in ms of the stages before, by name; those of this function are added
 * @throws StratError SANDBOX_*
 */
export async function backtest(
  prepared: PreparedStrategy,
  data: MarketData,
  limits: BacktestLimits,
  timing: Readonly<Record<string, number>>,
): Promise<BacktestResult> {
  const { columns } = data;
  const rows = columns.time.length;
  const started = performance.now();
  const firstBar = Math.max(prepared.warmUpBars, data.fromIndex);
  const { log, equity } = await runInIsolate(
    prepared.compiled,
    {
      columns,
      params: prepared.params,
      settings: settingsArray(prepared.settings, firstBar, rows),
      registers: openRegisters(prepared.settings.capital),
    },
    limits,
  );
  limits.onRan?.();
  const ran = performance.now();
  const outcome = { columns, fromIndex: data.fromIndex, log, equity };
  const source = {
    market: data.market,
    timeframe: data.timeframe.name,
    rows,
    from: isoTime(columns.time[0]!),
    to: isoTime(columns.time[rows - 1]!),
    sha256: data.sha256,
    ...(data.synthetic === true ? { synthetic: true as const } : {}),
  };
  const warnings = [
    ...prepared.warnings.map(({ code, message }) => ({ code, message })),
    ...data.warnings.map((message) => ({ code: data.synthetic === true ? 'SYNTHETIC' : 'DATA', message })),
  ];
  const document = resultDocument(prepared, source, outcome, warnings, {});
  const ended = performance.now();
  const stages = { ...timing, runMs: ran - started, evaluateMs: ended - ran, totalMs: ended };
  return { document: { ...document, timing: roundedMs(stages) }, outcome };
}

/** To the microsecond: more is noise. */
function roundedMs(timing: Readonly<Record<string, number>>): Readonly<Record<string, number>> {
  return Object.fromEntries(Object.entries(timing).map(([stage, ms]) => [stage, Math.round(ms * 1000) / 1000]));
}
