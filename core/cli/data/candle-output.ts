import { gzipSync } from 'node:zlib';
import { csvLines } from '#core/data/export/row-text.ts';
import { COLUMN_NAMES, type Columns, sliceColumns } from '#core/model/columns.ts';
import { replaceFile } from '../output-files.ts';

const ROWS_AT_ONCE = 65_536;

/** Writes candles as a CSV file that every command reads, packed where its name ends in .gz; as a whole or not at all. @throws StratError FILE_UNWRITABLE */
export function writeCandles(file: string, columns: Columns): void {
  const pieces = [Buffer.from('timestamp,open,high,low,close,volume\n')];
  for (let from = 0; from < columns.time.length; from += ROWS_AT_ONCE) {
    const part = sliceColumns(columns, from, Math.min(columns.time.length, from + ROWS_AT_ONCE));
    pieces.push(Buffer.from(csvLines({ length: part.time.length, columns: { ...part } }, COLUMN_NAMES, false)));
  }
  const text = Buffer.concat(pieces);
  replaceFile(file, file.endsWith('.gz') ? gzipSync(text) : text);
}
