import type { Command } from '../command.ts';
import { usage } from '../command-line.ts';
import { HOME_OPTION, JSON_OPTION } from '../data/series-argument.ts';
import { jsonText } from '../render/json-text.ts';
import { scanText } from '../render/scan-text.ts';
import { snapshotArgument, snapshotsOf } from './snapshot-argument.ts';

export const scanShowCommand: Command = {
  name: 'scan show',
  summary: 'show a snapshot again',
  usage: 'scan show NAME[@NUMBER] [--all] [--home DIR] [--json]',
  description: 'Shows what a scan had found when it was kept: the newest of the name, or the one of the number.',
  options: [{ name: 'all', help: 'list every market that was not found, with its reason' }, HOME_OPTION, JSON_OPTION],
  examples: ['strat scan show movers', 'strat scan show movers@1 --all'],
  async run(input, io) {
    const [name, more] = input.args;
    if (name === undefined || more !== undefined) throw usage('Name one snapshot: NAME, or NAME@NUMBER', scanShowCommand);
    const { scan, ...snapshot } = snapshotArgument(scanShowCommand, snapshotsOf(input, io), name);
    io.out(input.flag('json') ? jsonText({ ...scan, snapshot }) : scanText(scan, input.flag('all'), io));
    return 0;
  },
};
