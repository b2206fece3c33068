import { availableParallelism } from 'node:os';
import { TRIAL_METRICS } from '#core/runtime/sweep/trial-metrics.ts';
import type { Command, CommandInput } from '../command.ts';
import { usage } from '../command-line.ts';
import { choiceOption, countOption } from '../option-values.ts';
import { checkOutputs } from '../output-files.ts';
import { ReadCandles } from '../read-candles.ts';
import { MODEL_OPTIONS, openSimulation, RUN_OPTIONS } from '../simulation-input.ts';
import { sweepSpace } from '../sweep-axes.ts';

const MOST_WORKERS = 64;
const MOST_SHOWN = 1000;

export const sweepCommand: Command = {
  name: 'sweep',
  summary: 'run a strategy with many values of its params, and rank them',
  usage: 'sweep FILE [--param NAME=VALUES ...] [--data PATH | --market SERIES | --synthetic SEED] [OPTIONS]',
  description:
    'Runs the strategy once for each set of values and prints the best sets. VALUES are a range with a step, 2..50:2, or a list, 10,20,40; without --param all params go over the ranges that the file gives them. Sets that break a "require" of the strategy are left out and counted.\n\nThe strategy is compiled once, and threads run blocks of sets over the same candles; what that cannot tell, such as several markets or margin, takes a backtest for each set, in several processes. With --out each result is a line of a file as soon as it is there, and --resume goes on with that file after Ctrl-C or a crash. The best of many sets is lucky: what the table says of luck, and docs/sweep.md, are to be read before money is risked on it.',
  options: [
    { name: 'param', value: 'NAME=VALUES', isMany: true, help: 'values of a param: 2..50:2, 2..50 (by its own step), or 10,20,40' },
    { name: 'sample', value: 'N', help: 'only so many of the sets, drawn at random' },
    { name: 'seed', value: 'N', help: 'of the draw (1)' },
    { name: 'by', value: 'METRIC', help: `what the best sets are chosen by: ${TRIAL_METRICS.join(', ')} (sharpe)` },
    { name: 'top', value: 'N', help: 'so many of the best sets are shown (10)' },
    { name: 'out', value: 'FILE', help: 'write all results there, one JSON object a line' },
    { name: 'resume', help: 'go on with the file of --out where it ends' },
    {
      name: 'workers',
      value: 'N',
      help: 'threads that run sets, or processes where each set takes a backtest of its own (one for each processor)',
    },
    { name: 'json', help: 'print one JSON document' },
    ...RUN_OPTIONS,
    ...MODEL_OPTIONS,
  ],
  examples: [
    'strat sweep strategies/sma-cross/sma-cross.strat --data binance_BTC-USDT_1h.csv.gz --param fast=5..50:5 --param slow=20..200:10',
    'strat sweep my.strat --market binance:BTC/USDT --sample 1000 --by calmar --out sets.jsonl',
    'strat sweep my.strat --market binance:BTC/USDT --sample 1000 --by calmar --out sets.jsonl --resume',
  ],
  async run(input, io) {
    const { args } = input;
    if (args.length > 1) throw usage('A sweep takes one strategy; found several files', sweepCommand);
    const options = optionsOf(input);
    const read = new ReadCandles();
    const check = (files: readonly string[]): void => checkOutputs(sweepCommand, input, ['out'], files);
    const simulation = await openSimulation(sweepCommand, input, io, { check, read });
    if (simulation === null) return 1;
    try {
      const { params } = simulation.strategies[0]!.prepared.program;
      const space = sweepSpace(sweepCommand, input, params);
      const { runSweepCommand } = await import('../sweep/run-sweep-command.ts');
      const { SetRunner } = await import('../sweep/set-runner.ts');
      const runner = new SetRunner(sweepCommand, input, io, read);
      return await runSweepCommand(sweepCommand, input, io, simulation, runner, space, options);
    } finally {
      await simulation.close();
    }
  },
};

/** What the options say besides the sets and what they run on. */
export interface SweepOptions {
  readonly by: (typeof TRIAL_METRICS)[number];
  readonly top: number;
  readonly out: string | undefined;
  readonly isResumed: boolean;
  readonly workers: number;
}

function optionsOf(input: CommandInput): SweepOptions {
  const by = choiceOption(sweepCommand, input, 'by', TRIAL_METRICS) ?? 'sharpe';
  const top = countOption(sweepCommand, input, 'top') ?? 10;
  const workers = countOption(sweepCommand, input, 'workers') ?? Math.min(MOST_WORKERS, availableParallelism());
  const out = input.value('out');
  const isResumed = input.flag('resume');
  if (top > MOST_SHOWN) throw usage(`--top takes at most ${MOST_SHOWN}, found "${input.value('top')}"`, sweepCommand);
  if (workers > MOST_WORKERS) throw usage(`--workers takes at most ${MOST_WORKERS}, found "${input.value('workers')}"`, sweepCommand);
  if (isResumed && out === undefined) throw usage('--resume goes on with the file of --out FILE', sweepCommand);
  return { by, top, out, isResumed, workers };
}
