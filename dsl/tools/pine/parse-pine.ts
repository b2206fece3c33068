import { ExpressionParser } from './parse-expression.ts';
import type {
  BinaryOperator,
  IfStatement,
  LoopStatement,
  PineError,
  PineExpression,
  PineParameter,
  PineScript,
  PineStatement,
  SwitchStatement,
} from './pine-nodes.ts';
import { type PineComment, scanPine } from './scan-pine.ts';
import { PineSyntax, TokenReader } from './token-reader.ts';

const MAX_ERRORS = 20;
const OPERATIONS: ReadonlyMap<string, BinaryOperator> = new Map([
  ['+=', '+'],
  ['-=', '-'],
  ['*=', '*'],
  ['/=', '/'],
  ['%=', '%'],
]);
const FOREIGN: ReadonlySet<string> = new Set(['import', 'type', 'enum', 'method', 'export', 'library']);

/** Reads statements and blocks. A statement that cannot be read is told, and left out with its block. */
class PineParser {
  readonly errors: PineError[] = [];
  readonly #reader: TokenReader;
  readonly #expressions: ExpressionParser;
  readonly #comments: readonly PineComment[];
  #nextComment = 0;

  constructor(reader: TokenReader, comments: readonly PineComment[]) {
    this.#reader = reader;
    this.#comments = comments;
    this.#expressions = new ExpressionParser(reader, {
      readIf: () => this.#if(),
      readSwitch: () => this.#switch(),
      readLoop: () => this.#loop(),
    });
  }

  script(): readonly PineStatement[] {
    const statements: PineStatement[] = [];
    while (!this.#reader.is('end')) {
      statements.push(...this.#statements());
      // A block that belongs to nothing, and the end of one.
      while (this.#reader.is('dedent')) this.#reader.next();
      if (this.#reader.is('indent')) {
        this.#error(new PineSyntax(this.#reader.here, 'a line that begins where the one before does'));
        this.#skipBlock();
      }
    }
    return statements;
  }

  /** The statements of a block, up to its end. */
  #statements(): PineStatement[] {
    const statements: PineStatement[] = [];
    for (;;) {
      const { kind } = this.#reader.here;
      if (kind === 'end' || kind === 'dedent' || kind === 'indent') return statements;
      if (kind === 'line') this.#reader.next();
      else statements.push(...this.#line());
    }
  }

  /** The statements of a line, which are parted by commas. */
  #line(): readonly PineStatement[] {
    const statements: PineStatement[] = [];
    const before = this.#reader.at;
    try {
      do statements.push(this.#statement());
      while (this.#reader.take(','));
      this.#endOfLine();
    } catch (error) {
      if (!(error instanceof PineSyntax)) throw error;
      this.#error(error);
      this.#skipLine(before);
    }
    return statements;
  }

  #endOfLine(): void {
    const { kind } = this.#reader.here;
    if (kind === 'line') this.#reader.next();
    else if (kind !== 'end' && kind !== 'dedent' && this.#reader.peek(-1).kind !== 'dedent')
      throw new PineSyntax(this.#reader.here, 'the end of the line');
  }

  #statement(): PineStatement {
    return this.#reader.nested(() => {
      const { kind, text, line, column } = this.#reader.here;
      const comments = this.#commentsTo(line);
      if (kind === 'name') {
        if (text === 'if') return { ...this.#if(), comments };
        if (text === 'switch') return { ...this.#switch(), comments };
        if (text === 'for' || text === 'while') return { ...this.#loop(), comments };
        if (text === 'break' || text === 'continue') return this.#reader.taken({ kind: 'Jump', line, column, word: text, comments });
        if (FOREIGN.has(text) && this.#reader.peek(1).kind === 'name') return { ...this.#foreign(), comments };
      }
      if (kind === 'sign' && text === '[') {
        const tuple = this.#tuple();
        if (tuple !== null) return { ...tuple, comments };
      }
      const keeps = text === 'var' || text === 'varip' ? text : null;
      if (kind === 'name' && this.#isFunction()) return { ...this.#function(), comments };
      const declared = kind === 'name' ? this.#declaredName(keeps !== null) : null;
      if (declared !== null) return { kind: 'Declare', line, column, keeps, name: declared, value: this.#expressions.read(), comments };
      if (keeps !== null) throw new PineSyntax(this.#reader.peek(1), 'a name and "="');
      return { ...this.#assignmentOrValue(), comments };
    });
  }

  /** The name before `=`, behind types such as `series float` or `array<int>`; the reader then stands behind `=`. null: no declaration, nothing was read. */
  #declaredName(isKept: boolean): string | null {
    let ahead = isKept ? 1 : 0;
    let name: string | null = null;
    for (let words = 0; words < 8; words++) {
      const { kind, text } = this.#reader.peek(ahead);
      if (kind === 'name') {
        name = text;
        ahead += 1;
      } else if (kind === 'sign' && text === '.' && this.#reader.peek(ahead + 1).kind === 'name') ahead += 1;
      else if (kind === 'sign' && text === '[' && this.#reader.peek(ahead + 1).text === ']') ahead += 2;
      else if (kind === 'sign' && text === '<' && words > 0) {
        const end = this.#endOfTypes(ahead);
        if (end === null) return null;
        ahead = end;
      } else break;
    }
    const sign = this.#reader.peek(ahead);
    if (name === null || sign.kind !== 'sign' || sign.text !== '=') return null;
    for (let taken = 0; taken <= ahead; taken++) this.#reader.next();
    return name;
  }

  /** The place behind `<float>` or `<string, int>`, or null. */
  #endOfTypes(from: number): number | null {
    for (let ahead = from + 1; ahead < from + 12; ahead++) {
      const { kind, text } = this.#reader.peek(ahead);
      if (kind === 'sign' && text === '>') return ahead + 1;
      if (kind !== 'name' && text !== ',' && text !== '.' && text !== '<') return null;
    }
    return null;
  }

  #assignmentOrValue(): PineStatement {
    const { line, column, text: name, kind } = this.#reader.here;
    const { kind: signKind, text: sign } = this.#reader.peek(1);
    const operator = OPERATIONS.get(sign);
    if (kind !== 'name' || signKind !== 'sign' || (sign !== ':=' && operator === undefined)) {
      const value = this.#expressions.read();
      if (this.#reader.isSign(':=') || this.#reader.isSign('=')) throw new PineSyntax(this.#reader.here, 'the end of the line');
      return { kind: 'Expression', line, column, value, comments: [] };
    }
    this.#reader.next();
    this.#reader.next();
    const read = this.#expressions.read();
    const value: PineExpression =
      operator === undefined ? read : { kind: 'Binary', line, column, operator, left: { kind: 'Name', line, column, name }, right: read };
    return { kind: 'Assign', line, column, name, value, comments: [] };
  }

  /** `[a, b] = f()`. null when it is something else; nothing was read then. */
  #tuple(): PineStatement | null {
    const { line, column } = this.#reader.here;
    const names: string[] = [];
    for (let ahead = 1; ; ahead += 2) {
      const [name, sign] = [this.#reader.peek(ahead), this.#reader.peek(ahead + 1)];
      if (name.kind !== 'name' || sign.kind !== 'sign') return null;
      names.push(name.text);
      if (sign.text === ',') continue;
      if (sign.text !== ']' || this.#reader.peek(ahead + 2).text !== '=') return null;
      for (let taken = 0; taken < ahead + 3; taken++) this.#reader.next();
      return { kind: 'DeclareTuple', line, column, names, value: this.#expressions.read(), comments: [] };
    }
  }

  /** `name(a, b = 1) =>`, told by the arrow behind its brackets. */
  #isFunction(): boolean {
    if (this.#reader.peek(1).kind !== 'sign' || this.#reader.peek(1).text !== '(') return false;
    for (let ahead = 2, depth = 1; ahead < 200; ahead++) {
      const { kind, text } = this.#reader.peek(ahead);
      if (kind === 'line' || kind === 'end') return false;
      if (kind !== 'sign') continue;
      if (text === '(') depth += 1;
      if (text === ')') depth -= 1;
      if (depth === 0) return this.#reader.peek(ahead + 1).kind === 'sign' && this.#reader.peek(ahead + 1).text === '=>';
    }
    return false;
  }

  #function(): PineStatement {
    const { line, column } = this.#reader.here;
    const name = this.#reader.name('the name of a function');
    this.#reader.expect('(', '"("');
    const parameters: PineParameter[] = [];
    while (!this.#reader.take(')')) {
      if (parameters.length > 0) this.#reader.expect(',', '"," or ")"');
      let parameter = this.#reader.name('the name of a parameter');
      // Types come before the name: `float x`, `array<int> y`.
      for (;;) {
        if (this.#reader.isSign('<')) for (let end = this.#endOfTypes(0) ?? 1; end > 0; end--) this.#reader.next();
        else if (this.#reader.isSign('[') || this.#reader.isSign(']')) this.#reader.next();
        else if (this.#reader.is('name')) parameter = this.#reader.next().text;
        else break;
      }
      parameters.push({ name: parameter, default: this.#reader.take('=') ? this.#expressions.read() : null });
    }
    this.#reader.expect('=>', '"=>"');
    return { kind: 'Function', line, column, name, parameters, body: this.#body(), comments: [] };
  }

  /** A block below, or statements on the same line. */
  #body(): readonly PineStatement[] {
    if (this.#reader.is('line') && this.#reader.peek(1).kind === 'indent') {
      this.#reader.next();
      this.#reader.next();
      const statements = this.#statements();
      while (this.#reader.is('indent')) {
        this.#error(new PineSyntax(this.#reader.here, 'a line that begins where the one before does'));
        this.#skipBlock();
        statements.push(...this.#statements());
      }
      if (this.#reader.is('dedent')) this.#reader.next();
      return statements;
    }
    if (this.#reader.is('line') || this.#reader.is('end')) return [];
    const statements = [this.#statement()];
    while (this.#reader.take(',')) statements.push(this.#statement());
    return statements;
  }

  #if(): IfStatement {
    const { line, column } = this.#reader.next();
    const condition = this.#expressions.read();
    const then = this.#body();
    // `else` stands on a line of its own, below the block.
    if (this.#reader.is('line') && this.#reader.peek(1).kind === 'name' && this.#reader.peek(1).text === 'else') this.#reader.next();
    if (!this.#reader.takeWord('else')) return { kind: 'If', line, column, condition, then, otherwise: [] };
    const otherwise = this.#reader.isWord('if') ? [{ ...this.#reader.nested(() => this.#if()), comments: [] }] : this.#body();
    return { kind: 'If', line, column, condition, then, otherwise };
  }

  #switch(): SwitchStatement {
    const { line, column } = this.#reader.next();
    const subject = this.#reader.is('line') ? null : this.#expressions.read();
    const cases: { when: PineExpression | null; body: readonly PineStatement[] }[] = [];
    if (!this.#reader.is('line') || this.#reader.peek(1).kind !== 'indent')
      throw new PineSyntax(this.#reader.here, 'the cases of "switch", indented');
    this.#reader.next();
    this.#reader.next();
    while (!this.#reader.is('dedent') && !this.#reader.is('end')) {
      if (this.#reader.is('line')) {
        this.#reader.next();
        continue;
      }
      const when = this.#reader.isSign('=>') ? null : this.#expressions.read();
      this.#reader.expect('=>', '"=>" of a case');
      cases.push({ when, body: this.#body() });
    }
    if (this.#reader.is('dedent')) this.#reader.next();
    return { kind: 'Switch', line, column, subject, cases };
  }

  #loop(): LoopStatement {
    const { line, column, text } = this.#reader.next();
    if (text === 'while') {
      this.#expressions.read();
      return { kind: 'Loop', line, column, word: 'while', counter: null, body: this.#body() };
    }
    const isCounter = this.#reader.is('name') && this.#reader.peek(1).text === '=';
    if (!isCounter) {
      // `for x in list`, `for [i, x] in list`.
      while (!this.#reader.isWord('in')) {
        if (this.#reader.is('line') || this.#reader.is('end')) throw new PineSyntax(this.#reader.here, '"in"');
        this.#reader.next();
      }
      this.#reader.next();
      this.#expressions.read();
      return { kind: 'Loop', line, column, word: 'for', counter: null, body: this.#body() };
    }
    const name = this.#reader.name('the counter of the loop');
    this.#reader.next();
    const from = this.#expressions.read();
    if (!this.#reader.takeWord('to')) throw new PineSyntax(this.#reader.here, '"to"');
    const to = this.#expressions.read();
    const by = this.#reader.takeWord('by') ? this.#expressions.read() : null;
    return { kind: 'Loop', line, column, word: 'for', counter: { name, from, to, by }, body: this.#body() };
  }

  /** What strat has nothing for is read over, with the block below it. */
  #foreign(): PineStatement {
    const { line, column, text: word } = this.#reader.next();
    const name = this.#reader.here.text.slice(0, 60);
    while (!this.#reader.is('line') && !this.#reader.is('end')) this.#reader.next();
    if (this.#reader.peek(1).kind === 'indent') {
      this.#reader.next();
      this.#skipBlock();
    }
    return { kind: 'Foreign', line, column, word, name, comments: [] };
  }

  #skipBlock(): void {
    let depth = 0;
    do {
      const { kind } = this.#reader.next();
      if (kind === 'indent') depth += 1;
      if (kind === 'dedent') depth -= 1;
    } while (depth > 0 && !this.#reader.is('end'));
  }

  /** Goes behind a statement that could not be read, and behind the block below it. */
  #skipLine(before: number): void {
    if (this.#reader.at === before) this.#reader.next();
    while (!this.#reader.is('line') && !this.#reader.is('end') && !this.#reader.is('dedent')) {
      if (this.#reader.is('indent')) this.#skipBlock();
      else this.#reader.next();
    }
    if (this.#reader.is('line') && this.#reader.peek(1).kind === 'indent') {
      this.#reader.next();
      this.#skipBlock();
    }
  }

  /** Comments above a line, and the one behind it; those inside of statements before it are passed over. */
  #commentsTo(line: number): readonly string[] {
    const found: string[] = [];
    for (; this.#nextComment < this.#comments.length; this.#nextComment++) {
      const comment = this.#comments[this.#nextComment]!;
      if (comment.line > line) break;
      if (comment.line === line || comment.isOwnLine) found.push(comment.text);
    }
    return found;
  }

  #error(error: PineSyntax): void {
    if (this.errors.length < MAX_ERRORS) this.errors.push({ ...error.place, message: error.message });
  }
}

/** Reads a Pine script (versions 4 to 6; older ones as far as they look the same). Never throws: what cannot be read is told, and the rest is read on. */
export function parsePine(source: string): PineScript {
  const { version, tokens, comments, errors } = scanPine(source);
  const parser = new PineParser(new TokenReader(tokens), comments);
  const statements = parser.script();
  // What the scanner could not read is enough about its line.
  const lines = new Set(errors.map(({ line }) => line));
  const all = [...errors, ...parser.errors.filter(({ line }) => !lines.has(line))].sort((a, b) => a.line - b.line || a.column - b.column);
  return { version, statements, errors: all.slice(0, MAX_ERRORS) };
}
