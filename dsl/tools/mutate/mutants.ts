import type { BlockItem, SourceFile, Statement, TakeStatement } from '#dsl/ast/nodes.ts';
import type { Span } from '#dsl/diagnostics/diagnostic.ts';
import { LineMap } from '#dsl/diagnostics/line-map.ts';
import { parse } from '#dsl/grammar/parse.ts';
import { statementExpressions } from '#dsl/check/statement-expressions.ts';
import { expressionEdits } from './expression-edits.ts';

/** One change of a text. */
export interface Edit {
  readonly span: Span;
  readonly now: string;
  /** What it does, in words: `the comparison is turned around`. */
  readonly what: string;
}

/** A strategy with one of its rules changed. Tests that pass on it do not notice the change. */
export interface Mutant extends Edit {
  /** Of the change, from 1. */
  readonly line: number;
  readonly column: number;
  /** What stood there. */
  readonly was: string;
  /** The whole source, changed. */
  readonly text: string;
}

/**
 * Every mutant of the rules of a source, in the order of the text: comparisons, crossings, logic, numbers, names and functions changed one at a time, conditions and rules
 * dropped, sides swapped, lets a bar late. Params, costs, plots, marks, messages and the goal are no rules. Some do not compile, and some mean the same; none for a
 * source that cannot be read.
 */
export function mutantsOf(source: string): readonly Mutant[] {
  const { file, diagnostics } = parse(source);
  if (file === null || diagnostics.some(({ severity }) => severity === 'error')) return [];
  const lines = new LineMap(source);
  const seen = new Set<string>();
  return editsOf(source, file)
    .toSorted((a, b) => a.span.start - b.span.start || a.span.end - b.span.end)
    .flatMap((edit) => {
      const { span, now } = edit;
      const text = source.slice(0, span.start) + now + source.slice(span.end);
      if (seen.has(text) || text === source) return [];
      seen.add(text);
      return [{ ...edit, ...lines.position(span.start), was: source.slice(span.start, span.end), text }];
    });
}

function editsOf(source: string, { statements }: SourceFile): readonly Edit[] {
  return statements.flatMap((statement) => statementEdits(source, statement));
}

function statementEdits(source: string, statement: Statement | BlockItem): readonly Edit[] {
  switch (statement.kind) {
    case 'Side':
      return [
        { span: statement.word, now: statement.side === 'long' ? 'short' : 'long', what: 'the sides are swapped' },
        ...statement.body.flatMap((item) => statementEdits(source, item)),
      ];
    case 'Setup':
      return [swapped(statement.side), ...statement.body.flatMap((item) => statementEdits(source, item))];
    case 'Oco':
      return statement.entries.flatMap((entry) => statementEdits(source, entry));
    case 'Enter':
      // Without the statement its exits would have nothing to close.
      return [
        { span: statement.condition.span, now: 'false', what: 'the rule never acts' },
        ...(statement.side === null ? [] : [swapped(statement.side)]),
        ...inside(source, statement),
      ];
    case 'Exit':
      return [dropped(statement), ...(statement.side === null ? [] : [swapped(statement.side)]), ...inside(source, statement)];
    case 'Take':
      return [dropped(statement), ...legEdits(source, statement), ...inside(source, statement)];
    case 'Add':
    case 'Stop':
    case 'Trail':
    case 'Breakeven':
    case 'Timeout':
    case 'Cooldown':
    case 'Cancel':
      return [dropped(statement), ...inside(source, statement)];
    case 'Risk':
      return [...statement.rules.map((rule) => dropped(rule)), ...inside(source, statement)];
    case 'Let':
      return [
        ...(statement.start === null
          ? [
              {
                span: statement.value.span,
                now: `(${textOf(source, statement.value.span)})[1]`,
                what: `${statement.name.text} comes a bar late`,
              },
            ]
          : []),
        ...inside(source, statement),
      ];
    case 'Chart':
      return statement.lets.flatMap((item) => statementEdits(source, item));
    case 'Size':
    case 'Def':
    case 'Regime':
    case 'Universe':
      return inside(source, statement);
    default:
      return [];
  }
}

const textOf = (source: string, { start, end }: Span): string => source.slice(start, end);

const dropped = ({ span }: { readonly span: Span }): Edit => ({ span, now: '', what: 'the rule is dropped' });

const swapped = ({ side, span }: { readonly side: 'long' | 'short'; readonly span: Span }): Edit => ({
  span,
  now: side === 'long' ? 'short' : 'long',
  what: 'the side is swapped',
});

function inside(source: string, statement: Statement | BlockItem): readonly Edit[] {
  return statementExpressions(statement).flatMap((expression) => expressionEdits(source, expression));
}

/** Each target dropped, where there are several. */
function legEdits(source: string, { legs }: TakeStatement): readonly Edit[] {
  if (legs.length < 2) return [];
  const whole = { start: legs[0]!.span.start, end: legs.at(-1)!.span.end };
  return legs.map((leg) => ({
    span: whole,
    now: legs
      .filter((other) => other !== leg)
      .map(({ span }) => textOf(source, span))
      .join(', '),
    what: `the target ${textOf(source, leg.span)} is dropped`,
  }));
}
