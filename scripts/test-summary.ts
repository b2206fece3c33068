/** The last line of .ci/run: `node scripts/test-summary.ts REPORT GATES STATUS`, from vitest's JSON report, failed gates and the exit code of the tests. */
import { readFileSync } from 'node:fs';

export interface TestReport {
  readonly numPassedTests: number;
  readonly numFailedTests: number;
  readonly numPendingTests: number;
  readonly numTodoTests: number;
  readonly testResults: readonly { readonly status: string; readonly assertionResults: readonly { readonly status: string }[] }[];
}

export interface Summary {
  readonly passed: number;
  readonly failed: number;
  readonly skipped: number;
}

/**
 * Counts tests. A file that fails without a failed test (it could not be loaded) counts as one failure, each failed gate
 * as one, and a run that ended badly for another reason, or left no report, as one.
 */
export function summarise(report: TestReport | undefined, failedGates: number, status: number): Summary {
  const passed = report?.numPassedTests ?? 0;
  const brokenFiles = (report?.testResults ?? []).filter(
    (file) => file.status === 'failed' && !file.assertionResults.some((test) => test.status === 'failed'),
  );
  const counted = (report?.numFailedTests ?? 0) + brokenFiles.length + failedGates;
  const bad = status !== 0 || report === undefined || passed === 0;
  return { passed, failed: bad ? Math.max(counted, 1) : counted, skipped: (report?.numPendingTests ?? 0) + (report?.numTodoTests ?? 0) };
}

export function summaryLine({ passed, failed, skipped }: Summary): string {
  return `${passed} passed, ${failed} failed${skipped === 0 ? '' : `, ${skipped} skipped`}`;
}

function readReport(path: string): TestReport | undefined {
  try {
    return JSON.parse(readFileSync(path, 'utf8')) as TestReport;
  } catch {
    return undefined; // no report: the tests did not get that far, which is a failure of its own
  }
}

if (import.meta.main) {
  const [path = '', gates = '0', status = '1'] = process.argv.slice(2);
  const summary = summarise(readReport(path), Number(gates), Number(status));
  console.log(summaryLine(summary));
  if (summary.failed > 0) process.exitCode = 1;
}
