import type { Command, CommandOption } from './command.ts';
import { wrapped } from './render/aligned-table.ts';

type Summary = Pick<Command, 'name' | 'summary'>;

const MAX_WIDTH = 100;
const MIN_WIDTH = 40;
/** Names of options longer than this have their help on the next line. */
const MAX_NAME = 26;
const SYNOPSIS_INDENT = '         ';
const HELP_OPTION: CommandOption = { name: 'help', help: 'show this text' };

const FIRST_STEPS = [
  'strat run                                                    two strategies on a generated market, on paper',
  'strat check strategies/sma-cross/sma-cross.strat',
  'strat backtest strategies/sma-cross/sma-cross.strat --synthetic 1',
];

/** The text of `strat --help`. */
export function overview(commands: readonly Summary[], version: string, columns: number): string {
  const width = textWidth(columns);
  const rows = [...commands, { name: 'help COMMAND', summary: 'what a command takes; the same as strat COMMAND --help' }];
  return lines([
    ...wrapped(`strat ${version}: strategies in a small language, backtested and paper-traded by one engine.`, width),
    '',
    'Usage: strat COMMAND [OPTIONS]',
    '',
    'Commands:',
    ...table(
      rows.map(({ name, summary }) => [name, summary]),
      width,
    ),
    '',
    'Options:',
    ...table(
      [
        ['--help', 'show this text'],
        ['--version', 'print the version'],
      ],
      width,
    ),
    '',
    'To begin with:',
    ...FIRST_STEPS.map((step) => `  ${step.length + 2 > width ? step.replace(/ {3,}.*$/, '') : step}`),
    '',
    ...wrapped(
      'Exit codes: 0 ok, 1 the input is wrong, 2 wrong usage, 3 a fault of strat or of the outside, 130 stopped by Ctrl-C.',
      width,
    ),
  ]);
}

/** The text of `strat COMMAND --help`. */
export function commandHelp(command: Command, columns: number): string {
  const width = textWidth(columns);
  const groups = Map.groupBy([...command.options, HELP_OPTION], (option) => option.group ?? 'Options');
  return lines([
    ...wrapped(`Usage: strat ${command.usage}`, width - SYNOPSIS_INDENT.length).map((line, i) => (i === 0 ? line : SYNOPSIS_INDENT + line)),
    '',
    ...command.description
      .split('\n\n')
      .flatMap((paragraph, i) => [...(i > 0 ? [''] : []), ...wrapped(paragraph.replaceAll('\n', ' '), width)]),
    ...(command.subcommands === undefined
      ? []
      : [
          '',
          'Commands:',
          ...table(
            command.subcommands.map(({ name, summary }) => [name, summary]),
            width,
          ),
        ]),
    ...[...groups].flatMap(([title, options]) => ['', `${title}, defaults in brackets:`, ...table(options.map(optionRow), width)]),
    '',
    'Examples:',
    ...command.examples.map((example) => `  ${example}`),
  ]);
}

function optionRow(option: CommandOption): readonly [string, string] {
  const name = `--${option.name}${option.value === undefined ? '' : ` ${option.value}`}`;
  return [name, `${option.help}${option.isMany === true ? '; may be given several times' : ''}`];
}

/** Two columns, the second one wrapped under itself. */
function table(rows: readonly (readonly [string, string])[], width: number): string[] {
  const nameWidth = Math.min(MAX_NAME, Math.max(...rows.map(([name]) => name.length)));
  const indent = 2 + nameWidth + 2;
  return rows.flatMap(([name, text]) => {
    const [first = '', ...rest] = wrapped(text, Math.max(20, width - indent));
    const space = ' '.repeat(indent);
    const shown = `  ${name.padEnd(nameWidth)}  `;
    const top = name.length > nameWidth ? [`  ${name}`, space + first] : [shown + first];
    return [...top, ...rest.map((line) => space + line)];
  });
}

const textWidth = (columns: number): number => Math.min(MAX_WIDTH, Math.max(MIN_WIDTH, columns));
const lines = (all: readonly string[]): string => `${all.join('\n')}\n`;
