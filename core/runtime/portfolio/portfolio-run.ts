import { type MarketDecision, PortfolioEngine } from '#core/engine/trading/portfolio-engine.ts';
import { StratError } from '#core/errors/strat-error.ts';
import type { Columns } from '#core/model/columns.ts';
import { barFacts } from '../bar-facts.ts';
import { type NamedRule, OrderGate } from '../bot/order-gate.ts';
import { barAt } from '../feeds/bar-feed.ts';
import type { MarketData } from '../market-data.ts';
import type { PreparedStrategy } from '../prepare-strategy.ts';
import { openRows } from '../stocks/stock-rows.ts';
import type { MarketRows } from './market-rows.ts';
import { memberRanks } from './member-ranks.ts';
import { portfolioSlots } from './portfolio-slots.ts';

/** What a run over several markets gives: a log for each, in the bars of each, and one account. */
export interface PortfolioRun {
  /** Open times of all bars, ms: each moment once at which any market has one. */
  readonly time: Float64Array;
  /** Of the account, at each of these. */
  readonly equity: Float64Array;
  /** For each log the place of its market: those that rules trade, then the legs of baskets. */
  readonly data: readonly number[];
  /** Rows of LOG_FIELDS. */
  readonly logs: readonly Float64Array[];
  /** How often each risk rule acted. */
  readonly acted: ReadonlyMap<string, number>;
  /** By market, then by number of the rank: what `rank(x)` was on each bar; undefined without ranks. */
  readonly ranks: readonly (readonly Float64Array[])[] | undefined;
}

interface PortfolioLimits {
  readonly memoryMb: number;
  readonly timeoutMs: number;
  readonly signal?: AbortSignal;
  readonly onProgress?: (bars: number) => void;
}

interface GatedDecision extends MarketDecision {
  readonly review?: ReturnType<OrderGate['review']>;
}

/** Steps between two looks at the clock and the signal. */
const STEPS_BETWEEN = 1024;

/**
 * Runs a strategy on several markets that share an account. The strategy decides in an isolate a market, the engine runs here.
 * @param markets in the order of the `trade` line
 * @throws StratError SANDBOX_*
 */
export async function portfolioRun(
  prepared: PreparedStrategy,
  markets: readonly MarketData[],
  rules: readonly NamedRule[],
  limits: PortfolioLimits,
): Promise<PortfolioRun> {
  const { compiled, settings, source } = prepared;
  const slots = portfolioSlots(prepared, markets);
  const traded = slots.data.slice(0, slots.traded).map((at) => markets[at]!);
  const engine = new PortfolioEngine(compiled.plan, settings.conventions, slots.markets, slots.baskets);
  const time = mergedTimes(markets.map(({ columns }) => columns));
  const equity = new Float64Array(time.length);
  const logs = slots.data.map((): number[] => []);
  const acted = new Map<string, number>();
  const { capital, swap } = settings;
  const gates =
    rules.length === 0
      ? undefined
      : traded.map(
          ({ market, timeframe }) =>
            new OrderGate({ strategy: source.name, market, stepMs: timeframe.stepMs, capital, rules, others: () => [] }),
        );
  const factsOf = markets.map((data) => barFacts(prepared, data));
  const steps = stepsOf(
    time,
    markets.map(({ columns }) => columns),
  );
  const { universe } = compiled.plan;
  const ranks =
    universe === null || universe.ranks.length === 0 ? undefined : await memberRanks(prepared, markets, universe, time, steps, limits);
  const rows: MarketRows[] = [];
  try {
    for (const [market, data] of traded.entries()) rows.push(await openRows(prepared, data, limits, ranks?.[market]));
    for (const [step, indexes] of steps.entries()) {
      if (step % STEPS_BETWEEN === 0) {
        if (limits.signal?.aborted === true) throw new StratError('SANDBOX_CANCELLED', { bars: step, total: time.length });
        limits.onProgress?.(step);
      }
      const bars = markets.map(({ columns }, at) => {
        const index = indexes[at]!;
        return index < 0 ? null : { ...barAt(columns, index), ...factsOf[at]!(index), swap };
      });
      engine.open(slots.data.map((at) => bars[at]!));
      let decisions: GatedDecision[] = [];
      for (const [market, { columns }] of traded.entries()) {
        const index = indexes[slots.data[market]!]!;
        if (index < 0) continue;
        const row = await rows[market]!.next(index, () => engine.row(market));
        const review = gates?.[market]!.review(barAt(columns, index), engine.row(market));
        decisions.push({ market, row, ...(review === undefined ? {} : { review }) });
      }
      if (gates !== undefined) decisions = shareReviews(decisions, gates, time[step]! + compiled.plan.stepMs);
      engine.decide(decisions);
      for (const [market, { columns, isDelisted }] of traded.entries())
        if (isDelisted === true && indexes[slots.data[market]!] === columns.time.length - 1) engine.delist(market);
      for (const { rule } of decisions.flatMap(({ review }) => review?.notes ?? [])) acted.set(rule, (acted.get(rule) ?? 0) + 1);
      for (const [market, log] of logs.entries()) for (const value of engine.engines[market]!.drainLog()) log.push(value);
      for (const { market, log } of engine.drainBaskets()) for (const value of log) logs[market]!.push(value);
      equity[step] = engine.equity;
    }
    return { time, equity, data: slots.data, logs: logs.map((log) => Float64Array.from(log)), acted, ranks };
  } finally {
    for (const { close } of rows) await close();
  }
}

/** What a risk rule does to the account it does to every market of it: to one without a bar at its next. @param time close of the bars, ms */
function shareReviews(decisions: readonly GatedDecision[], gates: readonly OrderGate[], time: number): GatedDecision[] {
  const isFlatten = decisions.some(({ review }) => review?.isFlatten === true);
  const until = Math.max(...gates.map(({ pausedUntil }) => pausedUntil));
  const deciding = new Set(decisions.map(({ market }) => market));
  for (const [market, gate] of gates.entries()) {
    gate.pausedUntil = until;
    if (isFlatten && !deciding.has(market)) gate.flatten();
  }
  return decisions.map(({ review, ...decision }) =>
    review === undefined ? decision : { ...decision, review: { ...review, isFlatten, isClosed: review.isClosed || time < until } },
  );
}

/** For each moment the index of each market's bar, -1 = it has none. */
function stepsOf(time: Float64Array, markets: readonly Columns[]): readonly (readonly number[])[] {
  const next = markets.map(() => 0);
  return Array.from(time, (now) => markets.map((columns, market) => (columns.time[next[market]!] === now ? next[market]!++ : -1)));
}

/** Open times of all, each once, rising. */
function mergedTimes(columns: readonly Columns[]): Float64Array {
  const all = new Set(columns.flatMap(({ time }) => [...time]));
  return Float64Array.from(all).toSorted();
}
