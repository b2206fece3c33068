import type { NodeId } from '../graph/node.ts';
import type { ExpressionChecker } from './expression-checker.ts';
import { scalarType } from './type.ts';
import type { Value } from './value.ts';

/** An entry, or an exit (whose strength plays no part), of a strategy that serves as an input. */
export interface VirtualRule {
  readonly side: 1 | -1;
  readonly when: NodeId;
  readonly strength: NodeId;
}

/**
 * What a strategy would hold after its decisions of this bar, without costs and fills: 1, -1 or 0. As in the engine exits come before entries, the first
 * entry that is known to be true acts, and a position that is being closed gives way to the other side only.
 *
 * Members: `side` (-1..1), `is_long`, `is_short`, `strength` (the confidence of the entry, 0..1; 0 when flat).
 */
export function virtualPosition(checker: ExpressionChecker, entries: readonly VirtualRule[], exits: readonly VirtualRule[]): Value {
  const { builder, charts } = checker.context;
  const held = builder.self(false, charts.current);
  const confidence = builder.self(false, charts.current);
  const zero = builder.constant(0);
  const known = (c: NodeId): NodeId => builder.logic('and', c, builder.logic('not', builder.logic('isNa', c)));
  // On its first bar a series has no past: nothing is held.
  const before = builder.select(builder.logic('isNa', held.self), zero, held.self);
  const strengthBefore = builder.select(builder.logic('isNa', confidence.self), zero, confidence.self);
  const isHeld = (side: 1 | -1): NodeId => builder.compare('eq', before, builder.constant(side));
  let leaves = builder.truth(0);
  for (const { side, when } of exits) leaves = builder.logic('or', leaves, builder.logic('and', isHeld(side), known(when)));
  const isFlat = builder.compare('eq', before, zero);
  let side = builder.select(leaves, zero, before);
  let strength = builder.select(leaves, zero, strengthBefore);
  for (const entry of entries.toReversed()) {
    const reverses = builder.logic('and', leaves, isHeld(entry.side === 1 ? -1 : 1));
    const acts = builder.logic('and', builder.logic('or', isFlat, reverses), known(entry.when));
    side = builder.select(acts, builder.constant(entry.side), side);
    strength = builder.select(acts, clamped(checker, entry.strength), strength);
  }
  const heldNow = builder.loop(held.loop, held.self, side, side);
  const strengthNow = builder.loop(confidence.loop, confidence.self, strength, strength);
  const members = new Map<string, Value>([
    ['side', { type: scalarType('number'), node: heldNow }],
    ['is_long', { type: { kind: 'condition' }, node: builder.compare('gt', heldNow, zero) }],
    ['is_short', { type: { kind: 'condition' }, node: builder.compare('lt', heldNow, zero) }],
    ['strength', { type: scalarType('number'), node: strengthNow }],
  ]);
  return { type: { kind: 'strategy', members }, node: heldNow };
}

/** 0..1; na is 0. */
function clamped({ context: { builder } }: ExpressionChecker, x: NodeId): NodeId {
  const [zero, one] = [builder.constant(0), builder.constant(1)];
  const low = builder.select(builder.compare('gt', x, zero), x, zero);
  return builder.select(builder.logic('isNa', x), zero, builder.numeric('min', low, one));
}
