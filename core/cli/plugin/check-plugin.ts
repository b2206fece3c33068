import { existsSync, realpathSync, statSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { StratError } from '#core/errors/strat-error.ts';
import { loadIndicator, readIndicatorFolder } from '#core/indicators/indicator-folder.ts';
import { discoverPlugins } from '#core/kernel/discover.ts';
import { PLUGIN_BUDGET_MS } from '#core/kernel/kernel.ts';
import { openPluginImports } from '#core/kernel/plugin-imports.ts';
import { systemClock } from '#core/runtime/feeds/bot-clock.ts';
import { createCompiler } from '#dsl/compile.ts';
import type { CommandInput, CommandIo, ExitCode } from '../command.ts';
import { jsonText } from '../render/json-text.ts';

interface Checked {
  /** What it is, when nothing is wrong. */
  readonly what: string;
  readonly problems: readonly string[];
}

/**
 * Says what is wrong with the plugin in a folder.
 * @throws StratError FILE_UNREADABLE when there is no plugin in it
 */
export async function checkPlugin(path: string, input: CommandInput, io: CommandIo): Promise<ExitCode> {
  const isFolder = statSync(path, { throwIfNoEntry: false })?.isDirectory() === true;
  if (!isFolder)
    throw new StratError('FILE_UNREADABLE', { file: path, reason: existsSync(path) ? 'it is no folder' : 'there is no such folder' });
  const folder = realpathSync(path);
  const isIndicator = existsSync(join(folder, 'manifest.json'));
  if (!isIndicator && !existsSync(join(folder, 'manifest.ts')))
    throw new StratError('FILE_UNREADABLE', { file: path, reason: 'it has neither a manifest.json (indicators) nor a manifest.ts' });
  const { what, problems } = isIndicator ? checkIndicator(folder) : await checkManifest(folder);
  if (input.flag('json')) io.out(jsonText({ schema: 'strat.plugin-check/1', folder, ok: problems.length === 0, problems }));
  else if (problems.length === 0) io.out(`ok: ${what}\n`);
  for (const problem of problems) io.err(`${problem}\n`);
  return problems.length === 0 ? 0 : 1;
}

function checkIndicator(folder: string): Checked {
  const read = readIndicatorFolder(folder, folder);
  if (!read.ok) return { what: '', problems: read.error.map(({ key, reason }) => `manifest.json: ${key}: ${reason}`) };
  const indicator = { id: `indicator/${basename(folder)}`, isOwn: false, ...read.value };
  const loaded = loadIndicator(indicator, createCompiler());
  if (!loaded.ok) return { what: '', problems: [loaded.error] };
  const { name, version, form } = indicator.manifest;
  const tried =
    form === 'module'
      ? 'a module of functions without a finding'
      : 'a step function in the allowed subset; 200 bars gave the same in one piece and in pieces';
  return { what: `${name} ${version}, ${tried}`, problems: [] };
}

/** Plugins with code that the bot runs: their manifest is imported and read. */
async function checkManifest(folder: string): Promise<Checked> {
  const id = `${basename(dirname(folder))}/${basename(folder)}`;
  const root = dirname(dirname(folder));
  const imports = openPluginImports([root]);
  try {
    const { plugins, problems } = await discoverPlugins({
      folders: [{ folder: root, isOwn: false }],
      only: id,
      clock: systemClock,
      budgetMs: PLUGIN_BUDGET_MS,
      load: imports.load,
    });
    const found = plugins.get(id);
    return {
      what: `${id}, ${found?.manifest.summary ?? ''}; its manifest is right. "strat doctor" starts it with its config`,
      problems: problems.map(({ text }) => text),
    };
  } finally {
    imports.close();
  }
}
