import { BRICKS } from './bricks.ts';
import { LEVELS } from './levels.ts';
import type { Machine } from './machine.ts';
import { RANGE_BARS } from './range-bars.ts';
import { RATCHET_STOP, WILDER_STOP } from './stops.ts';
import { ZIGZAG } from './zigzag.ts';

/** All machines, by the name of their emitted function. */
export const MACHINES = {
  zigzag: ZIGZAG,
  bricks: BRICKS,
  rangeBars: RANGE_BARS,
  wilderStop: WILDER_STOP,
  ratchetStop: RATCHET_STOP,
  levels: LEVELS,
} satisfies Readonly<Record<string, Machine>>;

export type MachineName = keyof typeof MACHINES;

export const machineOf = (name: MachineName): Machine => MACHINES[name];
