import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { buildC, HAS_LIMIT, type LimitFolder, limitFolder, SWEEP_SOURCE } from '../limit/limit-files.ts';
import { writeResults } from '../measure/results.ts';
import { roundsUntilQuiet, type Spread, spreadOf } from '../measure/spread.ts';
import type { Columns } from '#core/model/columns.ts';
import { type SweptProgram, sweptProgram, type TimedSweep, timedSweep } from '../sweep/timed-sweep.ts';

const BARS = 100_000;
const QUIET_ROUNDS = 21;
const MOST_ROUNDS = 61;
/** A sweep that is ten times as long, in which the code of each thread has time to become what it will be. */
const LONG_BARS = 1_000_000;
const LONG_ROUNDS = 5;
/** Sums of all sets may differ by so much, relative; trades where two averages are equal in exact arithmetic. */
const TOLERANCE = 1e-9;
const MOST_TIES = 1e-5;

interface CSweep {
  readonly minMs: number;
  readonly sumOfFinalEquity: number;
  readonly worstDrawdown: number;
  readonly trades: number;
}

function cSweep(folder: LimitFolder): (bars: number) => CSweep {
  const program = join(folder.path, 'sweep');
  buildC(SWEEP_SOURCE, program);
  return (bars) => JSON.parse(spawnSync(program, [folder.path, String(bars), '1'], { encoding: 'utf8' }).stdout) as CSweep;
}

const apart = (a: number, b: number): number => Math.abs(a - b) / Math.abs(b);

/** @throws Error where they did not do the same */
function checkSame(ours: TimedSweep, c: CSweep): void {
  if (ours.sets !== 1000) throw new Error(`${ours.sets} sets ran, not 1,000`);
  if (apart(ours.equity, c.sumOfFinalEquity) > TOLERANCE)
    throw new Error(`the final equities sum to ${ours.equity} here and ${c.sumOfFinalEquity} in C`);
  if (apart(ours.trades, c.trades) > MOST_TIES) throw new Error(`there are ${ours.trades} trades here and ${c.trades} in C`);
  // A trade at a tie moves the drawdown of its set; without one they are equal.
  const most = ours.trades === c.trades ? TOLERANCE : 1e-3;
  if (apart(ours.drawdown, c.worstDrawdown) > most)
    throw new Error(`the deepest drawdown is ${ours.drawdown} here and ${c.worstDrawdown} in C`);
}

/** One round: all sides in turns, milliseconds of whole sweeps. */
interface Round {
  readonly c: number;
  readonly two: number;
  readonly one: number;
  readonly once: number;
  readonly anew: number;
  /** Time of processors, of all threads. */
  readonly cpu: { readonly two: number; readonly one: number; readonly once: number; readonly anew: number };
}

/** What bench/results/sweep.json has. */
export interface SweepResults {
  readonly bars: number;
  readonly rounds: number;
  readonly quiet: number;
  readonly trades: number;
  readonly ms: Readonly<Record<'c' | 'two' | 'one' | 'once' | 'anew', Spread>>;
  readonly cpuMs: Readonly<Record<'two' | 'one' | 'once' | 'anew', Spread>>;
  readonly cOverTwo: Spread;
  readonly oneOverTwo: Spread;
  readonly anewOverOnce: Spread;
  readonly long: { readonly bars: number; readonly rounds: number; readonly cOverTwo: Spread; readonly oneOverTwo: Spread };
}

/**
 * `npm run bench -- sweep`: 1,000 sets against one thread of C, two threads against one, and sets that differ in exits alone against the same engine that computes
 * everything for each. Ours are whole sweeps with the start and end of their threads, in a process that has swept before; of C the loop over the sets alone.
 */
