import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { bundle } from '../../scripts/build-cli.ts';
import { HAS_LIMIT, type LimitFolder, limitFolder } from '../limit/limit-files.ts';
import { isAverageTie } from '../limit/same-work.ts';
import { inputOf, openProgram, preparedProgram, timedRun, workOf } from '../limit/timed-program.ts';
import { writeResults } from '../measure/results.ts';
import { type Spread, spreadOf } from '../measure/spread.ts';
import { RivalProcess, type RivalWork } from '../rivals/rival-process.ts';
import { NOT_RUN, type Rival, RIVALS } from '../rivals/rivals.ts';

const WHOLE = fileURLToPath(new URL('../limit/whole-run.ts', import.meta.url));
const WHOLE_PROGRAM = fileURLToPath(new URL('../limit/timed-program.ts', import.meta.url));
const BUNDLED = fileURLToPath(new URL('../../node_modules/.cache/strat-bench', import.meta.url));
/** Runs of ours in a round: it is over so soon that one says little. */
const OUR_RUNS = 5;
/** Runs of either side before those that count: while the other ran, the processor forgot the code and the bars. An engine that takes longer than so many ms has no need. */
const AGAIN = 3;
const SHORT_MS = 1000;
/** Whole processes are compared where the issue of speed names a bar. */
const WHOLE_ROUNDS = 3;

export interface PeerRow {
  readonly peer: string;
  readonly version: string;
  readonly bars: number;
  readonly rounds: number;
  readonly trades: number;
  readonly otherwise: string;
  readonly peerMs: Spread;
  readonly warmMs: Spread;
  readonly freshMs: Spread;
  /** Times ours is faster. */
  readonly warm: Spread;
  readonly fresh: Spread;
  readonly whole?: { readonly peerMs: Spread; readonly ourMs: Spread; readonly ratio: Spread };
}

/** @throws Error where an engine made other trades than ours */
function checkTrades(rival: Rival, theirs: RivalWork, ours: ReturnType<typeof workOf>, isTie: (bar: number) => boolean): void {
  const keyOf = (entry: number, leave: number): string => `${entry} ${leave}`;
  const own = new Map(ours.trades.map((trade) => [keyOf(trade.entryBar, trade.exitBar), trade]));
  let atTies = 0;
  for (const [entry, leave] of theirs.trades) {
    const [entryBar, exitBar] = [entry - rival.fillsLater, leave - rival.fillsLater];
    if (own.delete(keyOf(entryBar, exitBar))) continue;
    if (!isTie(entryBar) && !isTie(exitBar)) throw new Error(`it alone has a trade from bar ${entryBar} to ${exitBar}`);
    atTies += 1;
  }
  // An order that waits when the bars end may be a trade for one side.
  const missing = [...own.values()].find(({ entryBar, exitBar }) => !isTie(entryBar) && !isTie(exitBar) && exitBar < rival.bars - 2);
  if (missing !== undefined) throw new Error(`it has no trade from bar ${missing.entryBar} to ${missing.exitBar}`);
  if (rival.otherwise !== '' || theirs.equity === null) return;
  // A trade that is a bar longer at a tie is worth little, but not nothing.
  const tolerance = atTies === 0 ? 1e-9 : 1e-6;
  if (!(Math.abs(theirs.equity - ours.equity) <= tolerance * ours.equity))
    throw new Error(`its equity is ${theirs.equity}, ours ${ours.equity}`);
}

