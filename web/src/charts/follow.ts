/** Something with a place in time, ms since the epoch. */
interface Timed {
  readonly time: number;
}

/**
 * Index of the first item of `next` that a chart showing `shown` has to draw; null when it must draw all anew.
 * Data is only ever appended, or replaced in the last place, unless it is another series or its beginning was cut off.
 */
export function firstNew(shown: readonly Timed[], next: readonly Timed[]): number | null {
  const last = shown.length - 1;
  if (last < 0 || next.length < shown.length) return null;
  if (shown[0]?.time !== next[0]?.time || shown[last]?.time !== next[last]?.time) return null;
  return last;
}
