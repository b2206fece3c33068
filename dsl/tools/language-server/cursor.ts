import type { IToken } from '#dsl/grammar/cst.ts';
import { AT_TOP, IN_BLOCK } from '#dsl/grammar/parser.ts';
import { startsStatement } from '#dsl/grammar/statement-start.ts';
import * as T from '#dsl/grammar/tokens.ts';

export const endOf = (token: IToken): number => token.startOffset + token.image.length;

/** How many tokens begin before an offset. */
export function countBefore(tokens: readonly IToken[], offset: number): number {
  let [low, high] = [0, tokens.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (tokens[middle]!.startOffset < offset) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** The token that covers an offset or ends there; of two that touch, the later. */
export function tokenAt(tokens: readonly IToken[], offset: number): IToken | null {
  const after = tokens[countBefore(tokens, offset)];
  if (after !== undefined && after.startOffset === offset) return isSign(after) ? (wordEndingAt(tokens, offset) ?? after) : after;
  return wordEndingAt(tokens, offset);
}

function wordEndingAt(tokens: readonly IToken[], offset: number): IToken | null {
  const token = tokens[countBefore(tokens, offset) - 1];
  return token !== undefined && endOf(token) >= offset ? token : null;
}

const SIGN_TYPES: ReadonlySet<unknown> = new Set(T.SIGNS.values());
export const isSign = ({ tokenType }: IToken): boolean => SIGN_TYPES.has(tokenType);

/** Where in the structure of a file a place is. */
export interface StatementPlace {
  /** Index of the first word of the statement that is being written; null where one may start. */
  readonly head: number | null;
  /** Rule of the grammar that it is read by. */
  readonly rule: string;
  /** Words that may start the next statement. */
  readonly statements: readonly string[];
  /** A block is open around it: it may end. */
  readonly isInBlock: boolean;
}

const TOP = { rule: 'statement', statements: AT_TOP, isInBlock: false } as const;
/** Blocks of statements by the word that opens them. */
const BLOCKS: ReadonlyMap<string, Omit<StatementPlace, 'head'>> = new Map<string, Omit<StatementPlace, 'head'>>([
  ['long', { rule: 'blockItem', statements: IN_BLOCK, isInBlock: true }],
  ['short', { rule: 'blockItem', statements: IN_BLOCK, isInBlock: true }],
  ['setup', { rule: 'blockItem', statements: IN_BLOCK, isInBlock: true }],
  ['oco', { rule: 'enterStatement', statements: ['enter'], isInBlock: true }],
  ['chart', { rule: 'letStatement', statements: ['let'], isInBlock: true }],
]);
const IN_DEF: ReadonlySet<string> = new Set(['let', 'return']);

/** Looks at the first `count` tokens: which statement is behind them, in which block. Needs no parser, so it holds for half-written text. */
export function statementPlace(tokens: readonly IToken[], count: number): StatementPlace {
  /** Heads of the statements whose `{` is open, the outermost first. */
  const open: number[] = [];
  let head: number | null = count > 0 ? 0 : null;
  for (let index = 0; index < count; index++) {
    const { tokenType, image } = tokens[index]!;
    if (tokenType === T.LCurly) {
      if (head === null) continue;
      open.push(head);
      if (BLOCKS.has(tokens[head]!.image)) head = null;
    } else if (tokenType === T.RCurly) {
      const opener = open.pop();
      if (opener !== undefined) head = BLOCKS.has(tokens[opener]!.image) || isDef(tokens, opener) ? null : opener;
    } else if (startsStatement(tokens, index)) {
      // What holds no statements has lost its }.
      while (open.length > 0 && !holds(tokens, open.at(-1)!, image)) open.pop();
      const opener = open.at(-1);
      head = opener !== undefined && isDef(tokens, opener) ? opener : index;
    }
  }
  const block = open.findLast((opener) => BLOCKS.has(tokens[opener]!.image));
  const around = block === undefined ? TOP : BLOCKS.get(tokens[block]!.image)!;
  return head === 0 && !startsStatement(tokens, 0) ? { ...TOP, head, rule: 'heading' } : { ...around, head };
}

function isDef(tokens: readonly IToken[], head: number): boolean {
  return ['def', 'export'].includes(tokens[head]!.image);
}

function holds(tokens: readonly IToken[], opener: number, word: string): boolean {
  return isDef(tokens, opener) ? IN_DEF.has(word) : BLOCKS.get(tokens[opener]!.image)?.statements.includes(word) === true;
}
