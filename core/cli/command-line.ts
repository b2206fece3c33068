import { parseArgs } from 'node:util';
import { StratError } from '#core/errors/strat-error.ts';
import { didYouMean } from '#dsl/diagnostics/did-you-mean.ts';
import type { Command, CommandInput, CommandOption } from './command.ts';

const HELP: CommandOption = { name: 'help', help: 'show this text' };

/**
 * Reads a command's arguments.
 * @throws StratError USAGE for an option that the command does not have, a missing or a superfluous value.
 */
export function parseCommandLine(command: Command, argv: readonly string[]): CommandInput {
  const options = [...command.options, HELP];
  const known = new Map(options.map((option) => [option.name, option]));
  refuseUnknown(command, known, argv);
  const { values, positionals } = parse(command, options, argv);
  const all = (name: string): readonly string[] => {
    const value = values.get(name);
    return Array.isArray(value) ? value : typeof value === 'string' ? [value] : [];
  };
  return { args: positionals, flag: (name) => values.get(name) === true, value: (name) => all(name).at(-1), values: all };
}

function parse(command: Command, options: readonly CommandOption[], argv: readonly string[]): { readonly values: ReadonlyMap<string, unknown>; readonly positionals: readonly string[] } {
  try {
    const parsed = parseArgs({
      args: [...argv],
      allowPositionals: true,
      strict: true,
      options: Object.fromEntries([
        ...options.map((option) => [option.name, option.value === undefined ? { type: 'boolean' as const } : { type: 'string' as const, multiple: true }] as const),
        ['h', { type: 'boolean' as const, short: 'h' }],
      ]),
    });
    return { values: new Map(Object.entries(parsed.values)), positionals: parsed.positionals };
  } catch (error) {
    throw usage(error instanceof Error ? error.message.split('\n')[0]!.replace(/\.$/, '') : 'The arguments cannot be read', command, error);
  }
}

function refuseUnknown(command: Command, known: ReadonlyMap<string, CommandOption>, argv: readonly string[]): void {
  for (const word of argv) {
    if (word === '--') return;
    const name = /^--([a-z][a-z-]*)(=.*)?$/i.exec(word)?.[1];
    if (name === undefined || known.has(name)) continue;
    const suggestion = didYouMean(`--${name}`, [...known.keys()].map((key) => `--${key}`));
    throw usage(`"strat ${command.name}" has no option --${name}${suggestion === undefined ? '' : `; ${suggestion}`}`, command);
  }
}

/** A wrong call of a command, with where to look. */
export function usage(reason: string, command: Command | null, cause?: unknown): StratError {
  const hint = command === null ? 'Run "strat --help" for the commands' : `Run "strat ${command.name} --help" for its options`;
  return new StratError('USAGE', { reason, hint }, cause === undefined ? undefined : { cause });
}
