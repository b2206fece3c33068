import type { IToken, TokenType } from 'chevrotain';
import type { Comment } from '#dsl/ast/nodes.ts';
import { diagnostic } from '#dsl/diagnostics/diagnostic.ts';
import type { Diagnostic } from '#dsl/diagnostics/diagnostic.ts';
import { hiddenCharacters, isHidden, strangeCharacter } from './characters.ts';
import { readDate, readNumber, readTime } from './literals.ts';
import * as T from './tokens.ts';

/** The words of a source. `docs` maps the offset of a token to the `##` lines above it. `complete` is false when the source has too many words to go on. */
export interface ScanResult {
  readonly tokens: IToken[];
  readonly comments: Comment[];
  readonly docs: ReadonlyMap<number, string>;
  readonly diagnostics: Diagnostic[];
  readonly complete: boolean;
}

const MAX_WORDS = 50_000;
const MAX_NAME = 64;
const MAX_TEXT = 500;
const MAX_FINDINGS = 100;

// Sticky patterns, each linear in what it takes; those that look past their own end have bounded repeats.
const WORD = /[a-z][A-Za-z0-9_]*/y;
const MARKET =
  /[A-Z0-9]{1,24}(?:[.-][A-Z0-9]{1,24}){0,3}\/[A-Z][A-Z0-9]{0,23}(?::[A-Z][A-Z0-9]{0,23}(?:-[A-Z0-9]{1,24}){0,4})?(?![A-Za-z0-9_])/y;
const UPPER = /[A-Z][A-Z0-9]*(?:[.-][A-Z][A-Z0-9]{0,23}){0,3}(?![A-Za-z0-9_])/y;
const ODD = /[A-Z][A-Za-z0-9_]*/y;
const DATE = /\d{4}-\d{1,2}-\d{1,2}(?![\dA-Za-z_])/y;
const TIME = /\d{1,2}:\d{2}(?![\dA-Za-z_])/y;
const NUMBER = /\d[\d_]*(?:\.\d[\d_]*)?(?:[eE][+-]?\d+)?(?:%|[A-Za-z][A-Za-z0-9_]*)?/y;
const LEADING_DOT = /\.\d[\d_]*(?:[A-Za-z%][A-Za-z0-9_]*)?/y;
const TEXT = /"(?:[^"\\\r\n]|\\[^\r\n])*"?/y;
const CLOSED_TEXT = /^"(?:[^"\\]|\\.)*"$/;
const COMMENT = /#[^\r\n]*/y;

/** Texts of the patterns that editors colour by. */
export const LITERALS = { market: MARKET.source, upper: UPPER.source, odd: ODD.source, date: DATE.source, time: TIME.source } as const;

const LITERAL_TYPES: Readonly<Record<'number' | 'percent' | 'basisPoints' | 'multiple' | 'duration' | 'bad', TokenType>> = {
  number: T.NumberToken,
  percent: T.PercentToken,
  basisPoints: T.BasisPoints,
  multiple: T.RMultiple,
  duration: T.DurationToken,
  bad: T.NumberToken,
};

class Scanner {
  readonly source: string;
  readonly tokens: IToken[] = [];
  readonly comments: Comment[] = [];
  readonly docs = new Map<number, string>();
  readonly diagnostics: Diagnostic[];
  #doc: string[] = [];
  #at = 0;

  constructor(source: string) {
    this.source = source;
    this.diagnostics = hiddenCharacters(source);
  }

  run(): boolean {
    while (this.#at < this.source.length) {
      const code = this.source.charCodeAt(this.#at);
      if (code === 32 || code === 10 || code === 13 || code === 9) this.#at++;
      else if (code === 35) this.#comment();
      else {
        this.#token(code);
        if (this.tokens.length > MAX_WORDS) return false;
        if (this.diagnostics.length >= MAX_FINDINGS) return false;
      }
    }
    return true;
  }

  #match(pattern: RegExp): string | null {
    pattern.lastIndex = this.#at;
    return pattern.exec(this.source)?.[0] ?? null;
  }

  #push(tokenType: TokenType, image: string): void {
    const startOffset = this.#at;
    if (this.#doc.length > 0) {
      this.docs.set(startOffset, this.#doc.join('\n'));
      this.#doc = [];
    }
    this.tokens.push({
      image,
      startOffset,
      endOffset: startOffset + image.length - 1,
      tokenType,
      tokenTypeIdx: tokenType.tokenTypeIdx ?? 0,
    });
    this.#at += image.length;
  }

