/**
 * `npm run mutants`: 20,000 random mutants of the corpus and the shipped strategies through the compiler. Prints how long the slowest took; exit 1 when one throws or takes
 * longer than 100 ms. `STRAT_FC_SEED=123` draws those of that seed again, `STRAT_FC_RUNS=500` fewer.
 */
import fc from 'fast-check';
import { createCompiler } from '#dsl/compile.ts';
import { anyMutant } from '../tests/language/mutants.ts';

const MOST_MS = 100;
const WARM_UP = 200;

const seed = Number(process.env['STRAT_FC_SEED'] ?? Date.now() % 2 ** 31);
const runs = Number(process.env['STRAT_FC_RUNS'] ?? 20_000);
const compiler = createCompiler();
const mutants = fc.sample(anyMutant, { seed, numRuns: runs });
for (const mutant of mutants.slice(0, WARM_UP)) compiler.compile(mutant);

const timed = (mutant: string): number => {
  const started = performance.now();
  compiler.compile(mutant);
  return performance.now() - started;
};

const times: number[] = [];
const faults: string[] = [];
for (const [index, mutant] of mutants.entries()) {
  let ms = 0;
  try {
    ms = timed(mutant);
    // Other programs of the machine take their turns: what is slow by itself is slow every time.
    for (let again = 0; again < 3 && ms > MOST_MS; again += 1) ms = Math.min(ms, timed(mutant));
  } catch (error) {
    faults.push(`mutant ${index} threw ${error instanceof Error ? error.message : 'something'}:\n${mutant}`);
  }
  times.push(ms);
  if (ms > MOST_MS) faults.push(`mutant ${index} took ${ms.toFixed(0)} ms:\n${mutant}`);
}
times.sort((a, b) => a - b);
const at = (share: number): string => times[Math.min(times.length - 1, Math.floor(share * times.length))]!.toFixed(2);
console.log(
  `${runs} mutants, STRAT_FC_SEED=${seed}: median ${at(0.5)} ms, 99.9 % below ${at(0.999)} ms, slowest ${at(1)} ms; ${faults.length} faults`,
);
for (const fault of faults.slice(0, 5)) console.error(fault);
process.exitCode = faults.length === 0 ? 0 : 1;
