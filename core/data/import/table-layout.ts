import type { StratError } from '#core/errors/strat-error.ts';
import { decimalOf } from '../decimal-bytes.ts';
import { shown } from '../finding.ts';
import { columnsOf, kindOfNames, MAKER_SIDES, plainName, sideName, sidesOf, timeAliases } from './column-names.ts';
import { headless } from './headless-layout.ts';
import type { SeriesKind } from '../store/series-key.ts';
import type { ImportNote, ImportRequest } from './import-request.ts';
import { refusal } from './refusal.ts';
import { detectTime, type TimeFormat, timeFormatName } from './time-format.ts';

/** The first rows of a table, as text, before anyone knows what they mean. */
export interface TableHead {
  /** As told to people. */
  readonly file: string;
  /** Null when it has no header. */
  readonly names: readonly string[] | null;
  /** At least one. */
  readonly rows: readonly (readonly string[])[];
  /** What is known of the order of its columns: the names of who writes such files without a header. */
  readonly knownNames: readonly string[] | null;
  /** Where times count from the midnight of a day, that midnight on the clocks of the market; else null. */
  readonly dayMs: number | null;
}

export interface LayoutColumn {
  readonly name: string;
  readonly field: number;
  /** `side`: buy or sell, 1 or -1; `maker`: whether the buyer was the maker. */
  readonly read: 'number' | 'side' | 'maker';
}

/** Where the columns of a series stand in a table, and how its times are written. */
export interface Layout {
  readonly kind: SeriesKind;
  readonly timeField: number;
  /** Where the clock stands apart from the date, its field; else that of the time. */
  readonly clockField: number;
  readonly timeFormat: TimeFormat;
  readonly columns: readonly LayoutColumn[];
  /** The newest row comes first. */
  readonly isBackward: boolean;
}

/**
 * Finds the columns of a series in a table, by the user's word, its header, or its shape; what is guessed is told in `notes`.
 * @throws StratError DATA_FORMAT, with the option that says what the file does not
 */
export function tableLayout(head: TableHead, request: ImportRequest, saidKind: SeriesKind | null, notes: ImportNote[]): Layout {
  const written = request.columns ?? head.names;
  const names = (written ?? headless(head, notes)).map(plainName);
  const width = head.rows[0]!.length;
  if (request.columns !== null && names.length !== width)
    throw refusal(
      head.file,
      `--columns names ${names.length} columns, its rows have ${width}`,
      'Give a name for each, "-" for one that is left out',
    );
  const kind = request.kind ?? saidKind ?? kindOfNames(names);
  if (kind === null) throw unknownColumns(head, names);
  const timeField = timeFieldOf(head, names, kind, notes);
  const columns = columnFields(head, names, kind, request, notes);
  const texts = head.rows.map((row) => (row[timeField] ?? '').trim()).filter((text) => text !== '');
  if (head.dayMs !== null)
    return { kind, timeField, clockField: timeField, timeFormat: { type: 'clock', dayMs: head.dayMs }, columns, isBackward: false };
  let timeFormat = detectTime(texts, request.dates);
  let clockField = timeField;
  const clock = names.findIndex((name, field) => field !== timeField && (name === 'time' || name === 'clock' || name === 'hour'));
  if (
    clock >= 0 &&
    timeFormat !== null &&
    timeFormat !== 'days' &&
    /^\d{1,2}:?\d\d/.test(head.rows[0]![clock] ?? '') &&
    isDate(texts[0] ?? '')
  ) {
    if (clock !== timeField + 1)
      throw refusal(head.file, 'its time of the day does not stand right behind the date', 'Put the two columns side by side, or into one');
    clockField = clock;
    timeFormat = detectTime(
      head.rows.map((row) => `${row[timeField]!.trim()} ${row[clock]!.trim()}`),
      request.dates,
    );
  }
  if (timeFormat === 'days')
    throw refusal(
      head.file,
      `the first dates, such as ${shown(texts[0] ?? '')}, do not tell days from months`,
      'Say which comes first: --dates dmy or --dates mdy',
    );
  if (timeFormat === null)
    throw refusal(
      head.file,
      `the time ${shown(texts[0] ?? '')} is in no format that is read`,
      'Name the column of the time with --columns, or write times as 2024-01-31T09:30:00Z',
      2,
    );
  const isTurned = timeFormat.type === 'text' && timeFormat.order !== 'ymd';
  if (request.dates !== null && !isTurned)
    notes.push({ kind: 'guessed', text: `--dates ${request.dates} changes nothing: the times are ${timeFormatName(timeFormat)}` });
  if (isTurned && request.dates === null && !texts[0]!.includes('.'))
    notes.push({ kind: 'guessed', text: `times are ${timeFormatName(timeFormat)}, by their first rows` });
  return { kind, timeField, clockField, timeFormat, columns, isBackward: isBackward(texts, timeFormat) };
}

const isDate = (text: string): boolean => {
  const format = detectTime([text]);
  return format === 'days' || (format !== null && ((format.type === 'text' && !format.hasClock) || /^(?:19|20)\d{6}$/.test(text)));
};

function unknownColumns(head: TableHead, names: readonly string[]): StratError {
  const found = names.slice(0, 12).map(shown).join(', ') + (names.length > 12 ? ', ...' : '');
  const hint = 'Name them in their order: --columns time,open,high,low,close,volume, with - for a column that is left out';
  return refusal(head.file, `its columns are none that are known: ${found}`, hint);
}

