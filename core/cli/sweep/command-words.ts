import type { Command, CommandInput } from '../command.ts';

/** The command line of an input, behind the name of the command: read again it gives the same. */
export function commandWords({ options }: Command, input: CommandInput): readonly string[] {
  const words = options.flatMap(({ name, value }) => {
    if (value === undefined) return input.flag(name) ? [`--${name}`] : [];
    return input.values(name).map((text) => `--${name}=${text}`);
  });
  return [...words, '--', ...input.args];
}
