import { corpusPrograms, shippedPrograms } from './corpus.ts';

/** Words, texts, comments, blanks and signs: together they are the text again. */
export const WORD = /"[^"\n]*"|#[^\n]*|[A-Za-z_]\w*|[\d.]+[A-Za-z%]*|\s+|[^\s\w]/g;
/** Edits of one mutant, and words of a stretch that is written again and again. */
const MOST_EDITS = 4;
const LONGEST_STRETCH = 60;
const MOST_COPIES = 40;

/** Numbers from 0 to below `limit`, always the same for a seed (mulberry32). */
export function drawer(seed: number): (limit: number) => number {
  let state = seed;
  return (limit) => {
    state = (state + 0x6d2b79f5) | 0;
    let x = Math.imul(state ^ (state >>> 15), 1 | state);
    x = (x + Math.imul(x ^ (x >>> 7), 61 | x)) ^ x;
    return ((x ^ (x >>> 14)) >>> 0) % limit;
  };
}

/** Programs to change: those of the corpus, right and wrong, and the shipped ones. */
export function mutantMaker(): (seed: number) => string {
  const files = [...shippedPrograms(), ...corpusPrograms(), ...corpusPrograms('bad')];
  const sources = files.map(({ source }) => source.match(WORD) ?? []);
  const words = [...new Set(sources.flat().filter((word) => word.trim() !== ''))];
  return (seed) => {
    const below = drawer(seed);
    const text = [...sources[below(sources.length)]!];
    for (let edits = 1 + below(MOST_EDITS); edits > 0; edits--) edit(text, words, below);
    return text.join('');
  };
}

/** One word dropped, doubled, replaced by one of any program or swapped with another; or a stretch of words moved, dropped or written many times. */
function edit(text: string[], words: readonly string[], below: (limit: number) => number): void {
  const [at, other] = [below(text.length), below(text.length)];
  const stretch = (): readonly string[] => text.slice(at, at + 1 + below(LONGEST_STRETCH));
  switch (below(8)) {
    case 0:
      text[at] = ' ';
      break;
    case 1:
      text.splice(at, 0, text[at]!, ' ');
      break;
    case 2:
      [text[at], text[other]] = [text[other]!, text[at]!];
      break;
    case 3:
      text.splice(other, 0, ' ', ...text.splice(at, 1 + below(LONGEST_STRETCH)));
      break;
    case 4:
      if (text.length > 2 * LONGEST_STRETCH) text.splice(at, 1 + below(LONGEST_STRETCH));
      break;
    case 5: {
      const copy = stretch();
      for (let copies = 1 + below(MOST_COPIES); copies > 0; copies--) text.splice(at, 0, ...copy, ' ');
      break;
    }
    default:
      text[at] = words[below(words.length)]!;
  }
}
