import type { Span } from '#dsl/diagnostics/diagnostic.ts';

/** A piece of the text and what takes its place. */
export interface TextEdit {
  readonly span: Span;
  readonly text: string;
}

/** The text with all edits made; they do not overlap. */
export function withEdits(source: string, edits: readonly TextEdit[]): string {
  let result = source;
  for (const { span, text } of edits.toSorted((a, b) => b.span.start - a.span.start))
    result = result.slice(0, span.start) + text + result.slice(span.end);
  return result;
}
