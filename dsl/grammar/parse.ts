import { explainError } from '#core/errors/explain-error.ts';
import { buildFile } from '#dsl/ast/build.ts';
import type { SourceFile } from '#dsl/ast/nodes.ts';
import { diagnostic } from '#dsl/diagnostics/diagnostic.ts';
import type { Diagnostic } from '#dsl/diagnostics/diagnostic.ts';
import { tidy } from '#dsl/diagnostics/tidy.ts';
import { byteLength } from './byte-length.ts';
import { checkLimits } from './limits.ts';
import { scan } from './scan.ts';
import { startsStatement } from './statement-start.ts';
import { PARSER } from './the-parser.ts';

/** `file` is null when there is no heading or the source is beyond a limit; otherwise it holds every statement that parsed. */
export interface ParseResult {
  readonly file: SourceFile | null;
  readonly diagnostics: readonly Diagnostic[];
}

/** A program is at most this long in UTF-8. */
const MAX_BYTES = 256 * 1024;

/**
 * Text -> tree, for any text at all: never throws, time bounded by the limits of the language (256 KB, 50,000 words, 100 errors). Diagnostics are sorted by
 * place, at most one syntax error a statement.
 */
export function parse(source: string): ParseResult {
  if (tooLong(source)) {
    return {
      file: null,
      diagnostics: [diagnostic('E0108', { start: 0, end: 0 }, 'a program has at most 256 KB', 'split it into modules')],
    };
  }
  try {
    return parseChecked(source);
  } catch (error) {
    // our fault, not the program's; still an answer instead of a crash of the host
    const message = `this program cannot be read: ${explainError(error)}`;
    return { file: null, diagnostics: [diagnostic('E0103', { start: 0, end: 0 }, message, 'please report it with the file')] };
  }
}

function parseChecked(source: string): ParseResult {
  const scanned = scan(source);
  const limited = checkLimits(scanned.tokens);
  const starts = limited.tokens.flatMap((token, index) => (startsStatement(limited.tokens, index) ? [token.startOffset] : []));
  const lexical = onePerStatement([...scanned.diagnostics, ...limited.diagnostics], starts);
  if (!scanned.complete) return { file: null, diagnostics: tidy(lexical) };
  const read = PARSER.read(
    source,
    limited.tokens,
    lexical.map((finding) => finding.span.start),
  );
  const built: Diagnostic[] = [];
  const file = buildFile(read.tree, source.length, scanned.comments, read.brokenNames, {
    report: (finding) => built.push(finding),
    docs: scanned.docs,
  });
  return { file, diagnostics: tidy([...lexical, ...read.diagnostics, ...onePerStatement(built, starts)]) };
}

/** Longer than a program may be, in UTF-8; the bytes are only counted when the length leaves it open. */
export function tooLong(source: string): boolean {
  if (source.length * 3 <= MAX_BYTES) return false;
  return source.length > MAX_BYTES || byteLength(source) > MAX_BYTES;
}

/** The first finding about the words of each statement. */
function onePerStatement(findings: readonly Diagnostic[], starts: readonly number[]): Diagnostic[] {
  const kept: Diagnostic[] = [];
  let next = 0;
  let last = -1;
  for (const finding of findings.toSorted((a, b) => a.span.start - b.span.start)) {
    while (next < starts.length && (starts[next] ?? Infinity) <= finding.span.start) next++;
    if (next !== last) kept.push(finding);
    last = next;
  }
  return kept;
}
