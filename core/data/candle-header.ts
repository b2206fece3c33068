import type { MarketColumn } from '#core/model/chart-column.ts';
import type { ColumnName } from '#core/model/columns.ts';
import { COLUMN_NAMES } from '#core/model/columns.ts';
import { StratError } from '#core/errors/strat-error.ts';
import { COLUMN_RULES } from './data-columns.ts';
import { headerFields } from './csv-text.ts';
import { decimalOf } from './decimal-bytes.ts';
import { shown } from './finding.ts';

/** Names under which tools export the columns, lower case; of several in one file the first listed counts. */
const ALIASES: Readonly<Record<ColumnName, readonly string[]>> = {
  time: ['timestamp', 'time', 'open_time', 'open time', 'opentime', 'datetime', 'date', 'unix', 't'],
  open: ['open', 'o'],
  high: ['high', 'h'],
  low: ['low', 'l'],
  close: ['close', 'c'],
  volume: ['volume', 'vol', 'base_volume', 'v'],
};

const HEADER_EXAMPLE = 'timestamp,open,high,low,close,volume';

/** Where a file has its columns. */
export interface CandleHeader {
  /** The byte between fields: comma, semicolon or tab. */
  readonly delimiter: number;
  readonly fieldCount: number;
  /** Index of the field for each column; volume is -1 when the file has none. */
  readonly fields: Readonly<Record<ColumnName, number>>;
  /** Index of the field of each column asked for that the file has. */
  readonly further: ReadonlyMap<MarketColumn, number>;
}

/** Whether a first line names the columns of candles; else it may be one of another tool, or a row. */
export function namesCandles(line: string): boolean {
  const names = headerFields(line).names.map((name) => name.toLowerCase());
  return COLUMN_NAMES.every((column) => column === 'volume' || ALIASES[column].some((alias) => names.includes(alias)));
}

/**
 * Reads the header line. Throws DATA_FORMAT when there is none, or a needed column is missing or there twice.
 * @param wanted columns besides the candles; others are left alone
 */
export function parseCandleHeader(file: string, line: string, wanted: readonly MarketColumn[] = []): CandleHeader {
  const refuse = (reason: string, hint: string): StratError => new StratError('DATA_FORMAT', { file, line: 1, reason, hint });
  const { delimiter, names: written } = headerFields(line);
  const names = written.map((name) => name.toLowerCase());
  if (!Number.isNaN(decimalOf(names[0] ?? ''))) {
    throw refuse(
      'it begins with numbers, so there is no header',
      `Put "${HEADER_EXAMPLE}" (in the order of the file) above the first line`,
    );
  }
  const placeOf = (alias: string): number => {
    if (names.indexOf(alias) !== names.lastIndexOf(alias)) throw refuse(`column "${alias}" is there twice`, 'Remove or rename one of them');
    return names.indexOf(alias);
  };
  const fields = { time: -1, open: -1, high: -1, low: -1, close: -1, volume: -1 };
  for (const column of COLUMN_NAMES) {
    const alias = ALIASES[column].find((name) => names.includes(name));
    if (alias === undefined) {
      if (column === 'volume') continue;
      throw refuse(
        `there is no column "${column === 'time' ? 'timestamp' : column}" in the header ${shown(line)}`,
        `Give the file the header "${HEADER_EXAMPLE}"`,
      );
    }
    fields[column] = placeOf(alias);
  }
  const further = new Map<MarketColumn, number>();
  for (const column of wanted) {
    const alias = COLUMN_RULES[column].aliases.find((name) => names.includes(name));
    if (alias !== undefined) further.set(column, placeOf(alias));
  }
  return { delimiter: delimiter.charCodeAt(0), fieldCount: names.length, fields, further };
}
