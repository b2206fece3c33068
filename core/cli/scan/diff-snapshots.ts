import { compareSnapshots, type SnapshotComparison } from '#core/runtime/scan/compare-snapshots.ts';
import type { Snapshot } from '#core/runtime/scan/snapshot-folder.ts';
import type { Command, CommandIo } from '../command.ts';
import { usage } from '../command-line.ts';
import { HOME_OPTION, JSON_OPTION } from '../data/series-argument.ts';
import { alignedTable } from '../render/aligned-table.ts';
import { jsonText } from '../render/json-text.ts';
import { painter } from '../render/paint.ts';
import { plainText } from '#core/runtime/report/plain-text.ts';
import { snapshotArgument, snapshotsOf } from './snapshot-argument.ts';

export const scanDiffCommand: Command = {
  name: 'scan diff',
  summary: 'show what came and what went between two snapshots',
  usage: 'scan diff NAME | NAME[@NUMBER] NAME[@NUMBER] [--home DIR] [--json]',
  description:
    'Compares two snapshots of scans: markets that were found in the second alone and why they were not before, those of the first alone and why they are not any more, and those that have another rank. One name compares its newest snapshot with the one before.',
  options: [HOME_OPTION, JSON_OPTION],
  examples: ['strat scan diff movers', 'strat scan diff movers@1 movers@5 --json'],
  async run(input, io) {
    const folder = snapshotsOf(input, io);
    const [first, second, more] = input.args;
    if (first === undefined || more !== undefined) throw usage('Name a snapshot, or two: NAME, or NAME@NUMBER', scanDiffCommand);
    const named = snapshotArgument(scanDiffCommand, folder, first);
    const after = second === undefined ? named : snapshotArgument(scanDiffCommand, folder, second);
    const before = second === undefined ? folder.before(named) : named;
    const comparison = compareSnapshots(before, after);
    if (input.flag('json')) {
      const told = ({ name, number, saved, scan }: Snapshot): object => ({ name, number, saved, at: scan.at });
      io.out(jsonText({ schema: 'strat.scan-diff/1', before: told(before), after: told(after), ...comparison }));
    } else io.out(comparisonText(before, after, comparison, io));
    return 0;
  },
};

function comparisonText(
  before: Snapshot,
  after: Snapshot,
  { came, went, moved, stayed, asked }: SnapshotComparison,
  io: CommandIo,
): string {
  const paint = painter(io.color);
  const label = ({ name, number, scan }: Snapshot): string => `${name}@${number} (${scan.at.slice(0, 16).replace('T', ' ')} UTC)`;
  const rows = [
    ...came.map((one) => ({ sign: '+', market: one.market, rank: String(one.rank), why: `before: ${one.before ?? 'no candidate'}` })),
    ...went.map((one) => ({ sign: '-', market: one.market, rank: String(one.rank), why: one.reason ?? 'no candidate any more' })),
    ...moved.map((one) => ({ sign: ' ', market: one.market, rank: `${one.before} -> ${one.after}`, why: '' })),
  ];
  const heading = paint.bold(`${label(before)} -> ${label(after)}`);
  const summary = `${came.length} came, ${went.length} went, ${stayed} stayed, ${moved.length} of them at another rank`;
  const different = asked.map((text) => `note: asked differently: ${plainText(text, Infinity)}`);
  const table = alignedTable<(typeof rows)[number]>(
    [
      { title: '', text: ({ sign }) => sign, tone: ({ sign }) => (sign === '+' ? 1 : sign === '-' ? -1 : 0), rank: 0 },
      { title: 'market', text: ({ market }) => plainText(market, 60), rank: 0 },
      { title: 'rank', isNumber: true, text: ({ rank }) => rank, rank: 0 },
      { title: 'why', text: ({ why }) => plainText(why, Infinity), rank: 1 },
    ],
    rows,
    io.isTerminal ? io.width : Infinity,
    paint,
  );
  return `${[heading, summary, ...different, ...(rows.length === 0 ? [] : ['', ...table])].join('\n')}\n`;
}
