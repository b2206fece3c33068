import { createDecider } from '#core/sandbox/decider.ts';
import { type BarDecider, openProcessDecider } from '#core/sandbox/process-decider.ts';
import { settingsArray } from '#core/engine/simulation-settings.ts';
import { barSource } from '#core/data/columns/program-columns.ts';
import { columnPlan, sourcesOf } from './further-columns.ts';
import { RowTails } from './row-tails.ts';
import { type NamedRule, OrderGate } from './bot/order-gate.ts';
import { barAt } from './feeds/bar-feed.ts';
import type { MarketData } from './market-data.ts';
import { PaperAccount } from './paper/paper-account.ts';
import type { PreparedStrategy } from './prepare-strategy.ts';

/** What a run under risk rules gives: as `run` in the isolate, and how often each rule acted. */
export interface RuledRun {
  readonly log: Float64Array;
  readonly equity: Float64Array;
  readonly acted: ReadonlyMap<string, number>;
}

/**
 * A backtest under risk rules, step by step as the bot does it: the strategy decides in an isolate, the gate and the
 * engine act on the host. Slower than `run` (a crossing of the isolate's border a bar), and the same numbers as paper trading with
 * these rules.
 * @throws StratError SANDBOX_*
 */
export async function ruledRun(
  prepared: PreparedStrategy,
  data: MarketData,
  rules: readonly NamedRule[],
  limits: { readonly memoryMb: number; readonly timeoutMs: number; readonly signal?: AbortSignal },
): Promise<RuledRun> {
  const { columns, market, timeframe, fromIndex, others } = data;
  const rows = columns.time.length;
  const firstBar = Math.max(prepared.warmUpBars, fromIndex);
  const inner = data.detail?.inner ?? null;
  const account = new PaperAccount({ identity: '', plan: prepared.compiled.plan, settings: prepared.settings, firstBar, rows, inner });
  const strategy = prepared.source.name;
  const gate = new OrderGate({ strategy, market, stepMs: timeframe.stepMs, capital: prepared.settings.capital, rules, others: () => [] });
  const settings = settingsArray(prepared.settings, firstBar, rows);
  const tails = new RowTails(columnPlan(prepared, timeframe), sourcesOf(others));
  const decider = await openDecider(prepared, settings, limits);
  const source = barSource(columns, data.further);
  const rates = prepared.program.costs.funding === true ? data.further.get('funding_rate') : undefined;
  const log: number[] = [];
  const equity = new Float64Array(rows);
  const acted = new Map<string, number>();
  try {
    for (let index = 0; index < rows; index++) {
      limits.signal?.throwIfAborted();
      const bar = barAt(columns, index);
      log.push(...account.openBar(bar, rates?.[index]));
      const row = await decider.decide(index, bar, account.row, tails.next(source(index)!));
      const review = gate.review(bar, account.row);
      log.push(...account.takeDecision(row, review));
      for (const { rule } of review.notes) acted.set(rule, (acted.get(rule) ?? 0) + 1);
      equity[index] = account.equity;
    }
    return { log: Float64Array.from(log), equity, acted };
  } finally {
    await decider.close();
  }
}

/** In an isolate of this process; in a runner when code of strangers takes part. */
async function openDecider(
  { program, compiled, params }: PreparedStrategy,
  settings: Float64Array,
  limits: Parameters<typeof ruledRun>[3],
): Promise<BarDecider> {
  if (program.plugins.length > 0) return openProcessDecider(compiled, { params, settings, limits }, limits.signal);
  const { decide, dispose } = createDecider(compiled, { params, settings, limits });
  return { decide, close: async () => dispose() };
}