function timeFieldOf(head: TableHead, names: readonly string[], kind: SeriesKind, notes: ImportNote[]): number {
  // A date and its clock in two columns: the date leads.
  const [date, clock] = [names.findIndex((name) => name === 'date' || name === 'dtyyyymmdd'), names.indexOf('time')];
  if (date >= 0 && clock === date + 1 && isDate((head.rows[0]![date] ?? '').trim())) return date;
  const hasValues = (field: number): boolean => head.rows.some((row) => (row[field] ?? '').trim() !== '');
  for (const alias of timeAliases(kind)) {
    const field = names.indexOf(alias);
    if (field >= 0 && hasValues(field)) return onlyOne(head, names, alias);
  }
  // The index of a table of pandas has no name.
  const index = names.findIndex((name) => name === '' || name === 'unnamed:_0' || name === 'index_level_0');
  if (index >= 0 && detectTime([(head.rows[0]![index] ?? '').trim()]) !== null) {
    notes.push({ kind: 'guessed', text: 'the column without a name is the time' });
    return index;
  }
  throw refusal(
    head.file,
    `there is no column of the time among ${names.slice(0, 12).map(shown).join(', ')}`,
    'Name the columns in their order: --columns time,open,...',
  );
}

function onlyOne(head: TableHead, names: readonly string[], alias: string): number {
  const field = names.indexOf(alias);
  if (field === names.lastIndexOf(alias)) return field;
  throw refusal(
    head.file,
    `column "${alias}" is there twice`,
    'Say which counts: --columns with the names in their order, - for the other',
  );
}

function columnFields(
  head: TableHead,
  names: readonly string[],
  kind: SeriesKind,
  request: ImportRequest,
  notes: ImportNote[],
): readonly LayoutColumn[] {
  const side = sideOf(head, names, kind, request, notes);
  const columns: LayoutColumn[] = [];
  for (const { name, aliases, isNeeded } of columnsOf(kind)) {
    const sided = side === null ? undefined : sideName(names, side, name);
    const alias = sided ?? (name === 'volume' ? volumeName(head, names, aliases, notes) : aliases.find((one) => names.includes(one)));
    if (alias !== undefined) {
      const read = name === 'side' ? (MAKER_SIDES.has(alias) ? 'maker' : 'side') : 'number';
      columns.push({ name, field: onlyOne(head, names, alias), read });
      continue;
    }
    if (isNeeded) {
      const hint = 'Name the columns in their order: --columns time,open,high,low,close,volume, with - for one that is left out';
      throw refusal(head.file, `there is no column "${name}" among ${names.slice(0, 12).map(shown).join(', ')}`, hint);
    }
  }
  return columns;
}

/** Which prices of candles of bid and ask are meant. */
function sideOf(
  head: TableHead,
  names: readonly string[],
  kind: SeriesKind,
  { price }: ImportRequest,
  notes: ImportNote[],
): 'bid' | 'ask' | 'mid' | null {
  const sides = kind === 'candles' && !names.includes('close') && !names.includes('c') ? sidesOf(names) : [];
  if (sides.length === 0) return null;
  const listed = sides.join(', ');
  if (price !== null) {
    if (sides.includes(price)) return price;
    throw refusal(head.file, `it has no candles of the ${price}`, `It has: ${listed}`);
  }
  if (sides.length > 1) throw refusal(head.file, `it has candles of ${listed}`, `Say which: --price ${sides.join('|')}`);
  notes.push({ kind: 'guessed', text: `prices are the ${sides[0]}, which alone is there` });
  return sides[0]!;
}

/** Of several volumes the one in base units. */
function volumeName(head: TableHead, names: readonly string[], aliases: readonly string[], notes: ImportNote[]): string | undefined {
  const isZero = (name: string): boolean => head.rows.every((row) => !(decimalOf((row[names.indexOf(name)] ?? '').trim()) > 0));
  // MetaTrader has no true volume of most markets.
  if (names.includes('tickvol') && names.includes('vol')) {
    const name = isZero('vol') ? 'tickvol' : 'vol';
    notes.push({ kind: 'guessed', text: name === 'vol' ? 'the volume is <VOL>' : 'the volume is <TICKVOL>: <VOL> is 0' });
    return name;
  }
  const plain = aliases.find((alias) => names.includes(alias));
  if (plain !== undefined) {
    if (plain === 'tickvol' || plain === 'tick_volume') notes.push({ kind: 'guessed', text: 'the volume counts ticks' });
    return plain;
  }
  const symbol = names.indexOf('symbol');
  const market = symbol < 0 ? '' : plainName(head.rows[0]![symbol] ?? '');
  const own = names.filter((name) => name.startsWith('volume_'));
  const base = own.find((name) => market.startsWith(name.slice('volume_'.length))) ?? own[0];
  if (base !== undefined) notes.push({ kind: 'guessed', text: `the volume is the column "${base.replace('_', ' ')}"` });
  return base;
}

/** Whether the first two times that differ go back. */
function isBackward(texts: readonly string[], format: TimeFormat): boolean {
  const keys = texts.map((text) => (format.type === 'text' ? sortKey(text, format.order) : decimalOf(text)));
  const next = keys.findIndex((key, at) => at > 0 && key !== keys[0]);
  if (next < 0) return false;
  return compare(keys[next]!, keys[0]!) < 0;
}

const compare = (a: number | string, b: number | string): number => (a < b ? -1 : a > b ? 1 : 0);

function sortKey(text: string, order: 'ymd' | 'dmy' | 'mdy'): string {
  const padded = text.replace(/\d+/g, (digits) => digits.padStart(2, '0'));
  if (order === 'ymd') return padded;
  const [one = '', two = '', year = '', ...rest] = padded.split(/\D/);
  return [year, ...(order === 'dmy' ? [two, one] : [one, two]), ...rest].join(' ');
}
