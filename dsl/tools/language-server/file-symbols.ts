import type { Expression, Word } from '#dsl/ast/expression.ts';
import type {
  BlockItem,
  DefStatement,
  EnterStatement,
  ExitStatement,
  LetStatement,
  RegimeStatement,
  SourceFile,
  Statement,
  Text,
  UseStatement,
} from '#dsl/ast/nodes.ts';
import { childrenOf } from '#dsl/check/children.ts';
import { statementExpressions } from '#dsl/check/statement-expressions.ts';
import type { Span } from '#dsl/diagnostics/diagnostic.ts';

export type SymbolKind = 'let' | 'param' | 'function' | 'parameter' | 'import' | 'session' | 'regime' | 'state' | 'basket' | 'setup';

/** A name that a file defines. */
export interface FileSymbol {
  readonly name: string;
  readonly kind: SymbolKind;
  /** The name where it is defined; of a state where it is first named. */
  readonly place: Span;
  /** The whole of what defines it. */
  readonly definition: Span;
  /** Where it can be read. */
  readonly within: Span;
  readonly doc: string | null;
  /** Of a function: its statement. */
  readonly def: DefStatement | null;
  /** Of an import: the line, and the name over there. */
  readonly use: { readonly statement: UseStatement; readonly name: Word } | null;
  /** Of a parameter the function that has it, of a state its regime. */
  readonly owner: FileSymbol | null;
  /** Where it is read, the definition not counted. */
  readonly uses: readonly Span[];
}

export interface FileSymbols {
  readonly all: readonly FileSymbol[];
  /** The name under an offset (the end of a word counts as under it), at its definition or where it is used. */
  readonly at: (offset: number) => { readonly symbol: FileSymbol; readonly place: Span } | null;
  /** What a word would mean at an offset. States have no meaning outside of `is`. */
  readonly find: (name: string, offset: number) => FileSymbol | null;
  /** Names that can be read at an offset. */
  readonly visibleAt: (offset: number) => readonly FileSymbol[];
}

type Draft = { -readonly [K in keyof FileSymbol]: K extends 'uses' ? Span[] : FileSymbol[K] };
type Names = Map<string, Draft>;

const covers = ({ start, end }: Span, offset: number): boolean => offset >= start && offset <= end;

/** The names of a file: who defines each, who reads it. */
export function fileSymbols(file: SourceFile | null): FileSymbols {
  const all = file === null ? [] : new SymbolReader(file).read();
  const visibleAt = (offset: number): readonly FileSymbol[] => all.filter(({ kind, within }) => kind !== 'state' && covers(within, offset));
  return {
    all,
    at(offset) {
      for (const symbol of all) {
        const place = [symbol.place, ...symbol.uses].find((span) => covers(span, offset));
        if (place !== undefined) return { symbol, place };
      }
      return null;
    },
    // An inner name stands before an outer one of the same text, which is an error anyway.
    find: (name, offset) => visibleAt(offset).findLast((symbol) => symbol.name === name) ?? null,
    visibleAt,
  };
}

class SymbolReader {
  readonly #file: SourceFile;
  readonly #root: Names = new Map();
  readonly #states = new Map<FileSymbol, Names>();
  readonly #all: Draft[] = [];

  constructor(file: SourceFile) {
    this.#file = file;
  }

  read(): readonly FileSymbol[] {
    const { statements } = this.#file;
    for (const statement of statements) this.#declareTop(statement);
    for (const statement of statements) this.#statement(statement);
    return this.#all;
  }

