/**
 * `npm run check:speed`: fails when what the compiler makes of two ordinary programs has become slower. The figure is the least time of C over the least time of the run in
 * the isolate, of rounds in turns: what else the machine does makes rounds longer, and least times hardly. Each program has three attempts. A form that is known to be slow
 * is measured beside each, and has to be found: a gate that lets it pass guards nothing. Not a part of `npm test`.
 */
import type { PreparedStrategy } from '#core/runtime/prepare-strategy.ts';
import { CLimit, type Kernel } from './limit/c-limit.ts';
import { HAS_LIMIT, type LimitFolder, limitFolder } from './limit/limit-files.ts';
import { SLOWEST, slowForm } from './limit/speed-floor.ts';
import { inputOf, openProgram, preparedProgram, type ProgramName, timedRun } from './limit/timed-program.ts';

const KERNELS: Readonly<Record<ProgramName, Kernel>> = { 'sma-cross': 'sma', 'rsi-bands': 'rba' };
const BARS = 1_000_000;
const ROUNDS = 15;
const WARM_RUNS = 12;
const ATTEMPTS = 3;

/** Least time of C over that of a prepared program. */
async function shareOfC(prepared: PreparedStrategy, kernel: Kernel, folder: LimitFolder): Promise<number> {
  const input = inputOf(prepared, folder.columns(BARS));
  const isolate = openProgram(prepared, input);
  const c = new CLimit(folder, BARS);
  try {
    for (let warm = 0; warm < WARM_RUNS; warm += 1) await timedRun(isolate, input);
    let [least, leastOfC] = [Infinity, Infinity];
    for (let round = 0; round < ROUNDS; round += 1) {
      leastOfC = Math.min(leastOfC, await c.ms(kernel));
      least = Math.min(least, (await timedRun(isolate, input)).runMs);
    }
    return leastOfC / least;
  } finally {
    c.close();
    isolate.dispose();
  }
}

async function check(program: ProgramName, folder: LimitFolder): Promise<boolean> {
  const prepared = preparedProgram(program);
  const floor = SLOWEST[program];
  const slow = await shareOfC(slowForm(prepared), KERNELS[program], folder);
  if (slow >= floor) {
    console.error(`${program}: the slow form has ${slow.toFixed(3)} of C and would pass (at least ${floor}): the gate is blind`);
    return false;
  }
  let best = 0;
  for (let attempt = 0; attempt < ATTEMPTS && best < floor; attempt += 1)
    best = Math.max(best, await shareOfC(prepared, KERNELS[program], folder));
  const found = `${program}: ${best.toFixed(3)} of C (at least ${floor}); the slow form has ${slow.toFixed(3)}`;
  if (best < floor) console.error(`${found}: slower than it was. See docs/performance.md, and what changed in dsl/emit and core/sandbox.`);
  else console.log(found);
  return best >= floor;
}

if (HAS_LIMIT) {
  const folder = limitFolder(BARS);
  try {
    const passed: boolean[] = [];
    for (const program of Object.keys(KERNELS) as ProgramName[]) passed.push(await check(program, folder));
    if (passed.includes(false)) process.exitCode = 1;
  } finally {
    folder.dispose();
  }
} else {
  console.error('check:speed: not run, ../shared/bench is not there');
  process.exitCode = 2;
}
