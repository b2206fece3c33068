import type { Command } from '../command.ts';
import { usage } from '../command-line.ts';
import { CONFIG_OPTION, openPluginWorld } from '../plugin-world.ts';
import { alignedTable } from '../render/aligned-table.ts';
import { jsonText } from '../render/json-text.ts';
import { painter } from '../render/paint.ts';

export const pluginCommand: Command = {
  name: 'plugin',
  summary: 'list the plugins that are there',
  usage: 'plugin list [--config FILE] [--json]',
  description: 'Lists the plugins of strat and of the folders that the config names. Their manifests are read, their code is not run.',
  options: [CONFIG_OPTION, { name: 'json', help: 'print one JSON document' }],
  examples: ['strat plugin list', 'strat plugin list --json'],
  async run(input, io) {
    const [action, superfluous] = input.args;
    if (action !== 'list' || superfluous !== undefined)
      throw usage(action === undefined ? 'Say what to do: plugin list' : `There is no "plugin ${input.args.join(' ')}"`, pluginCommand);
    const { kernel, discovery, wishes } = await openPluginWorld(input, io);
    await kernel.close();
    const rows = [...discovery.plugins.values()].map(({ manifest, folder, isOwn }) => ({
      id: manifest.id,
      kind: manifest.kind,
      summary: manifest.summary,
      isOwn,
      folder,
      capabilities: manifest.capabilities,
      requires: manifest.requires,
      config: manifest.config,
      isUsed: wishes.some(({ id }) => id === manifest.id),
    }));
    if (input.flag('json')) {
      io.out(jsonText({ schema: 'strat.plugins/1', plugins: rows, problems: discovery.problems }));
    } else {
      const table = alignedTable(
        [
          { title: 'plugin', text: (row) => row.id, rank: 0 },
          { title: 'used', text: (row) => (row.isUsed ? 'yes' : ''), rank: 2 },
          { title: 'from', text: (row) => (row.isOwn ? 'strat' : 'folder'), rank: 3 },
          { title: 'what it is', text: (row) => row.summary, rank: 1 },
        ],
        rows,
        io.isTerminal ? io.width : Infinity,
        painter(io.color),
      );
      io.out(`${table.join('\n')}\n`);
      for (const { text } of discovery.problems) io.err(`${text}\n`);
    }
    return discovery.problems.length === 0 ? 0 : 1;
  },
};
