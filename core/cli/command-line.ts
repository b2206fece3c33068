import { StratError } from '#core/errors/strat-error.ts';
import { didYouMean } from '#dsl/diagnostics/did-you-mean.ts';
import type { Command, CommandInput, CommandOption } from './command.ts';

/**
 * Reads a command's arguments: `--name VALUE` or `--name=VALUE`, switches, and words that stand alone; behind `--` every word stands alone.
 * @throws StratError USAGE for an option that the command does not have, a missing, empty or superfluous value, and an option given twice
 *   that may be given once.
 */
export function parseCommandLine(command: Command, argv: readonly string[]): CommandInput {
  const known = new Map(command.options.map((option) => [option.name, option]));
  const given = new Map<string, string[]>();
  const args: string[] = [];
  for (let at = 0; at < argv.length; at++) {
    const word = argv[at]!;
    if (word === '--') {
      args.push(...argv.slice(at + 1));
      break;
    }
    if (!word.startsWith('-') || word === '-') {
      args.push(word);
      continue;
    }
    const cut = word.indexOf('=');
    const option = optionOf(command, known, cut < 0 ? word : word.slice(0, cut));
    let value = cut < 0 ? undefined : word.slice(cut + 1);
    if (option.value !== undefined && value === undefined && isValue(argv[at + 1])) value = argv[++at];
    addValue(command, given, option, value);
  }
  const all = (name: string): readonly string[] => given.get(name) ?? [];
  return { args, flag: (name) => given.has(name), value: (name) => all(name).at(-1), values: all };
}

/** The next word is a value unless it is an option; a negative number is a value, so that the option itself can refuse it. */
function isValue(word: string | undefined): boolean {
  return word !== undefined && (!word.startsWith('-') || word === '-' || /^-[\d.]/.test(word));
}

function optionOf(command: Command, known: ReadonlyMap<string, CommandOption>, word: string): CommandOption {
  const option = word.startsWith('--') ? known.get(word.slice(2)) : undefined;
  if (option !== undefined) return option;
  const dashed = word.startsWith('--') ? word : `-${word}`;
  const suggestion = didYouMean(
    dashed,
    [...known.keys()].map((key) => `--${key}`),
  );
  throw usage(`"strat ${command.name}" has no option ${word}${suggestion === undefined ? '' : `; ${suggestion}`}`, command);
}

function addValue(command: Command, given: Map<string, string[]>, option: CommandOption, value: string | undefined): void {
  const { name } = option;
  const before = given.get(name);
  if (option.value === undefined) {
    if (value !== undefined) throw usage(`--${name} is a switch and takes no value, found "${value}"`, command);
    given.set(name, []);
    return;
  }
  if (value === undefined) throw usage(`--${name} needs a value: --${name} ${option.value}`, command);
  if (value === '') throw usage(`--${name} was given an empty value`, command);
  if (before !== undefined && option.isMany !== true) throw usage(`--${name} was given twice: "${before.at(-1)}" and "${value}"`, command);
  given.set(name, [...(before ?? []), value]);
}

/** A wrong call of a command, with where to look. */
export function usage(reason: string, command: Pick<Command, 'name'> | null): StratError {
  const hint = command === null ? 'Run "strat --help" for the commands' : `Run "strat ${command.name} --help" for its options`;
  return new StratError('USAGE', { reason: reason.replace(/[.?]$/, ''), hint });
}
