import type { Span } from '#dsl/diagnostics/diagnostic.ts';
import type { IToken } from '#dsl/grammar/cst.ts';
import { type NextWord, nextWords } from '#dsl/grammar/next-words.ts';
import { tooLong } from '#dsl/grammar/parse.ts';
import * as T from '#dsl/grammar/tokens.ts';
import { STATEMENT_DOCS } from '#dsl/reference/statement-docs.ts';
import type { CheckedFile } from './checked-file.ts';
import { countBefore, endOf, isSign, type StatementPlace, statementPlace } from './cursor.ts';
import { literalProposals, marketProposals, numberProposals, timeframeProposals } from './literal-proposals.ts';
import { nameProposals } from './name-proposals.ts';
import { clauseNames, memberProposals } from './place-proposals.ts';

export type ProposalKind =
  | 'keyword'
  | 'statement'
  | 'value'
  | 'param'
  | 'function'
  | 'member'
  | 'argument'
  | 'state'
  | 'market'
  | 'timeframe'
  | 'unit'
  | 'setting';

/** A text that may stand at a place. */
export interface Proposal {
  readonly label: string;
  readonly kind: ProposalKind;
  /** What is written, when it is not the label. `$0` is where the cursor goes. */
  readonly insert?: string;
  /** Beside the label: a kind, a signature. */
  readonly detail?: string;
  readonly doc?: string;
  /** 0 first. */
  readonly rank: number;
}

export interface Completion {
  /** What the chosen text takes the place of: the word that is being written, or nothing. */
  readonly replace: Span;
  readonly proposals: readonly Proposal[];
}

export interface CompletionPlace {
  readonly checked: CheckedFile;
  readonly offset: number;
  /** Tokens before the word that is being written, and how many they are. */
  readonly count: number;
  /** The word that is being written, up to the cursor; '' when none is. */
  readonly written: string;
}

const NOTHING = { replace: { start: 0, end: 0 }, proposals: [] } as const;
const MARKET_TAIL = /[A-Z0-9][A-Z0-9.-]*(?:\/[A-Z0-9]*(?::[A-Z0-9-]*)?)?$/;

/**
 * What may stand at an offset: the words that the grammar takes there, and where it takes a name those in scope that fit, functions with their parameters,
 * members, markets, chart lengths and units. The text before the offset counts only.
 */
