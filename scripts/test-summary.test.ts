import { expect, test } from 'vitest';
import { summarise, summaryLine, type TestReport } from './test-summary.ts';

const report = (changes: Partial<TestReport> = {}): TestReport => ({
  numPassedTests: 7,
  numFailedTests: 0,
  numPendingTests: 0,
  numTodoTests: 0,
  testResults: [{ status: 'passed', assertionResults: [{ status: 'passed' }] }],
  ...changes,
});

test.for([
  { name: 'all passed', report: report(), gates: 0, status: 0, line: '7 passed, 0 failed' },
  {
    name: 'some skipped',
    report: report({ numPendingTests: 2, numTodoTests: 1 }),
    gates: 0,
    status: 0,
    line: '7 passed, 0 failed, 3 skipped',
  },
  {
    name: 'a test failed',
    report: report({ numFailedTests: 1, testResults: [{ status: 'failed', assertionResults: [{ status: 'failed' }] }] }),
    gates: 0,
    status: 1,
    line: '7 passed, 1 failed',
  },
  {
    name: 'a file did not load',
    report: report({ testResults: [{ status: 'failed', assertionResults: [] }] }),
    gates: 0,
    status: 1,
    line: '7 passed, 1 failed',
  },
  { name: 'a gate failed and all tests passed', report: report(), gates: 1, status: 1, line: '7 passed, 1 failed' },
  { name: 'an error outside of any test', report: report(), gates: 0, status: 1, line: '7 passed, 1 failed' },
  { name: 'no report', report: undefined, gates: 0, status: 0, line: '0 passed, 1 failed' },
  { name: 'nothing ran', report: report({ numPassedTests: 0, testResults: [] }), gates: 0, status: 0, line: '0 passed, 1 failed' },
])('the summary when $name', ({ report: given, gates, status, line }) => {
  expect(summaryLine(summarise(given, gates, status))).toBe(line);
});
