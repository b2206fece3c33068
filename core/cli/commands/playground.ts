import { resolve } from 'node:path';
import { startPlayground } from '#core/http/start-playground.ts';
import type { Command } from '../command.ts';
import { usage } from '../command-line.ts';
import { portOption } from '../option-values.ts';
import { jsonText } from '../render/json-text.ts';

const FOLDER = resolve(import.meta.dirname, '../../../web/dist/playground');
const DEFAULT_PORT = 8430;

export const playgroundCommand: Command = {
  name: 'playground',
  summary: 'try out strategies in the browser, without a bot',
  usage: 'playground [--port PORT]',
  description:
    'Serves the playground from this machine, and to this machine alone: an editor with the results of the strategy beside it, on generated markets or on candles of your own. Compiler and engine run in the page; nothing leaves the browser. Ctrl-C ends it.',
  options: [
    { name: 'port', value: 'PORT', help: `where it listens (${DEFAULT_PORT}); 0 takes any free port` },
    { name: 'json', help: 'print the address as one JSON document' },
  ],
  examples: ['strat playground', 'strat playground --port 0'],
  async run(input, io) {
    if (input.args.length > 0) throw usage(`strat playground takes no files, found "${input.args[0]}"`, playgroundCommand);
    const port = portOption(playgroundCommand, input) ?? DEFAULT_PORT;
    const stopped = Promise.withResolvers<void>();
    for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.once(signal, () => stopped.resolve());
    const server = await startPlayground(FOLDER, port);
    io.out(
      input.flag('json')
        ? jsonText({ schema: 'strat.playground/1', url: server.url })
        : `The playground is at ${server.url}\nCtrl-C ends it.\n`,
    );
    await stopped.promise;
    await server.close();
    return 0;
  },
};
