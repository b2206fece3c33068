import { createDecider } from '#core/sandbox/decider.ts';
import { type BarDecider, openProcessDecider } from '#core/sandbox/process-decider.ts';
import type { HistoryRows } from '#core/sandbox/history-rows.ts';
import { settingsArray } from '#core/engine/simulation-settings.ts';
import { RolloverNights } from '#core/data/forex/rollover-nights.ts';
import { barSource } from '#core/data/columns/program-columns.ts';
import { columnPlan, sourcesOf } from './further-columns.ts';
import { RowTails } from './row-tails.ts';
import { type NamedRule, OrderGate } from './bot/order-gate.ts';
import { barAt } from './feeds/bar-feed.ts';
import type { MarketData } from './market-data.ts';
import { PaperAccount } from './paper/paper-account.ts';
import type { PreparedStrategy } from './prepare-strategy.ts';
import { ShownHistory } from './stocks/shown-history.ts';

/** What a stepped run gives: as `run` in the isolate, and how often each rule acted. */
export interface SteppedRun {
  readonly log: Float64Array;
  readonly equity: Float64Array;
  readonly acted: ReadonlyMap<string, number>;
}

interface SteppedLimits {
  readonly memoryMb: number;
  readonly timeoutMs: number;
  readonly signal?: AbortSignal;
}

/** Rows of one call that shows a history again. */
const BLOCK_ROWS = 4096;

/**
 * A backtest step by step as the bot does it: the strategy decides in an isolate, risk rules and the engine act on the host. Slower than `run` (a
 * crossing of the isolate's border a bar), and the same numbers as paper trading with these rules. After a split or a dividend the strategy begins anew and is
 * shown its history on the new scale.
 * @throws StratError SANDBOX_*
 */
export async function steppedRun(
  prepared: PreparedStrategy,
  data: MarketData,
  rules: readonly NamedRule[],
  limits: SteppedLimits,
): Promise<SteppedRun> {
  const { columns, market, timeframe, fromIndex, others } = data;
  const rows = columns.time.length;
  const firstBar = Math.max(prepared.warmUpBars, fromIndex);
  const inner = data.detail?.inner ?? null;
  const account = new PaperAccount({ identity: '', plan: prepared.compiled.plan, settings: prepared.settings, firstBar, rows, inner });
  const strategy = prepared.source.name;
  const gate = new OrderGate({ strategy, market, stepMs: timeframe.stepMs, capital: prepared.settings.capital, rules, others: () => [] });
  const settings = settingsArray(prepared.settings, firstBar, rows);
  const newTails = (): RowTails => new RowTails(columnPlan(prepared, timeframe), sourcesOf(others));
  const source = barSource(columns, data.further);
  const rates = prepared.program.costs.funding === true ? data.further.get('funding_rate') : undefined;
  const history = data.stock === undefined ? null : new ShownHistory();
  const rollovers = prepared.settings.swap === undefined ? null : new RolloverNights();
  const log: number[] = [];
  const equity = new Float64Array(rows);
  const acted = new Map<string, number>();
  let tails = newTails();
  let decider = await openDecider(prepared, settings, limits);
  try {
    for (let index = 0; index < rows; index++) {
      limits.signal?.throwIfAborted();
      const action = data.stock?.byBar.get(index);
      if (action !== undefined && history !== null) {
        log.push(...account.giveToHolders(action));
        history.rescale(action);
        await decider.close();
        tails = newTails();
        decider = await openDecider(prepared, settings, limits, history.rows(tails));
      }
      const bar = barAt(columns, index);
      const nights = rollovers === null || index === 0 ? 0 : rollovers.between(columns.time[index - 1]!, bar.time);
      const ask = data.ask === undefined ? null : barAt(data.ask.columns, index);
      log.push(...account.openBar(bar, { fundingRate: rates?.[index], ask, nights }));
      const row = await decider.decide(index, bar, account.row, tails.next(source(index)!));
      history?.push(source(index)!, account.row);
      const review = gate.review(bar, account.row);
      log.push(...account.takeDecision(row, review));
      for (const { rule } of review.notes) acted.set(rule, (acted.get(rule) ?? 0) + 1);
      if (index === rows - 1 && data.isDelisted === true) log.push(...account.delist());
      equity[index] = account.equity;
    }
    return { log: Float64Array.from(log), equity, acted };
  } finally {
    await decider.close();
  }
}

/** In an isolate of this process; in a runner when code of strangers takes part. @param history what it is shown first */
async function openDecider(
  { program, compiled, params }: PreparedStrategy,
  settings: Float64Array,
  limits: SteppedLimits,
  history?: HistoryRows,
): Promise<BarDecider> {
  if (program.plugins.length > 0) return openProcessDecider(compiled, { params, settings, limits }, limits.signal, history);
  const { decide, catchUp, dispose } = createDecider(compiled, { params, settings, limits });
  const rows = history?.count() ?? 0;
  for (let from = 0; from < rows; from += BLOCK_ROWS) await catchUp(history!.slice(from, Math.min(from + BLOCK_ROWS, rows)));
  return { decide, close: async () => dispose() };
}
