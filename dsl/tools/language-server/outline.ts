import type { Statement } from '#dsl/ast/nodes.ts';
import type { Span } from '#dsl/diagnostics/diagnostic.ts';
import { matchedBraces } from '#dsl/grammar/limits.ts';
import type { CheckedFile } from './checked-file.ts';
import { endOf } from './cursor.ts';

export type OutlineKind = 'function' | 'param' | 'value' | 'block' | 'rule' | 'import' | 'state';

export interface OutlineEntry {
  readonly name: string;
  readonly detail: string;
  readonly kind: OutlineKind;
  /** The whole statement. */
  readonly span: Span;
  /** Its name, or its first word. */
  readonly selection: Span;
  readonly children: readonly OutlineEntry[];
}

const MOST_LETTERS = 60;

/** The statements of a file as a tree: blocks hold their rules. */
export function outline({ file, source }: CheckedFile): readonly OutlineEntry[] {
  return (file?.statements ?? []).map((statement) => entryOf(statement, source));
}

function entryOf(statement: Statement, source: string): OutlineEntry {
  const { span, word } = statement;
  const textOf = ({ start, end }: Span): string => source.slice(start, end).replaceAll(/\s+/g, ' ');
  const short = (text: string): string => (text.length > MOST_LETTERS ? `${text.slice(0, MOST_LETTERS - 3)}...` : text);
  const named = (
    kind: OutlineKind,
    name: { readonly text: string; readonly span: Span },
    children: readonly OutlineEntry[] = [],
  ): OutlineEntry => ({
    name: name.text,
    detail: textOf(word),
    kind,
    span,
    selection: name.span,
    children,
  });
  const inner = (statements: readonly Statement[]): readonly OutlineEntry[] => statements.map((item) => entryOf(item, source));
  switch (statement.kind) {
    case 'Let':
      return named('value', statement.name);
    case 'Param':
      return named('param', statement.name);
    case 'Def':
      return named('function', statement.name, inner(statement.lets));
    case 'Session':
    case 'Regime':
    case 'Basket':
      return named('state', statement.name);
    case 'Setup':
      return named('block', statement.name, inner(statement.body));
    case 'Side':
      return { name: statement.side, detail: '', kind: 'block', span, selection: word, children: inner(statement.body) };
    case 'Chart':
      return { name: short(headOf(textOf(span))), detail: '', kind: 'block', span, selection: word, children: inner(statement.lets) };
    case 'Oco':
      return { name: 'oco', detail: '', kind: 'block', span, selection: word, children: inner(statement.entries) };
    case 'Use':
      return { name: short(textOf(span)), detail: '', kind: 'import', span, selection: word, children: [] };
    default:
      return { name: short(headOf(textOf(span))), detail: '', kind: 'rule', span, selection: word, children: [] };
  }
}

/** What stands before the block of a statement. */
const headOf = (text: string): string => text.split(' {')[0]!;

/** Pieces of more than one line that can be folded: blocks, and comments that follow each other. */
export function foldings({ tokens, comments, source }: CheckedFile): readonly (Span & { readonly isComment: boolean })[] {
  const blocks = [...matchedBraces(tokens)].map(([open, close]) => ({
    start: endOf(tokens[open]!),
    end: tokens[close]!.startOffset,
    isComment: false,
  }));
  const runs: { start: number; end: number; isComment: boolean }[] = [];
  for (const { span } of comments) {
    const last = runs.at(-1);
    if (last !== undefined && /^(?:\r\n|\n|\r)[ \t]*$/.test(source.slice(last.end, span.start))) last.end = span.end;
    else runs.push({ start: span.start, end: span.end, isComment: true });
  }
  return [...blocks, ...runs].filter(({ start, end }) => /[\r\n]/.test(source.slice(start, end))).toSorted((a, b) => a.start - b.start);
}
