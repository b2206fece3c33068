import { nearest } from '#core/model/nearest-word.ts';

/** The nearest candidate as a hint (`did you mean trend?`), or undefined. */
export function didYouMean(word: string, candidates: Iterable<string>): string | undefined {
  const found = nearest(word, candidates);
  return found === null ? undefined : `did you mean ${found.word}?`;
}
