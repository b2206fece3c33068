import { STATUS_ANSWER } from '#core/http/schemas/bot-schemas.ts';
import { usage } from '../command-line.ts';
import type { Command } from '../command.ts';
import { connect, CONTROL_OPTIONS } from '../control-command.ts';
import { jsonText } from '../render/json-text.ts';
import { painter } from '../render/paint.ts';
import { statusText } from '../render/status-text.ts';

export const statusCommand: Command = {
  name: 'status',
  summary: 'show the running bot, its strategies and its problems',
  usage: 'status [OPTIONS]',
  description: 'Asks the bot of this state folder. Exit code 3 when none is running.',
  options: CONTROL_OPTIONS,
  examples: ['strat status', 'strat status --json'],
  async run(input, io) {
    const [superfluous] = input.args;
    if (superfluous !== undefined) throw usage(`"strat status" takes no argument, found "${superfluous}"`, statusCommand);
    const client = connect(input, io);
    const status = await client.get('/status', STATUS_ANSWER);
    io.out(input.flag('json') ? jsonText(status) : statusText(status, client.url, io.isTerminal ? io.width : Infinity, painter(io.color)));
    return 0;
  },
};
