import { type ControlClient, openControl } from '#core/http/control-client.ts';
import type { TargetBody } from '#core/http/schemas/bot-schemas.ts';
import { plainText } from '#core/runtime/report/plain-text.ts';
import type { Command, CommandInput, CommandIo, CommandOption } from './command.ts';
import { usage } from './command-line.ts';
import { jsonText } from './render/json-text.ts';

/** Options of every command that talks to a running bot. */
export const CONTROL_OPTIONS: readonly CommandOption[] = [
  { name: 'url', value: 'URL', help: 'where the bot listens, on this machine (from its state folder)' },
  { name: 'home', value: 'DIR', help: 'folder of the state of the bot (STRAT_HOME, else .strat)' },
  { name: 'json', help: 'print one JSON document' },
];

/** @throws StratError BOT_NOT_RUNNING, BOT_UNREACHABLE, HTTP_TOKEN_FILE */
export function connect(input: CommandInput, io: CommandIo): ControlClient {
  return openControl(input.value('home') ?? io.env['STRAT_HOME'] ?? '.strat', input.value('url') ?? null);
}

/** The strategy named on the command line; null = all. */
export function targetOf(command: Pick<Command, 'name'>, input: CommandInput): string | null {
  const [id, second] = input.args;
  if (second !== undefined) throw usage(`One strategy or none, found "${id ?? ''}" and "${second}"`, command);
  return id ?? null;
}

export const bodyOf = (strategy: string | null): TargetBody => (strategy === null ? { all: true } : { strategy });

/** A command that is one request: `strat pause [ID]`. */
export function controlCommand(name: 'pause' | 'resume' | 'flatten', summary: string, description: string): Command {
  const command: Command = {
    name,
    summary,
    usage: `${name} [ID] [OPTIONS]`,
    description: `${description} Without an ID: every strategy. "strat status" lists them.`,
    options: CONTROL_OPTIONS,
    examples: [`strat ${name}`, `strat ${name} sma-cross`],
    async run(input, io) {
      const target = targetOf(command, input);
      const done = await connect(input, io).post(`/${name}`, bodyOf(target));
      io.out(input.flag('json') ? jsonText(done) : `${plainText(done.text, 1000)}\n`);
      return 0;
    },
  };
  return command;
}
