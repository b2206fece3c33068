import type { PineError, Place } from './pine-nodes.ts';

/** `indent` and `dedent` are the ends of a block, `line` the end of a statement. */
export type PineTokenKind = 'number' | 'text' | 'color' | 'name' | 'sign' | 'line' | 'indent' | 'dedent' | 'end';

export interface PineToken extends Place {
  readonly kind: PineTokenKind;
  /** Of a text what it says, of others what is written. */
  readonly text: string;
}

export interface PineComment {
  readonly line: number;
  readonly text: string;
  /** Nothing stands before it on its line. */
  readonly isOwnLine: boolean;
}

export interface ScannedPine {
  readonly version: number | null;
  readonly tokens: readonly PineToken[];
  readonly comments: readonly PineComment[];
  readonly errors: readonly PineError[];
}

/** As of strategy files (E0108). */
const MAX_CHARACTERS = 256 * 1024;
const MAX_TOKENS = 50_000;
const MAX_ERRORS = 20;
const TAB = 4;

const VERSION = /^\/\/\s*@version\s*=\s*(\d{1,2})\s*$/;
const BLANK = /[ \t\u00a0\f\ufeff]+/y;
const NAME = /[A-Za-z_][A-Za-z0-9_]*/y;
const NUMBER = /(?:\d+(?:\.\d*)?|\.\d+)(?:[eE][+-]?\d+)?/y;
const COLOR = /#[0-9A-Fa-f]{6}(?:[0-9A-Fa-f]{2})?/y;
const TEXT = /"(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*'/y;
const SIGN = /=>|:=|\+=|-=|\*=|\/=|%=|==|!=|<=|>=|[-+*/%<>=?:()[\],.]/y;
/** Signs and words behind which a statement goes on. */
const OPEN_END: ReadonlySet<string> = new Set('+ - * / % < > <= >= == != = := += -= *= /= %= ? : , . ( [ and or not'.split(' '));

class PineScanner {
  readonly tokens: PineToken[] = [];
  readonly comments: PineComment[] = [];
  readonly errors: PineError[] = [];
  version: number | null = null;
  /** Indents of the open blocks, in columns. */
  readonly #blocks = [0];
  #brackets = 0;
  #isFull = false;

  scan(source: string): void {
    const lines = source.split(/\r\n|\r|\n/);
    for (const [index, line] of lines.entries()) {
      if (this.#isFull) break;
      this.#line(line, index + 1);
    }
    const last: Place = { line: lines.length, column: lines.at(-1)!.length + 1 };
    this.#endLine();
    for (; this.#blocks.length > 1; this.#blocks.pop()) this.#push('dedent', '', last);
    this.#push('end', '', last);
  }

  #line(text: string, line: number): void {
    const content = text.trimStart();
    if (content === '') return;
    if (content.startsWith('//')) return this.#comment(content, line, true);
    if (this.#brackets === 0 && !this.#goesOn(text)) {
      this.#endLine();
      this.#openOrClose(indentOf(text), line);
    }
    this.#words(text, line);
  }

  /** A line that belongs to the statement before it: Pine indents such lines by what is no multiple of four, or breaks behind an operator. */
  #goesOn(text: string): boolean {
    const last = this.tokens.at(-1);
    if (last === undefined || last.kind === 'line' || last.kind === 'indent' || last.kind === 'dedent') return false;
    if (last.kind !== 'text' && OPEN_END.has(last.text)) return true;
    return indentOf(text) % TAB !== 0;
  }

  #openOrClose(indent: number, line: number): void {
    const place = { line, column: indent + 1 };
    if (indent > this.#blocks.at(-1)!) {
      if (this.#blocks.length > 60) return this.#refuse(place, 'blocks are nested more than 60 deep');
      this.#blocks.push(indent);
      this.#push('indent', '', place);
      return;
    }
    while (indent < this.#blocks.at(-1)!) {
      this.#blocks.pop();
      this.#push('dedent', '', place);
    }
  }

