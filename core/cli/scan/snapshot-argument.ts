import { join } from 'node:path';
import { type Snapshot, SnapshotFolder } from '#core/runtime/scan/snapshot-folder.ts';
import type { Command, CommandInput, CommandIo } from '../command.ts';
import { usage } from '../command-line.ts';

/**
 * The snapshot that `NAME` (the newest of it) or `NAME@NUMBER` names.
 * @throws StratError USAGE, SCAN_SNAPSHOT
 */
export function snapshotArgument(command: Command, folder: SnapshotFolder, text: string): Snapshot {
  const match = /^([^@]+)(?:@(\d{1,9}))?$/.exec(text);
  if (match === null) throw usage(`"${text}" names no snapshot: write NAME, or NAME@NUMBER`, command);
  return folder.find(match[1]!, match[2] === undefined ? null : Number(match[2]));
}

/** Where snapshots of scans are kept. */
export const snapshotsOf = (input: CommandInput, io: CommandIo): SnapshotFolder =>
  new SnapshotFolder(join(input.value('home') ?? io.env['STRAT_HOME'] ?? '.strat', 'scans'));