  #report(code: 'E0102' | 'E0105' | 'E0106' | 'E0108' | 'E0101', start: number, length: number, message: string, hint?: string): void {
    this.diagnostics.push(diagnostic(code, { start, end: start + length }, message, hint));
  }

  #comment(): void {
    const text = this.#match(COMMENT) ?? '#';
    const doc = text.startsWith('##');
    this.comments.push({ span: { start: this.#at, end: this.#at + text.length }, text, doc });
    if (doc) this.#doc.push(text.replace(/^#+ ?/, '').trimEnd());
    else this.#doc = [];
    this.#at += text.length;
  }

  #token(code: number): void {
    if (code >= 97 && code <= 122) return this.#word();
    if ((code >= 65 && code <= 90) || (code >= 48 && code <= 57)) return this.#marketOr(code <= 57);
    if (code === 34) return this.#text();
    if (code === 46) {
      const number = this.#match(LEADING_DOT);
      if (number !== null) {
        this.#report('E0105', this.#at, number.length, 'a number starts with a digit', `write 0${number}`);
        return this.#push(T.NumberToken, number);
      }
    }
    const two = this.source.slice(this.#at, this.#at + 2);
    const twoType = T.SIGNS.get(two);
    if (twoType !== undefined) return this.#push(twoType, two);
    const one = two.slice(0, 1);
    const oneType = T.SIGNS.get(one);
    if (oneType !== undefined) return this.#push(oneType, one);
    this.#strange();
  }

  #word(): void {
    const word = this.#match(WORD) ?? '';
    if (word.length > MAX_NAME)
      this.#report('E0108', this.#at, word.length, `a name has at most ${MAX_NAME} characters, this one has ${word.length}`);
    this.#push(T.WORD_TYPES.get(word) ?? T.Identifier, word);
  }

  #marketOr(digit: boolean): void {
    const market = this.#match(MARKET);
    // a base without a letter is a number that is divided
    if (market !== null && /^[^/]*[A-Z]/.test(market)) return this.#push(T.MarketToken, market);
    if (digit) return this.#number();
    const upper = this.#match(UPPER);
    if (upper !== null) return this.#push(T.Upper, upper);
    this.#push(T.OddWord, this.#match(ODD) ?? '');
  }

  #number(): void {
    const date = this.#match(DATE);
    if (date !== null) {
      if (readDate(date) === null) this.#report('E0105', this.#at, date.length, 'there is no such date', 'dates are written 2024-01-31');
      return this.#push(T.DateToken, date);
    }
    const time = this.#match(TIME);
    if (time !== null) {
      if (readTime(time) === null)
        this.#report('E0105', this.#at, time.length, 'there is no such time of day', 'times go from 00:00 to 24:00');
      return this.#push(T.TimeToken, time);
    }
    const image = this.#match(NUMBER) ?? '0';
    const reading = readNumber(image);
    if (reading.kind === 'bad') this.#report('E0105', this.#at, image.length, reading.problem, reading.hint);
    this.#push(LITERAL_TYPES[reading.kind], image);
  }

  #text(): void {
    const text = this.#match(TEXT) ?? '"';
    const start = this.#at;
    const closed = CLOSED_TEXT.test(text);
    if (!closed) {
      this.#report('E0102', start, text.length, 'this text is not closed', 'a text ends with " on the line where it starts');
    } else if (text.length - 2 > MAX_TEXT) {
      this.#report('E0108', start, text.length, `a text has at most ${MAX_TEXT} characters, this one has ${text.length - 2}`);
    } else {
      const escape = /^(?:[^\\]|\\["\\n])*?(\\[^"\\n])/.exec(text.slice(1, -1));
      const control = text.indexOf('\t');
      if (control !== -1) this.#report('E0101', start + control, 1, 'a tab inside a text', 'write a space');
      else if (escape?.[1] !== undefined) {
        const at = start + 1 + escape[0].length - 2;
        this.#report(
          'E0101',
          at,
          2,
          `${escape[1]} means nothing in a text`,
          'write \\" for a quote, \\\\ for a backslash, \\n for a new line',
        );
      }
    }
    this.#push(T.TextToken, text);
  }

  #strange(): void {
    const start = this.#at;
    const char = String.fromCodePoint(this.source.codePointAt(start) ?? 0);
    this.#at += char.length;
    if (isHidden(char)) return;
    if (char === '%' && this.#percentOfNumberBefore(start)) return;
    while (this.source.startsWith(char, this.#at)) this.#at += char.length;
    this.diagnostics.push(strangeCharacter(this.source.slice(start, this.#at), start));
  }

  /** `2 %`: says so, and takes it for the percent that was meant. */
  #percentOfNumberBefore(start: number): boolean {
    const last = this.tokens.at(-1);
    if (last === undefined || last.tokenType !== T.NumberToken) return false;
    this.#report('E0106', start, 1, 'a percent touches its number', `write ${last.image.slice(0, 20)}%`);
    this.tokens[this.tokens.length - 1] = {
      ...last,
      image: `${last.image}%`,
      endOffset: start,
      tokenType: T.PercentToken,
      tokenTypeIdx: T.PercentToken.tokenTypeIdx ?? 0,
    };
    return true;
  }
}

/** Cuts a source into words. Total: whatever is not part of the language becomes a diagnostic, and the scan goes on behind it. */
export function scan(source: string): ScanResult {
  const scanner = new Scanner(source);
  let complete = scanner.run();
  const { tokens, comments, docs, diagnostics } = scanner;
  const beyond = tokens[MAX_WORDS];
  if (beyond !== undefined) {
    const span = { start: beyond.startOffset, end: beyond.startOffset + beyond.image.length };
    diagnostics.push(diagnostic('E0108', span, 'a program has at most 50,000 words', 'split it into modules'));
    complete = false;
  }
  return { tokens, comments, docs, diagnostics, complete };
}
