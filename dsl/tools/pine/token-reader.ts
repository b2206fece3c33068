import type { Place } from './pine-nodes.ts';
import type { PineToken, PineTokenKind } from './scan-pine.ts';

const MAX_DEPTH = 120;
/** Steps of the parser for each word: more than any script needs, less than a hang. */
const STEPS_PER_TOKEN = 400;

/** What stopped the reading of a statement; the parser goes on with the next one. Never leaves the parser. */
export class PineSyntax extends Error {
  readonly place: Place;

  constructor(token: PineToken, wanted: string, message = `${wanted} was expected here, found ${foundText(token)}`) {
    super(message);
    this.place = { line: token.line, column: token.column };
  }
}

/** Deeper than the parser goes. */
export class PineTooDeep extends PineSyntax {
  constructor(token: PineToken) {
    super(token, '', `this is nested more than ${MAX_DEPTH} levels deep`);
  }
}

function foundText({ kind, text }: PineToken): string {
  if (kind === 'line') return 'the end of the line';
  if (kind === 'indent') return 'a line that is indented further';
  if (kind === 'dedent') return 'the end of the block';
  if (kind === 'end') return 'the end of the script';
  return kind === 'text' ? 'a text' : `"${text.slice(0, 40)}"`;
}

/** The words of a script, one after the other. */
export class TokenReader {
  readonly #tokens: readonly PineToken[];
  #at = 0;
  #depth = 0;
  #steps = 0;

  constructor(tokens: readonly PineToken[]) {
    this.#tokens = tokens;
  }

  get here(): PineToken {
    return this.#tokens[this.#at]!;
  }

  get at(): number {
    return this.#at;
  }

  /** The line of the word before. */
  get lastLine(): number {
    return this.#tokens[Math.max(0, this.#at - 1)]!.line;
  }

  peek(ahead: number): PineToken {
    return this.#tokens[Math.min(this.#at + ahead, this.#tokens.length - 1)]!;
  }

  next(): PineToken {
    const token = this.here;
    if (token.kind !== 'end') this.#at += 1;
    this.count();
    return token;
  }

  /** Goes to the next word, for whoever has read this one. */
  taken<T>(value: T): T {
    this.next();
    return value;
  }

  is(kind: PineTokenKind): boolean {
    return this.here.kind === kind;
  }

  isSign(text: string): boolean {
    return this.here.kind === 'sign' && this.here.text === text;
  }

  isWord(text: string): boolean {
    return this.here.kind === 'name' && this.here.text === text;
  }

  take(sign: string): boolean {
    if (!this.isSign(sign)) return false;
    this.next();
    return true;
  }

  takeWord(word: string): boolean {
    if (!this.isWord(word)) return false;
    this.next();
    return true;
  }

  /** @throws PineSyntax */
  expect(sign: string, wanted: string): void {
    if (!this.take(sign)) throw new PineSyntax(this.here, wanted);
  }

  /** @throws PineSyntax */
  name(wanted: string): string {
    if (this.here.kind !== 'name') throw new PineSyntax(this.here, wanted);
    return this.next().text;
  }

  /** @throws PineTooDeep */
  nested<T>(read: () => T): T {
    if (this.#depth >= MAX_DEPTH) throw new PineTooDeep(this.here);
    this.#depth += 1;
    try {
      return read();
    } finally {
      this.#depth -= 1;
    }
  }

  /** A step of the parser. @throws RangeError when it goes in circles, which would be a fault of ours */
  count(): void {
    this.#steps += 1;
    if (this.#steps > STEPS_PER_TOKEN * (this.#tokens.length + 1)) throw new RangeError('the parser of Pine goes in circles');
  }
}
