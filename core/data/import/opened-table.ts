import type { RowBlock } from './row-blocks.ts';
import type { RowFaults } from './row-faults.ts';
import type { Layout, TableHead } from './table-layout.ts';
import type { WallZone } from './wall-zone.ts';

/** What is known of a table from elsewhere than itself. */
export type SaidOfTable = Pick<TableHead, 'knownNames' | 'dayMs'>;

/** A table whose first rows were read. */
export interface OpenedTable {
  readonly head: TableHead;
  /** What the text around its rows says, in a few words a pair: `instrument` of a JSON document. */
  readonly facts: ReadonlyMap<string, string>;
  /** Lets go of the file, whether its rows were read or not. */
  readonly close: () => Promise<void>;
  /** All of its rows, once, in the order of the file. @throws StratError DATA_FORMAT, DATA_INVALID, DATA_TOO_LARGE */
  readonly read: (layout: Layout, zone: WallZone, faults: RowFaults) => AsyncIterable<RowBlock>;
}

/** 1 = the taker bought, -1 = sold, 0 = not known; NaN where the text is none of these. */
export function sideOf(text: string, read: 'side' | 'maker'): number {
  const first = text.charAt(0).toLowerCase();
  if (text === '') return 0;
  if (read === 'maker') return first === 't' || text === '1' ? -1 : first === 'f' || text === '0' ? 1 : NaN;
  return first === 'b' || text === '1' ? 1 : first === 's' || text === '-1' ? -1 : text === '0' ? 0 : NaN;
}
