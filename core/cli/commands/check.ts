import { createCompiler } from '#dsl/compile.ts';
import { type Diagnostic, diagnostic } from '#dsl/diagnostics/diagnostic.ts';
import { toJson } from '#dsl/diagnostics/diagnostic-json.ts';
import { LineMap } from '#dsl/diagnostics/line-map.ts';
import { type NotRunYet, notRunYet } from '#dsl/emit/not-run-yet.ts';
import { KNOWN_CALENDARS } from '#core/runtime/known-calendars.ts';
import { modelFolder } from '#core/runtime/model-folder.ts';
import { moduleFolder } from '#core/runtime/module-source.ts';
import { isStratError, type StratError } from '#core/errors/strat-error.ts';
import type { Command, ExitCode } from '../command.ts';
import { usage } from '../command-line.ts';
import { errorText } from '../error-text.ts';
import { exitCodeOf } from '../exit-code.ts';
import { type CheckedFile, countText, findingsText } from '../render/findings-text.ts';
import { jsonText } from '../render/json-text.ts';
import { painter } from '../render/paint.ts';
import { readStrategyFile } from '../strategy-file.ts';
import { withPlugins } from '../strategy-plugins.ts';

export const checkCommand: Command = {
  name: 'check',
  summary: 'find the mistakes in strategy files',
  usage: 'check FILE... [--json]',
  description:
    'Reads each strategy, checks names, units and time, and prints what is wrong, where, and what to do. Nothing is run.\n\nExit code 1 when a file has an error or cannot be read; warnings alone are 0, and so are notes: what is right, but not run by this version yet. Of a strategy without errors it also says how much its rules can put at stake, before gaps and slippage. What the codes mean is in docs/errors.md.',
  options: [{ name: 'json', help: 'print one JSON array of findings' }],
  examples: ['strat check strategies/sma-cross/sma-cross.strat', 'strat check strategies/*/*.strat --json'],
  async run(input, io) {
    if (input.args.length === 0) throw usage('No strategy file was given', checkCommand);
    const compiler = createCompiler();
    const paint = painter(io.color);
    const checked: Required<CheckedFile>[] = [];
    const unread: object[] = [];
    let worst: ExitCode = 0;
    for (const file of input.args) {
      const source = readOrError(file);
      if (typeof source !== 'string') {
        worst = exitCodeOf(source);
        const message = errorText(source);
        io.err(`${message}\n`);
        const place = { line: null, column: null, endLine: null, endColumn: null };
        unread.push({ file, code: source.code, severity: 'error', ...place, message, hint: null });
        continue;
      }
      const { program, diagnostics } = await withPlugins(compiler, io, (host) =>
        compiler.compile(source, {
          modules: moduleFolder(file).source,
          models: modelFolder(file).source,
          plugins: host.open().source,
          calendars: KNOWN_CALENDARS,
        }),
      );
      const notRun = program === null ? [] : notRunYet(program).map(noteOf);
      const result = { file, lines: new LineMap(source), diagnostics, notes: notRun, program };
      checked.push(result);
      if (!input.flag('json')) io.out(findingsText(result, io.isTerminal ? io.width : Infinity, paint));
    }
    const all = checked.flatMap(({ diagnostics }) => diagnostics);
    if (input.flag('json')) {
      const found = checked.flatMap(({ file, lines, diagnostics, notes }) =>
        [...diagnostics, ...notes].map((finding) => toJson(file, lines, finding)),
      );
      io.out(jsonText([...unread, ...found]));
    } else if (checked.length > 1) {
      io.out(`\n${checked.length} files: ${countText(all)}\n`);
    }
    const isWrong = all.some((finding) => finding.severity === 'error');
    return worst === 0 && isWrong ? 1 : worst;
  },
};

/** The strategy is right, so what this version cannot run of it is a note. */
function noteOf({ construct, span }: NotRunYet): Diagnostic {
  return { ...diagnostic('E0801', span, `${construct} is checked, but this version does not run it yet`), severity: 'note' };
}

/** The text of a file, or why there is none: the other files are still checked. */
function readOrError(file: string): string | StratError {
  try {
    return readStrategyFile(file);
  } catch (error) {
    if (!isStratError(error)) throw error;
    return error;
  }
}
