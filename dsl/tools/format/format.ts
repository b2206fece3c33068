import type { Comment, SourceFile } from '#dsl/ast/nodes.ts';
import type { Diagnostic } from '#dsl/diagnostics/diagnostic.ts';
import type { IToken } from '#dsl/grammar/cst.ts';
import { matchedBraces } from '#dsl/grammar/limits.ts';
import { parse } from '#dsl/grammar/parse.ts';
import { scan } from '#dsl/grammar/scan.ts';
import * as T from '#dsl/grammar/tokens.ts';
import { fillLine, type LineWord, MAX_WIDTH, textOf } from './fill-line.ts';
import { type LayoutFacts, layoutFacts } from './layout-facts.ts';
import { isSpaced } from './spacing.ts';

export type Formatted = { readonly ok: true; readonly text: string } | { readonly ok: false; readonly diagnostics: readonly Diagnostic[] };

/**
 * A program in the one style: a statement a line, blocks indented by two, lines of at most 120 characters, one empty line at most; words, their order and
 * comments are as they were. A block stays on one line where it was written so, and fits. Formatting twice is formatting once.
 */
export function format(source: string): Formatted {
  const { file, diagnostics } = parse(source);
  const errors = diagnostics.filter(({ severity }) => severity === 'error');
  if (file === null || errors.length > 0) return { ok: false, diagnostics: errors };
  return { ok: true, text: new Printer(source, file).print() };
}

/** What stands on a line: words, and comments, behind which a line ends. */
type Piece = { readonly word: LineWord } | { readonly comment: string; readonly isOwn: boolean };

interface Line {
  readonly indent: number;
  readonly isAfterBlank: boolean;
  readonly pieces: Piece[];
}

const { W } = T;
const CLAUSES = new Set([W.with, W.at, W.reason, W.when, W.via, W.level, W.once, W.where, W.from, W.start, W.text, W.color]);
const SIGNS = new Set([T.Plus, T.Minus, T.Star, T.Slash]);
const NEW_LINE = /\r\n|\r|\n/g;
const linesIn = (gap: string): number => gap.match(NEW_LINE)?.length ?? 0;

class Printer {
  readonly #source: string;
  readonly #tokens: readonly IToken[];
  readonly #comments: readonly Comment[];
  readonly #facts: LayoutFacts;
  readonly #starts: Map<number, number>;
  /** Index of each `{` and of its `}`. */
  readonly #braces: ReadonlyMap<number, number>;
  readonly #lines: Line[] = [];
  /** For each `}` that stands alone its depth. */
  readonly #closing = new Map<number, number>();
  /** Words up to here are on the line of their block. */
  #inlineTo = -1;
  #nextComment = 0;
  #depth = 0;
  /** No line has begun in the file, or in the block that was opened last. */
  #isFirst = true;

