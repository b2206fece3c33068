import { existsSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { findingLine } from '#core/config/finding.ts';
import type { Config } from '#core/config/config.ts';
import { loadConfig, pluginFolders } from '#core/config/load-config.ts';
import { createKernel, type Discovered, type Kernel } from '#core/kernel/kernel.ts';
import { type PluginWish } from '#core/kernel/lifecycle.ts';
import { pluginWishes } from '#core/kernel/plugin-wishes.ts';
import { createLogger } from '#core/observe/logger.ts';
import type { CommandInput, CommandIo, CommandOption } from './command.ts';

export const CONFIG_OPTION: CommandOption = {
  name: 'config',
  value: 'FILE',
  help: 'the config (./strat.yaml if it is there, else the defaults)',
};

/** The plugins that a config finds and wants; nothing is started. */
export interface PluginWorld {
  readonly kernel: Kernel;
  readonly discovery: Discovered;
  /** As given; null = the built-in defaults. */
  readonly file: string | null;
  /** What is wrong with the config, one line each; then nothing is wanted. */
  readonly findings: readonly string[];
  readonly wishes: readonly PluginWish[];
  /** Null when it has findings. */
  readonly config: Config | null;
}

export async function openPluginWorld(input: CommandInput, io: CommandIo): Promise<PluginWorld> {
  const given = input.value('config') ?? null;
  const file = given ?? (existsSync('strat.yaml') ? 'strat.yaml' : null);
  const request = { path: file, env: io.env };
  const kernel = createKernel({
    log: createLogger({ level: 'silent' }),
    folder: file === null ? resolve('.') : dirname(resolve(file)),
    environment: io.env,
  });
  const discovery = await kernel.discover(pluginFolders(request));
  const config = loadConfig({ ...request, pluginSchemas: discovery.schemas });
  return config.ok
    ? { kernel, discovery, file, findings: [], wishes: pluginWishes(config.value), config: config.value }
    : {
        kernel,
        discovery,
        file,
        findings: config.error.map((finding) => findingLine(file ?? 'defaults', finding)),
        wishes: [],
        config: null,
      };
}
