import { mutationScore, type MutationScore } from './mutation-score.ts';
import { runTest, type TestResult, type TestRunOptions, type TestSubject } from './run-test.ts';
import type { StrategyTest, TestFile } from './test-file.ts';

/** What `strat test --json` prints: `schema` names its form. */
export interface TestDocument {
  readonly schema: 'strat.test/1';
  readonly ok: boolean;
  readonly passed: number;
  readonly failed: number;
  readonly files: readonly FileResult[];
}

/** What became of a file of tests. */
export interface FileResult {
  readonly file: string;
  readonly strategy: string;
  readonly ok: boolean;
  readonly tests: readonly TestResult[];
  /** Why nothing of it was run; null = it was. */
  readonly error: string | null;
  /** Where it was asked for, and all tests passed. */
  readonly mutation?: MutationScore;
}

export interface FileOptions extends TestRunOptions {
  /** Which of the tests; left out: all. */
  readonly isWanted?: (test: StrategyTest) => boolean;
  readonly onDone?: () => void;
  /** The rules are changed one at a time too, to see whether the tests notice. Told of each mutant that is done. */
  readonly onMutant?: (done: number, total: number) => void;
}

/**
 * Runs the tests of a file on a strategy.
 * @throws StratError as `runTest`
 */
export async function runTestFile(
  { file, strategy, tests }: TestFile,
  subject: TestSubject,
  { isWanted = () => true, onDone, onMutant, ...options }: FileOptions = {},
): Promise<FileResult> {
  const results: TestResult[] = [];
  for (const test of tests.filter(isWanted)) {
    results.push(await runTest(subject, test, options));
    onDone?.();
  }
  const result = { file, strategy, ok: results.every(({ ok }) => ok), tests: results, error: null };
  if (onMutant === undefined || !result.ok) return result;
  return { ...result, mutation: await mutationScore(subject, tests.filter(isWanted), { ...options, onDone: onMutant }) };
}

export function testDocument(files: readonly FileResult[]): TestDocument {
  const tests = files.flatMap((file) => file.tests);
  const passed = tests.filter(({ ok }) => ok).length;
  return { schema: 'strat.test/1', ok: files.every(({ ok }) => ok), passed, failed: tests.length - passed, files };
}
