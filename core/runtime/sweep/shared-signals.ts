import type { SweptStrategy } from '#core/model/strategy-abi.ts';
import type { SharedSignals } from '#core/sandbox/sweep-isolate.ts';
import { emitSeries } from '#dsl/emit/emit-series.ts';
import { emitSwept } from '#dsl/emit/emit.ts';
import { cutSignals, isLateParam } from '#dsl/emit/signal-cut.ts';
import type { NodeId } from '#dsl/graph/node.ts';
import type { PreparedStrategy } from '../prepare-strategy.ts';
import type { SweepSpace } from './sweep-space.ts';

/** So many sets of a block with the same signals make it worth while to compute these ahead. */
const LEAST_IN_COMMON = 2;

/** The axes of a grid in an order in which sets that have signals in common come one after another: those that change nothing but orders and exits are the last. */
export function lateAxesLast(space: SweepSpace, { program }: Pick<PreparedStrategy, 'program'>): SweepSpace {
  if (space.drawn !== null) return space;
  const isLate = new Map(space.axes.map((axis) => [axis, isLateParam(program, axis.index)]));
  return { ...space, axes: space.axes.toSorted((a, b) => Number(isLate.get(a)) - Number(isLate.get(b))) };
}

/** A strategy in two parts, of which the first serves all sets of a block that have the same values of what it is made of. */
export interface SharedCode {
  readonly strategy: SweptStrategy;
  readonly signals: SharedSignals;
  /** Of each group of signals, the nodes of the program whose values decide. */
  readonly keys: readonly (readonly NodeId[])[];
}

/**
 * Parts what sets have in common from the rest; null where that saves nothing.
 * @param constants of sets that follow each other, the values of the nodes that do not change within a run
 */
export function sharedSignals({ program, settings }: PreparedStrategy, constants: readonly Float64Array[]): SharedCode | null {
  const isShared = (keys: readonly NodeId[]): boolean => {
    const kinds = new Set(constants.map((values) => keyOf(values, keys)));
    return kinds.size * LEAST_IN_COMMON <= constants.length;
  };
  const cut = cutSignals(program, isShared);
  const strategy = cut === null ? null : emitSwept(cut.rest, settings.conventions);
  if (cut === null || strategy === null) return null;
  const groups = cut.groups.map(({ signals, count }) => {
    const { text, stateSlots } = emitSeries(signals, cut.mask);
    return { text, stateSlots, count };
  });
  return { strategy, signals: { groups, mask: cut.mask, lookBack: cut.lookBack }, keys: cut.groups.map(({ keys }) => keys) };
}

/** The same text for sets that have the same signals of a group. */
export const keyOf = (constants: Float64Array, keys: readonly NodeId[]): string => keys.map((id) => constants[id]).join(' ');
