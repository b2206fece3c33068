/** What rounds of one thing gave. */
export interface Spread {
  readonly median: number;
  readonly min: number;
  readonly max: number;
}

export function spreadOf(values: readonly number[]): Spread {
  const sorted = values.toSorted((a, b) => a - b);
  return { median: sorted[Math.floor(sorted.length / 2)]!, min: sorted[0]!, max: sorted.at(-1)! };
}

/** A round in which the quickest side took more than this times its least was disturbed by something else on the machine. */
const DISTURBED = 1.2;

/** The rounds that nothing disturbed, told by the side that varies least by itself. */
export function quietRounds<T>(rounds: readonly T[], msOf: (round: T) => number): readonly T[] {
  const least = Math.min(...rounds.map(msOf));
  return rounds.filter((round) => msOf(round) <= DISTURBED * least);
}

/** Runs rounds until `wanted` of them are quiet, or `most` are done. */
export async function roundsUntilQuiet<T>(
  wanted: number,
  most: number,
  round: () => Promise<T>,
  msOf: (round: T) => number,
): Promise<{ readonly all: readonly T[]; readonly quiet: readonly T[] }> {
  const all: T[] = [];
  while (all.length < most && (all.length < wanted || quietRounds(all, msOf).length < wanted)) all.push(await round());
  return { all, quiet: quietRounds(all, msOf) };
}