export async function sweepPart(): Promise<void> {
  if (!HAS_LIMIT) return console.log('sweep: not run, ../shared/bench is not there');
  const folder = limitFolder(LONG_BARS);
  try {
    const columns = folder.columns(BARS);
    const c = cSweep(folder);
    const averages = sweptProgram('sma-sweep', ['more', 'fast']);
    const exits = sweptProgram('exit-sweep', ['far', 'gain']);
    const work = await timedSweep(averages, columns, 2);
    for (const sweep of [work, await timedSweep(averages, columns, 1)]) checkSame(sweep, c(BARS));
    const [once, anew] = [await timedSweep(exits, columns, 1), await timedSweep(exits, columns, 1, true)];
    if (once.sets !== 1000 || once.equity !== anew.equity || once.trades !== anew.trades || once.drawdown !== anew.drawdown)
      throw new Error('sets with signals in common did something else than sets that compute them');
    const round = async (): Promise<Round> => {
      const cMs = c(BARS).minMs;
      const two = await timedSweep(averages, columns, 2);
      const one = await timedSweep(averages, columns, 1);
      const shared = await timedSweep(exits, columns, 1);
      const all = await timedSweep(exits, columns, 1, true);
      const cpu = { two: two.cpuMs, one: one.cpuMs, once: shared.cpuMs, anew: all.cpuMs };
      return { c: cMs, two: two.ms, one: one.ms, once: shared.ms, anew: all.ms, cpu };
    };
    const { all, quiet } = await roundsUntilQuiet(QUIET_ROUNDS, MOST_ROUNDS, round, ({ c: cMs }) => cMs);
    const of = (value: (round: Round) => number): Spread => spreadOf(quiet.map(value));
    const results: SweepResults = {
      bars: BARS,
      rounds: all.length,
      quiet: quiet.length,
      trades: work.trades,
      ms: { c: of((r) => r.c), two: of((r) => r.two), one: of((r) => r.one), once: of((r) => r.once), anew: of((r) => r.anew) },
      cpuMs: { two: of((r) => r.cpu.two), one: of((r) => r.cpu.one), once: of((r) => r.cpu.once), anew: of((r) => r.cpu.anew) },
      cOverTwo: of((r) => r.c / r.two),
      oneOverTwo: of((r) => r.one / r.two),
      anewOverOnce: of((r) => r.anew / r.once),
      long: await longSweep(averages, folder.columns(LONG_BARS), c),
    };
    writeResults('sweep', results);
    print(results);
  } finally {
    folder.dispose();
  }
}

/** The averages over many bars. */
async function longSweep(program: SweptProgram, columns: Columns, c: (bars: number) => CSweep): Promise<SweepResults['long']> {
  const rounds: { readonly cOverTwo: number; readonly oneOverTwo: number }[] = [];
  while (rounds.length < LONG_ROUNDS) {
    const ofC = c(LONG_BARS);
    const two = await timedSweep(program, columns, 2);
    const one = await timedSweep(program, columns, 1);
    checkSame(two, ofC);
    rounds.push({ cOverTwo: ofC.minMs / two.ms, oneOverTwo: one.ms / two.ms });
  }
  const of = (value: (round: (typeof rounds)[number]) => number): Spread => spreadOf(rounds.map(value));
  return { bars: LONG_BARS, rounds: rounds.length, cOverTwo: of((r) => r.cOverTwo), oneOverTwo: of((r) => r.oneOverTwo) };
}

function print({ bars, rounds, quiet, ms, cpuMs, cOverTwo, oneOverTwo, anewOverOnce, long }: SweepResults): void {
  const text = ({ median, min, max }: Spread, digits: number): string =>
    `${median.toFixed(digits)} [${min.toFixed(digits)}..${max.toFixed(digits)}]`;
  const least = (a: Spread, b: Spread): string => `of least times ${(a.min / b.min).toFixed(2)}`;
  console.log(
    `1,000 sets of the crossing of two averages over ${bars.toLocaleString('en-US')} bars, ${quiet} quiet rounds of ${rounds}, whole sweeps with their threads`,
  );
  console.log(`  ms: C on one thread ${text(ms.c, 0)}, two threads ${text(ms.two, 0)}, one thread ${text(ms.one, 0)}`);
  console.log(
    `  of C: ${text(cOverTwo, 2)}, ${least(ms.c, ms.two)}; two threads over one: ${text(oneOverTwo, 2)}, ${least(ms.one, ms.two)}`,
  );
  console.log(`1,000 sets that differ in their exits: ${text(ms.once, 0)} ms, with everything computed for each ${text(ms.anew, 0)}`);
  console.log(`  times faster: ${text(anewOverOnce, 2)}, ${least(ms.anew, ms.once)}`);
  console.log(
    `the averages over ${long.bars.toLocaleString('en-US')} bars, ${long.rounds} rounds: of C ${text(long.cOverTwo, 2)}, two threads over one ${text(long.oneOverTwo, 2)}`,
  );
  console.log(
    `time of processors, least: two threads ${cpuMs.two.min.toFixed(0)}, one ${cpuMs.one.min.toFixed(0)}, exits ${cpuMs.once.min.toFixed(0)}, each anew ${cpuMs.anew.min.toFixed(0)}`,
  );
}
