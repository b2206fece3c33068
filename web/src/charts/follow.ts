/** So many items at once are drawn faster anew than one by one. */
const MANY = 40;

/**
 * Index of the first item of `next` that a chart showing `shown` has to draw; null when it must draw all anew. Data that was
 * appended to consists of the same objects, with at most the last one replaced; what was loaded again does not.
 */
export function firstNew(shown: readonly object[], next: readonly object[]): number | null {
  const last = shown.length - 1;
  if (last < 1 || next.length < shown.length) return null;
  if (next.length - shown.length > MANY) return null;
  return shown[0] === next[0] && shown[last - 1] === next[last - 1] ? last : null;
}
