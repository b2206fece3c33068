import { parseMarket } from '#core/model/market.ts';
import { fail, ok, type Result } from '#core/model/result.ts';
import { nextOpen, type Timeframe } from '#core/model/timeframe.ts';
import { headerFields } from './csv-text.ts';
import { COLUMN_RULES } from './data-columns.ts';
import { decimalOf } from './decimal-bytes.ts';
import { shown } from './finding.ts';
import { detectTimeFormat, isNumericTime, parseIsoTime, TIME_FORMAT_NAMES, type TimeFormat, timeOfNumber } from './timestamp-text.ts';

const DAY_MS = 86_400_000;
const TIME = ['timestamp', 'time', 'datetime', 'date', 'day', 'snapped_at'];
const MARKET = ['market', 'symbol', 'pair', 'base', 'coin', 'ticker'];
const CAP = ['market_cap', ...COLUMN_RULES.market_cap.aliases.filter((name) => name !== 'market_cap'), 'cap'];

/** Market capitalisations by the moment from which on each was known, ms, rising. */
export interface CapSeries {
  readonly known: Float64Array;
  readonly values: Float64Array;
}

/** By name: of markets (`BTC/USDT`), or of what is traded, whatever it is paid with (`BTC`). */
export type CapTable = ReadonlyMap<string, CapSeries>;

/**
 * Reads market capitalisations from a CSV text: a header with a time, a market and `market_cap`, a line for each day and market. A figure with a time is known from
 * then on, one with a date alone from the end of that day (UTC) on. The first thing wrong refuses the whole, in words.
 * @param owner whose they are, where the file has no market; null = the file says it
 */
export function parseCaps(text: string, owner: string | null): Result<CapTable, string> {
  const [header = '', ...lines] = text
    .replace(/^\uFEFF/, '')
    .trimEnd()
    .split(/\r?\n/);
  const { delimiter, names } = headerFields(header);
  const placeOf = (aliases: readonly string[]): number => names.findIndex((name) => aliases.includes(name.toLowerCase()));
  const [time, market, cap] = [placeOf(TIME), placeOf(MARKET), placeOf(CAP)];
  if (time < 0 || cap < 0 || (market < 0 && owner === null)) {
    const missing = time < 0 ? 'date' : cap < 0 ? 'market_cap' : 'market (or give MARKET=PATH)';
    return fail(`line 1: there is no column ${missing} in the header ${shown(header)}`);
  }
  const found = new Map<string, { readonly time: number; readonly value: number; readonly line: number }[]>();
  let format: TimeFormat | null = null;
  for (const [index, line] of lines.entries()) {
    const refuse = (reason: string): Result<never, string> => fail(`line ${index + 2}: ${reason}`);
    const fields = line.split(delimiter).map((field) => field.trim().replace(/^"(.*)"$/, '$1'));
    if (fields.length !== names.length) return refuse(`it has ${fields.length} fields, the header ${names.length}`);
    const name = owner ?? fields[market]!.toUpperCase();
    if (parseMarket(name) === null) return refuse(`${shown(fields[market] ?? '')} is no market`);
    const moment = fields[time]!;
    format ??= detectTimeFormat(moment);
    if (format === null) return refuse(`the time ${shown(moment)} is none`);
    const at = isNumericTime(format) ? timeOfNumber(decimalOf(moment), format) : parseIsoTime(moment, format);
    if (Number.isNaN(at)) return refuse(`the time ${shown(moment)} is not in ${TIME_FORMAT_NAMES[format]} as the first one`);
    // What is not known on a day stays what it was.
    if (fields[cap] === '') continue;
    const value = decimalOf(fields[cap]!);
    const { least, most } = COLUMN_RULES.market_cap;
    if (!(value >= least && value <= most)) return refuse(`market_cap is ${shown(fields[cap]!)}, not a number from ${least} to ${most}`);
    const own = found.get(name) ?? [];
    own.push({ time: format === 'iso-date' ? at + DAY_MS : at, value, line: index + 2 });
    found.set(name, own);
  }
  if (found.size === 0) return fail('it has no figures');
  const table = new Map<string, CapSeries>();
  for (const [name, rows] of found) {
    const sorted = rows.toSorted((a, b) => a.time - b.time);
    const twice = sorted.findIndex((row, place) => place > 0 && row.time === sorted[place - 1]!.time);
    if (twice >= 0) return fail(`line ${sorted[twice]!.line}: ${name} has a second figure for this time`);
    table.set(name, { known: Float64Array.from(sorted, (row) => row.time), values: Float64Array.from(sorted, ({ value }) => value) });
  }
  return ok(table);
}

/** For each bar the last figure that was known when it closed; na before the first. @param time when bars open, ms */
export function capsAt({ known, values }: CapSeries, time: Float64Array, timeframe: Timeframe): Float64Array {
  let next = 0;
  let value = Number.NaN;
  return time.map((open) => {
    const close = nextOpen(timeframe, open);
    while (next < known.length && known[next]! <= close) value = values[next++]!;
    return value;
  });
}