async function peerRow(rival: Rival, folder: LimitFolder): Promise<PeerRow> {
  const command = rival.command(folder.path);
  const columns = folder.columns(rival.bars);
  const prepared = preparedProgram('sma-cross');
  const input = inputOf(prepared, columns);
  const isolate = openProgram(prepared, input);
  const fresh = async (): Promise<number> => {
    const started = performance.now();
    const once = openProgram(prepared, input);
    await timedRun(once, input);
    once.dispose();
    return performance.now() - started;
  };
  const repeated = async (run: () => Promise<number>): Promise<number> => {
    const times: number[] = [];
    while (times.length < OUR_RUNS) times.push(await run());
    return spreadOf(times).median;
  };
  const process_ = new RivalProcess(command);
  try {
    const theirs = await process_.work();
    checkTrades(rival, theirs, workOf(await timedRun(isolate, input)), isAverageTie(columns));
    for (let run = 0; run < 12; run += 1) await timedRun(isolate, input);
    const rounds: { readonly peer: number; readonly warm: number; readonly fresh: number }[] = [];
    while (rounds.length < rival.rounds) {
      let peer = await process_.ms();
      for (let run = 0; run < AGAIN && peer < SHORT_MS; run += 1) peer = await process_.ms();
      for (let run = 0; run < AGAIN; run += 1) await timedRun(isolate, input);
      rounds.push({ peer, warm: await repeated(async () => (await timedRun(isolate, input)).allMs), fresh: await repeated(fresh) });
    }
    const of = (value: (round: (typeof rounds)[number]) => number): Spread => spreadOf(rounds.map(value));
    const row = {
      peer: rival.name,
      version: theirs.version,
      bars: rival.bars,
      rounds: rounds.length,
      trades: theirs.trades.length,
      otherwise: rival.otherwise,
      peerMs: of((round) => round.peer),
      warmMs: of((round) => round.warm),
      freshMs: of((round) => round.fresh),
      warm: of((round) => round.peer / round.warm),
      fresh: of((round) => round.peer / round.fresh),
    };
    return rival.name === 'backtesting.py' ? { ...row, whole: await wholeProcesses(command, folder, rival.bars) } : row;
  } finally {
    process_.close();
    isolate.dispose();
  }
}

/** From the start of a process to its end: reads the raw columns, runs once, prints what came of it. Ours is bundled as the command line is. */
async function wholeProcesses(command: readonly string[], folder: LimitFolder, bars: number): Promise<NonNullable<PeerRow['whole']>> {
  const ms = ([program, ...args]: readonly string[]): number => {
    const started = performance.now();
    const { status, stderr } = spawnSync(program!, args, { input: '', maxBuffer: 2 ** 28, encoding: 'utf8' });
    if (status !== 0) throw new Error(`${program} ended with ${status}: ${stderr.slice(-300)}`);
    return performance.now() - started;
  };
  await bundle({ 'whole-run': WHOLE }, [WHOLE, WHOLE_PROGRAM], BUNDLED);
  const own = [process.execPath, join(BUNDLED, 'whole-run.mjs'), folder.path, String(bars)];
  ms(own);
  const rounds = Array.from({ length: WHOLE_ROUNDS }, () => {
    const peer = ms(command);
    return { peer, ours: spreadOf(Array.from({ length: OUR_RUNS }, () => ms(own))).median };
  });
  return {
    peerMs: spreadOf(rounds.map(({ peer }) => peer)),
    ourMs: spreadOf(rounds.map(({ ours }) => ours)),
    ratio: spreadOf(rounds.map(({ peer, ours }) => peer / ours)),
  };
}

/** `npm run bench -- peers`: the cross of two averages by other engines, in turns with ours. */
export async function peersPart(): Promise<void> {
  if (!HAS_LIMIT) return console.log('peers: not run, the bars are made by ../shared/bench, which is not there');
  const folder = limitFolder(Math.max(...RIVALS.map(({ bars }) => bars)));
  const rows: PeerRow[] = [];
  const missing: Record<string, string> = { ...NOT_RUN };
  const only = process.env['STRAT_BENCH_PEERS']?.split(',');
  try {
    for (const rival of RIVALS) {
      if (only !== undefined && !only.includes(rival.name)) continue;
      try {
        rows.push(await peerRow(rival, folder));
        print(rows.at(-1)!);
      } catch (error) {
        missing[rival.name] = (error as Error).message;
      }
    }
  } finally {
    folder.dispose();
  }
  for (const [name, reason] of Object.entries(missing)) console.log(`not run: ${name}: ${reason}`);
  writeResults('peers', { rows, missing });
}

function print({ peer, version, bars, rounds, trades, otherwise, peerMs, warmMs, freshMs, warm, fresh, whole }: PeerRow): void {
  const text = ({ median, min, max }: Spread): string => `${median.toPrecision(4)} [${min.toPrecision(4)}..${max.toPrecision(4)}]`;
  console.log(
    `${peer} ${version}, ${bars.toLocaleString('en-US')} bars, ${rounds} rounds, ${trades} equal trades${otherwise === '' ? ', equal equity' : `; otherwise: ${otherwise}`}`,
  );
  console.log(`  ms: it ${text(peerMs)}, ours warm ${text(warmMs)}, in a fresh isolate ${text(freshMs)}`);
  console.log(
    `  ours is faster by: warm ${text(warm)}, fresh isolate ${text(fresh)}${whole === undefined ? '' : `, whole processes ${text(whole.ratio)} (${text(whole.peerMs)} against ${text(whole.ourMs)} ms)`}`,
  );
}
