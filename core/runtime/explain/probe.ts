import type { PortfolioEngine } from '#core/engine/trading/portfolio-engine.ts';
import type { MarketDecision } from '#core/engine/trading/portfolio-input.ts';
import { NO_REVIEW } from '#core/engine/trading/order-review.ts';
import { ORDER as O, POSITION as P, registerLayout } from '#core/engine/trading/registers.ts';
import type { TradePlan } from '#core/model/trade-plan.ts';
import type { PortfolioStep } from '../portfolio/portfolio-run.ts';
import { type SeparatedPlan, separatedPlan } from './separated-plan.ts';

/** What a step was made of. */
export type SeenStep = Pick<PortfolioStep, 'step' | 'bars' | 'rates' | 'decisions'>;

/** Whose rules are asked about: a market of a strategy, or a basket of it, whose rules read that market. */
export interface ProbeTarget {
  readonly strategy: number;
  /** Place among the slots of the run. */
  readonly market: number;
  /** Place among the baskets of the run; null = the market's own rules. */
  readonly basket: number | null;
  /** And in the plan of its strategy. */
  readonly basketInPlan: number | null;
}

/** Something that is taken to be another way at a bar. All parts are of the target, but for `allRows`. */
export interface Lift {
  /** Writes what conditions are into the row of values, laid out for the separated plan, before anything else does. */
  readonly conditions?: (row: Float64Array) => void;
  /** Writes into the same. */
  readonly row?: (row: Float64Array, plan: TradePlan) => void;
  /** The same of every market of the strategy. */
  readonly allRows?: (row: Float64Array, plan: TradePlan) => void;
  readonly plan?: (plan: TradePlan) => TradePlan;
  /** Writes into a copy of the settings. */
  readonly settings?: (settings: Float64Array) => void;
  /** Writes into the registers before the bar. */
  readonly before?: (registers: Float64Array) => void;
  /** The same at its close, before anything is decided. */
  readonly atClose?: (registers: Float64Array) => void;
  /** The same before the next bar. */
  readonly beforeNext?: (registers: Float64Array) => void;
  /** Risk rules and persons let everything pass. */
  readonly isUnreviewed?: true;
}

/** What came of a bar. */
export interface Outcome {
  /** Registers at the close, before and after the decision. */
  readonly before: Float64Array;
  readonly after: Float64Array;
  /** Log rows of the bar, and of the next one; of a basket those of its legs. */
  readonly log: Float64Array;
  readonly nextLog: Float64Array | null;
  /** Entry rules that ordered, exit rules whose resting order was placed, and adds that ordered, as `block:add`. */
  readonly entered: readonly number[];
  readonly exitsPlaced: readonly number[];
  readonly added: readonly string[];
}

/** What no rule writes: where it is still there, no order was written over it. */
const UNTOUCHED = -1;

/** Runs a bar again, on a copy of the engine as it stood before it, with something another way. The run that is asked about is not touched. */
export class Probe {
  readonly plans: readonly SeparatedPlan[];
  readonly #engine: PortfolioEngine;
  readonly #seen: SeenStep;
  readonly #next: SeenStep | null;
  readonly #strategyOf: (market: number) => number;
  readonly #settingsOf: (target: ProbeTarget) => readonly Float64Array[];

  /**
   * @param engine before the bar
   * @param next the step behind it; null = there is none
   * @param settingsOf the settings that a target goes by
   */
  constructor(
    plans: readonly TradePlan[],
    engine: PortfolioEngine,
    seen: SeenStep,
    next: SeenStep | null,
    strategyOf: (market: number) => number,
    settingsOf: (target: ProbeTarget) => readonly Float64Array[],
  ) {
    this.plans = plans.map(separatedPlan);
    this.#engine = engine;
    this.#seen = seen;
    this.#next = next;
    this.#strategyOf = strategyOf;
    this.#settingsOf = settingsOf;
  }

