import { StratError } from '#core/errors/strat-error.ts';
import { isJsonObject, type JsonObject } from '#core/model/strict-json.ts';
import { compareResults } from '#core/runtime/report/compare-results.ts';
import type { Command } from '../command.ts';
import { usage } from '../command-line.ts';
import { readResultFile } from '../receipt/receipt.ts';
import { comparisonText } from '../render/comparison-text.ts';
import { jsonText } from '../render/json-text.ts';
import { painter } from '../render/paint.ts';

const MAX_WIDTH = 120;
const MIN_WIDTH = 40;

export const reportCommand: Command = {
  name: 'report',
  summary: 'compare two results: figures side by side, trades that come and go',
  usage: 'report compare A B [--json]',
  description:
    'compare: reads two results, as "strat backtest --json" prints them or "--receipt" writes them, and says what went in differently, how the figures changed, and which trades are in one of them only. A report with charts is written by "strat backtest --report".',
  options: [{ name: 'json', help: 'print one JSON document' }],
  examples: ['strat report compare before.json after.json'],
  async run(input, io) {
    const [action, a, b, ...more] = input.args;
    if (action !== 'compare')
      throw usage(action === undefined ? 'Say what to do: report compare A B' : `There is no "report ${action}"`, reportCommand);
    if (a === undefined || b === undefined || more.length > 0) throw usage('Name two results: report compare A B', reportCommand);
    const comparison = compareResults(resultOf(a), resultOf(b));
    if (input.flag('json')) io.out(jsonText({ schema: 'strat.comparison/1', a, b, ...comparison }));
    else io.out(comparisonText([a, b], comparison, Math.min(MAX_WIDTH, Math.max(MIN_WIDTH, io.width)), painter(io.color)));
    return 0;
  },
};

/** The document in a file, or in the receipt that the file is. */
function resultOf(file: string): JsonObject {
  const value = readResultFile(file);
  const result = isJsonObject(value['result']) ? value['result'] : value;
  if (result['schema'] !== 'strat.backtest/1')
    throw new StratError('RECEIPT_INVALID', { file, reason: 'it is neither a result of a backtest nor a receipt' });
  return result;
}