export function completions(checked: CheckedFile, offset: number): Completion {
  const { tokens, comments, source } = checked;
  if (tooLong(source)) return NOTHING;
  if (comments.some(({ span }) => offset > span.start && offset <= span.end)) return NOTHING;
  const before = countBefore(tokens, offset);
  const last = tokens[before - 1];
  if (last?.tokenType === T.TextToken && offset < endOf(last)) return insideText(checked, last, offset);
  if (last?.tokenType === T.TextToken && offset === endOf(last) && !/[^\\]"$|^""$/.test(last.image))
    return insideText(checked, last, offset);
  const { start, count } = writtenFrom(tokens, before, source, offset);
  const place: CompletionPlace = { checked, offset, count, written: source.slice(start, offset) };
  const proposals =
    tokens[count - 1]?.tokenType === T.Dot && tokens[count - 2] !== undefined ? memberProposals(place) : statementProposals(place);
  return { replace: { start, end: offset }, proposals: unique(proposals) };
}

/** Where the word that ends at the offset begins, and the number of tokens before it. A market being written (`BTC/US`) is one word. */
function writtenFrom(
  tokens: readonly IToken[],
  before: number,
  source: string,
  offset: number,
): { readonly start: number; readonly count: number } {
  const market = /[A-Z]/.test(source.slice(offset - 1, offset)) || /[A-Z]\/[A-Z0-9]*$/.test(source.slice(Math.max(0, offset - 30), offset));
  const tail = market ? MARKET_TAIL.exec(source.slice(Math.max(0, offset - 80), offset)) : null;
  if (tail !== null) {
    const start = offset - tail[0].length;
    return { start, count: countBefore(tokens, start) };
  }
  const last = tokens[before - 1];
  const isWriting = last !== undefined && endOf(last) >= offset && !isSign(last);
  return isWriting ? { start: last.startOffset, count: before - 1 } : { start: offset, count: before };
}

function statementProposals(place: CompletionPlace): readonly Proposal[] {
  const { tokens } = place.checked;
  if (place.count === 0) return HEADINGS;
  const where = statementPlace(tokens, place.count);
  if (where.head === null) return statementWords(where, 0);
  const next = nextWords(where.rule, tokens.slice(where.head, place.count));
  if (next === null) return leadsLine(place) ? statementWords(where, 0) : [];
  const leads = leadsLine(place);
  const proposals = next.words.flatMap((word) => proposalsOf(word, place, where));
  const ranked = leads && next.isComplete ? proposals.map((proposal) => ({ ...proposal, rank: proposal.rank + 4 })) : proposals;
  return next.isComplete ? [...ranked, ...statementWords(where, leads ? 0 : 6)] : ranked;
}

/** Only blanks stand before the word on its line. */
function leadsLine({ checked: { source }, offset, written }: CompletionPlace): boolean {
  return /(?:^|[\r\n])[ \t]*$/.test(source.slice(Math.max(0, offset - written.length - 400), offset - written.length));
}

function statementWords({ statements, isInBlock }: StatementPlace, rank: number): readonly Proposal[] {
  const words = statements.map((word): Proposal => ({ label: word, kind: 'statement', rank, ...docOf(word) }));
  return isInBlock ? [...words, { label: '}', kind: 'keyword', rank: rank + 1 }] : words;
}

function docOf(word: string): { readonly detail?: string; readonly doc?: string } {
  const doc = STATEMENT_DOCS[word];
  return doc === undefined ? {} : { detail: doc.form, doc: doc.text };
}

const HEADINGS: readonly Proposal[] = [
  {
    label: 'strat 1',
    kind: 'statement',
    insert: 'strat 1\nstrategy "$0"\n',
    detail: 'strategy',
    rank: 0,
    doc: 'The first two lines of a strategy.',
  },
  {
    label: 'strat 1 module',
    kind: 'statement',
    insert: 'strat 1\nmodule "$0"\n',
    detail: 'module',
    rank: 1,
    doc: 'The first two lines of a file of functions.',
  },
];

const WORD_OF: ReadonlyMap<unknown, string> = new Map([...T.WORD_TYPES].map(([word, type]) => [type, word]));

function proposalsOf(word: NextWord, place: CompletionPlace, where: StatementPlace): readonly Proposal[] {
  const keyword = WORD_OF.get(word.type);
  if (keyword !== undefined) return [{ label: keyword, kind: 'keyword', rank: 1 }];
  switch (word.type) {
    case T.Name:
      return word.rules[0] === 'primary' || word.rules[0] === 'path' || word.rules[0] === 'timeframe'
        ? nameProposals(place, word.rules[0], where)
        : clauseNames(word, place, where);
    case T.UnitWord:
    case T.Upper:
    case T.TypeWord:
      return literalProposals(word, place);
    case T.MarketToken:
      return marketProposals(place);
    case T.DurationToken:
      return word.rules[0] === 'timeframe' ? timeframeProposals(place) : numberProposals(word, place);
    case T.PercentToken:
    case T.BasisPoints:
    case T.RMultiple:
      return numberProposals(word, place);
    default:
      return [];
  }
}

/** Within `{` of a text: the values that it can show. */
function insideText(checked: CheckedFile, text: IToken, offset: number): Completion {
  const name = /\{([a-z]\w*)?$/.exec(text.image.slice(0, offset - text.startOffset));
  if (name === null) return NOTHING;
  const values = checked.symbols.visibleAt(offset).filter(({ kind }) => kind === 'let' || kind === 'param');
  const proposals = values.map((symbol): Proposal => ({ label: symbol.name, kind: 'value', rank: 0 }));
  return { replace: { start: offset - (name[1]?.length ?? 0), end: offset }, proposals };
}

/** One of each label, the first in rank. */
function unique(proposals: readonly Proposal[]): readonly Proposal[] {
  const known = new Map<string, Proposal>();
  for (const proposal of proposals.toSorted((a, b) => a.rank - b.rank)) if (!known.has(proposal.label)) known.set(proposal.label, proposal);
  return [...known.values()];
}
