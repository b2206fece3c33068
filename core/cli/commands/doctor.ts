import { doctorText } from '#core/kernel/doctor-text.ts';
import { doctorReport, doctorStrategies } from '#core/kernel/doctor.ts';
import { planStrategies } from '#core/kernel/strategy-plan.ts';
import { tryPlugins } from '#core/kernel/try-plugins.ts';
import { STRAT_VERSION } from '#core/runtime/version.ts';
import { createCompiler } from '#dsl/compile.ts';
import type { Command } from '../command.ts';
import { usage } from '../command-line.ts';
import { CONFIG_OPTION, openPluginWorld } from '../plugin-world.ts';
import { jsonText } from '../render/json-text.ts';
import { plainText } from '#core/runtime/report/plain-text.ts';

export const doctorCommand: Command = {
  name: 'doctor',
  summary: 'find out what is wrong with the config, its strategies and its plugins',
  usage: 'doctor [--config FILE] [--json]',
  description:
    'Reads the config, its strategies and all plugins, starts the plugins that the config names, asks exchanges for a few bars and risk\nrules about an entry that nobody makes, stops them again, and prints the tree with times and problems. Nothing is traded and nobody is notified. Exit code 1 when there is a problem.',
  options: [CONFIG_OPTION, { name: 'json', help: 'print one JSON document' }],
  examples: ['strat doctor', 'strat doctor --config paper.yaml --json'],
  async run(input, io) {
    const [superfluous] = input.args;
    if (superfluous !== undefined) throw usage(`"strat doctor" takes no argument, found "${superfluous}"`, doctorCommand);
    const { kernel, discovery, file, findings, wishes, config } = await openPluginWorld(input, io);
    try {
      await kernel.lifecycle.apply(discovery, wishes);
      const plan = config === null ? null : planStrategies(createCompiler(), config, discovery);
      if (plan !== null) await tryPlugins(kernel.lifecycle, plan.strategies);
      await kernel.lifecycle.stop();
      const strategies = config === null || plan === null ? [] : doctorStrategies(config, plan);
      const versions = { strat: STRAT_VERSION, node: process.versions.node };
      const report = doctorReport(discovery, kernel.lifecycle, { file, findings }, strategies, versions);
      io.out(
        input.flag('json')
          ? jsonText(report)
          : doctorText(report)
              .split('\n')
              .map((line) => plainText(line, 1000))
              .join('\n'),
      );
      return report.ok ? 0 : 1;
    } finally {
      await kernel.close();
    }
  },
};
