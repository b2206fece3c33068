import type { BinaryOperator, IfStatement, LoopStatement, PineArgument, PineExpression, SwitchStatement } from './pine-nodes.ts';
import { PineSyntax, type TokenReader } from './token-reader.ts';

/** Statements that have a value. */
export interface BlockReader {
  readonly readIf: () => IfStatement;
  readonly readSwitch: () => SwitchStatement;
  readonly readLoop: () => LoopStatement;
}

/** Loosest first; all of them from left to right. */
const LEVELS: readonly (readonly BinaryOperator[])[] = [['or'], ['and'], ['==', '!='], ['<', '<=', '>', '>='], ['+', '-'], ['*', '/', '%']];
const LEVEL_OF: ReadonlyMap<string, number> = new Map(LEVELS.flatMap((signs, level) => signs.map((sign) => [sign, level] as const)));
const WORDS: ReadonlySet<string> = new Set([
  'and',
  'or',
  'not',
  'if',
  'else',
  'for',
  'while',
  'switch',
  'to',
  'by',
  'in',
  'var',
  'varip',
  'import',
  'export',
  'break',
  'continue',
]);

/** Reads expressions: recursive descent, as deep as the reader allows. */
export class ExpressionParser {
  readonly #reader: TokenReader;
  readonly #blocks: BlockReader;

  constructor(reader: TokenReader, blocks: BlockReader) {
    this.#reader = reader;
    this.#blocks = blocks;
  }

  /** @throws PineSyntax */
  read(): PineExpression {
    return this.#reader.nested(() => {
      const { text, kind, line, column } = this.#reader.here;
      if (kind === 'name' && text === 'if') return { kind: 'If', line, column, statement: this.#blocks.readIf() };
      if (kind === 'name' && text === 'switch') return { kind: 'Switch', line, column, statement: this.#blocks.readSwitch() };
      if (kind === 'name' && (text === 'for' || text === 'while'))
        return { kind: 'Loop', line, column, statement: this.#blocks.readLoop() };
      return this.#choice();
    });
  }

  #choice(): PineExpression {
    const condition = this.#binary(0);
    if (!this.#reader.take('?')) return condition;
    const then = this.read();
    this.#reader.expect(':', 'the other value of "? :"');
    const otherwise = this.read();
    return { kind: 'Choice', line: condition.line, column: condition.column, condition, then, otherwise };
  }

  #binary(level: number): PineExpression {
    if (level === LEVELS.length) return this.#unary();
    let left = this.#binary(level + 1);
    for (;;) {
      const { kind, text } = this.#reader.here;
      if ((kind !== 'sign' && kind !== 'name') || LEVEL_OF.get(text) !== level) return left;
      this.#reader.next();
      const right = this.#binary(level + 1);
      left = { kind: 'Binary', line: left.line, column: left.column, operator: text as BinaryOperator, left, right };
      this.#reader.count();
    }
  }

  #unary(): PineExpression {
    const { kind, text, line, column } = this.#reader.here;
    const isSign = (kind === 'sign' && (text === '-' || text === '+')) || (kind === 'name' && text === 'not');
    if (!isSign) return this.#postfix();
    return this.#reader.nested(() => {
      this.#reader.next();
      return { kind: 'Unary', line, column, operator: text, value: this.#unary() };
    });
  }

  #postfix(): PineExpression {
    let value = this.#primary();
    for (;;) {
      const { line, column } = value;
      this.#reader.count();
      if (this.#reader.take('[')) {
        const bars = this.read();
        this.#reader.expect(']', 'the end of a number of bars back');
        value = { kind: 'Past', line, column, of: value, bars };
      } else if (this.#reader.take('.')) {
        const name = this.#reader.name('the name of a member');
        value = value.kind === 'Name' ? { ...value, name: `${value.name}.${name}` } : { kind: 'Member', line, column, of: value, name };
      } else if (value.kind === 'Name' && this.#isCall()) {
        this.#typeArguments();
        this.#reader.next();
        value = { kind: 'Call', line, column, callee: value.name, args: this.#args() };
      } else if (value.kind === 'Member' && this.#reader.isSign('(')) {
        this.#reader.next();
        const args = this.#args();
        value = { kind: 'Call', line, column, callee: `(value).${value.name}`, args: [{ name: null, value: value.of }, ...args] };
      } else return value;
    }
  }

  /** `f(`, or `array.new<float>(`. */
  #isCall(): boolean {
    if (this.#reader.isSign('(')) return true;
    if (!this.#reader.isSign('<')) return false;
    for (let ahead = 1; ahead < 12; ahead++) {
      const { kind, text } = this.#reader.peek(ahead);
      if (kind === 'sign' && text === '>') return this.#reader.peek(ahead + 1).text === '(' && this.#reader.peek(ahead + 1).kind === 'sign';
      if (kind !== 'name' && text !== '.' && text !== ',' && text !== '<') return false;
    }
    return false;
  }

  #typeArguments(): void {
    if (!this.#reader.isSign('<')) return;
    while (!this.#reader.isSign('(')) this.#reader.next();
  }

  #args(): readonly PineArgument[] {
    const args: PineArgument[] = [];
    while (!this.#reader.take(')')) {
      if (args.length > 0) this.#reader.expect(',', '"," or ")"');
      if (this.#reader.take(')')) break;
      const { kind, text } = this.#reader.here;
      const isNamed = kind === 'name' && this.#reader.peek(1).kind === 'sign' && this.#reader.peek(1).text === '=';
      if (isNamed) {
        this.#reader.next();
        this.#reader.next();
      }
      args.push({ name: isNamed ? text : null, value: this.read() });
    }
    return args;
  }

  #primary(): PineExpression {
    const token = this.#reader.here;
    const { kind, text, line, column } = token;
    if (kind === 'number') return this.#reader.taken({ kind: 'Number', line, column, text });
    if (kind === 'text') return this.#reader.taken({ kind: 'Text', line, column, text });
    if (kind === 'color') return this.#reader.taken({ kind: 'Color', line, column });
    if (kind === 'name' && (text === 'true' || text === 'false'))
      return this.#reader.taken({ kind: 'Boolean', line, column, value: text === 'true' });
    if (kind === 'name' && !WORDS.has(text)) return this.#reader.taken({ kind: 'Name', line, column, name: text });
    if (this.#reader.take('(')) {
      const value = this.read();
      this.#reader.expect(')', '")"');
      return value;
    }
    if (this.#reader.take('[')) {
      const items: PineExpression[] = [];
      while (!this.#reader.take(']')) {
        if (items.length > 0) this.#reader.expect(',', '"," or "]"');
        items.push(this.read());
      }
      return { kind: 'Tuple', line, column, items };
    }
    throw new PineSyntax(token, 'a value');
  }
}
