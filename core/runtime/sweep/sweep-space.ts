import { Xoshiro128 } from '#core/model/xoshiro128.ts';
import type { ParamAxis } from './param-axis.ts';

/** So many combinations at most, that each has a number which a double holds. */
export const MOST_COMBINATIONS = 2 ** 53;

/** The sets of a sweep: all combinations of the values of its axes, the last axis changing fastest, or a sample of them. */
export interface SweepSpace {
  readonly axes: readonly ParamAxis[];
  /** Combinations there are. */
  readonly combinations: number;
  /** Sets that are looked at. */
  readonly count: number;
  /** Numbers of the combinations of a sample, in the order in which they were drawn; null = all of them. */
  readonly drawn: Float64Array | null;
}

export function combinationsOf(axes: readonly ParamAxis[]): number {
  return axes.reduce((product, { values }) => product * values.length, 1);
}

/** All combinations. */
export function gridSpace(axes: readonly ParamAxis[]): SweepSpace {
  const combinations = combinationsOf(axes);
  return { axes, combinations, count: combinations, drawn: null };
}

/** Some of the combinations, each at most once and all equally likely; the same for the same seed. */
export function sampleSpace(axes: readonly ParamAxis[], size: number, seed: number): SweepSpace {
  const combinations = combinationsOf(axes);
  if (size >= combinations) return gridSpace(axes);
  const random = Xoshiro128.fromSeed(seed);
  /** What stands at the places of a shuffled list that were drawn from: a shuffle of which no more is done than is asked for. */
  const moved = new Map<number, number>();
  const drawn = new Float64Array(size);
  for (let place = 0; place < size; place++) {
    const other = place + wholeBelow(random, combinations - place);
    drawn[place] = moved.get(other) ?? other;
    moved.set(other, moved.get(place) ?? place);
  }
  return { axes, combinations, count: size, drawn };
}

/** Places of the values of a set on its axes. */
export function placesOf({ axes, drawn }: SweepSpace, set: number): readonly number[] {
  let rest = drawn === null ? set : drawn[set]!;
  const places: number[] = [];
  for (let axis = axes.length - 1; axis >= 0; axis--) {
    const { length } = axes[axis]!.values;
    places[axis] = rest % length;
    rest = Math.floor(rest / length);
  }
  return places;
}

/** Uniform in 0 .. count - 1, for counts up to 2^53. */
function wholeBelow(random: Xoshiro128, count: number): number {
  const high = random.nextUint32() >>> 11;
  return Math.floor(((high * 2 ** 32 + random.nextUint32()) / 2 ** 53) * count);
}
