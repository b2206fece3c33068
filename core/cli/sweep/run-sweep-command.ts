import { extname, join } from 'node:path';
import { type PreparedStrategy, prepareStrategy } from '#core/runtime/prepare-strategy.ts';
import { blockSweep, type SweepWatch } from '#core/runtime/sweep/block-sweep.ts';
import { plainSweep, type TrialCrew } from '#core/runtime/sweep/plain-sweep.ts';
import { lateAxesLast } from '#core/runtime/sweep/shared-signals.ts';
import { SweepBook } from '#core/runtime/sweep/sweep-book.ts';
import { SweepFile, type SweepHeader } from '#core/runtime/sweep/sweep-file.ts';
import type { SweepSpace } from '#core/runtime/sweep/sweep-space.ts';
import { openTrialProcess } from '#core/runtime/sweep/trial-process.ts';
import { trialStarts } from '#core/runtime/sweep/trial-plan.ts';
import { whyPlain } from '#core/runtime/sweep/why-plain.ts';
import { createCompiler } from '#dsl/compile.ts';
import type { Command, CommandInput, CommandIo, ExitCode } from '../command.ts';
import type { SweepOptions } from '../commands/sweep.ts';
import { interruptible } from '../interruptible.ts';
import { ProgressLine } from '../progress-line.ts';
import type { Simulation } from '../simulation-input.ts';
import { bestRun } from './best-run.ts';
import { commandWords } from './command-words.ts';
import type { SetRunner } from './set-runner.ts';
import { type SweepDocument, sweepDocument } from './sweep-document.ts';
import { digestOfHeader, headerOf } from './sweep-header.ts';

/** The program of the processes that run sets, beside this file: `.ts` in the repository, `.js` in the published package. */
const WORKER_ENTRY = join(import.meta.dirname, `sweep-worker${extname(import.meta.filename)}`);

/**
 * Runs the sets of a sweep, and tells what came of them.
 * @param runner runs one of them as a backtest
 */
export async function runSweepCommand(
  command: Command,
  input: CommandInput,
  io: CommandIo,
  simulation: Simulation,
  runner: SetRunner,
  asked: SweepSpace,
  options: SweepOptions,
): Promise<ExitCode> {
  const started = performance.now();
  const { prepared, why } = preparedForAll(simulation, asked);
  const space = why === null ? lateAxesLast(asked, prepared) : asked;
  const header = headerOf(input, simulation, space);
  const book = new SweepBook(space, options.by, options.top);
  const file = openFile(options, header, book);
  const resumedAt = book.lastSet + 1;
  const progress = new ProgressLine(io, space.count);
  const crew = (signal: AbortSignal): TrialCrew => ({
    workers: options.workers,
    run: async (values) => runner.trial(values, signal),
    open: () =>
      openTrialProcess({
        entry: WORKER_ENTRY,
        env: io.env,
        request: JSON.stringify(commandWords(command, input)),
        answer: digestOfHeader(header),
      }),
  });
  try {
    const { isDone, workers } = await interruptible(async (signal) => {
      const watch: SweepWatch = { signal, onProgress: (sets) => progress.show(sets) };
      const { params } = prepared;
      const [data] = simulation.strategies[0]!.markets;
      if (why === null) return { isDone: await blockSweep(prepared, data!, space, book, options.workers, watch), workers: options.workers };
      const { isLeftOut } = trialStarts(prepared, data?.fromIndex ?? 0);
      return plainSweep(params, space, book, isLeftOut, crew(signal), watch);
    });
    book.flush();
    progress.end();
    const runMs = performance.now() - started;
    const best = isDone ? await bestRun(runner, simulation, book) : null;
    const document = sweepDocument(simulation, space, book, header, options, { why, isDone, resumedAt, runMs, best, workers });
    await tell(input, io, document);
    return isDone ? 0 : 130;
  } finally {
    progress.end();
    file?.close();
  }
}

function openFile({ out, isResumed }: SweepOptions, header: SweepHeader, book: SweepBook): SweepFile | null {
  if (out === undefined) return null;
  const file = isResumed ? SweepFile.resume(out, header, (row) => book.take(row)) : SweepFile.create(out, header);
  book.writeTo(file);
  return file;
}

/** The strategy for all values of the sets, and why they cannot share one compilation (null: they can). */
function preparedForAll(
  { strategies, rules, account }: Simulation,
  { axes }: SweepSpace,
): { readonly prepared: PreparedStrategy; readonly why: string | null } {
  const [{ prepared }] = strategies as readonly [Simulation['strategies'][number]];
  const why = whyPlain(strategies, rules, account, axes);
  const unbounded = axes.filter((axis) => axis.isUnbounded);
  if (why !== null || unbounded.length === 0) return { prepared, why };
  const ranges = new Map(
    unbounded.map(({ name, values }) => [
      name,
      { low: Math.min(...values), high: Math.max(...values), whole: values.every(Number.isInteger) },
    ]),
  );
  const { text, file } = prepared.source;
  const wide = prepareStrategy(createCompiler(), text, file, { ...prepared.request, ranges });
  if (!wide.ok) return { prepared, why: 'not all values of its params between the least and the greatest make a strategy' };
  return { prepared: { ...wide.value, settings: prepared.settings }, why };
}

async function tell(input: CommandInput, io: CommandIo, document: SweepDocument): Promise<void> {
  if (input.flag('json')) {
    const { jsonText } = await import('../render/json-text.ts');
    io.out(jsonText(document));
  } else {
    const { renderSweep } = await import('../render/sweep-table.ts');
    io.out(renderSweep(document, { color: io.color, width: io.width }));
  }
}
