import type { BlockItem, LetStatement, SourceFile, Statement } from '#dsl/ast/nodes.ts';
import type { Span } from '#dsl/diagnostics/diagnostic.ts';
import { parse } from '#dsl/grammar/parse.ts';
import type { EntryRule, Program, SourceSpan } from '#dsl/program.ts';

/** A part of a program that can change: a rule, a param, what it trades. */
export interface ProgramPart {
  /** `enter`, `stop`, `param`, `trade`, ... */
  readonly kind: string;
  /** What it belongs to: `long`, `setup dip`, the name of a param; empty = the whole program. */
  readonly of: string;
  /** As written, on one line, without comments; null where the program says nothing of it. */
  readonly text: string | null;
  /** From 1; null as `text`. */
  readonly line: number | null;
  /** Equal parts mean the same. */
  readonly key: string;
}

/** A program, read for its parts. */
export interface PartsInput {
  readonly source: string;
  /** With meanings in the place of nodes (Meanings). */
  readonly program: Program;
}

/** All parts of a program, in the order of the text. */
export function programParts({ source, program }: PartsInput): readonly ProgramPart[] {
  const writer = new PartWriter(source);
  const { entries, exits, limits, guards, notifications, plots, marks, params, universe, baskets } = program;
  const sideOf = ({ side, setup }: Pick<EntryRule, 'side' | 'setup'>): string =>
    setup === null ? (side > 0 ? 'long' : 'short') : `setup ${program.setups[setup]!.name}`;
  const parts: ProgramPart[] = [
    writer.trade(program),
    ...params.map((param) => writer.param(param)),
    writer.statement('account', 'Account', withoutSpan(program.account)),
    writer.statement('costs', 'Costs', withoutSpan(program.costs)),
    ...writer.requires(),
    ...(universe === null ? [] : [writer.part('universe', '', universe.span, universe)]),
    ...baskets.map((basket) => writer.part('basket', basket.name, basket.span, basket)),
    ...entries.map((rule) =>
      writer.part('enter', sideOf(rule), rule.span, { ...rule, block: null, oco: rule.oco !== null, setup: sideOf(rule) }),
    ),
    ...entries.flatMap((rule) => writer.blockParts(rule, sideOf(rule))),
    ...exits.map((rule) => writer.part('exit', sideOf(rule), rule.span, { ...rule, setup: sideOf(rule) })),
    ...[...limits, ...guards].map((rule) => writer.part('risk', '', rule.span, rule)),
    ...notifications.map((rule) => writer.part('notify', '', rule.span, rule)),
    ...plots.map((rule) => writer.part('plot', '', rule.span, { ...rule, label: null })),
    ...marks.map((rule) => writer.part('mark', '', rule.span, rule)),
    ...(program.objective === null ? [] : [writer.statement('objective', 'Objective', program.objective)]),
  ];
  // A rule of the top level is in the block of each side; of several entries of a side it is one.
  const seen = new Set<string>();
  return parts
    .filter((part) => {
      const told = JSON.stringify([part.kind, part.kind === 'enter' ? part.of : '', part.line, part.text, part.key]);
      if (part.line !== null && seen.has(told)) return false;
      seen.add(told);
      return true;
    })
    .toSorted((a, b) => (a.line ?? 0) - (b.line ?? 0));
}

export interface LetText {
  /** Of the whole statement, on one line. */
  readonly text: string;
  readonly value: string;
}

/** The lets of a source by name, at any depth. */
export function letTexts(source: string): ReadonlyMap<string, LetText> {
  const { file } = parse(source);
  const lets: LetStatement[] = [];
  for (const statement of file?.statements ?? []) {
    if (statement.kind === 'Let') lets.push(statement);
    if (statement.kind === 'Chart') lets.push(...statement.lets);
    if (statement.kind === 'Side' || statement.kind === 'Setup') lets.push(...statement.body.filter((item) => item.kind === 'Let'));
  }
  const writer = new PartWriter(source);
  return new Map(lets.map((item) => [item.name.text, { text: writer.textOf(item.span), value: writer.textOf(item.value.span) }]));
}

