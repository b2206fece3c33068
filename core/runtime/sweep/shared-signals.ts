import { needEngine } from '#core/engine/simulation-settings.ts';
import type { CompiledStrategy } from '#core/model/strategy-abi.ts';
import type { SharedSignals } from '#core/sandbox/sweep-isolate.ts';
import { emitSeries } from '#dsl/emit/emit-series.ts';
import { emit } from '#dsl/emit/emit.ts';
import { cutSignals, isLateParam } from '#dsl/emit/signal-cut.ts';
import type { PreparedStrategy } from '../prepare-strategy.ts';
import type { SweepSpace } from './sweep-space.ts';

/** So many sets with the same signals make it worth while to compute these ahead. */
const LEAST_IN_COMMON = 3;

/** The axes of a grid in an order in which sets that have signals in common come one after another: those that change nothing but orders and exits are the last. */
export function lateAxesLast(space: SweepSpace, { program }: Pick<PreparedStrategy, 'program'>): SweepSpace {
  if (space.drawn !== null) return space;
  const isLate = new Map(space.axes.map((axis) => [axis, isLateParam(program, axis.index)]));
  return { ...space, axes: space.axes.toSorted((a, b) => Number(isLate.get(a)) - Number(isLate.get(b))) };
}

/** The strategy in two parts, of which the first serves all sets that differ in nothing but orders and exits; null where that saves nothing. */
export function sharedSignals(
  { program, settings, compiled }: PreparedStrategy,
  { axes, drawn }: SweepSpace,
): { readonly strategy: CompiledStrategy; readonly signals: SharedSignals } | null {
  // Where the engine has the rules it takes most of the time.
  if (compiled.engine !== null) return null;
  const late: (typeof axes)[number][] = [];
  for (const axis of axes.toReversed()) {
    if (!isLateParam(program, axis.index)) break;
    late.push(axis);
  }
  if (drawn !== null && late.length < axes.length) return null;
  if (late.reduce((product, { values }) => product * values.length, 1) < LEAST_IN_COMMON) return null;
  const varying = new Set(late.map(({ index }) => index));
  const cut = cutSignals(program, varying);
  if (cut === null) return null;
  const strategy = emit(cut.rest, settings.conventions, needEngine(settings));
  const { text, stateSlots } = emitSeries(cut.signals);
  const fixed = Float64Array.from(program.params, (_, index) => (varying.has(index) ? 0 : 1));
  return strategy.engine === null ? { strategy, signals: { text, stateSlots, count: cut.count, fixed } } : null;
}
