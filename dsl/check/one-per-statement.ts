import type { SourceFile } from '../ast/nodes.ts';
import type { Diagnostic, Span } from '../diagnostics/diagnostic.ts';

/** The smallest statements: those inside of blocks and charts count for themselves. */
function leavesOf({ statements }: SourceFile): readonly Span[] {
  return statements.flatMap((statement): readonly Span[] => {
    if (statement.kind === 'Side' || statement.kind === 'Setup') return statement.body.map(({ span }) => span);
    if (statement.kind === 'Oco') return statement.entries.map(({ span }) => span);
    return statement.kind === 'Chart' ? statement.lets.map(({ span }) => span) : [statement.span];
  });
}

/**
 * Keeps one error a statement, the first that was found (values come before rules about the whole); that a construct is not run yet gives way to what has to be corrected first. A
 * statement that the parser could read only in part says nothing more about itself. An unknown name is told where it stands first. Warnings stay. In the order of the text.
 */
export function onePerStatement(
  file: SourceFile,
  source: string,
  syntaxErrors: readonly Diagnostic[],
  findings: readonly Diagnostic[],
): readonly Diagnostic[] {
  const leaves = leavesOf(file);
  const isBlank = (from: number, to: number): boolean => !/[^ \t]/.test(source.slice(from, to));
  const taken = new Set<Span>(
    leaves.filter(({ start, end }) =>
      syntaxErrors.some(({ span }) => span.start >= start && (span.start <= end || isBlank(end, span.start))),
    ),
  );
  const order = (finding: Diagnostic): number => (finding.code === 'E0801' ? 1 : 0);
  const kept: Diagnostic[] = [];
  for (const finding of findings.toSorted((a, b) => order(a) - order(b))) {
    const isError = finding.severity === 'error';
    const leaf = isError ? leaves.find(({ start, end }) => finding.span.start >= start && finding.span.start < end) : undefined;
    if (leaf !== undefined) {
      if (taken.has(leaf)) continue;
      taken.add(leaf);
    }
    kept.push(finding);
  }
  const told = new Set<string>();
  // A name that nobody knows is one mistake, wherever it is read.
  return kept
    .toSorted((a, b) => a.span.start - b.span.start)
    .filter(({ code, message }) => {
      const isTold = code === 'E0201' && told.has(message);
      told.add(message);
      return !isTold;
    });
}
