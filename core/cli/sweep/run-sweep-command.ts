import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { StratError } from '#core/errors/strat-error.ts';
import { dataSource } from '#core/runtime/backtest-document.ts';
import { type PreparedStrategy, prepareStrategy } from '#core/runtime/prepare-strategy.ts';
import { blockSweep, type SweepWatch } from '#core/runtime/sweep/block-sweep.ts';
import { plainSweep } from '#core/runtime/sweep/plain-sweep.ts';
import { lateAxesLast } from '#core/runtime/sweep/shared-signals.ts';
import { SweepBook } from '#core/runtime/sweep/sweep-book.ts';
import { SweepFile, type SweepHeader } from '#core/runtime/sweep/sweep-file.ts';
import type { SweepSpace } from '#core/runtime/sweep/sweep-space.ts';
import { trialStarts } from '#core/runtime/sweep/trial-plan.ts';
import { whyPlain } from '#core/runtime/sweep/why-plain.ts';
import { STRAT_VERSION } from '#core/runtime/version.ts';
import { createCompiler } from '#dsl/compile.ts';
import { rateFiles } from '../account-money.ts';
import type { Command, CommandInput, CommandIo, ExitCode } from '../command.ts';
import type { SweepOptions } from '../commands/sweep.ts';
import { interruptible } from '../interruptible.ts';
import { factFiles } from '../market-facts.ts';
import { ProgressLine } from '../progress-line.ts';
import type { Simulation } from '../simulation-input.ts';
import { bestRun } from './best-run.ts';
import { plainTrial } from './plain-trial.ts';
import { type SweepDocument, sweepDocument } from './sweep-document.ts';

/** Runs the sets of a sweep, and tells what came of them. */
export async function runSweepCommand(
  command: Command,
  input: CommandInput,
  io: CommandIo,
  simulation: Simulation,
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
  try {
    const isDone = await interruptible(async (signal) => {
      const watch: SweepWatch = { signal, onProgress: (sets) => progress.show(sets) };
      const { params } = prepared;
      const [data] = simulation.strategies[0]!.markets;
      if (why === null) return blockSweep(prepared, data!, space, book, options.workers, watch);
      const { isLeftOut } = trialStarts(prepared, data?.fromIndex ?? 0);
      return plainSweep(params, space, book, isLeftOut, async (values) => plainTrial(command, input, io, values, signal), watch);
    });
    book.flush();
    progress.end();
    const runMs = performance.now() - started;
    const best = isDone ? await bestRun(command, input, io, simulation, book) : null;
    const document = sweepDocument(simulation, space, book, header, options, { why, isDone, resumedAt, runMs, best });
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

/** What the results depend on. */
function headerOf(input: CommandInput, { strategies, rules }: Simulation, { axes, drawn, count }: SweepSpace): SweepHeader {
  const [{ prepared, markets }] = strategies as readonly [Simulation['strategies'][number]];
  const { name, sha256, modules, models, plugins } = prepared.source;
  const config = input.value('config');
  const others = [...factFiles(input), ...rateFiles(input), ...(config === undefined ? [] : [config])];
  const swept = new Set(axes.map((axis) => axis.name));
  return {
    schema: 'strat.sweep/1',
    engine: STRAT_VERSION,
    strategy: { name, sha256, modules: [...modules, ...models, ...plugins].map((one) => JSON.stringify(one)) },
    data: markets
      .flatMap((data) => [data, ...data.others])
      .map((series) => {
        const { market, timeframe, rows, sha256: digest } = dataSource(series);
        return { market, timeframe, rows, sha256: digest };
      }),
    settings: {
      ...prepared.settings,
      from: markets.map(({ fromIndex }) => fromIndex),
      files: others.map(digestOf),
      rules: rules.map(({ id }) => id),
      currency: input.value('currency') ?? null,
      timeframe: input.value('timeframe') ?? null,
    },
    fixed: Object.fromEntries(prepared.program.params.filter((param) => !swept.has(param.name)).map((param) => [param.name, param.value])),
    axes: axes.map((axis) => ({ name: axis.name, values: axis.texts })),
    sample: drawn === null ? null : { size: count, seed: Number(input.value('seed') ?? 1) },
  };
}

function digestOf(file: string): string {
  try {
    return createHash('sha256').update(readFileSync(file)).digest('hex');
  } catch {
    throw new StratError('FILE_UNREADABLE', { file, reason: 'it was there a moment ago' });
  }
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
