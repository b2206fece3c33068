/**
 * `npm run mutants`: 20,000 random mutants of the corpus and the shipped strategies through the compiler; exit 1 when one throws or takes longer than 100 ms.
 * Every run draws others; `STRAT_FC_SEED=123` draws those from that seed on, `STRAT_FC_RUNS=500` fewer, and `npm run mutants -- 123` prints the one of a seed.
 */
import { createCompiler } from '#dsl/compile.ts';
import { corpusInputs, HAS_CORPUS } from '../tests/language/corpus.ts';
import { mutantMaker } from '../tests/language/mutants.ts';

/** What one mutant may take. What else runs on the machine does not count, nor does a pause to collect garbage: it has some tries, by the clock of the processor. */
const MOST_MS = 100;
const TRIES = 3;
/** For the compiler to read the functions that programs call, and for the machine to get to know it. */
const WARM_UP = 500;

const compiler = createCompiler();
const mutantOf = mutantMaker();

/** Of the clock on the wall or, where that says too much, of the processor: its clock is coarse and knows no other program. */
function timed(source: string): number {
  const [started, busy] = [performance.now(), process.threadCpuUsage()];
  compiler.compile(source, corpusInputs);
  const ms = performance.now() - started;
  if (ms <= MOST_MS) return ms;
  const { user, system } = process.threadCpuUsage(busy);
  return (user + system) / 1000;
}

/** Whether all mutants of `runs` seeds were answered in time. */
function run(firstSeed: number, runs: number): boolean {
  for (let seed = 0; seed < WARM_UP; seed++) compiler.compile(mutantOf(seed), corpusInputs);
  const times: number[] = [];
  let [slowest, faults] = [firstSeed, 0];
  for (let seed = firstSeed; seed < firstSeed + runs; seed++) {
    const source = mutantOf(seed);
    let ms = 0;
    try {
      ms = timed(source);
      for (let tries = 1; ms > MOST_MS && tries < TRIES; tries++) ms = Math.min(ms, timed(source));
    } catch (error) {
      faults += 1;
      console.error(`mutant ${seed} threw ${error instanceof Error ? error.message : 'something'}`);
    }
    if (ms > (times[slowest - firstSeed] ?? 0)) slowest = seed;
    times.push(ms);
    if (ms <= MOST_MS) continue;
    faults += 1;
    console.error(`mutant ${seed} took ${ms.toFixed(0)} ms`);
  }
  const sorted = times.toSorted((a, b) => a - b);
  const at = (share: number): string => `${sorted[Math.min(runs - 1, Math.floor(share * runs))]!.toFixed(1)} ms`;
  const from = HAS_CORPUS ? '' : ' of the shipped strategies alone, as ../shared is not here';
  console.log(
    `${runs} mutants${from}, STRAT_FC_SEED=${firstSeed}: median ${at(0.5)}, 99.9 % below ${at(0.999)}, slowest ${at(1)} (mutant ${slowest}); ${faults} faults`,
  );
  return faults === 0;
}

const [shown] = process.argv.slice(2);
if (shown !== undefined) console.log(mutantOf(Number(shown)));
else
  process.exitCode = run(Number(process.env['STRAT_FC_SEED'] ?? Date.now() % 2 ** 31), Number(process.env['STRAT_FC_RUNS'] ?? 20_000))
    ? 0
    : 1;
