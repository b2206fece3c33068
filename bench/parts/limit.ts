import { type Spread, roundsUntilQuiet, spreadOf } from '../measure/spread.ts';
import { writeResults } from '../measure/results.ts';
import { CLimit, type Kernel } from '../limit/c-limit.ts';
import { openHandWritten, WARM_UPS, type WarmUp } from '../limit/hand-written.ts';
import { HAS_LIMIT, type LimitFolder, limitFolder } from '../limit/limit-files.ts';
import { isAverageTie, type SameWork, sameWork } from '../limit/same-work.ts';
import { inputOf, openProgram, preparedProgram, type ProgramName, timedRun, workOf } from '../limit/timed-program.ts';

const PROGRAMS: readonly (readonly [ProgramName, Kernel])[] = [
  ['sma-cross', 'sma'],
  ['rsi-bands', 'rba'],
];
const BARS = [100_000, 1_000_000];
/** Runs before the clock starts: V8 has optimised by then. */
const WARM_RUNS = 12;
const QUIET_ROUNDS = 21;
const MOST_ROUNDS = 101;

interface Round {
  readonly cMs: number;
  readonly handMs: readonly number[];
  readonly runMs: number;
  readonly allMs: number;
}

export interface LimitRow {
  readonly program: ProgramName;
  readonly bars: number;
  readonly work: SameWork;
  readonly rounds: number;
  readonly quiet: number;
  readonly ms: { readonly c: Spread; readonly run: Spread; readonly all: Spread; readonly handWritten: Spread };
  /** C's time over that of the run in the isolate, drawdown included, and without it. */
  readonly ofC: Spread;
  readonly ofCRunAlone: Spread;
  /** The hand-written kernel's time over ours. */
  readonly ofHandWritten: Spread;
  readonly handWarmUp: WarmUp;
}

/** A program against C and the hand-written kernel, in turns. */
async function limitRow([program, kernel]: (typeof PROGRAMS)[number], bars: number, folder: LimitFolder): Promise<LimitRow> {
  const columns = folder.columns(bars);
  const prepared = preparedProgram(program);
  const input = inputOf(prepared, columns);
  const isolate = openProgram(prepared, input);
  const c = new CLimit(folder, bars);
  const hands = await Promise.all(WARM_UPS.map(async (warmUp) => openHandWritten(kernel, columns, warmUp)));
  try {
    const theirs = await c.work(kernel);
    const work = sameWork(workOf(await timedRun(isolate, input)), theirs, kernel === 'sma' ? isAverageTie(columns) : () => false);
    for (let warm = 0; warm < WARM_RUNS; warm += 1) {
      await timedRun(isolate, input);
      for (const hand of hands) await hand.ms();
    }
    const round = async (): Promise<Round> => {
      const cMs = await c.ms(kernel);
      const { runMs, allMs } = await timedRun(isolate, input);
      const handMs: number[] = [];
      for (const hand of hands) handMs.push(await hand.ms());
      return { cMs, handMs, runMs, allMs };
    };
    const { all, quiet } = await roundsUntilQuiet(QUIET_ROUNDS, MOST_ROUNDS, round, ({ cMs }) => cMs);
    const medians = WARM_UPS.map((_, at) => spreadOf(quiet.map(({ handMs }) => handMs[at]!)).median);
    const best = medians.indexOf(Math.min(...medians));
    const [, , trades] = hands[best]!.result;
    if (trades !== theirs.trades.length) throw new Error(`the hand-written kernel made ${trades} trades, C ${theirs.trades.length}`);
    const of = (value: (round: Round) => number): Spread => spreadOf(quiet.map(value));
    return {
      program,
      bars,
      work,
      rounds: all.length,
      quiet: quiet.length,
      ms: { c: of((r) => r.cMs), run: of((r) => r.runMs), all: of((r) => r.allMs), handWritten: of((r) => r.handMs[best]!) },
      ofC: of((r) => r.cMs / r.allMs),
      ofCRunAlone: of((r) => r.cMs / r.runMs),
      ofHandWritten: of((r) => r.handMs[best]! / r.allMs),
      handWarmUp: WARM_UPS[best]!,
    };
  } finally {
    c.close();
    for (const hand of hands) hand.dispose();
    isolate.dispose();
  }
}

/** `npm run bench -- limit`: what the compiler makes of two ordinary programs, in the isolate, against C and hand-written JavaScript. */
export async function limitPart(): Promise<void> {
  if (!HAS_LIMIT) return console.log('limit: not run, ../shared/bench is not there');
  const folder = limitFolder(Math.max(...BARS));
  try {
    const rows: LimitRow[] = [];
    for (const bars of BARS) for (const program of PROGRAMS) rows.push(await limitRow(program, bars, folder));
    writeResults('limit', { rows });
    for (const row of rows) print(row);
  } finally {
    folder.dispose();
  }
}

function print({ program, bars, work, rounds, quiet, ms, ofC, ofCRunAlone, ofHandWritten, handWarmUp }: LimitRow): void {
  const text = ({ median, min, max }: Spread, digits: number): string =>
    `${median.toFixed(digits)} [${min.toFixed(digits)}..${max.toFixed(digits)}]`;
  console.log(`\n${program}, ${bars.toLocaleString('en-US')} bars, ${quiet} quiet rounds of ${rounds}, ${work.trades} trades`);
  console.log(
    `  differences to C: equity ${work.equity.toExponential(1)}, drawdown ${work.maxDrawdown.toExponential(1)}, fees ${work.fees.toExponential(1)}${work.atTies === 0 ? '' : `; ${work.atTies} trades at ties of the averages differ`}`,
  );
  console.log(
    `  ms: C ${text(ms.c, 2)}, run ${text(ms.run, 2)}, run and drawdown ${text(ms.all, 2)}, hand-written ${text(ms.handWritten, 2)} (${handWarmUp})`,
  );
  console.log(
    `  of C: ${text(ofC, 3)}, the run alone ${text(ofCRunAlone, 3)}, of least times ${(ms.c.min / ms.all.min).toFixed(3)}; of hand-written: ${text(ofHandWritten, 3)}`,
  );
}