  #declare(names: Names, kind: SymbolKind, word: Word, more: Partial<Draft> & { readonly definition: Span }): Draft {
    const symbol: Draft = {
      name: word.text,
      kind,
      place: word.span,
      within: this.#file.span,
      doc: null,
      def: null,
      use: null,
      owner: null,
      uses: [],
      ...more,
    };
    this.#all.push(symbol);
    if (!names.has(word.text)) names.set(word.text, symbol);
    return symbol;
  }

  #declareTop(statement: Statement): void {
    const root = this.#root;
    switch (statement.kind) {
      case 'Let':
        return this.#declareLet(root, statement, this.#file.span);
      case 'Chart':
        for (const line of statement.lets) this.#declareLet(root, line, this.#file.span);
        return;
      case 'Param':
      case 'Session':
      case 'Basket':
      case 'Setup': {
        const kinds = { Param: 'param', Session: 'session', Basket: 'basket', Setup: 'setup' } as const;
        this.#declare(root, kinds[statement.kind], statement.name, { definition: statement.span, doc: statement.doc });
        return;
      }
      case 'Def':
        this.#declare(root, 'function', statement.name, { definition: statement.span, doc: statement.doc, def: statement });
        return;
      case 'Use':
        for (const { name, alias, span } of statement.imports)
          this.#declare(root, 'import', alias ?? name, { definition: span, use: { statement, name } });
        return;
      case 'Regime':
        return this.#declareRegime(statement);
      default:
    }
  }

  #declareLet(names: Names, line: LetStatement, within: Span): void {
    this.#declare(names, 'let', line.name, { definition: line.span, within, doc: line.doc });
  }

  #declareRegime(statement: RegimeStatement): void {
    const { name, start, transitions, span, doc } = statement;
    const regime = this.#declare(this.#root, 'regime', name, { definition: span, doc });
    const states: Names = new Map();
    this.#states.set(regime, states);
    for (const word of [start, ...transitions.flatMap(({ from, to }) => [from, to])]) {
      if (word.text === 'any') continue;
      const known = states.get(word.text);
      if (known === undefined) this.#declare(states, 'state', word, { definition: word.span, within: span, owner: regime });
      else known.uses.push(word.span);
    }
  }

  #statement(statement: Statement): void {
    const root = this.#root;
    switch (statement.kind) {
      case 'Def':
        return this.#def(statement);
      case 'Side':
      case 'Setup':
        return this.#block(statement.body, statement.span);
      case 'Oco':
        for (const entry of statement.entries) this.#item(entry, root);
        return;
      case 'Enter':
      case 'Exit':
        return this.#item(statement, root);
      case 'Notify':
      case 'Mark':
        this.#text(statement.text, root);
        break;
      case 'Objective':
        // Its names are figures of the finished run.
        return;
      default:
    }
    for (const e of statementExpressions(statement)) this.#expression(e, root);
  }

  #block(items: readonly BlockItem[], within: Span): void {
    const names: Names = new Map(this.#root);
    for (const item of items) if (item.kind === 'Let') this.#declareLet(this.#inner(names, item), item, within);
    for (const item of items) this.#item(item, names);
  }

  /** A name of a block stands for itself there, also where the file has one of the same text. */
  #inner(names: Names, { name }: LetStatement): Names {
    if (this.#root.has(name.text) && names.get(name.text) === this.#root.get(name.text)) names.delete(name.text);
    return names;
  }

  #item(item: BlockItem, names: Names): void {
    if (item.kind === 'Enter' || item.kind === 'Exit') this.#order(item, names);
    for (const e of statementExpressions(item)) this.#expression(e, names);
  }

  #order({ name, reason }: EnterStatement | ExitStatement, names: Names): void {
    if (name !== null) this.#use(name, names);
    this.#text(reason, names);
  }

  #def(statement: DefStatement): void {
    const { span, parameters, lets, result } = statement;
    const owner = this.#all.find(({ def }) => def === statement) ?? null;
    const names: Names = new Map(this.#root);
    for (const { name, value, span: definition } of parameters) {
      if (value !== null) this.#expression(value, this.#root);
      names.delete(name.text);
      this.#declare(names, 'parameter', name, { definition, within: span, owner });
    }
    for (const line of lets) {
      names.delete(line.name.text);
      this.#declareLet(names, line, span);
    }
    for (const line of lets) for (const e of statementExpressions(line)) this.#expression(e, names);
    this.#expression(result, names);
  }

  #use({ text, span }: Word, names: Names): Draft | undefined {
    const symbol = names.get(text);
    if (symbol !== undefined && symbol.place.start !== span.start) symbol.uses.push(span);
    return symbol;
  }

  #text(text: Text | null, names: Names): void {
    for (const part of text?.parts ?? []) if (typeof part !== 'string') this.#use({ text: part.name, span: part.span }, names);
  }

  #expression(e: Expression, names: Names): void {
    if (e.kind === 'Name') this.#use(e, names);
    if (e.kind === 'On' && e.timeframe.kind === 'Name') this.#use(e.timeframe, names);
    if (e.kind === 'Call') {
      const called = this.#use(e.callee, names);
      for (const { name } of e.args) if (name !== null) this.#argumentName(e.callee, called, name, names);
    }
    if (e.kind === 'Is' && e.value.kind === 'Name') {
      const regime = names.get(e.value.text);
      const states = regime === undefined ? undefined : this.#states.get(regime);
      if (states !== undefined) this.#use(e.state, states);
    }
    for (const child of childrenOf(e)) this.#expression(child, names);
  }

  /** `f(length: 3)` names a parameter of f; `vote(trend: 2)` names a strategy. */
  #argumentName(callee: Word, called: Draft | undefined, name: Word, names: Names): void {
    if (called === undefined && callee.text === 'vote') this.#use(name, names);
    if (called?.kind !== 'function') return;
    const parameter = called.def?.parameters.find((known) => known.name.text === name.text);
    // Functions are read after all are declared, parameters with their function: a call above its function is an error of its own.
    const symbol = this.#all.find((known) => known.kind === 'parameter' && known.place === parameter?.name.span);
    symbol?.uses.push(name.span);
  }
}
