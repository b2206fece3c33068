import type { Command } from '../command.ts';
import { usage } from '../command-line.ts';
import { CONFIG_OPTION } from '../plugin-world.ts';
import { checkPlugin } from '../plugin/check-plugin.ts';
import { listPlugins } from '../plugin/list-plugins.ts';
import { lockPlugins } from '../plugin/lock-plugins.ts';

export const pluginCommand: Command = {
  name: 'plugin',
  summary: 'list plugins, pin indicators in strat.lock, check a folder',
  usage: 'plugin list | lock [NAME...] | check DIR  [--config FILE] [--json]',
  description:
    'list: the plugins of strat and of the folders that the config names. Their manifests are read, their code is not run.\n\nlock: pins the indicator plugins that were found, or those that are named, in strat.lock beside the config: name, version and SHA-512 of code and manifest. A strategy uses an indicator only as it was pinned, so look at what is new or changed.\n\ncheck: reads the plugin in a folder and says what is wrong with it. The code of an indicator is checked and tried on 200 bars; of other plugins the manifest is read.',
  options: [CONFIG_OPTION, { name: 'json', help: 'print one JSON document' }],
  examples: ['strat plugin list', 'strat plugin lock', 'strat plugin lock @acme/fisher', 'strat plugin check my-plugins/indicator/fisher'],
  async run(input, io) {
    const [action, ...args] = input.args;
    if (action === 'list' && args.length === 0) return listPlugins(input, io);
    if (action === 'lock') return lockPlugins(args, input, io);
    const [folder, superfluous] = args;
    if (action === 'check' && folder !== undefined && superfluous === undefined) return checkPlugin(folder, input, io);
    if (action === 'check') throw usage('Name one folder: plugin check DIR', pluginCommand);
    throw usage(
      action === undefined
        ? 'Say what to do: plugin list, plugin lock or plugin check DIR'
        : `There is no "plugin ${input.args.join(' ')}"`,
      pluginCommand,
    );
  },
};
