import { type EngineEvent, eventsOf, fillsOf } from '#core/engine/log-rows.ts';
import { marketValuation } from '#core/engine/market-valuation.ts';
import { POSITION } from '#core/engine/trading/registers.ts';
import { type WaitingOrder, waitingOrders } from '#core/engine/trading/waiting-orders.ts';
import { ACCOUNT, ACCOUNT_FIELDS } from '#core/model/strategy-abi.ts';
import type { BacktestLimits } from '../backtest.ts';
import type { MarketData } from '../market-data.ts';
import { type PortfolioRun, portfolioRun, type PortfolioStep } from '../portfolio/portfolio-run.ts';
import type { PreparedStrategy } from '../prepare-strategy.ts';
import { reasonTexts } from '../reason-texts.ts';
import type { TracedFill } from './fill-line.ts';

/** What a run did on one market, bar by bar. */
export interface MarketTrace extends MarketStates {
  readonly market: string;
  readonly data: MarketData;
  readonly fills: readonly TracedFill[];
  readonly events: readonly EngineEvent[];
}

/** At the closes of a market's bars, after the decision. */
interface MarketStates {
  /** Signed quantity, average entry price, tightest stop in force; NaN = none. */
  readonly qty: Float64Array;
  readonly avgPrice: Float64Array;
  readonly stop: Float64Array;
  /** Rows of ACCOUNT, as the strategy sees the account. */
  readonly accounts: Float64Array;
  /** What waits; empty where nobody asked for it. */
  readonly orders: (readonly WaitingOrder[])[];
}

/** What a run did. */
export interface RunTrace {
  readonly prepared: PreparedStrategy;
  /** Open times of all bars of the account, its equity at their closes, how many positions are held, and their value without the sign. */
  readonly time: Float64Array;
  readonly equity: Float64Array;
  readonly held: Float64Array;
  readonly exposure: Float64Array;
  readonly markets: readonly MarketTrace[];
}

/**
 * Runs a strategy over markets and keeps what it held, ordered and was protected by at each bar.
 * @param isWithOrders what waits is kept too: for runs over few bars
 * @throws StratError SANDBOX_*
 */
export async function traceRun(
  prepared: PreparedStrategy,
  markets: readonly MarketData[],
  limits: BacktestLimits,
  isWithOrders: boolean,
): Promise<RunTrace> {
  const recorder = new StepRecorder(prepared, isWithOrders);
  const strategy = { label: prepared.source.name, prepared, markets };
  const run = await portfolioRun([strategy], [], { ...limits, watch: { after: (step) => recorder.take(step) } });
  return recorder.trace(run);
}

class StepRecorder {
  readonly #prepared: PreparedStrategy;
  readonly #isWithOrders: boolean;
  readonly #hasBaskets: boolean;
  readonly #states: MarketStates[] = [];
  readonly #held: number[] = [];
  readonly #exposure: number[] = [];
  /** By slot: the last close. */
  readonly #closes: number[] = [];

  constructor(prepared: PreparedStrategy, isWithOrders: boolean) {
    this.#prepared = prepared;
    this.#isWithOrders = isWithOrders;
    this.#hasBaskets = prepared.program.baskets.length > 0;
  }

  take({ engine, slots, indexes }: PortfolioStep): void {
    let [held, exposure] = [0, 0];
    for (const [slot, { data }] of slots.entries()) {
      const index = indexes[slot]!;
      const registers = engine.registers(slot);
      const qty = registers[ACCOUNT.qty]!;
      if (index >= 0) {
        const states = (this.#states[slot] ??= emptyStates(data.columns.time.length));
        this.#closes[slot] = data.columns.close[index]!;
        states.qty[index] = qty;
        states.avgPrice[index] = registers[ACCOUNT.avgPrice]!;
        states.stop[index] = tighter(qty, registers[POSITION.stopLevel]!, registers[POSITION.closingLevel]!);
        if (this.#isWithOrders) states.orders[index] = waitingOrders(this.#prepared.compiled.plan, registers);
        // A basket that is all the strategy holds is its position: the engine knows.
        const account = this.#hasBaskets ? engine.row(slot) : registers.subarray(0, ACCOUNT_FIELDS);
        states.accounts.set(account, index * ACCOUNT_FIELDS);
      }
      if (qty === 0) continue;
      held += 1;
      exposure += marketValuation(data.market).notional(Math.abs(qty), this.#closes[slot]!);
    }
    this.#held.push(held);
    this.#exposure.push(exposure);
  }

  trace({ time, equity, slots, logs }: PortfolioRun): RunTrace {
    return {
      prepared: this.#prepared,
      time,
      equity,
      held: Float64Array.from(this.#held),
      exposure: Float64Array.from(this.#exposure),
      markets: joined(
        slots.map(({ data }, slot) => ({
          ...(this.#states[slot] ?? emptyStates(0)),
          market: data.market,
          data,
          fills: tracedFills(this.#prepared, data, logs[slot]!),
          events: eventsOf(logs[slot]!),
        })),
      ),
    };
  }
}

/** One trace a market: what its rules do, and what it does as a leg of baskets. The account is seen as the rules see it. */
function joined(traces: readonly MarketTrace[]): readonly MarketTrace[] {
  return [...Map.groupBy(traces, ({ market }) => market).values()].map(([first, ...more]) => {
    if (more.length === 0) return first!;
    const all = [first!, ...more];
    return {
      ...first!,
      fills: all.flatMap(({ fills }) => fills).toSorted((a, b) => a.bar - b.bar),
      events: all.flatMap(({ events }) => events).toSorted((a, b) => a.bar - b.bar),
      qty: first!.qty.map((_, bar) => all.reduce((sum, { qty }) => sum + qty[bar]!, 0)),
    };
  });
}

function emptyStates(rows: number): MarketStates {
  const column = (): Float64Array => new Float64Array(rows).fill(Number.NaN);
  return { qty: new Float64Array(rows), avgPrice: column(), stop: column(), accounts: new Float64Array(rows * ACCOUNT_FIELDS), orders: [] };
}

/** Of two stops the one that is met first; NaN = none. */
function tighter(qty: number, a: number, b: number): number {
  if (qty === 0) return Number.NaN;
  if (Number.isNaN(a) || Number.isNaN(b)) return Number.isNaN(a) ? b : a;
  return qty > 0 ? Math.max(a, b) : Math.min(a, b);
}

function tracedFills({ program }: PreparedStrategy, { market, columns }: MarketData, log: Float64Array): readonly TracedFill[] {
  const reasonOf = reasonTexts(program, market);
  let position = 0;
  return fillsOf(log).map((fill) => {
    position += fill.qty;
    const [open, close] = [columns.open[fill.bar]!, columns.close[fill.bar]!];
    return { ...fill, market, open, close, reason: reasonOf(fill), positionAfter: position };
  });
}
