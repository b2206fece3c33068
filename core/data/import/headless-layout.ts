import { decimalOf } from '../decimal-bytes.ts';
import type { ImportNote } from './import-request.ts';
import { refusal } from './refusal.ts';
import type { TableHead } from './table-layout.ts';
import { detectTime } from './time-format.ts';

/** As Binance dumps candles, and its API answers: twelve columns, the last of no use. */
export const BINANCE_CANDLES = [
  'open_time',
  'open',
  'high',
  'low',
  'close',
  'volume',
  'close_time',
  'quote_volume',
  'count',
  'taker_buy_volume',
  'taker_buy_quote_volume',
  'ignore',
];
/** As Kraken dumps them. */
const KRAKEN = ['time', 'open', 'high', 'low', 'close', 'volume', 'trades'];
const PLAIN = ['time', 'open', 'high', 'low', 'close', 'volume'];
/** Bitfinex has the close second. */
const CLOSE_SECOND = ['time', 'open', 'close', 'high', 'low', 'volume'];
/** MetaTrader 4. */
const DATE_AND_CLOCK = ['date', 'time', 'open', 'high', 'low', 'close', 'volume'];

/**
 * The names of columns that have none, by who writes such files, or by their number and what the first rows hold.
 * @throws StratError DATA_FORMAT where that leaves a doubt
 */
export function headless(head: TableHead, notes: ImportNote[]): readonly string[] {
  const { knownNames, rows, file } = head;
  const width = rows[0]!.length;
  if (knownNames !== null && (knownNames.length === width || (width > knownNames.length && isGood(rows, knownNames))))
    return padded(knownNames, width);
  const forms = [
    ...(width === 12 ? [BINANCE_CANDLES] : []),
    ...(width === 7 ? [DATE_AND_CLOCK, KRAKEN] : []),
    ...(width === 5 || width === 6 ? [PLAIN, CLOSE_SECOND] : []),
  ];
  const cut = forms.map((names) => names.slice(0, width));
  const whole = cut.filter((names) => isGood(rows, names));
  // A row that is wrong in itself is told when rows are read.
  const fitting = whole.length > 0 ? whole : cut.filter((names) => rows.filter((row) => isGood([row], names)).length > 0.9 * rows.length);
  const [only] = fitting;
  const hint = 'Name the columns in their order: --columns time,open,high,low,close,volume, with - for one that is left out';
  if (only === undefined) throw refusal(file, `it has no header, and its ${width} columns have no order that is known`, hint);
  if (fitting.length > 1) throw refusal(file, 'it has no header, and its first rows fit more than one order of columns', hint);
  notes.push({
    kind: 'guessed',
    text: `columns without a header are ${only.slice(0, 7).join(', ')}${width > 7 ? ', ...' : ''}, by their number and the first rows`,
  });
  return only;
}

const padded = (names: readonly string[], width: number): readonly string[] => [
  ...names,
  ...Array.from({ length: width - names.length }, (_, at) => `column_${at}`),
];

/** Whether rows are candles when their columns have these names. */
function isGood(rows: readonly (readonly string[])[], names: readonly string[]): boolean {
  const at = (row: readonly string[], name: string): number => decimalOf((row[names.indexOf(name)] ?? '').trim().replace(',', '.'));
  const time = (row: readonly string[]): string =>
    (row[names.findIndex((name) => ['time', 'open_time', 'date'].includes(name))] ?? '').trim();
  return rows.every((row) => {
    const [open, high, low, close] = ['open', 'high', 'low', 'close'].map((name) => at(row, name)) as [number, number, number, number];
    if (!names.includes('open')) return true;
    const isClock = names[1] !== 'time' || /^\d{1,2}:\d\d/.test((row[1] ?? '').trim());
    const when = detectTime([time(row)]);
    const isTime = when !== null && (when === 'days' || when.type === 'text' || Math.abs(decimalOf(time(row))) > 1e8);
    return isClock && isTime && high >= open && high >= close && high >= low && low <= open && low <= close;
  });
}
