import { dirname, resolve } from 'node:path';
import { StratError, isStratError } from '#core/errors/strat-error.ts';
import { isJsonObject, type JsonObject, type JsonValue } from '#core/model/strict-json.ts';
import { LEFT_OUT } from '#core/runtime/evaluate-run.ts';
import { plainText } from '#core/runtime/report/plain-text.ts';
import type { Command, CommandInput, CommandIo } from '../command.ts';
import { parseCommandLine, usage } from '../command-line.ts';
import { type Difference, differencesOf, readReceipt, type Receipt, runWords, withFiles } from '../receipt/receipt.ts';
import { jsonText } from '../render/json-text.ts';
import { backtestCommand, OUTPUT_OPTIONS, runOfInput } from './backtest.ts';

/** So many differences are printed; --json has more. */
const MAX_SHOWN = 12;

export const verifyCommand: Command = {
  name: 'verify',
  summary: 'run a backtest again from its receipt and compare every number',
  usage: 'verify RECEIPT [OPTIONS]',
  description:
    'Reads a receipt of "strat backtest --receipt", runs the strategy again over the same files, and compares everything: strategy, data, version, settings, trades, equity, figures, warnings. Exit code 0 means that all of it holds, 1 that something differs.\n\nThe files are looked for where the receipt names them, from its own folder.',
  options: [
    { name: 'strategy', value: 'FILE', isMany: true, help: 'the strategy, if it lies elsewhere; all of them, in the order of the run' },
    { name: 'data', value: 'PATH', isMany: true, help: 'the candles, if they lie elsewhere; all of them, in the order of the run' },
    { name: 'detail', value: 'PATH', isMany: true, help: 'the finer candles of a run that had some, if they lie elsewhere' },
    { name: 'ask', value: 'PATH', isMany: true, help: 'the ask candles of a run that had some, if they lie elsewhere' },
    { name: 'mark', value: 'PATH', isMany: true, help: 'the mark prices of a run that had a file of them, if it lies elsewhere' },
    { name: 'factors', value: 'PATH', isMany: true, help: 'the factor file of a run that had one, if it lies elsewhere' },
    { name: 'caps', value: 'PATH', isMany: true, help: 'the market capitalisations of a run that had some, if they lie elsewhere' },
    {
      name: 'rate',
      value: 'PATH',
      isMany: true,
      help: 'the rates of a run that had some, if they lie elsewhere; all of them, numbers too, in the order of the run',
    },
    {
      name: 'config',
      value: 'FILE',
      help: 'the config of a run that had one; that of a receipt is never opened, as configs name code to run',
    },
    { name: 'json', help: 'print one JSON document' },
  ],
  examples: ['strat verify receipt.json', 'strat verify receipt.json --strategy my.strat --data binance_BTC-USDT_1h.csv.gz'],
  async run(input, io) {
    const [file, ...more] = input.args;
    if (file === undefined || more.length > 0) throw usage('Name one receipt: verify RECEIPT', verifyCommand);
    const receipt = readReceipt(file);
    const run = await repeated(file, receipt, input, io);
    if (run === null) return 1;
    const now = JSON.parse(JSON.stringify(run)) as { readonly [key: string]: JsonValue };
    const { timing: _, ...rest } = now;
    const differences = differencesOf(partsOf(receipt.result), partsOf(withFiles(rest, filesOf(receipt))));
    const isOk = receipt.isIntact && differences.length === 0;
    if (input.flag('json'))
      io.out(jsonText({ schema: 'strat.verify/1', receipt: file, ok: isOk, isIntact: receipt.isIntact, differences }));
    else io.out(verdict(file, receipt, differences));
    return isOk ? 0 : 1;
  },
};

/** The document of the run that the receipt tells of; null when the strategy does not compile, which has been said. */
async function repeated(file: string, receipt: Receipt, input: CommandInput, io: CommandIo): Promise<object | null> {
  const args = await argsOf(file, receipt, input);
  try {
    const run = await runOfInput(args, { ...io, out: () => {} });
    return run?.document ?? null;
  } catch (error) {
    if (isStratError(error) && (error.code === 'FILE_UNREADABLE' || error.code === 'DATA_MISSING'))
      io.err('The receipt names its files from its own folder; name them with --strategy FILE and --data PATH if they lie elsewhere.\n');
    throw error;
  }
}

/** A result without what took no part in it: a receipt names the markets that did. */
function partsOf(result: JsonObject): JsonObject {
  const { warnings } = result;
  const isPart = (warning: JsonValue): boolean => !isJsonObject(warning) || warning['code'] !== LEFT_OUT;
  return Array.isArray(warnings) ? { ...result, warnings: warnings.filter(isPart) } : result;
}

