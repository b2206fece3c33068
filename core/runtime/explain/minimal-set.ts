/** What keeps something from happening, or makes it happen. */
export interface Blocking<T> {
  /** All of them taken away it happens, and none is superfluous; empty: nothing found does. */
  readonly needed: readonly T[];
  /** Each alone would have done in the place of `needed`. */
  readonly alternatives: readonly T[];
}

/**
 * The smallest set that is found of things which, taken away together, make something happen: where one alone does, that one, and all others that do alone as
 * alternatives; else what is left when everything superfluous has been put back, the last first.
 * @param happens whether it happens without these
 */
export function blockingSet<T>(all: readonly T[], happens: (without: readonly T[]) => boolean): Blocking<T> {
  const [first, ...others] = all.filter((one) => happens([one]));
  if (first !== undefined) return { needed: [first], alternatives: others };
  if (!happens(all)) return { needed: [], alternatives: [] };
  let kept = all;
  for (const one of all.toReversed()) {
    const fewer = kept.filter((other) => other !== one);
    if (happens(fewer)) kept = fewer;
  }
  return { needed: kept, alternatives: [] };
}
