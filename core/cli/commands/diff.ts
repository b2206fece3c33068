import { diffRuns } from '#core/runtime/diff/diff-runs.ts';
import type { DiffedRun } from '#core/runtime/diff/run-positions.ts';
import type { Command, CommandInput, CommandIo } from '../command.ts';
import { usage } from '../command-line.ts';
import { assignmentsOption } from '../option-values.ts';
import { diffText } from '../render/diff-text.ts';
import { jsonText } from '../render/json-text.ts';
import { painter } from '../render/paint.ts';
import { backtestCommand, OUTPUT_OPTIONS, runOfInput } from './backtest.ts';

const MAX_WIDTH = 140;
const MIN_WIDTH = 40;

export const diffCommand: Command = {
  name: 'diff',
  summary: 'compare two strategies: rules that mean something else, trades that come and go, and why the profits differ',
  usage: 'diff A [B] (--data PATH | --market SERIES | --synthetic SEED) [--set-b NAME=VALUE ...] [OPTIONS]',
  description:
    'Runs both strategies over the same candles and says what differs. Rules are compared by what they mean: other names of lets, comments and layout are no change. Trades belong together when market, side and time of entry agree; the others appear or vanish. The profits of both are reconciled to the last unit: profit of A + what appeared - what vanished + what changed = profit of B.\n\nWith one file and --set-b it is compared with itself under other values. The options are those of "strat backtest", for both. Two results that are there already are compared by "strat report compare".',
  options: [
    { name: 'set-b', value: 'NAME=VALUE', isMany: true, help: 'another value for a param of B; it goes before --set, which is for both' },
    ...backtestCommand.options.filter(({ name }) => !OUTPUT_OPTIONS.has(name)),
    { name: 'json', help: 'print one JSON document' },
  ],
  examples: [
    'strat diff old.strat new.strat --data binance_BTC-USDT_1h.csv.gz',
    'strat diff my.strat --set-b fast=30 --synthetic 1 --json',
  ],
  async run(input, io) {
    const [fileA, fileB = fileA, ...more] = input.args;
    if (fileA === undefined || fileB === undefined) throw usage('No strategy file was given', diffCommand);
    if (more.length > 0) throw usage('strat diff compares two strategies, and more were named', diffCommand);
    const setB = assignmentsOption(diffCommand, input, 'set-b');
    if (fileA === fileB && setB.size === 0)
      throw usage('Name two strategies, or give values for the second run: --set-b NAME=VALUE', diffCommand);
    const a = await runOf(input, io, fileA, input.values('set'));
    if (a === null) return 1;
    const set = new Map([...assignmentsOption(diffCommand, input, 'set'), ...setB]);
    const b = await runOf(
      input,
      io,
      fileB,
      [...set].map(([name, value]) => `${name}=${value}`),
    );
    if (b === null) return 1;
    const document = diffRuns(a, b);
    if (input.flag('json')) io.out(jsonText(document));
    else {
      const width = io.isTerminal ? Math.min(MAX_WIDTH, Math.max(MIN_WIDTH, io.width)) : MAX_WIDTH;
      const under = setB.size === 0 ? '' : ` with ${[...setB].map(([name, value]) => `${name}=${value}`).join(', ')}`;
      io.out(diffText(document, [fileA, `${fileB}${under}`], width, painter(io.color)));
    }
    return 0;
  },
};

/** One of the runs, by the options of both; null when its file has errors, which are printed. */
async function runOf(input: CommandInput, io: CommandIo, file: string, set: readonly string[]): Promise<DiffedRun | null> {
  const own: CommandInput = {
    args: [file],
    flag: (name) => name !== 'json' && input.flag(name),
    value: (name) => (name === 'set' ? set.at(-1) : input.value(name)),
    values: (name) => (name === 'set' ? set : input.values(name)),
  };
  const run = await runOfInput(own, io);
  if (run === null) return null;
  const { strategies, ...result } = run;
  return { result, prepared: strategies[0]!.prepared };
}
