import { type ColumnName, type Columns, COLUMN_NAMES, sharedColumns } from '#core/model/columns.ts';

/** Open time of the first bar of a table that has no times: 2026-01-01 00:00 UTC. */
export const TABLE_START = Date.UTC(2026, 0, 1);

/**
 * Columns from a small table: one bar a line, `open high low close volume`, separated by blanks; empty lines and what comes
 * after `#` are left out. A first column of ISO times makes six.
 * @param stepMs distance of bars without times; default one hour
 * @throws Error when a line does not have five or six numbers
 */
export function candleTable(table: string, stepMs = 3_600_000): Columns {
  const lines = table
    .split('\n')
    .map((line) => line.replace(/#.*/, '').trim())
    .filter((line) => line !== '');
  const columns = sharedColumns(lines.length);
  for (const [row, line] of lines.entries()) {
    const words = line.split(/\s+/);
    const values =
      words.length === 6 ? [Date.parse(words[0]!), ...words.slice(1).map(Number)] : [TABLE_START + row * stepMs, ...words.map(Number)];
    if (values.length !== 6 || values.some((value) => !Number.isFinite(value)))
      throw new Error(`line ${row + 1} of the candle table is not "[time] open high low close volume": ${line}`);
    for (const [at, name] of COLUMN_NAMES.entries()) set(columns, name, row, values[at]!);
  }
  return columns;
}

function set(columns: Columns, name: ColumnName, row: number, value: number): void {
  columns[name][row] = value;
}