/** The strategy files as the receipt names them. */
function filesOf({ args }: Receipt): readonly string[] {
  return parseCommandLine(backtestCommand, args).args;
}

/** The command line of the receipt with paths from here. What writes files or opens a config is refused: receipts come from strangers. */
async function argsOf(file: string, { args }: Receipt, input: CommandInput): Promise<CommandInput> {
  const folder = dirname(resolve(file));
  const invalid = (reason: string): StratError => new StratError('RECEIPT_INVALID', { file, reason });
  let given: CommandInput;
  try {
    given = parseCommandLine(backtestCommand, args);
  } catch (error) {
    throw invalid(`its "args" are no run of this strat: ${error instanceof Error ? error.message : ''}`);
  }
  const output = [...OUTPUT_OPTIONS].find((name) => given.value(name) !== undefined || given.flag(name));
  if (output !== undefined) throw invalid(`its "args" have --${output}, which is no part of a run`);
  const config = input.value('config');
  if ((given.value('config') !== undefined) !== (config !== undefined))
    throw usage(
      config === undefined
        ? 'The run had a config: give it with --config FILE, if you trust it'
        : 'The run had no config: leave out --config',
      verifyCommand,
    );
  const named = input.values('strategy');
  const strategies = named.length > 0 ? named : given.args.map((path) => resolve(folder, path));
  const data = input.values('data');
  const others = FURTHER_FILES.flatMap(([name, what]) => {
    const paths = input.values(name);
    if (paths.length === 0) return [];
    if (given.value(name) === undefined) throw usage(`The run had no ${what}: leave out --${name}`, verifyCommand);
    return [[name, paths] as const];
  });
  const here = new Map([
    ...(config === undefined ? [] : [['config', [config]] as const]),
    ...(data.length === 0
      ? []
      : ([
          ['data', data],
          ['market', []],
        ] as const)),
    ...others,
  ]);
  const words = runWords(backtestCommand, given, OUTPUT_OPTIONS, (path) => resolve(folder, path), here);
  return parseCommandLine(backtestCommand, [...strategies, ...words]);
}

/** Files that a run may have besides strategy and candles. */
const FURTHER_FILES = [
  ['detail', 'finer candles'],
  ['ask', 'ask candles'],
  ['mark', 'file of mark prices'],
  ['factors', 'factor file'],
  ['caps', 'market capitalisations'],
  ['rate', 'rates'],
] as const;

/** What parts of a result are, where the path alone does not say it. */
const MEANINGS: readonly (readonly [path: RegExp, meaning: string])[] = [
  [/^engine/, 'another version of strat: results may differ for that alone'],
  [/^strategy\.sha256/, 'the strategy file is another'],
  [/^strategies/, 'a strategy file, or what it was given, is another'],
  [/^strategy\.modules/, 'a module of the strategy is another'],
  [/^strategy\.plugins/, 'an indicator plugin is another'],
  [/^data\[\d+\]\.detail/, 'the finer candles are others'],
  [/^data\[\d+\]\.ask/, 'the ask candles are others'],
  [/^data\[\d+\]\.mark/, 'the mark prices are others'],
  [/^data\[\d+\]\.caps/, 'the market capitalisations are others'],
  [/^data\[\d+\]\.stock/, 'the factor file is another'],
  [/^data/, 'the candles are others'],
  [/^resultHash/, 'trades or equity are others'],
];

function verdict(file: string, { isIntact, result }: ReturnType<typeof readReceipt>, differences: readonly Difference[]): string {
  const name = plainText(file, 200);
  if (isIntact && differences.length === 0)
    return `${name} holds: run again, the strategy, the data and every number are the same (result ${shown(result['resultHash'])}).\n`;
  const lines = [`${name} does not hold.`];
  if (!isIntact) lines.push('- the receipt was changed after it was written: its digest does not fit');
  for (const { path, receipt, now } of differences.slice(0, MAX_SHOWN)) {
    const meaning = MEANINGS.find(([of]) => of.test(path))?.[1];
    lines.push(
      `- ${plainText(path, 80)}: ${shown(receipt)} in the receipt, ${shown(now)} now${meaning === undefined ? '' : ` (${meaning})`}`,
    );
  }
  if (differences.length > MAX_SHOWN) lines.push(`- and ${differences.length - MAX_SHOWN} more differences`);
  if (differences.length === 0) lines.push('Run again, all numbers are the same as the receipt says now.');
  return `${lines.join('\n')}\n`;
}

function shown(value: JsonValue | undefined): string {
  return value === undefined ? 'nothing' : plainText(JSON.stringify(value), 70);
}
