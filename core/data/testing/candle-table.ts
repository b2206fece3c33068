import { readFileSync } from 'node:fs';
import { join } from 'node:path';

/** What the README of the reference data says of a file. */
export interface CandleTableRow {
  readonly name: string;
  readonly rows: number;
  readonly first: string;
  readonly last: string;
  /** Null where the table has a dash (months). */
  readonly missing: number | null;
  readonly gaps: number | null;
  readonly zeroVolume: number;
}

/** The table of ../shared/data/README.md: made with pandas and checked with Node by others. `folder`: `../shared/data`. */
export function candleTable(folder: string): readonly CandleTableRow[] {
  const row = /^\| ([^ |]+_[^ |]+_\w+) \| (\d+) \| (\S+ \S+) \.\. (\S+ \S+) \| (-|(\d+) ?(?:\((\d+)\))?|0) \| (\d+) \|/;
  return readFileSync(join(folder, 'README.md'), 'utf8')
    .split('\n')
    .flatMap((line) => {
      const match = row.exec(line);
      if (match === null) return [];
      const counted = (index: number): number | null => (match[5] === '-' ? null : Number(match[index] ?? 0));
      return [
        {
          name: match[1] ?? '',
          rows: Number(match[2]),
          first: match[3] ?? '',
          last: match[4] ?? '',
          missing: counted(6),
          gaps: counted(7),
          zeroVolume: Number(match[8]),
        },
      ];
    });
}
