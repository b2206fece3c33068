import type { Place, QualityFinding } from './quality-finding.ts';
import { QUALITY_RULES, type QualityCode, type QualitySeverity } from './quality-rules.ts';

const SEVERITIES: readonly QualitySeverity[] = ['error', 'warning', 'note'];
const CODES = Object.keys(QUALITY_RULES) as readonly QualityCode[];

/** A finding with what its rule says. */
export function qualityFinding(code: QualityCode, count: number, message: string, places: readonly Place[]): QualityFinding {
  const { severity, effect, repair } = QUALITY_RULES[code];
  return { code, severity, count, message, effect, repair, places };
}

/** By severity, then in the order of the rules. */
export function sortedFindings(findings: readonly QualityFinding[]): readonly QualityFinding[] {
  const rank = ({ severity, code }: QualityFinding): number => SEVERITIES.indexOf(severity) * CODES.length + CODES.indexOf(code);
  return findings.toSorted((a, b) => rank(a) - rank(b));
}

/** Findings of a severity counted. */
export function severityCounts(findings: readonly QualityFinding[]): Readonly<Record<QualitySeverity, number>> {
  const count = (severity: QualitySeverity): number => findings.filter((finding) => finding.severity === severity).length;
  return { error: count('error'), warning: count('warning'), note: count('note') };
}
