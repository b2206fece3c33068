import type { PluginHost } from '#core/indicators/indicator-shelf.ts';
import { isStratError, StratError } from '#core/errors/strat-error.ts';
import { findTests } from '#core/runtime/strategy-test/find-tests.ts';
import { readTestFile, TEST_SUFFIX } from '#core/runtime/strategy-test/read-test-file.ts';
import { type FileResult, runTestFile, type TestDocument, testDocument } from '#core/runtime/strategy-test/strategy-test.ts';
import type { TestFile } from '#core/runtime/strategy-test/test-file.ts';
import type { TestSubject } from '#core/runtime/strategy-test/run-test.ts';
import { createCompiler } from '#dsl/compile.ts';
import { LineMap } from '#dsl/diagnostics/line-map.ts';
import type { Command, CommandInput, CommandIo, ExitCode } from '../command.ts';
import { usage } from '../command-line.ts';
import { errorText } from '../error-text.ts';
import { interruptible } from '../interruptible.ts';
import { ProgressLine } from '../progress-line.ts';
import { findingsText } from '../render/findings-text.ts';
import { jsonText } from '../render/json-text.ts';
import { painter } from '../render/paint.ts';
import { fileText, totalText } from '../render/test-text.ts';
import { readStrategyFile } from '../strategy-file.ts';
import { withPlugins } from '../strategy-plugins.ts';
import { watchTests } from '../watch-tests.ts';

/** Names that are shown where none is what was asked for. */
const SHOWN_NAMES = 10;

export const testCommand: Command = {
  name: 'test',
  summary: 'run the tests of strategies: given bars, the fills they must give, and what must never happen',
  usage: 'test [FILE|FOLDER...] [--filter TEXT] [--mutate] [--watch] [--json]',
  description: `Runs the tests beside strategies (NAME${TEST_SUFFIX} beside NAME.strat): those of the files named, or all below the folders named, or below this one. A test gives bars as a table, a file of candles or generated markets, and says what must fill there, what must hold at the close of bars, and what must never happen.\n\nThe form of the file is in docs/testing-strategies.md. Exit code 1 when a test fails.`,
  options: [
    { name: 'filter', value: 'TEXT', help: 'only the tests whose name has this in it' },
    { name: 'mutate', help: 'change the rules one at a time too, and tell which changes no test notices' },
    { name: 'watch', help: 'run again whenever a strategy or a file of tests changes; Ctrl-C ends it' },
    { name: 'json', help: 'print one JSON document' },
  ],
  examples: ['strat test strategies', 'strat test my.strat --watch', 'strat test my.test.yaml --filter "cross" --json'],
  async run(input, io) {
    const places = input.args.length === 0 ? ['.'] : input.args;
    const isWatched = input.flag('watch');
    if (isWatched && input.flag('json'))
      throw usage('--watch shows one result after the other, and --json prints one document', testCommand);
    return interruptible((signal) => {
      const run = async (): Promise<ExitCode> => runOnce(input, io, places, signal);
      return isWatched ? watchTests(places, run, io, signal) : untilStopped(run, io, signal);
    });
  },
};

/** What Ctrl-C leaves is told in the words of tests: those that are done have been shown. */
async function untilStopped(run: () => Promise<ExitCode>, io: CommandIo, signal: AbortSignal): Promise<ExitCode> {
  try {
    return await run();
  } catch (error) {
    if (!signal.aborted || !isStratError(error) || error.code !== 'SANDBOX_CANCELLED') throw error;
    io.err('Stopped; the tests that are not shown were not run.\n');
    return 130;
  }
}

async function runOnce(input: CommandInput, io: CommandIo, places: readonly string[], signal: AbortSignal): Promise<ExitCode> {
  const started = performance.now();
  const document = await runAll(input, io, findTests(places), signal);
  if (input.flag('json')) io.out(jsonText(document));
  else io.out(totalText(document, performance.now() - started, painter(io.color)));
  return document.ok ? 0 : 1;
}

