import { existsSync } from 'node:fs';
import { StratError } from '#core/errors/strat-error.ts';
import { parseMarket } from '#core/model/market.ts';
import { parseTimeframe } from '#core/model/timeframe.ts';
import { createCompiler } from '#dsl/compile.ts';
import { importPine, type PineImport } from '#dsl/tools/pine/import-pine.ts';
import type { Command, CommandInput } from '../command.ts';
import { usage } from '../command-line.ts';
import { timeframeOption } from '../option-values.ts';
import { checkOutputs, replaceFile } from '../output-files.ts';
import { importText, remarkComments } from '../render/import-text.ts';
import { jsonText } from '../render/json-text.ts';
import { painter } from '../render/paint.ts';
import { readStrategyFile } from '../strategy-file.ts';

const MARKET = parseMarket('BTC/USDT')!;
const TIMEFRAME = parseTimeframe('1h')!;

export const importCommand: Command = {
  name: 'import',
  summary: 'translate a Pine strategy, and tell what could not be',
  usage: 'import pine FILE [--market MARKET] [--timeframe LENGTH] [--out FILE]',
  description:
    "Reads a strategy of TradingView's Pine (versions 4 to 6) and prints it as a strategy file. What was dropped, what means something else and how to run it for equal trades is told on stderr, each with its line; docs/import-pine.md has the table.\n\nExit code 1 where nothing could be translated, or with --strict where anything was dropped.",
  options: [
    { name: 'market', value: 'MARKET', help: 'what it trades: Pine runs on the chart that is open (BTC/USDT)' },
    { name: 'timeframe', value: 'LENGTH', help: 'length of its bars (1h)' },
    { name: 'out', value: 'FILE', help: 'write the strategy to this file' },
    { name: 'force', help: 'replace the file that is there' },
    { name: 'report', help: 'put the report into the strategy, as comments at its top' },
    { name: 'strict', help: 'exit code 1 where anything was dropped or needs a hand' },
    { name: 'json', help: 'print one JSON document: program, mistakes and remarks' },
  ],
  examples: ['strat import pine macd.pine', 'strat import pine macd.pine --market ETH/USDT --timeframe 4h --out macd.strat --report'],
  run(input, io) {
    const [language, file, superfluous] = input.args;
    if (language !== 'pine')
      throw usage(language === undefined ? 'Say what to import: import pine FILE' : `strat imports pine, not "${language}"`, importCommand);
    if (file === undefined || superfluous !== undefined) throw usage('Name one file: import pine FILE', importCommand);
    const out = input.value('out');
    if (out !== undefined) checkTarget(input, out, file);
    const source = readStrategyFile(file);
    const options = { market: marketOption(input), timeframe: timeframeOption(importCommand, input, 'timeframe') ?? TIMEFRAME };
    const result = importPine(source, options, createCompiler());
    const program = result.program === null ? null : `${input.flag('report') ? remarkComments(result) : ''}${result.program}`;
    if (program !== null && out !== undefined) replaceFile(out, program);
    if (input.flag('json')) io.out(jsonText({ ...result, program }));
    else {
      if (program !== null && out === undefined) io.out(program);
      const isTold = !input.flag('report') || program === null;
      if (isTold) io.err(importText(file, source, result, io.isTerminal ? io.width : Infinity, painter(io.color && io.showsProgress)));
    }
    return Promise.resolve(program === null || (input.flag('strict') && isLess(result)) ? 1 : 0);
  },
};

const isLess = ({ remarks }: PineImport): boolean => remarks.some(({ kind }) => kind === 'dropped' || kind === 'hand');

/** @throws StratError FILE_UNWRITABLE for a file that is there, unless --force says so */
function checkTarget(input: CommandInput, out: string, file: string): void {
  checkOutputs(importCommand, input, ['out'], [file]);
  if (existsSync(out) && !input.flag('force'))
    throw new StratError('FILE_UNWRITABLE', { file: out, reason: 'it is there already; --force replaces it' });
}

function marketOption(input: CommandInput): typeof MARKET {
  const text = input.value('market');
  if (text === undefined) return MARKET;
  const market = parseMarket(text);
  if (market === null) throw usage(`--market takes a market such as BTC/USDT or SPY, found "${text}"`, importCommand);
  return market;
}
