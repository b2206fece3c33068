import { CODES } from './codes.ts';
import type { DiagnosticCode, Severity } from './codes.ts';

/** A piece of the source: UTF-16 offsets from 0, half-open. An empty span (start = end) is a place between two characters. */
export interface Span {
  readonly start: number;
  readonly end: number;
}

/** One finding about a program. `message` says what is wrong in the trader's words, `hint` what to do. Both are one line. */
export interface Diagnostic {
  readonly code: DiagnosticCode;
  readonly severity: Severity;
  readonly span: Span;
  readonly message: string;
  readonly hint?: string;
}

/** A diagnostic with the severity that the table of codes gives it. */
export function diagnostic(code: DiagnosticCode, span: Span, message: string, hint?: string): Diagnostic {
  const severity = CODES[code].severity;
  return hint === undefined ? { code, severity, span, message } : { code, severity, span, message, hint };
}
