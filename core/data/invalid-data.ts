import { StratError } from '#core/errors/strat-error.ts';
import { type Finding, formatFinding } from './finding.ts';

/** DATA_INVALID with the errors among the findings, and how many more there are. */
export function invalidData(file: string, errorCount: number, findings: readonly Finding[]): StratError {
  const list = findings.filter(({ severity }) => severity === 'error').map((finding) => `  ${formatFinding(file, finding)}`);
  if (errorCount > list.length) list.push(`  ... and ${errorCount - list.length} more`);
  return new StratError('DATA_INVALID', { file, count: errorCount, list: list.join('\n') });
}
