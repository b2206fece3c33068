const CAP = 32;

/**
 * Number of single changes (insert, delete, replace, swap of neighbours) between two words: the "optimal string alignment" distance. Words longer than 32
 * characters are not compared (Infinity), so the cost is bounded.
 */
export function editDistance(a: string, b: string): number {
  if (a === b) return 0;
  if (a.length > CAP || b.length > CAP) return Infinity;
  let before: number[] = [];
  let last = Array.from({ length: b.length + 1 }, (_, j) => j);
  for (let i = 1; i <= a.length; i++) {
    const row = [i];
    for (let j = 1; j <= b.length; j++) {
      const cost = a[i - 1] === b[j - 1] ? 0 : 1;
      let best = Math.min((last[j] ?? 0) + 1, (row[j - 1] ?? 0) + 1, (last[j - 1] ?? 0) + cost);
      if (i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1]) best = Math.min(best, (before[j - 2] ?? 0) + 1);
      row.push(best);
    }
    before = last;
    last = row;
  }
  return last[b.length] ?? Infinity;
}

/** A proposal and how far it is from what was written. */
export interface Proposal {
  readonly word: string;
  readonly distance: number;
}

/** The nearest candidate that is near enough to be a slip: 1 change up to 4 letters, 2 up to 8, then 3. The first of equally near ones wins. */
export function nearest(word: string, candidates: Iterable<string>): Proposal | null {
  const limit = word.length <= 4 ? 1 : word.length <= 8 ? 2 : 3;
  let found: Proposal | null = null;
  for (const candidate of candidates) {
    if (Math.abs(candidate.length - word.length) > limit) continue;
    const distance = editDistance(word, candidate);
    // a word of which nothing remains is no slip
    if (distance > limit || distance >= candidate.length) continue;
    if (found === null || distance < found.distance) found = { word: candidate, distance };
  }
  return found;
}
