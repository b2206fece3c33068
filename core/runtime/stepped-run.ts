import { StratError } from '#core/errors/strat-error.ts';
import { barFacts } from './bar-facts.ts';
import { type NamedRule, OrderGate } from './bot/order-gate.ts';
import { barAt } from './feeds/bar-feed.ts';
import type { MarketData } from './market-data.ts';
import { PaperAccount } from './paper/paper-account.ts';
import type { PreparedStrategy } from './prepare-strategy.ts';
import { openRows } from './stocks/stock-rows.ts';

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
  readonly onProgress?: (bars: number) => void;
}

/** Bars between two looks at the signal. */
const BARS_BETWEEN = 1024;

/**
 * A backtest step by step as the bot does it: the strategy decides in an isolate, risk rules and the engine act on the host. The same numbers as paper
 * trading with these rules. After a split or a dividend the strategy begins anew and is shown its history on the new scale.
 * @throws StratError SANDBOX_*
 */
export async function steppedRun(
  prepared: PreparedStrategy,
  data: MarketData,
  rules: readonly NamedRule[],
  limits: SteppedLimits,
): Promise<SteppedRun> {
  const { columns, market, timeframe, fromIndex } = data;
  const count = columns.time.length;
  const firstBar = Math.max(prepared.warmUpBars, fromIndex);
  const account = new PaperAccount({
    identity: '',
    plan: prepared.compiled.plan,
    settings: prepared.settings,
    markets: [{ market, firstBar, rows: count, inner: data.detail?.inner, books: data.depth?.books }],
  });
  const strategy = prepared.source.name;
  const { capital } = prepared.settings;
  const gate = new OrderGate({
    strategy,
    markets: [market],
    stepMs: timeframe.stepMs,
    capital,
    rules,
    others: () => [],
  });
  const factsOf = barFacts(prepared, data);
  const log: number[] = [];
  const keep = (more: Float64Array): void => {
    for (const value of more) log.push(value);
  };
  const equity = new Float64Array(count);
  const acted = new Map<string, number>();
  const rows = await openRows(prepared, data, limits);
  try {
    for (let index = 0; index < count; index++) {
      if (index % BARS_BETWEEN === 0) {
        if (limits.signal?.aborted === true) throw new StratError('SANDBOX_CANCELLED', { bars: index, total: count });
        limits.onProgress?.(index);
      }
      const bar = barAt(columns, index);
      keep(account.openBars([{ ...bar, ...factsOf(index) }])[0]!);
      const row = await rows.next(index, () => account.row());
      const { reviews, notes } = gate.review([{ market: 0, bar, account: account.row() }]);
      keep(account.takeDecisions([{ market: 0, row, review: reviews[0]! }])[0]!);
      for (const { rule } of notes) acted.set(rule, (acted.get(rule) ?? 0) + 1);
      if (index === count - 1 && data.isDelisted === true) keep(account.delist());
      equity[index] = account.equity;
    }
    return { log: Float64Array.from(log), equity, acted };
  } finally {
    await rows.close();
  }
}
