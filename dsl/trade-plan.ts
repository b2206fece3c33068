import type { MessagePart, PlannedMark, PlannedMessage } from '#core/model/message-plan.ts';
import type { PlannedBlock, PlannedUniverse, TradePlan, ValuePlace } from '#core/model/trade-plan.ts';
import { longestLength } from './emit/length-bounds.ts';
import type { NodeId } from './graph/node.ts';
import type { Program, TextTemplate, TradeBlock, Universe } from './program.ts';
import { mapBlock, mapLimit, mapOrder } from './program-nodes.ts';

/** A plan and the nodes whose values it reads, in the order of its places. */
export interface PlannedTrading {
  readonly plan: TradePlan;
  readonly values: readonly NodeId[];
  /** So many of the values are what rules read. */
  readonly ruleValues: number;
  /** So many are what the engine reads: those, and what reasons say. The rest is for messages and marks. */
  readonly engineValues: number;
  readonly messages: readonly PlannedMessage[];
  readonly marks: readonly PlannedMark[];
  /** Places of `Program.watched`. */
  readonly watched: readonly ValuePlace[];
}

/** What the engine needs to know to run a program's trading statements, and what its host needs for messages and marks. Baskets are no business of theirs. */
export function tradePlanOf(program: Program): PlannedTrading {
  const { entries, exits, setups, limits, guards, clock, stepMs, exposure, graph, params, notifications, marks, universe, ranks, baskets } =
    program;
  const values: NodeId[] = [];
  const places = new Map<NodeId, number>();
  const at = (id: NodeId): number => {
    const known = places.get(id);
    if (known !== undefined) return known;
    const place = values.push(id) - 1;
    places.set(id, place);
    return place;
  };
  const blocks = new PlannedBlocks(at);
  const kelly = entries.flatMap(({ block: { kellyTrades } }) => (kellyTrades === null ? [] : [longestLength(graph, kellyTrades, params)]));
  const plan: Omit<TradePlan, 'valueCount'> = {
    stepMs,
    entries: entries.map(({ side, when, confidence, order, block, setup, oco, basket }) => ({
      side,
      when: at(when),
      confidence: at(confidence),
      order: mapOrder(order, at),
      block: blocks.placeOf(block),
      setup,
      ...(basket === null ? {} : { basket }),
      oco,
    })),
    exits: exits.map(({ side, when, fraction, order, setup, basket }) => ({
      side,
      when: at(when),
      fraction: at(fraction),
      order: mapOrder(order, at),
      setup,
      ...(basket === null ? {} : { basket }),
    })),
    blocks: blocks.all,
    setupCount: setups.length,
    limits: limits.map((limit) => {
      const { name, value, per, actions } = mapLimit(limit, at);
      return { name, value, per, actions };
    }),
    guards: guards.map(({ action, side, when }) => ({ action, side, when: at(when) })),
    clock: clock === null ? null : { year: at(clock.year), month: at(clock.month), day: at(clock.day), minuteOfDay: at(clock.minuteOfDay) },
    kellyTrades: Math.max(0, ...kelly),
    ...(baskets.length === 0
      ? {}
      : { baskets: baskets.map(({ legs }) => ({ legs: legs.map(({ market, weight }) => ({ market, weight: at(weight) })) })) }),
    universe: universe === null ? null : plannedUniverse(universe, ranks, at),
    maxLeverage: Number.isFinite(exposure.enforcedLeverage) ? exposure.enforcedLeverage : null,
  };
  const ruleValues = values.length;
  const said = (reason: TextTemplate | null): { readonly reason?: readonly ValuePlace[] } => {
    const places = saidValues(reason).map(at);
    return places.length === 0 ? {} : { reason: places };
  };
  const reasoned = {
    entries: plan.entries.map((entry, place) => ({ ...entry, ...said(entries[place]!.reason) })),
    exits: plan.exits.map((exit, place) => ({ ...exit, ...said(exits[place]!.reason) })),
  };
  const engineValues = values.length;
  const partsOf = (text: TextTemplate): readonly MessagePart[] =>
    text.parts.map((part) => (part.kind === 'value' ? { ...part, value: at(part.value) } : part));
  const messages = notifications.map(({ text, when, via, level, oncePer }): PlannedMessage => ({
    parts: partsOf(text),
    when: when === null ? null : at(when),
    via,
    level: level ?? 'info',
    oncePer,
  }));
  const plannedMarks = marks.map(({ where, when, text, color }): PlannedMark => ({
    where,
    when: at(when),
    parts: text === null ? null : partsOf(text),
    color,
  }));
  const watched = (program.watched ?? []).map(({ value }) => at(value));
  return {
    plan: { ...plan, ...reasoned, valueCount: values.length },
    values,
    ruleValues,
    engineValues,
    messages,
    marks: plannedMarks,
    watched,
  };
}

function plannedUniverse(universe: Universe, ranks: readonly NodeId[], at: (id: NodeId) => number): PlannedUniverse {
  const maybe = (id: NodeId | null): number | null => (id === null ? null : at(id));
  return {
    filters: universe.filters.map(at),
    rankBy: maybe(universe.rankBy),
    isDescending: universe.descending,
    hold: maybe(universe.hold),
    weight: { mode: universe.weight.mode, value: maybe(universe.weight.value) },
    rebalanceMs: universe.rebalanceMs,
    refreshMs: universe.refreshMs,
    ranks: ranks.map(at),
  };
}

/** The values in the text of a reason, in the order of the text. */
export function saidValues(reason: TextTemplate | null): readonly NodeId[] {
  return reason?.parts.flatMap((part) => (part.kind === 'value' ? [part.value] : [])) ?? [];
}

/** The blocks of a plan: each once, also where two places of the text say the same. */
class PlannedBlocks {
  readonly all: PlannedBlock[] = [];
  readonly #at: (id: NodeId) => number;
  readonly #bySource = new Map<TradeBlock, number>();
  readonly #byText = new Map<string, number>();

  constructor(at: (id: NodeId) => number) {
    this.#at = at;
  }

  placeOf(source: TradeBlock): number {
    const known = this.#bySource.get(source);
    if (known !== undefined) return known;
    const mapped = mapBlock(source, this.#at);
    const block: PlannedBlock = { ...mapped, cancels: mapped.cancels.map((rule) => rule.when) };
    // Where a rule stands in the text is nothing to the engine.
    const text = JSON.stringify(block, (key, value: unknown) => (key === 'span' ? undefined : value));
    const place = this.#byText.get(text) ?? this.all.push(JSON.parse(text) as PlannedBlock) - 1;
    this.#byText.set(text, place);
    this.#bySource.set(source, place);
    return place;
  }
}
