import type { ScalarKind } from './check/type.ts';
import type { OverrideError } from './check/param-override.ts';
import { type Diagnostic, diagnostic, type Span } from './diagnostics/diagnostic.ts';
import { tidy } from './diagnostics/tidy.ts';
import { parse } from './grammar/parse.ts';
import type { Program } from './program.ts';

/** What to compute, and on which bars. */
export interface StudyRequest {
  /** Each a value or a condition of the language; `as "text"` behind it gives it a name. */
  readonly expressions: readonly string[];
  /** Text of a strategy or module whose names the expressions may use; left out: none. */
  readonly file?: string;
  /** Where the file has no `trade` line: `BTC/USDT`, and `1h`. */
  readonly market: string;
  readonly timeframe: string;
}

export type StudyKind = ScalarKind | 'condition' | 'time' | 'timeOfDay' | 'na' | 'state';

/** A series that an expression gives. */
export interface StudyResult {
  /** `rsi(14)`, `macd(close).hist`. */
  readonly label: string;
  /** `hist`; null = the expression is the value itself. */
  readonly member: string | null;
  /** How its numbers are meant: percents are shares (0.02 = 2%), durations and times ms, times of day minutes, conditions 1 and 0, states places in `states`. */
  readonly kind: StudyKind;
  /** Of prices and money, where it is known. */
  readonly currency: string | null;
  /** Of a regime; null of everything else. */
  readonly states: readonly string[] | null;
  /** Its place in the program's `plots`. */
  readonly plot: number;
  /** What it never leaves: -Infinity and Infinity where nothing is known. */
  readonly low: number;
  readonly high: number;
}

export interface StudiedExpression {
  readonly text: string;
  /** The name given to it, else its text. */
  readonly label: string;
  readonly results: readonly StudyResult[];
}

/** Expressions as a program that trades nothing and plots their results, in the order of `plots`. */
export interface Study {
  readonly program: Program;
  readonly expressions: readonly StudiedExpression[];
}

export interface StudyCompilation {
  /** null when an expression cannot be computed, or a value of `set` was refused. */
  readonly study: Study | null;
  /** Of each expression, in places of its own text. */
  readonly expressions: readonly (readonly Diagnostic[])[];
  /** About the file, in its places. Where there is a study they are of lines that it does not need. */
  readonly file: readonly Diagnostic[];
  readonly overrideErrors: readonly OverrideError[];
}

/** What the checker made of the expressions that could be read. */
interface Checked {
  readonly program: Program | null;
  /** null = it cannot be computed. */
  readonly expressions: readonly (StudiedExpression | null)[];
  readonly overrideErrors: readonly OverrideError[];
}

/** The one text that a study is checked in: file, `trade` line where it lacks one, and each expression that could be read as a `plot` line. */
export interface StudyText {
  readonly source: string;
  /** Where these expressions stand. */
  readonly expressions: readonly Span[];
  /** Sorts the findings of the text to the expressions and the file; null: nothing of it could be checked. */
  readonly compilation: (diagnostics: readonly Diagnostic[], checked: Checked | null) => StudyCompilation;
}

const NO_FILE = 'strat 1\nstrategy "study"';
const PLOT = 'plot ';
const ALONE = `strategy "study" ${PLOT}`;

export function studyText({ expressions, file = NO_FILE, market, timeframe }: StudyRequest): StudyText {
  const own = parse(file);
  const hasTrade = own.file?.statements.some(({ kind }) => kind === 'Trade') === true;
  let source = hasTrade ? `${file}\n` : `${file}\ntrade ${market} on ${timeframe}\n`;
  const read = expressions.map((text) => {
    const syntax = syntaxOf(text);
    if (syntax.length > 0) return { syntax, span: null };
    const start = source.length + PLOT.length;
    source += `${PLOT}${text}\n`;
    return { syntax, span: { start, end: start + text.length } };
  });
  const found = (diagnostics: readonly Diagnostic[], { start, end }: Span): readonly Diagnostic[] =>
    diagnostics
      // At the word before it stands what is said of its size; and of the grammar, what is not finished above it.
      .filter(({ code, span }) => span.start >= (code === 'E0108' ? start - PLOT.length : start) && span.start <= end)
      .map((finding) => moved(finding, { start, end }));
  return {
    source,
    expressions: read.flatMap(({ span }) => span ?? []),
    compilation: (diagnostics, checked) => ({
      study: read.every(({ span }) => span !== null) ? studyOf(checked) : null,
      expressions: read.map(({ syntax, span }) => (span === null ? syntax : found(diagnostics, span))),
      // What is not finished at the end of the file is said of the file alone.
      file: tidy([...own.diagnostics, ...diagnostics.filter(({ span }) => span.start < file.length)]),
      overrideErrors: checked?.overrideErrors ?? [],
    }),
  };
}

function studyOf(checked: Checked | null): Study | null {
  if (checked === null || checked.program === null) return null;
  return { program: checked.program, expressions: checked.expressions.filter((expression) => expression !== null) };
}

/** What the grammar says of an expression by itself; empty = it is one. */
function syntaxOf(text: string): readonly Diagnostic[] {
  const { file, diagnostics } = parse(ALONE + text);
  const own = { start: ALONE.length, end: ALONE.length + text.length };
  const errors = diagnostics.filter(({ severity }) => severity === 'error').map((finding) => moved(finding, own));
  if (errors.length > 0) return errors.map((finding) => atEnd(finding, text));
  const second = file?.statements[1];
  if (second === undefined) return [];
  const finding = diagnostic('E0103', second.word, 'a statement begins here, and an expression is wanted', 'write one value or condition');
  return [moved(finding, own)];
}

function atEnd(finding: Diagnostic, text: string): Diagnostic {
  const { code, span } = finding;
  if (code !== 'E0103' || span.start < span.end || text.slice(span.start).trim() !== '') return finding;
  return { ...finding, message: text.trim() === '' ? 'there is no expression here' : 'the expression ends too early' };
}

/** A finding in places of the text at `own`, within it. */
function moved(finding: Diagnostic, { start, end }: Span): Diagnostic {
  const within = (at: number): number => Math.max(start, Math.min(at, end)) - start;
  return { ...finding, span: { start: within(finding.span.start), end: within(finding.span.end) } };
}
