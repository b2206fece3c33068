import type { Diagnostic } from './diagnostic.ts';

const MAX_ERRORS = 100;

/** Sorted by place, each code once a place, and at most 100 errors; warnings are not counted. */
export function tidy(findings: readonly Diagnostic[]): Diagnostic[] {
  const seen = new Set<string>();
  let errors = 0;
  const result: Diagnostic[] = [];
  for (const finding of findings.toSorted((a, b) => a.span.start - b.span.start)) {
    const key = `${finding.code} ${finding.span.start}`;
    if (seen.has(key)) continue;
    seen.add(key);
    if (finding.severity === 'error' && ++errors > MAX_ERRORS) continue;
    result.push(finding);
  }
  return result;
}
