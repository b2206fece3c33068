import type { PlannedBlock, TradePlan, ValuePlace } from '#core/model/trade-plan.ts';
import { rowLength } from '#core/model/trade-plan.ts';

/**
 * A plan in which each condition and each number of a rule has a place of its own, where the strategy's has one for all that are equal: so that one of them can be
 * another. Registers are laid out as before.
 */
export interface SeparatedPlan {
  readonly plan: TradePlan;
  /** A row of the strategy as one of this plan; a copy. */
  readonly rowOf: (row: Float64Array) => Float64Array;
}

export function separatedPlan(plan: TradePlan): SeparatedPlan {
  const sources: ValuePlace[] = [];
  const own = (place: ValuePlace): ValuePlace => plan.valueCount + sources.push(place) - 1;
  const block = (one: PlannedBlock): PlannedBlock => ({
    ...one,
    timeouts: one.timeouts.map(({ bars, when }) => ({ bars: own(bars), when: when === null ? null : own(when) })),
    cooldowns: one.cooldowns.map(({ bars, after }) => ({ bars: own(bars), after })),
    adds: one.adds.map((add) => ({
      ...add,
      trigger: add.trigger.kind === 'when' ? { kind: 'when', when: own(add.trigger.when) } : add.trigger,
      maxTimes: own(add.maxTimes),
    })),
    cancels: one.cancels.map(own),
  });
  const separated: Omit<TradePlan, 'valueCount'> = {
    ...plan,
    entries: plan.entries.map((entry) => ({ ...entry, when: own(entry.when) })),
    exits: plan.exits.map((exit) => ({ ...exit, when: own(exit.when) })),
    blocks: plan.blocks.map(block),
    limits: plan.limits.map((limit) => ({ ...limit, value: { ...limit.value, value: own(limit.value.value) } })),
    guards: plan.guards.map((guard) => ({ ...guard, when: own(guard.when) })),
  };
  const whole: TradePlan = { ...separated, valueCount: plan.valueCount + sources.length };
  return {
    plan: whole,
    rowOf: (row) => {
      const wide = new Float64Array(rowLength(whole));
      wide.set(row.subarray(0, plan.valueCount));
      for (const [at, place] of sources.entries()) wide[plan.valueCount + at] = row[place]!;
      wide.set(row.subarray(plan.valueCount), whole.valueCount);
      return wide;
    },
  };
}
