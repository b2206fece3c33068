import { createCompiler } from '#dsl/compile.ts';
import type { Columns } from '#core/model/columns.ts';
import { stepTimes } from '../limit/live-step.ts';
import { HAS_LIMIT, limitFolder } from '../limit/limit-files.ts';
import { inputOf, openProgram, preparedProgram, type ProgramName, timedRun } from '../limit/timed-program.ts';
import { writeResults } from '../measure/results.ts';
import { type Spread, spreadOf } from '../measure/spread.ts';

const PROGRAMS: readonly ProgramName[] = ['sma-cross', 'rsi-bands'];
const BARS = [100_000, 1_000_000];
const ROUNDS = 21;
const WARM_RUNS = 12;
const STEPS = 100_000;

/** A run in an isolate that was made for it, against the same in one that has run it before. */
export interface FreshRow {
  readonly program: ProgramName;
  readonly bars: number;
  readonly warmMs: Spread;
  /** Isolate, context, loaded text, run and disposal. */
  readonly freshMs: Spread;
  /** The same, from the program's text on: parse, check and emit by a compiler that has done so before. */
  readonly compiledMs: Spread;
  readonly ratio: Spread;
  readonly compiledRatio: Spread;
}

async function freshRow(program: ProgramName, columns: Columns): Promise<FreshRow> {
  const compiler = createCompiler();
  const prepared = preparedProgram(program, compiler);
  const input = inputOf(prepared, columns);
  const isolate = openProgram(prepared, input);
  const fresh = async (isCompiled: boolean): Promise<number> => {
    const started = performance.now();
    const own = isCompiled ? preparedProgram(program, compiler) : prepared;
    const once = openProgram(own, input);
    await timedRun(once, input);
    once.dispose();
    return performance.now() - started;
  };
  for (let warm = 0; warm < WARM_RUNS; warm += 1) await timedRun(isolate, input);
  for (let warm = 0; warm < 3; warm += 1) await fresh(true);
  const rounds: { readonly warm: number; readonly fresh: number; readonly compiled: number }[] = [];
  while (rounds.length < ROUNDS) {
    const { allMs } = await timedRun(isolate, input);
    rounds.push({ warm: allMs, fresh: await fresh(false), compiled: await fresh(true) });
  }
  isolate.dispose();
  return {
    program,
    bars: columns.time.length,
    warmMs: spreadOf(rounds.map((round) => round.warm)),
    freshMs: spreadOf(rounds.map((round) => round.fresh)),
    compiledMs: spreadOf(rounds.map((round) => round.compiled)),
    ratio: spreadOf(rounds.map((round) => round.fresh / round.warm)),
    compiledRatio: spreadOf(rounds.map((round) => round.compiled / round.warm)),
  };
}

export interface StepRow {
  readonly program: ProgramName;
  readonly steps: number;
  readonly emptyUs: { readonly p50: number; readonly p99: number };
  readonly stepUs: { readonly p50: number; readonly p99: number };
}

function stepRow(program: ProgramName, columns: Columns): StepRow {
  const { stepUs, emptyUs } = stepTimes(preparedProgram(program), columns);
  const shares = (values: Float64Array): StepRow['stepUs'] => {
    const sorted = values.toSorted();
    return { p50: sorted[Math.floor(sorted.length * 0.5)]!, p99: sorted[Math.floor(sorted.length * 0.99)]! };
  };
  return { program, steps: stepUs.length, emptyUs: shares(emptyUs), stepUs: shares(stepUs) };
}

/** `npm run bench -- isolate`: what a fresh isolate costs, and a bar that comes alone. */
export async function isolatePart(): Promise<void> {
  if (!HAS_LIMIT) return console.log('isolate: not run, the bars are made by ../shared/bench, which is not there');
  const folder = limitFolder(Math.max(...BARS));
  try {
    const fresh: FreshRow[] = [];
    for (const bars of BARS) for (const program of PROGRAMS) fresh.push(await freshRow(program, folder.columns(bars)));
    const steps = PROGRAMS.map((program) => stepRow(program, folder.columns(STEPS)));
    writeResults('isolate', { fresh, steps });
    const ms = ({ median, min, max }: Spread): string => `${median.toFixed(2)} [${min.toFixed(2)}..${max.toFixed(2)}]`;
    for (const { program, bars, warmMs, freshMs, compiledMs, ratio, compiledRatio } of fresh) {
      console.log(
        `${program}, ${bars.toLocaleString('en-US')} bars, ms: warm ${ms(warmMs)}, fresh isolate ${ms(freshMs)}, with the compiler ${ms(compiledMs)}`,
      );
      console.log(`  times the warm run: ${ms(ratio)}; with the compiler ${ms(compiledRatio)}`);
    }
    for (const { program, emptyUs, stepUs } of steps) {
      console.log(
        `${program}, live step, us: p50 ${stepUs.p50.toFixed(2)}, p99 ${stepUs.p99.toFixed(2)}; an empty call p50 ${emptyUs.p50.toFixed(2)}, p99 ${emptyUs.p99.toFixed(2)}; ` +
          `${(stepUs.p50 / emptyUs.p50).toFixed(2)} times the empty call, p99 ${(stepUs.p99 / stepUs.p50).toFixed(2)} times p50`,
      );
    }
  } finally {
    folder.dispose();
  }
}
