import type { DiagnosticCode, Severity } from './codes.ts';
import type { Diagnostic } from './diagnostic.ts';
import type { LineMap } from './line-map.ts';

/** One entry of `strat check --json`. Lines and columns from 1, columns in UTF-16 code units, the end exclusive. */
export interface DiagnosticJson {
  readonly file: string;
  readonly code: DiagnosticCode;
  readonly severity: Severity;
  readonly line: number;
  readonly column: number;
  readonly endLine: number;
  readonly endColumn: number;
  readonly message: string;
  /** What to do about it; null when there is nothing to add. */
  readonly hint: string | null;
}

export function toJson(file: string, map: LineMap, finding: Diagnostic): DiagnosticJson {
  const start = map.position(finding.span.start);
  const end = map.position(finding.span.end);
  return {
    file,
    code: finding.code,
    severity: finding.severity,
    line: start.line,
    column: start.column,
    endLine: end.line,
    endColumn: end.column,
    message: finding.message,
    hint: finding.hint ?? null,
  };
}