  #words(text: string, line: number): void {
    let at = 0;
    const match = (pattern: RegExp): string | null => {
      pattern.lastIndex = at;
      return pattern.exec(text)?.[0] ?? null;
    };
    while (at < text.length && !this.#isFull) {
      const place = { line, column: at + 1 };
      const blank = match(BLANK);
      if (blank !== null) {
        at += blank.length;
        continue;
      }
      if (text.startsWith('//', at)) return this.#comment(text.slice(at), line, false);
      const number = match(NUMBER);
      const name = match(NAME);
      const quoted = match(TEXT);
      const color = match(COLOR);
      const sign = match(SIGN);
      const found = number ?? name ?? quoted ?? color ?? sign;
      if (found === null) {
        const char = String.fromCodePoint(text.codePointAt(at)!);
        const isQuote = char === '"' || char === "'";
        this.#error(place, isQuote ? 'this text is not closed on its line' : `${shown(char)} means nothing in Pine`);
        if (isQuote) return;
        at += char.length;
        continue;
      }
      if (number !== null) this.#push('number', number, place);
      else if (name !== null) this.#push('name', name, place);
      else if (quoted !== null) this.#push('text', quoted.slice(1, -1).replace(/\\(.)/g, '$1'), place);
      else if (color !== null) this.#push('color', color, place);
      else this.#sign(found, place);
      at += found.length;
    }
  }

  #sign(text: string, place: Place): void {
    if (text === '(' || text === '[') this.#brackets += 1;
    else if (text === ')' || text === ']') this.#brackets = Math.max(0, this.#brackets - 1);
    this.#push('sign', text, place);
  }

  #comment(content: string, line: number, isOwnLine: boolean): void {
    const version = VERSION.exec(content)?.[1];
    if (version !== undefined) this.version ??= Number(version);
    else if (!content.startsWith('//@')) this.comments.push({ line, text: content.replace(/^\/+\s?/, '').trimEnd(), isOwnLine });
  }

  /** The end of a statement stands behind its last word. */
  #endLine(): void {
    const last = this.tokens.at(-1);
    if (last === undefined || last.kind === 'line' || last.kind === 'indent' || last.kind === 'dedent') return;
    const length = last.text.length + (last.kind === 'text' ? 2 : 0);
    this.#push('line', '', { line: last.line, column: last.column + length });
  }

  #push(kind: PineTokenKind, text: string, { line, column }: Place): void {
    if (this.tokens.length === MAX_TOKENS) this.#refuse({ line, column }, `a script has at most ${MAX_TOKENS} words and signs`);
    this.tokens.push({ kind, text, line, column });
  }

  #error(place: Place, message: string): void {
    if (this.errors.length < MAX_ERRORS) this.errors.push({ line: place.line, column: place.column, message });
    else this.#isFull = true;
  }

  #refuse(place: Place, message: string): void {
    this.#error(place, message);
    this.#isFull = true;
  }
}

function indentOf(text: string): number {
  let width = 0;
  for (const char of text) {
    if (char === '\t') width += TAB - (width % TAB);
    else if (char === ' ') width += 1;
    else break;
  }
  return width;
}

/** A character as a message shows it. */
function shown(char: string): string {
  return /[\p{L}\p{N}\p{P}\p{S}]/u.test(char)
    ? `"${char}"`
    : `the character U+${char.codePointAt(0)!.toString(16).toUpperCase().padStart(4, '0')}`;
}

/** Cuts a Pine script into words and signs, with the ends of statements and blocks, which in Pine are told by line breaks and indents. Never throws. */
export function scanPine(source: string): ScannedPine {
  const scanner = new PineScanner();
  if (source.length > MAX_CHARACTERS) {
    const place = { line: 1, column: 1 };
    const errors = [{ ...place, message: `a script has at most ${MAX_CHARACTERS / 1024} KB` }];
    return { version: null, tokens: [{ kind: 'end', text: '', ...place }], comments: [], errors };
  }
  scanner.scan(source);
  const { version, tokens, comments, errors } = scanner;
  return { version, tokens, comments, errors };
}