  constructor(source: string, file: SourceFile) {
    this.#source = source;
    const scanned = scan(source);
    this.#tokens = scanned.tokens;
    this.#comments = scanned.comments;
    this.#facts = layoutFacts(file);
    this.#starts = new Map(this.#facts.starts);
    this.#braces = matchedBraces(this.#tokens);
    this.#starts.set(this.#tokens[0]!.startOffset, 0);
    for (const [index, { tokenType, startOffset }] of this.#tokens.entries())
      if (tokenType === W.return && this.#tokens[index - 1]?.tokenType !== T.Dot) this.#starts.set(startOffset, 1);
  }

  print(): string {
    for (const index of this.#tokens.keys()) this.#take(index);
    this.#takeComments(this.#source.length, true, 0);
    return this.#lines.flatMap((line) => [...(line.isAfterBlank ? [''] : []), ...rendered(line)]).join('\n') + '\n';
  }

  #take(index: number): void {
    const token = this.#tokens[index]!;
    const closing = this.#closing.get(index);
    const start = index <= this.#inlineTo ? undefined : this.#starts.get(token.startOffset);
    const depth = closing ?? start;
    const isStart = depth !== undefined;
    if (isStart) this.#depth = depth;
    this.#takeComments(token.startOffset, isStart, closing === undefined ? this.#depth : this.#depth + 1);
    if (isStart) this.#begin(this.#depth, closing === undefined && linesIn(this.#gapBefore(token.startOffset)) > 1);
    const line = this.#lines.at(-1)!;
    line.pieces.push({ word: this.#wordOf(index) });
    const end = this.#braces.get(index);
    if (end === undefined || index <= this.#inlineTo) return;
    if (this.#isInline(index, end, line)) this.#inlineTo = end;
    else {
      this.#closing.set(end, this.#depth);
      this.#isFirst = true;
    }
  }

  /** A line begins; what is first in the file or in a block has no empty line before it. */
  #begin(depth: number, isAfterBlank: boolean): Line {
    const line = { indent: 2 * depth, isAfterBlank: isAfterBlank && !this.#isFirst, pieces: [] };
    this.#lines.push(line);
    this.#isFirst = false;
    return line;
  }

  /** The comments before an offset. @param isLineStart a line begins there @param depth of comments that stand alone before such a line */
  #takeComments(before: number, isLineStart: boolean, depth: number): void {
    for (; this.#nextComment < this.#comments.length; this.#nextComment++) {
      const { span, text } = this.#comments[this.#nextComment]!;
      if (span.start >= before) return;
      const comment = text.trimEnd();
      const gap = this.#gapBefore(span.start);
      const isOwn = linesIn(gap) > 0 || this.#lines.length === 0;
      const line = isOwn && isLineStart ? this.#begin(depth, linesIn(gap) > 1) : this.#lines.at(-1)!;
      line.pieces.push({ comment, isOwn });
    }
  }

  /** The space before an offset, from the word or comment that ends before it. */
  #gapBefore(offset: number): string {
    let start = offset;
    while (start > 0 && /\s/.test(this.#source[start - 1]!)) start--;
    return this.#source.slice(start, offset);
  }

  /** A block that was written on one line, holds no comment and no other block, and fits. */
  #isInline(start: number, end: number, { indent, pieces }: Line): boolean {
    const [open, close] = [this.#tokens[start]!, this.#tokens[end]!];
    if (linesIn(this.#source.slice(open.startOffset, this.#tokens[start + 1]!.startOffset)) > 0) return false;
    for (let at = start + 1; at < end; at++) if (this.#braces.has(at)) return false;
    if ((this.#comments[this.#nextComment]?.span.start ?? Infinity) < close.startOffset) return false;
    const before = pieces.flatMap((piece) => ('word' in piece ? [piece.word] : []));
    if (before.length < pieces.length) return false;
    const words = [...before, ...Array.from({ length: end - start }, (_, at) => this.#wordOf(start + 1 + at))];
    return indent + textOf(words, 0, words.length).length <= MAX_WIDTH;
  }

  #wordOf(index: number): LineWord {
    const token = this.#tokens[index]!;
    const before = this.#tokens[index - 1];
    return {
      text: token.image,
      isSpaced: before !== undefined && isSpaced(before, token, this.#facts),
      breakLevel: this.#breakLevel(index),
    };
  }

  /** Lines break before clauses, then before `or`, then `and`, behind commas, before signs; outside of brackets first. */
  #breakLevel(index: number): number | null {
    const [token, before] = [this.#tokens[index]!, this.#tokens[index - 1]];
    if (before === undefined) return null;
    const level =
      CLAUSES.has(token.tokenType) && this.#bracketsAt(index) === 0
        ? 1
        : token.tokenType === W.or || before.tokenType === T.Comma
          ? 2
          : token.tokenType === W.and || token.tokenType === W.then || token.tokenType === W.else
            ? 3
            : SIGNS.has(token.tokenType) && !this.#facts.signs.has(token.startOffset)
              ? 4
              : null;
    return level === null ? null : level + 10 * this.#bracketsAt(index);
  }

  /** How many brackets are open before a word, in its statement. */
  #bracketsAt(index: number): number {
    let depth = 0;
    for (let at = index - 1; at >= 0; at--) {
      const { tokenType, startOffset } = this.#tokens[at]!;
      if (tokenType === T.LParen || tokenType === T.LBracket) depth += 1;
      else if (tokenType === T.RParen || tokenType === T.RBracket) depth -= 1;
      if (this.#starts.has(startOffset)) break;
    }
    return depth;
  }
}

/** The lines of a line: a comment ends one. */
function rendered({ indent, pieces }: Line): string[] {
  const lines: string[] = [];
  let words: LineWord[] = [];
  const flush = (): void => {
    if (words.length > 0) lines.push(...fillLine(words, indent, lines.length > 0));
    words = [];
  };
  for (const piece of pieces) {
    if ('word' in piece) {
      words.push(piece.word);
      continue;
    }
    flush();
    const isBehind = !piece.isOwn && lines.length > 0;
    if (isBehind) lines[lines.length - 1] += ` ${piece.comment}`;
    else lines.push(' '.repeat(lines.length > 0 ? indent + 2 : indent) + piece.comment);
  }
  flush();
  return lines;
}
