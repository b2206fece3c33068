/** The highest first, of equals in the order in which they came. */
export function inOrder<T>(all: readonly T[], weight: (one: T) => number): readonly T[] {
  if (all.length < 2) return all;
  const weights = new Map(all.map((one) => [one, weight(one)]));
  return all.toSorted((a, b) => weights.get(b)! - weights.get(a)!);
}