/** Without the places in the text. */
const withoutSpan = (value: unknown): unknown =>
  JSON.parse(JSON.stringify(value, (key, part: unknown) => (key === 'span' ? undefined : part)));

class PartWriter {
  readonly #source: string;
  readonly #file: SourceFile | null;

  constructor(source: string) {
    this.#source = source;
    this.#file = parse(source).file;
  }

  /** On one line, without comments. */
  textOf({ start, end }: SourceSpan): string {
    const comments = (this.#file?.comments ?? []).filter(({ span }) => span.start >= start && span.end <= end);
    let text = '';
    let at = start;
    for (const { span } of comments) {
      text += this.#source.slice(at, span.start);
      at = span.end;
    }
    return (text + this.#source.slice(at, end)).replaceAll(/\s+/g, ' ').trim();
  }

  part(kind: string, of: string, span: Span, means: unknown): ProgramPart {
    const { text, line } = this.#at(span);
    return { kind, of, text, line, key: JSON.stringify([kind, of, withoutSpan(means)]) };
  }

  /** A statement that is there once at most. */
  statement(kind: string, statement: Statement['kind'], means: unknown): ProgramPart {
    const found = this.#file?.statements.find((one) => one.kind === statement);
    return {
      kind,
      of: '',
      ...(found === undefined ? { text: null, line: null } : this.#at(found.span)),
      key: JSON.stringify([kind, withoutSpan(means)]),
    };
  }

  /** Sides that the line does not name are those of the rules. */
  trade({ markets, timeframe }: Program): ProgramPart {
    const found = this.#file?.statements.find((one) => one.kind === 'Trade');
    return this.statement('trade', 'Trade', [markets, timeframe, found?.side?.value ?? null]);
  }

  /** The value of this compilation is no part of the text: whoever runs it may have set another. */
  param(param: Program['params'][number]): ProgramPart {
    const { name } = param;
    const found = this.#file?.statements.find((one) => one.kind === 'Param' && one.name.text === name);
    return {
      kind: 'param',
      of: name,
      ...(found === undefined ? { text: null, line: null } : this.#at(found.span)),
      key: JSON.stringify(['param', { ...param, value: null }]),
    };
  }

  requires(): readonly ProgramPart[] {
    const found = this.#file?.statements.filter((one) => one.kind === 'Require') ?? [];
    return found.map((one) => this.part('require', '', one.span, this.textOf(one.condition.span)));
  }

  /** What protects, sizes and adds to the positions of an entry. */
  blockParts({ block, span }: EntryRule, of: string): readonly ProgramPart[] {
    const { size, kellyTrades, max, min, stops, takes, trail, breakeven, timeouts, cooldowns, adds, cancels } = block;
    const many = (kind: string, rules: readonly { readonly span: SourceSpan }[]): readonly ProgramPart[] =>
      rules.map((rule) => this.part(kind, of, rule.span, rule));
    return [
      this.part('size', of, this.#sizeAt(span), [size, kellyTrades, max, min]),
      ...many('stop', stops),
      ...many('take', takes),
      ...many('trail', trail === null ? [] : [trail]),
      ...many('breakeven', breakeven === null ? [] : [breakeven]),
      ...many('timeout', timeouts),
      ...many('cooldown', cooldowns),
      ...many('add', adds),
      ...many('cancel', cancels),
    ];
  }

  /** The size statement of the block around a rule, else that of the top level. */
  #sizeAt(rule: SourceSpan): SourceSpan {
    const statements = this.#file?.statements ?? [];
    const around = statements.find(({ span }) => span.start <= rule.start && span.end >= rule.end);
    const body: readonly BlockItem[] = around?.kind === 'Side' || around?.kind === 'Setup' ? around.body : [];
    return (body.find(({ kind }) => kind === 'Size') ?? statements.find(({ kind }) => kind === 'Size'))?.span ?? rule;
  }

  #at(span: SourceSpan): { readonly text: string; readonly line: number } {
    return { text: this.textOf(span), line: this.#source.slice(0, span.start).split('\n').length };
  }
}
