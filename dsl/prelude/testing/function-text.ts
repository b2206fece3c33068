import { docParts } from '../doc-parts.ts';

/**
 * The text of a function of the prelude: sentences that say what it computes, then one of each of these, in this order, each on a line that begins with its
 * word (and may go on on the next lines):
 *
 * - `Seed:` what the first value is made of. Only where values are made of earlier ones of the function itself, and there always.
 * - `Unit:` the kind of the value and, of what has no unit, the range that it never leaves: `number, 0 to 100`, `percent, -1 or more`, `price`,
 *   `as source`, `condition`; of a group by members: `.line, .signal: price; .up: condition`. A bound may be a length: `0 to length - 1`, `length or more`.
 * - `na:` when it is not known. Of a function with a source it begins with one of SOURCE_RULES, of others with ONLY_FIRST or a case (`where`, `while`,
 *   `until`, `after`, `an unknown`).
 * - `Source:` who published the formula, or whose convention it is.
 */
export interface FunctionText {
  readonly says: string;
  readonly seed: string | null;
  readonly unit: string | null;
  readonly na: string | null;
  readonly source: string | null;
}

/** What an na in the source does: nothing, na on that bar, na on that bar and on some that follow. The tests see which. */
export const SOURCE_RULES = ['of the source does not count', 'where the source is', 'while its window holds one'] as const;
/** What is known on every bar once it is. */
export const ONLY_FIRST = 'only before the first value';
const CASES = /^(where|while|until|after|an unknown) /;

const WORDS = ['Seed', 'Unit', 'na', 'Source'] as const;

/** @throws Error for sentences that stand twice or not in order */
export function functionText(doc: string): FunctionText {
  const [says = '', ...sentences] = docParts(doc);
  const words = sentences.map((sentence) => sentence.slice(0, sentence.indexOf(':')));
  if (words.join() !== WORDS.filter((word) => words.includes(word)).join())
    throw new Error(`its sentences are ${words.join(', ')}; each once, in the order ${WORDS.join(', ')}`);
  const of = (word: string): string | null => sentences[words.indexOf(word)]?.slice(word.length + 2) ?? null;
  return { says, seed: of('Seed'), unit: of('Unit'), na: of('na'), source: of('Source') };
}

/** Whether the sentence on na has one of the forms. */
export function isNaRule(na: string, hasSource: boolean): boolean {
  if (hasSource) return SOURCE_RULES.some((rule) => na.startsWith(rule));
  return na.startsWith(ONLY_FIRST) || CASES.test(na);
}
