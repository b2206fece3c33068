import type { Snapshot } from '#core/runtime/scan/snapshot-folder.ts';
import type { Command } from '../command.ts';
import { snapshotsOf } from './snapshot-argument.ts';
import { HOME_OPTION, JSON_OPTION } from '../data/series-argument.ts';
import { alignedTable } from '../render/aligned-table.ts';
import { jsonText } from '../render/json-text.ts';
import { painter } from '../render/paint.ts';
import { nameOf } from '#core/runtime/scan/scan-document.ts';
import { someOf } from '#core/runtime/report/some-of.ts';

const SHOWN = 5;

export const scanListCommand: Command = {
  name: 'scan list',
  summary: 'show the snapshots that were kept',
  usage: 'scan list [NAME...] [--home DIR] [--json]',
  description:
    'Shows each snapshot that strat scan --save has kept: its name and number, the moment it is of, when it was kept, and what was found.',
  options: [HOME_OPTION, JSON_OPTION],
  examples: ['strat scan list', 'strat scan list movers --json'],
  async run(input, io) {
    const folder = snapshotsOf(input, io);
    const names = input.args.length === 0 ? folder.names() : input.args;
    const snapshots = names.flatMap((name) => {
      // One that is not there is refused as elsewhere.
      if (input.args.length > 0) folder.find(name, null);
      return folder.all(name);
    });
    if (input.flag('json')) {
      const told = snapshots.map(({ name, number, saved, scan }) => ({
        name,
        number,
        saved,
        at: scan.at,
        timeframe: scan.timeframe,
        counts: scan.counts,
        markets: scan.markets.map(nameOf),
      }));
      io.out(jsonText({ schema: 'strat.scan-list/1', folder: folder.path, snapshots: told }));
      return 0;
    }
    if (snapshots.length === 0) {
      io.out('No scan has been kept yet: strat scan --save NAME keeps one.\n');
      return 0;
    }
    const minute = (iso: string): string => iso.slice(0, 16).replace('T', ' ');
    const table = alignedTable<Snapshot>(
      [
        { title: 'snapshot', text: ({ name, number }) => `${name}@${number}`, rank: 0 },
        { title: 'as known at', text: ({ scan }) => minute(scan.at), rank: 1 },
        { title: 'bars', text: ({ scan }) => scan.timeframe, rank: 3 },
        { title: 'found', isNumber: true, text: ({ scan }) => String(scan.counts.found), rank: 0 },
        { title: 'of', isNumber: true, text: ({ scan }) => String(scan.counts.markets), rank: 2 },
        { title: 'kept', text: ({ saved }) => minute(saved), rank: 4 },
        { title: 'the first', text: ({ scan }) => someOf(scan.markets.map(nameOf), SHOWN), rank: 5 },
      ],
      snapshots,
      io.isTerminal ? io.width : Infinity,
      painter(io.color),
    );
    io.out(`${table.join('\n')}\n`);
    return 0;
  },
};
