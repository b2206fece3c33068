import { createCompiler } from '#dsl/compile.ts';
import { toJson } from '#dsl/diagnostics/diagnostic-json.ts';
import { LineMap } from '#dsl/diagnostics/line-map.ts';
import { StratError } from '#core/errors/strat-error.ts';
import type { Command, ExitCode } from '../command.ts';
import { usage } from '../command-line.ts';
import { errorText } from '../error-text.ts';
import { exitCodeOf } from '../exit-code.ts';
import { type CheckedFile, countText, findingsText } from '../render/findings-text.ts';
import { jsonText } from '../render/json-text.ts';
import { painter } from '../render/paint.ts';
import { readStrategyFile } from '../strategy-file.ts';

export const checkCommand: Command = {
  name: 'check',
  summary: 'find the mistakes in strategy files',
  usage: 'check FILE... [--json]',
  description:
    'Reads each strategy, checks names, units and time, and prints what is wrong, where, and what to do. Nothing is run.\n\nExit code 1 when a file has an error or cannot be read; warnings alone are 0. What the codes mean is in docs/errors.md.',
  options: [{ name: 'json', help: 'print one JSON array of findings' }],
  examples: ['strat check strategies/sma-cross/sma-cross.strat', 'strat check strategies/*/*.strat --json'],
  async run(input, io) {
    if (input.args.length === 0) throw usage('No strategy file was given', checkCommand);
    const compiler = createCompiler();
    const paint = painter(io.color);
    const checked: CheckedFile[] = [];
    let worst: ExitCode = 0;
    for (const file of input.args) {
      const source = readOrReport(file, io.err);
      if (typeof source !== 'string') {
        worst = source;
        continue;
      }
      const { diagnostics } = compiler.compile(source);
      const result = { file, lines: new LineMap(source), diagnostics };
      checked.push(result);
      if (!input.flag('json')) io.out(findingsText(result, io.isTerminal ? io.width : Infinity, paint));
    }
    const all = checked.flatMap(({ diagnostics }) => diagnostics);
    if (input.flag('json')) {
      io.out(jsonText(checked.flatMap(({ file, lines, diagnostics }) => diagnostics.map((finding) => toJson(file, lines, finding)))));
    } else if (checked.length > 1) {
      io.out(`\n${checked.length} files: ${countText(all)}\n`);
    }
    const isWrong = all.some((finding) => finding.severity === 'error');
    return worst === 0 && isWrong ? 1 : worst;
  },
};

/** The text of a file; where there is none, the exit code for it, and the reason on stderr: the other files are still checked. */
function readOrReport(file: string, err: (text: string) => void): string | ExitCode {
  try {
    return readStrategyFile(file);
  } catch (error) {
    if (!(error instanceof StratError)) throw error;
    err(`${errorText(error)}\n`);
    return exitCodeOf(error);
  }
}
