import { sha256 } from '#sha256';
import { COLUMN_NAMES, type Columns } from '#core/model/columns.ts';

/** SHA-256 of generated candles: of their doubles, column after column. Lower-case hex. */
export function columnsDigest(columns: Columns): string {
  return sha256(
    ...COLUMN_NAMES.map((name) => columns[name]).map(
      ({ buffer, byteOffset, byteLength }) => new Uint8Array(buffer, byteOffset, byteLength),
    ),
  );
}
