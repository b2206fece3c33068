import { PortfolioEngine } from '#core/engine/trading/portfolio-engine.ts';
import type { EngineBar, MarketDecision, StepRates } from '#core/engine/trading/portfolio-input.ts';
import { StratError } from '#core/errors/strat-error.ts';
import { barAt, type Columns } from '#core/model/columns.ts';
import { LOG_FIELDS } from '#core/model/strategy-abi.ts';
import { engineBars } from '../engine-bars.ts';
import { type GateBar, type NamedRule, OrderGate } from '../bot/order-gate.ts';
import type { AccountCurrency } from '../currency/account-currency.ts';
import { type RunRates, stepRates } from '../currency/step-rates.ts';
import type { MarketData } from '../market-data.ts';
import { openRows } from '../stocks/stock-rows.ts';
import { type MarketRows, openStrategyRows, type StrategyRows } from './market-rows.ts';
import { memberRanks } from './member-ranks.ts';
import { type PortfolioSlot, portfolioSlots } from './portfolio-slots.ts';
import type { StrategyOnMarkets } from './strategy-on-markets.ts';

/** What a run over several markets gives: a log for each, in the bars of each, and one account. Two strategies on one market have a log each. */
export interface PortfolioRun {
  /** Open times of all bars, ms: each moment once at which any market has one. */
  readonly time: Float64Array;
  /** Of the account, at each of these. */
  readonly equity: Float64Array;
  /** For each log whose it is: the markets that rules trade, then the legs of baskets. */
  readonly slots: readonly PortfolioSlot[];
  /** Rows of LOG_FIELDS. */
  readonly logs: readonly Float64Array[];
  /** With an account in a currency of its own: for each log the rate of each of its rows, and the rates of all currencies. */
  readonly rates?: { readonly logs: readonly Float64Array[]; readonly run: RunRates };
  /** How often each risk rule acted. */
  readonly acted: ReadonlyMap<string, number>;
  /** By strategy, by market, then by number of the rank: what `rank(x)` was on each bar; undefined without ranks. */
  readonly ranks: readonly (readonly (readonly Float64Array[])[] | undefined)[];
}

/** A step that is done: fills and decisions of its bars. */
export interface PortfolioStep {
  readonly step: number;
  readonly engine: PortfolioEngine;
  readonly slots: readonly PortfolioSlot[];
  /** By slot, of its own bars; -1 = it has none in this step. */
  readonly indexes: readonly number[];
  /** By slot; null = no bar. */
  readonly bars: readonly (EngineBar | null)[];
  readonly rates: StepRates | undefined;
  readonly decisions: readonly MarketDecision[];
}

export interface RunLimits {
  readonly memoryMb: number;
  readonly timeoutMs: number;
  readonly signal?: AbortSignal;
  readonly onProgress?: (bars: number) => void;
  readonly watch?: RunWatch;
}

/** Looks at the steps of a run. */
interface RunWatch {
  /** The last step that is run; left out: all are. */
  readonly until?: number;
  /** Before a step: the engine as it stands. */
  readonly before?: (step: number, engine: PortfolioEngine) => void;
  /** Behind it. */
  readonly after?: (step: PortfolioStep) => void;
}

/** Steps between two looks at the clock and the signal. */
const STEPS_BETWEEN = 1024;

/**
 * Runs strategies on markets that share an account. Each decides in an isolate of its own, the engine runs here.
 * @param account left out: in the currency of its markets
 * @param strategies on bars of one length, with settings that agree in all that is the account's
 * @throws StratError SANDBOX_*
 */