async function runAll(input: CommandInput, io: CommandIo, files: readonly string[], signal: AbortSignal): Promise<TestDocument> {
  const paint = painter(io.color);
  const width = io.isTerminal ? Math.max(40, io.width) : 120;
  const filter = input.value('filter')?.toLowerCase();
  const isWanted = ({ name }: { readonly name: string }): boolean => filter === undefined || name.toLowerCase().includes(filter);
  const read = files.map((file) => readOrError(file));
  const total = read.reduce((sum, one) => sum + ('error' in one ? 0 : one.tests.filter(isWanted).length), 0);
  if (total === 0 && filter !== undefined && read.every((one) => !('error' in one)))
    throw new StratError('TEST_FILTER', { filter: input.value('filter')!, names: namesText(read) });
  const progress = new ProgressLine(io, total);
  const results: FileResult[] = [];
  let done = 0;
  for (const one of read) {
    if (!('error' in one) && !one.tests.some(isWanted)) continue;
    const mutants = new MutantProgress(io);
    try {
      const onMutant = input.flag('mutate') ? { onMutant: (at: number, of: number): void => mutants.show(at, of) } : {};
      const options = { signal, isWanted, onDone: () => progress.show(++done), ...onMutant };
      const result = 'error' in one ? one : await runFile(one, io, options);
      progress.end();
      results.push(result);
      if (!input.flag('json')) io.out(fileText(result, width, paint));
    } finally {
      progress.end();
      mutants.end();
    }
  }
  return testDocument(results);
}

/** The first names of all tests. */
function namesText(files: readonly (TestFile | FileResult)[]): string {
  const names = files.flatMap(({ tests }) => tests.map(({ name }) => `"${name}"`));
  return [...names.slice(0, SHOWN_NAMES), ...(names.length > SHOWN_NAMES ? [`${names.length - SHOWN_NAMES} more`] : [])].join(', ');
}

/** Progress of the mutants of a file; it ends with the last of them, or when the run is stopped. */
class MutantProgress {
  readonly #io: CommandIo;
  #line: ProgressLine | null = null;

  constructor(io: CommandIo) {
    this.#io = io;
  }

  show(done: number, total: number): void {
    this.#line ??= new ProgressLine(this.#io, total);
    if (done === total) this.end();
    else this.#line.show(done);
  }

  end(): void {
    this.#line?.end();
  }
}

/** The tests of a file, or why there are none: the other files are still run. */
function readOrError(file: string): TestFile | FileResult {
  try {
    return readTestFile(file);
  } catch (error) {
    if (!isStratError(error)) throw error;
    return { file, strategy: '', ok: false, tests: [], error: errorText(error) };
  }
}

async function runFile(tests: TestFile, io: CommandIo, options: Parameters<typeof runTestFile>[2]): Promise<FileResult> {
  const failed = (error: string): FileResult => ({ file: tests.file, strategy: tests.strategy, ok: false, tests: [], error });
  try {
    const text = readStrategyFile(tests.strategy);
    const subject = await subjectOf(tests.strategy, text, io);
    if (!('findings' in subject)) return await runTestFile(tests, subject, options);
    return failed(subject.findings);
  } catch (error) {
    if (!isStratError(error) || error.code !== 'FILE_UNREADABLE') throw error;
    return failed(errorText(error));
  }
}

/** The strategy under test, or what is wrong with its file: that is told once, and not by every test. */
async function subjectOf(file: string, text: string, io: CommandIo): Promise<TestSubject | { readonly findings: string }> {
  const compiler = createCompiler();
  const { prepareStrategy } = await import('#core/runtime/prepare-strategy.ts');
  return withPlugins(compiler, io, (indicators: PluginHost) => {
    const prepared = prepareStrategy(compiler, text, file, { indicators });
    if (prepared.ok) return { file, text, compiler, indicators };
    const found = { file, lines: new LineMap(text), diagnostics: prepared.error };
    return { findings: findingsText(found, Infinity, painter(false)) };
  });
}
