import type { Range } from '../prelude/prelude-module.ts';
import type { StaticValues } from './static-values.ts';
import type { Value } from './value.ts';

/** Bounds of what a function gives: of its value under '', of a member of its group under that name. */
export type ResultRanges = ReadonlyMap<string, Range>;

/** Ranges of a family by function: `stoch.k` is the member k of stoch. */
export function rangesOf(name: string, ranges: Readonly<Record<string, Range>>): ResultRanges {
  const own = Object.entries(ranges).filter(([key]) => key.split('.')[0] === name);
  return new Map(own.map(([key, range]) => [key.slice(name.length + 1), range]));
}

/** Makes known what a call gives; equal expressions share a node, so whatever is true of one is true of all. */
export function boundResult(statics: StaticValues, { type, node }: Value, ranges: ResultRanges | null): void {
  for (const [member, [low, high]] of ranges ?? []) {
    const bounded = member === '' ? node : type.kind === 'group' ? type.members.get(member)?.node : undefined;
    if (bounded !== undefined && type.kind !== 'poison') statics.declare(bounded, { low, high, whole: false });
  }
}
