import type { Command, CommandOption } from './command.ts';

/** The text of `strat --help`. */
export function overview(commands: readonly Pick<Command, 'name' | 'summary'>[], version: string): string {
  const width = Math.max(...commands.map((command) => command.name.length));
  return [
    `strat ${version}: strategies in a small language, backtested and paper-traded by one engine`,
    '',
    'Usage: strat <command> [options]',
    '',
    ...commands.map((command) => `  ${command.name.padEnd(width)}  ${command.summary}`),
    '',
    'strat <command> --help tells what a command takes. Exit codes: 0 ok, 1 wrong input, 2 wrong usage, 3 a fault.',
    '',
  ].join('\n');
}

/** The text of `strat <command> --help`. */
export function commandHelp(command: Command): string {
  const shown = (option: CommandOption): string => `--${option.name}${option.value === undefined ? '' : ` ${option.value}`}`;
  const options = [...command.options, { name: 'help', help: 'show this text' }];
  const width = Math.min(30, Math.max(...options.map((option) => shown(option).length)));
  const lines = options.map((option) => `  ${shown(option).padEnd(width)}  ${option.help}${option.isMany === true ? ' (may be given several times)' : ''}`);
  return [`Usage: strat ${command.usage}`, '', command.description, '', 'Options:', ...lines, '', 'Examples:', ...command.examples.map((example) => `  ${example}`), ''].join('\n');
}
