import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { buildC, HAS_LIMIT, type LimitFolder, limitFolder, SWEEP_SOURCE } from '../limit/limit-files.ts';
import { writeResults } from '../measure/results.ts';
import { type Spread, spreadOf } from '../measure/spread.ts';
import { sweptProgram, type TimedSweep, timedSweep } from '../sweep/timed-sweep.ts';

const BARS = 100_000;
const ROUNDS = 21;
/** Sums of all sets may differ by so much, relative; trades where two averages are equal in exact arithmetic. */
const TOLERANCE = 1e-9;
const MOST_TIES = 1e-5;

interface CSweep {
  readonly minMs: number;
  readonly sumOfFinalEquity: number;
  readonly worstDrawdown: number;
  readonly trades: number;
}

function cSweep(folder: LimitFolder): () => CSweep {
  const program = join(folder.path, 'sweep');
  buildC(SWEEP_SOURCE, program);
  return () => JSON.parse(spawnSync(program, [folder.path, String(BARS), '1'], { encoding: 'utf8' }).stdout) as CSweep;
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

/** `npm run bench -- sweep`: 1,000 sets against one thread of C, two threads against one, and what sets that differ in exits alone have in common. */
export async function sweepPart(): Promise<void> {
  if (!HAS_LIMIT) return console.log('sweep: not run, ../shared/bench is not there');
  const folder = limitFolder(BARS);
  try {
    const columns = folder.columns(BARS);
    const c = cSweep(folder);
    const averages = sweptProgram('sma-sweep', ['more', 'fast']);
    const exits = sweptProgram('exit-sweep', ['far', 'gain']);
    checkSame(await timedSweep(averages, columns, 2), c());
    const [once, anew] = [await timedSweep(exits, columns, 2), await timedSweep(exits, columns, 2, true)];
    if (once.equity !== anew.equity || once.trades !== anew.trades || once.drawdown !== anew.drawdown)
      throw new Error('sets with signals in common did something else than sets that compute them');
    const rounds: { readonly [side in 'c' | 'two' | 'one' | 'once' | 'anew']: number }[] = [];
    const cpu: { readonly sweep: number; readonly once: number; readonly anew: number }[] = [];
    while (rounds.length < ROUNDS) {
      const cMs = c().minMs;
      const two = await timedSweep(averages, columns, 2);
      const one = await timedSweep(averages, columns, 1);
      const shared = await timedSweep(exits, columns, 1);
      const all = await timedSweep(exits, columns, 1, true);
      rounds.push({ c: cMs, two: two.ms, one: one.ms, once: shared.ms, anew: all.ms });
      cpu.push({ sweep: one.cpuMs, once: shared.cpuMs, anew: all.cpuMs });
    }
    const of = (value: (round: (typeof rounds)[number]) => number): Spread => spreadOf(rounds.map(value));
    const least = (side: keyof (typeof rounds)[number]): number => Math.min(...rounds.map((round) => round[side]));
    const ratios = {
      cOverTwo: of(({ c: a, two }) => a / two),
      cOverTwoOfLeast: least('c') / least('two'),
      oneOverTwo: of(({ one, two }) => one / two),
      oneOverTwoOfLeast: least('one') / least('two'),
      anewOverOnce: of(({ anew: a, once: b }) => a / b),
      anewOverOnceOfLeast: least('anew') / least('once'),
    };
    const ms = { c: of((r) => r.c), two: of((r) => r.two), one: of((r) => r.one), once: of((r) => r.once), anew: of((r) => r.anew) };
    writeResults('sweep', { bars: BARS, rounds: ROUNDS, ms, ratios, cpuMs: cpu });
    const text = ({ median, min, max }: Spread, digits: number): string =>
      `${median.toFixed(digits)} [${min.toFixed(digits)}..${max.toFixed(digits)}]`;
    console.log(
      `1,000 sets of the crossing of two averages over ${BARS.toLocaleString('en-US')} bars, ${ROUNDS} rounds, whole sweeps with their threads`,
    );
    console.log(`  ms: C on one thread ${text(ms.c, 0)}, two threads ${text(ms.two, 0)}, one thread ${text(ms.one, 0)}`);
    console.log(
      `  of C: ${text(ratios.cOverTwo, 2)}, of least times ${ratios.cOverTwoOfLeast.toFixed(2)}; two threads over one: ${text(ratios.oneOverTwo, 2)}, of least times ${ratios.oneOverTwoOfLeast.toFixed(2)}`,
    );
    console.log(`100 sets that differ in their exits: ${text(ms.once, 0)} ms, with everything computed for each ${text(ms.anew, 0)}`);
    console.log(`  times faster: ${text(ratios.anewOverOnce, 2)}, of least times ${ratios.anewOverOnceOfLeast.toFixed(2)}`);
  } finally {
    folder.dispose();
  }
}
