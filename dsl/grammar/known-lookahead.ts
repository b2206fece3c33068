import type { CstParser, IToken, TokenType } from 'chevrotain';

/** As `getLookaheadPaths` names what decides between ways: `Option`, `Repetition`, ... */
export type ChoiceKind = keyof typeof KEYS;

/** Where Chevrotain keeps the function of a choice among those of its rule: the kind in the upper bits, its number among its kind in the lower eight. */
const KEYS = {
  Alternation: 1,
  Option: 2,
  Repetition: 3,
  RepetitionMandatory: 4,
  RepetitionWithSeparator: 5,
  RepetitionMandatoryWithSeparator: 6,
} as const;
const KIND_SHIFT = 8;

/** One choice of a rule as `KIND NUMBER: kinds of words, of each way`, and what stands between. */
export const CHOICES_APART = '; ';
export const WAYS_APART = ' | ';
export const WORDS_APART = ' ';
const CHOICE = /^(\w+) (\d+): (.*)$/;

type Lookahead = (this: Reading) => number | boolean | undefined;

interface Reading {
  readonly LA_FAST: (ahead: number) => IToken;
}

/**
 * Fields that Chevrotain has for itself, in the version that package.json pins: known-lookahead.test.ts compares what is put here with what its own analysis puts here,
 * over all choices and words.
 */
export interface AnalysedParser extends Reading {
  selfAnalysisDone: boolean;
  readonly tokensMap: Readonly<Record<string, TokenType>>;
  readonly definedRulesNames: readonly string[];
  readonly fullRuleNameToShort: Readonly<Record<string, number>>;
  /** By short name of a rule, then by key of a choice. */
  readonly lookAheadFuncsCache: Lookahead[][];
}

/**
 * In place of `performSelfAnalysis`, which runs every rule to see what is in it, for 12 ms of each start: what may follow at each choice is known from the table.
 * @param table rule -> its choices, as scripts/gen-lookahead.ts writes them
 */
export function useKnownLookahead(parser: CstParser, table: Readonly<Record<string, string>>): void {
  const own = parser as unknown as AnalysedParser;
  for (const name of own.definedRulesNames) {
    const functions: Lookahead[] = [];
    for (const choice of table[name]?.split(CHOICES_APART) ?? []) {
      const [, kind, number, ways] = CHOICE.exec(choice) as unknown as [string, ChoiceKind, string, string];
      functions[(KEYS[kind] << KIND_SHIFT) | Number(number)] = lookahead(kind, ways, own.tokensMap);
    }
    own.lookAheadFuncsCache[own.fullRuleNameToShort[name]!] = functions;
  }
  own.selfAnalysisDone = true;
}

/** Which way a word takes is computed when a text first comes to the choice: a program has few of the kinds of statements that there are. */
function lookahead(kind: ChoiceKind, ways: string, tokens: Readonly<Record<string, TokenType>>): Lookahead {
  let known: readonly (number | undefined)[] | null = null;
  if (kind === 'Alternation')
    return function () {
      known ??= waysOf(ways, tokens);
      return known[this.LA_FAST(1).tokenTypeIdx];
    };
  return function () {
    known ??= waysOf(ways, tokens);
    return known[this.LA_FAST(1).tokenTypeIdx] === 0;
  };
}

/** Number of the way by index of the kind of word; the first one, where two begin alike. */
function waysOf(ways: string, tokens: Readonly<Record<string, TokenType>>): readonly (number | undefined)[] {
  const found: (number | undefined)[] = [];
  for (const [way, words] of ways.split(WAYS_APART).entries())
    for (const word of words.split(WORDS_APART)) {
      const { tokenTypeIdx, categoryMatches } = tokens[word]!;
      found[tokenTypeIdx!] ??= way;
      for (const member of categoryMatches!) found[member] ??= way;
    }
  return found;
}