  /** The row that a market decided by, for the separated plan; null = it had no bar. */
  rowOf(market: number): Float64Array | null {
    const row = this.#seen.decisions.find((decision) => decision.market === market)?.row ?? null;
    return row === null ? null : this.plans[this.#strategyOf(market)]!.rowOf(row);
  }

  get hasNext(): boolean {
    return this.#next !== null;
  }

  run(target: ProbeTarget, lifts: readonly Lift[] = []): Outcome {
    const plans = this.plans.map(({ plan }, strategy) =>
      strategy === target.strategy ? lifts.reduce((now, lift) => lift.plan?.(now) ?? now, plan) : plan,
    );
    const plan = plans[target.strategy]!;
    const own = this.#settingsOf(target);
    const engine = this.#engine.fork({
      plans,
      settings: (settings) => {
        if (!own.includes(settings)) return settings;
        const changed = settings.slice();
        for (const lift of lifts) lift.settings?.(changed);
        return changed;
      },
    });
    const amend = (of: 'before' | 'atClose' | 'beforeNext'): void => {
      for (const lift of lifts) if (lift[of] !== undefined) engine.amend(whole(target), lift[of]);
    };
    amend('before');
    engine.open(this.#seen.bars, this.#seen.rates);
    amend('atClose');
    const before = registersOf(engine, target).slice();
    const layout = registerLayout(plan);
    engine.amend(whole(target), (r) => {
      for (const at of layout.entries) r[at + O.confidence] = UNTOUCHED;
      for (const at of layout.exits) r[at + O.limit] = UNTOUCHED;
      for (const at of layout.adds.flat()) r[at + O.limit] = UNTOUCHED;
    });
    engine.decide(this.#seen.decisions.map((decision) => this.#decision(decision, target, lifts, plan)));
    const after = registersOf(engine, target).slice();
    const log = this.#drain(engine, target);
    const isWritten = (at: number, field: number): boolean => after[at + field] !== UNTOUCHED;
    const outcome = {
      before,
      after,
      log,
      entered: layout.entries.flatMap((at, rule) => (isWritten(at, O.confidence) ? [rule] : [])),
      exitsPlaced: layout.exits.flatMap((at, rule) => (isWritten(at, O.limit) ? [rule] : [])),
      added: layout.adds.flatMap((adds, block) => adds.flatMap((at, add) => (isWritten(at, O.limit) ? [`${block}:${add}`] : []))),
    };
    if (this.#next === null) return { ...outcome, nextLog: null };
    // What was not written over was there before, and is to be met.
    engine.amend(whole(target), (r) => {
      for (const at of layout.entries) if (!isWritten(at, O.confidence)) r[at + O.confidence] = before[at + O.confidence]!;
      for (const at of [...layout.exits, ...layout.adds.flat()]) if (!isWritten(at, O.limit)) r[at + O.limit] = before[at + O.limit]!;
    });
    amend('beforeNext');
    engine.open(this.#next.bars, this.#next.rates);
    return { ...outcome, nextLog: this.#drain(engine, target) };
  }

  #decision(decision: MarketDecision, target: ProbeTarget, lifts: readonly Lift[], plan: TradePlan): MarketDecision {
    const strategy = this.#strategyOf(decision.market);
    if (decision.row === null) return decision;
    const row = this.plans[strategy]!.rowOf(decision.row);
    if (decision.market === target.market) for (const lift of lifts) lift.conditions?.(row);
    if (strategy === target.strategy) for (const lift of lifts) lift.allRows?.(row, plan);
    if (decision.market !== target.market) return { ...decision, row };
    for (const lift of lifts) lift.row?.(row, plan);
    return lifts.some(({ isUnreviewed }) => isUnreviewed) ? { ...decision, row, review: NO_REVIEW } : { ...decision, row };
  }

  #drain(engine: PortfolioEngine, { market, basket }: ProbeTarget): Float64Array {
    const events = engine.drainBaskets();
    return basket === null ? Float64Array.from(engine.drain(market).rows) : events[basket]!.log;
  }
}

const whole = ({ market, basket }: ProbeTarget): { readonly market: number } | { readonly basket: number } =>
  basket === null ? { market } : { basket };

function registersOf(engine: PortfolioEngine, { market, basket }: ProbeTarget): Float64Array {
  return basket === null ? engine.registers(market) : engine.basketRegisters(basket);
}

/** The market exit that was ordered, of an outcome: LOG_KIND (0 = none) and rule. */
export function orderedExit({ after }: Outcome): { readonly kind: number; readonly rule: number } {
  return { kind: after[P.exitKind]!, rule: after[P.exitRule]! };
}