export async function portfolioRun(
  strategies: readonly StrategyOnMarkets[],
  rules: readonly NamedRule[],
  limits: RunLimits,
  account?: AccountCurrency,
): Promise<PortfolioRun> {
  const { settings } = strategies[0]!.prepared;
  const { slots, traded: count, baskets } = portfolioSlots(strategies);
  const traded = slots.slice(0, count);
  const engine = new PortfolioEngine(
    strategies.map(({ prepared }) => prepared.compiled.plan),
    settings.conventions,
    slots.map((slot) => slot.engine),
    baskets,
  );
  const series = strategies.flatMap(({ markets }) => markets);
  const time = mergedTimes(series.map(({ columns }) => columns));
  const equity = new Float64Array(time.length);
  const logs = slots.map((): number[] => []);
  const logRates = slots.map((): number[] => []);
  const acted = new Map<string, number>();
  const { capital } = settings;
  const gate = new OrderGate({
    strategy: strategies.map(({ label }) => label).join(' + '),
    markets: traded.map(({ data }) => data.market),
    stepMs: series[0]!.timeframe.stepMs,
    capital,
    rules,
    others: () => [],
  });
  const barOf = slots.map(({ strategy, data }) => engineBars(strategies[strategy]!.prepared, data));
  const steps = stepsOf(time, slots);
  const fromStep = Math.min(...series.map(({ columns, fromIndex }) => time.indexOf(columns.time[fromIndex]!)));
  const names = slots.map(({ data }) => data.market);
  const runRates = account === undefined ? undefined : stepRates(account, names, time, series[0]!.timeframe.stepMs, fromStep);
  const ranks = await Promise.all(strategies.map((strategy) => ranksOf(strategy, limits)));
  const opened: StrategyRows[] = [];
  const rows: MarketRows[] = [];
  try {
    for (const { prepared, markets } of strategies) opened.push(openStrategyRows(prepared, limits, markets.length));
    for (const { strategy, at, data } of traded) rows.push(await openRows(opened[strategy]!, data, ranks[strategy]?.[at]));
    for (const [step, indexes] of steps.entries()) {
      if (step % STEPS_BETWEEN === 0) {
        if (limits.signal?.aborted === true) throw new StratError('SANDBOX_CANCELLED', { bars: step, total: time.length });
        limits.onProgress?.(step);
      }
      limits.watch?.before?.(step, engine);
      const bars = slots.map((_, slot) => {
        const index = indexes[slot]!;
        return index < 0 ? null : barOf[slot]!(index);
      });
      engine.open(bars, runRates?.steps[step]);
      const decisions: MarketDecision[] = [];
      const seen: GateBar[] = [];
      for (const [market, { data }] of traded.entries()) {
        const index = indexes[market]!;
        if (index < 0) continue;
        const row = rows[market]!.next(index, () => engine.row(market));
        // Most are there: to wait for each would take longer than what is done with it.
        decisions.push({ market, row: row instanceof Promise ? await row : row });
        if (rules.length > 0) seen.push({ market, bar: barAt(data.columns, index), account: engine.row(market) });
      }
      const { reviews, notes } = gate.review(seen);
      const reviewed = rules.length === 0 ? decisions : decisions.map((decision, at) => ({ ...decision, review: reviews[at]! }));
      engine.decide(reviewed);
      for (const [market, { data }] of traded.entries())
        if (data.isDelisted === true && indexes[market] === data.columns.time.length - 1) engine.delist(market);
      for (const { rule } of notes) acted.set(rule, (acted.get(rule) ?? 0) + 1);
      for (const [market, log] of logs.entries()) {
        const { rows: more, rates } = engine.drain(market);
        for (const value of more) log.push(value);
        for (const rate of rates) logRates[market]!.push(rate);
      }
      for (const { market, log } of engine.drainBaskets()) {
        for (const value of log) logs[market]!.push(value);
        for (let row = 0; row < log.length / LOG_FIELDS; row++) logRates[market]!.push(Number.NaN);
      }
      equity[step] = engine.equity;
      limits.watch?.after?.({ step, engine, slots, indexes, bars, rates: runRates?.steps[step], decisions: reviewed });
      if (step === limits.watch?.until) break;
    }
    const told = { time, equity, slots, logs: logs.map((log) => Float64Array.from(log)), acted, ranks };
    return runRates === undefined ? told : { ...told, rates: { logs: logRates.map((of) => Float64Array.from(of)), run: runRates } };
  } finally {
    for (const { close } of rows) await close();
    for (const { close } of opened) close();
  }
}

/** The ranks of a strategy; undefined where it has none. */
async function ranksOf(
  { prepared, markets }: StrategyOnMarkets,
  limits: RunLimits,
): Promise<readonly (readonly Float64Array[])[] | undefined> {
  const { universe } = prepared.compiled.plan;
  if (universe === null || universe.ranks.length === 0) return undefined;
  const time = mergedTimes(markets.map(({ columns }) => columns));
  const steps = stepsOf(
    time,
    markets.map((data) => ({ data })),
  );
  return memberRanks(prepared, markets, universe, time, steps, limits);
}

/** For each moment the index of each market's bar, -1 = it has none. */
function stepsOf(time: Float64Array, markets: readonly { readonly data: MarketData }[]): readonly (readonly number[])[] {
  const next = markets.map(() => 0);
  return Array.from(time, (now) => markets.map(({ data }, market) => (data.columns.time[next[market]!] === now ? next[market]!++ : -1)));
}

/** Open times of all, each once, rising. */
export function mergedTimes(columns: readonly Columns[]): Float64Array {
  const all = new Set(columns.flatMap(({ time }) => [...time]));
  return Float64Array.from(all).toSorted();
}
