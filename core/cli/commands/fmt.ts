import { isStratError } from '#core/errors/strat-error.ts';
import { LineMap } from '#dsl/diagnostics/line-map.ts';
import { format } from '#dsl/tools/format/format.ts';
import type { Command, CommandIo, ExitCode } from '../command.ts';
import { usage } from '../command-line.ts';
import { errorText } from '../error-text.ts';
import { exitCodeOf } from '../exit-code.ts';
import { replaceFile } from '../output-files.ts';
import { findingsText } from '../render/findings-text.ts';
import { jsonText } from '../render/json-text.ts';
import { painter } from '../render/paint.ts';
import { readWholeText } from '../strategy-file.ts';

/** What became of a file. `unread`: it is not there, or cannot be written. */
type Outcome = 'unchanged' | 'changed' | 'wrong' | 'unread';

export const fmtCommand: Command = {
  name: 'fmt',
  summary: 'put strategy files into the one style',
  usage: 'fmt FILE... [--check] [--json]',
  description:
    'Writes each file anew with a statement a line, blocks indented by two spaces, lines of at most 120 characters and one empty line at most. Words, their order and comments stay as they are; so does what the strategy does. A block stays on one line where it was written so and fits.\n\nA file with a mistake in its grammar is left alone, and told; exit code 1 then, and with --check where a file is not in the style.',
  options: [
    { name: 'check', help: 'write nothing: name the files that are not in the style' },
    { name: 'json', help: 'print one JSON array, what became of each file' },
  ],
  examples: ['strat fmt my.strat', 'strat fmt strategies/*/*.strat --check'],
  async run(input, io) {
    if (input.args.length === 0) throw usage('No strategy file was given', fmtCommand);
    const isCheck = input.flag('check');
    let worst: ExitCode = 0;
    const told: { readonly file: string; readonly outcome: Outcome }[] = [];
    for (const file of input.args) {
      try {
        told.push({ file, outcome: formatFile(file, isCheck, io) });
      } catch (error) {
        if (!isStratError(error)) throw error;
        worst = exitCodeOf(error);
        io.err(`${errorText(error)}\n`);
        told.push({ file, outcome: 'unread' });
      }
    }
    const changed = told.filter(({ outcome }) => outcome === 'changed');
    if (input.flag('json')) io.out(jsonText(told));
    else for (const { file } of changed) io.out(`${file}${isCheck ? ' is not in the style' : ''}\n`);
    const isWrong = told.some(({ outcome }) => outcome === 'wrong') || (isCheck && changed.length > 0);
    return worst === 0 && isWrong ? 1 : worst;
  },
};

/** @throws StratError FILE_UNREADABLE, FILE_UNWRITABLE */
function formatFile(file: string, isCheck: boolean, io: CommandIo): Outcome {
  const whole = readWholeText(file);
  const source = whole.replace(/^\uFEFF/, '');
  const result = format(source);
  if (!result.ok) {
    const found = { file, lines: new LineMap(source), diagnostics: result.diagnostics };
    io.err(findingsText(found, io.isTerminal ? io.width : Infinity, painter(io.color && io.showsProgress)));
    return 'wrong';
  }
  // A byte order mark is none of the style: nobody can see it.
  if (result.text === whole) return 'unchanged';
  if (!isCheck) replaceFile(file, result.text);
  return 'changed';
}
