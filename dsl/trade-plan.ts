import type { PlannedBlock, TradePlan } from '#core/model/trade-plan.ts';
import { SIZE } from '#core/model/strategy-abi.ts';
import { longestLength } from './emit/length-bounds.ts';
import type { NodeId } from './graph/node.ts';
import type { AddRule, EntryRule, LevelDistance, OrderRule, Program, RiskAction, SizeAmount, TradeBlock } from './program.ts';

/** A plan and the nodes whose values it reads, in the order of its places. */
export interface PlannedTrading {
  readonly plan: TradePlan;
  readonly values: readonly NodeId[];
}

/** What the engine needs to know to run a program's trading statements. Baskets, universes, notifications and marks are not its business. */
export function tradePlanOf(program: Program): PlannedTrading {
  return new Planner(program).plan();
}

/** Whether the broker that is inlined into `run` knows everything that the program does; what it does not know takes the engine. */
export function isPlain({ entries, exits, setups, limits, guards, costs }: Program): boolean {
  if (setups.length + limits.length + guards.length > 0 || costs.borrow !== null) return false;
  return (
    [...entries, ...exits].every(({ order }) => order.type === 'market') &&
    entries.every(({ block, oco }) => oco === null && isPlainBlock(block))
  );
}

function isPlainBlock({ kellyTrades, stops, takes, trail, breakeven, timeouts, cooldowns, adds, cancels }: TradeBlock): boolean {
  if (kellyTrades !== null || breakeven !== null || [takes, timeouts, cooldowns, adds, cancels].some((rules) => rules.length > 0))
    return false;
  if (stops.some(({ moving, closing, limit }) => moving || closing || limit !== null)) return false;
  return trail === null || !(trail.moving || trail.closing || trail.step !== null || trail.distance.kind === 'r');
}

class Planner {
  readonly #program: Program;
  readonly #values: NodeId[] = [];
  readonly #places = new Map<NodeId, number>();

  constructor(program: Program) {
    this.#program = program;
  }

  plan(): PlannedTrading {
    const { entries, exits, setups, limits, guards, clock, stepMs, exposure, graph, params } = this.#program;
    const blocks: PlannedBlock[] = [];
    const blockOf = new Map<string, number>();
    const plannedEntries = entries.map((entry: EntryRule) => {
      const block = this.#block(entry.block);
      const key = JSON.stringify(block);
      const known = blockOf.get(key) ?? blocks.push(block) - 1;
      blockOf.set(key, known);
      return {
        side: entry.side,
        when: this.#at(entry.when),
        confidence: this.#at(entry.confidence),
        order: this.#order(entry.order),
        block: known,
        setup: entry.setup,
        oco: entry.oco,
      };
    });
    const kelly = entries.flatMap(({ block: { kellyTrades } }) =>
      kellyTrades === null ? [] : [longestLength(graph, kellyTrades, params)],
    );
    const plan: TradePlan = {
      stepMs,
      blocks,
      entries: plannedEntries,
      exits: exits.map(({ side, when, fraction, order, setup }) => ({
        side,
        when: this.#at(when),
        fraction: this.#at(fraction),
        order: this.#order(order),
        setup,
      })),
      setupCount: setups.length,
      limits: limits.map(({ name, value, per, actions }) => ({
        name,
        value: value.kind === 'number' ? { kind: 'number', value: this.#at(value.value) } : this.#amount(value),
        per,
        actions: actions.map((action: RiskAction) => (action.kind === 'pause' ? { kind: 'pause', bars: this.#at(action.bars) } : action)),
      })),
      guards: guards.map(({ action, side, when }) => ({ action, side, when: this.#at(when) })),
      clock:
        clock === null
          ? null
          : {
              year: this.#at(clock.year),
              month: this.#at(clock.month),
              day: this.#at(clock.day),
              minuteOfDay: this.#at(clock.minuteOfDay),
            },
      kellyTrades: Math.max(0, ...kelly),
      maxLeverage: Number.isFinite(exposure.enforcedLeverage) ? exposure.enforcedLeverage : null,
      valueCount: this.#values.length,
    };
    return { plan: { ...plan, valueCount: this.#values.length }, values: this.#values };
  }

  #at(id: NodeId): number {
    const known = this.#places.get(id);
    if (known !== undefined) return known;
    const place = this.#values.push(id) - 1;
    this.#places.set(id, place);
    return place;
  }

  #maybe(id: NodeId | null): number | null {
    return id === null ? null : this.#at(id);
  }

  #amount({ kind, value }: SizeAmount): { readonly kind: number; readonly value: number } {
    return { kind, value: this.#at(value) };
  }

  #level({ kind, value }: LevelDistance): { readonly kind: LevelDistance['kind']; readonly value: number } {
    return { kind, value: this.#at(value) };
  }

  #maybeLevel(level: LevelDistance | null): { readonly kind: LevelDistance['kind']; readonly value: number } | null {
    return level === null ? null : this.#level(level);
  }

  #order(order: OrderRule): TradePlan['entries'][number]['order'] {
    return {
      type: order.type,
      price: this.#maybe(order.price),
      limit: this.#maybe(order.limit),
      postOnly: order.postOnly,
      timeInForce: order.timeInForce,
      goodForBars: this.#maybe(order.goodForBars),
      goodUntilMinutes: order.goodUntilMinutes,
      elseMarketAfterBars: this.#maybe(order.elseMarketAfterBars),
    };
  }

  #add({ amount, trigger, maxTimes, scale, order }: AddRule): PlannedBlock['adds'][number] {
    return {
      amount:
        amount.kind === 'share'
          ? { kind: 'share', value: this.#at(amount.value) }
          : { kind: 'amount', amount: this.#amount(amount.amount) },
      trigger:
        trigger.kind === 'when'
          ? { kind: 'when', when: this.#at(trigger.when) }
          : { kind: 'every', distance: this.#level(trigger.distance), direction: trigger.direction },
      maxTimes: this.#at(maxTimes),
      scale: this.#at(scale),
      order: this.#order(order),
    };
  }

  #block(block: TradeBlock): PlannedBlock {
    const { trail, breakeven } = block;
    return {
      size: this.#amount(block.size),
      kellyTrades: this.#maybe(block.kellyTrades),
      max: block.max === null || block.max.kind === SIZE.none ? null : this.#amount(block.max),
      min: block.min === null || block.min.kind === SIZE.none ? null : this.#amount(block.min),
      stops: block.stops.map((stop) => ({
        ...this.#level(stop),
        moving: stop.moving,
        closing: stop.closing,
        limit: this.#maybeLevel(stop.limit),
      })),
      takes: block.takes.map(({ share, at }) => ({ share, at: this.#level(at) })),
      trail:
        trail === null
          ? null
          : {
              distance: this.#level(trail.distance),
              after: this.#maybeLevel(trail.after),
              from: this.#maybe(trail.from),
              step: this.#maybeLevel(trail.step),
              closing: trail.closing,
              moving: trail.moving,
            },
      breakeven: breakeven === null ? null : { after: this.#level(breakeven.after), plus: this.#maybeLevel(breakeven.plus) },
      timeouts: block.timeouts.map(({ bars, when }) => ({ bars: this.#at(bars), when: this.#maybe(when) })),
      cooldowns: block.cooldowns.map(({ bars, after }) => ({ bars: this.#at(bars), after })),
      adds: block.adds.map((add) => this.#add(add)),
      cancels: block.cancels.map(({ when }) => this.#at(when)),
    };
  }
}
