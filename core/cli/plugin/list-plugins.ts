import { reportIndicators } from '#core/kernel/indicator-report.ts';
import type { CommandInput, CommandIo, ExitCode } from '../command.ts';
import { openPluginWorld } from '../plugin-world.ts';
import { alignedTable } from '../render/aligned-table.ts';
import { jsonText } from '../render/json-text.ts';
import { painter } from '../render/paint.ts';

/** The plugins that there are, indicators with their lock state. */
export async function listPlugins(input: CommandInput, io: CommandIo): Promise<ExitCode> {
  const { kernel, discovery, wishes } = await openPluginWorld(input, io);
  await kernel.close();
  const plugins = [...discovery.plugins.values()].map(({ manifest, folder, isOwn }) => ({
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
  const indicators = reportIndicators(discovery.indicators);
  if (input.flag('json')) {
    io.out(jsonText({ schema: 'strat.plugins/1', plugins, indicators, problems: discovery.problems }));
  } else {
    const rows = [
      ...plugins.map(({ id, isUsed, isOwn, summary }) => ({ id, use: isUsed ? 'used' : '', isOwn, summary })),
      ...indicators.map(({ id, name, version, lock, isOwn, summary }) => ({
        id,
        use: lock,
        isOwn,
        summary: `${name} ${version}${summary === null ? '' : `: ${summary}`}`,
      })),
    ];
    const table = alignedTable(
      [
        { title: 'plugin', text: (row) => row.id, rank: 0 },
        { title: 'state', text: (row) => row.use, rank: 2 },
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
}
