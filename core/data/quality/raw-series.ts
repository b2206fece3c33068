import { type Columns, sharedColumns } from '#core/model/columns.ts';
import { fileName } from '#core/model/file-name.ts';
import type { Timeframe } from '#core/model/timeframe.ts';
import { StratError } from '#core/errors/strat-error.ts';
import { BarChecks } from '../bar-checks.ts';
import { DEFAULT_MAX_BYTES } from '../candle-file.ts';
import { parseCandleFileName } from '../candle-file-name.ts';
import { parseCandleHeader } from '../candle-header.ts';
import { CsvLine } from '../csv-line.ts';
import { csvText, logBadTime, logFieldCount, readTimeFormat } from '../csv-text.ts';
import { readBytes, unpack } from '../data-bytes.ts';
import { displayPath, FindingLog } from '../finding.ts';
import { inferTimeframe } from '../series-checks.ts';
import type { TextBytes } from '../text-bytes.ts';
import { isNumericTime, parseIsoTime, timeOfNumber, type TimeFormat } from '../timestamp-text.ts';

/** Candles as a source gave them, faults and all. */
export interface RawSeries {
  /** For people: the file, or `binance:BTC/USDT 1h`. */
  readonly name: string;
  /** Where its name or the store says it. */
  readonly venue: string | null;
  readonly market: string | null;
  readonly timeframe: Timeframe;
  /** Every row whose fields are numbers, in the order of the source; where the log has errors they may be in no order, or impossible. */
  readonly columns: Columns;
  /** Line of the file of each row; null of series in the store. */
  readonly lines: Float64Array | null;
  /** What was found while the rows were read, each with its line. */
  readonly log: FindingLog;
  readonly hasVolume: boolean;
  readonly emptyVolumes: number;
  readonly timeFormat: TimeFormat | null;
}

/** More of one file would not be read by anybody; all are counted. */
const MOST_ERRORS = 100_000;
const ROWS_AT_ONCE = 65_536;

/**
 * Reads a candle file line by line and leaves out only what cannot be read.
 * @throws StratError FILE_UNREADABLE, DATA_TOO_LARGE, DATA_FORMAT, DATA_EMPTY
 */
export function readRawCandles(path: string, givenTimeframe: Timeframe | null = null): RawSeries {
  const file = displayPath(path);
  return parseRawCandles(path, unpack(readBytes(path, file, DEFAULT_MAX_BYTES), file, DEFAULT_MAX_BYTES), givenTimeframe);
}

/** As `readRawCandles`, of the bytes of a text. @throws StratError DATA_FORMAT, DATA_EMPTY */
export function parseRawCandles(path: string, bytes: TextBytes, givenTimeframe: Timeframe | null = null): RawSeries {
  const steps = parseInSteps(path, bytes, givenTimeframe);
  for (let step = steps.next(); ; step = steps.next()) if (step.done === true) return step.value;
}

/** The same, which pauses now and then and tells how much of the text is read, 0 to 1: who shows it may stop there. */
export function* parseInSteps(path: string, bytes: TextBytes, givenTimeframe: Timeframe | null): Generator<number, RawSeries> {
  const file = displayPath(path);
  const text = csvText(file, bytes);
  const { fields, delimiter, fieldCount } = parseCandleHeader(file, text.header);
  if (text.lines === 0) throw new StratError('DATA_EMPTY', { file, reason: 'it has only a header line' });
  const line = new CsvLine(bytes, text.end, delimiter, fieldCount);
  line.read(text.from);
  const timeFormat = readTimeFormat(file, line.count > fields.time ? line.text(fields.time) : '');
  const isNumeric = isNumericTime(timeFormat);
  const log = new FindingLog(MOST_ERRORS);
  const checks = new BarChecks(log);
  const columns = sharedColumns(text.lines);
  const lines = new Float64Array(text.lines);
  const textOf = (name: keyof Columns): string => (fields[name] < 0 ? '' : line.text(fields[name]));
  let rows = 0;
  let emptyVolumes = 0;
  let number = 1;
  for (let position = text.from; position <= text.end;) {
    if (++number % ROWS_AT_ONCE === 0) yield position / text.end;
    position = line.read(position);
    if (line.count !== fieldCount) {
      logFieldCount(log, number, line.count, line.isEmpty(0), fieldCount);
      continue;
    }
    const time = isNumeric ? timeOfNumber(line.number(fields.time), timeFormat) : parseIsoTime(line.text(fields.time), timeFormat);
    const [open, high, low, close] = [
      line.number(fields.open),
      line.number(fields.high),
      line.number(fields.low),
      line.number(fields.close),
    ];
    let volume = fields.volume < 0 ? 0 : line.number(fields.volume);
    if (Number.isNaN(volume) && line.isEmpty(fields.volume)) {
      volume = 0;
      emptyVolumes++;
    }
    if (Number.isNaN(time)) logBadTime(log, number, line.text(fields.time), timeFormat);
    else checks.time(number, time);
    checks.values(number, open, high, low, close, volume, textOf);
    if (Number.isNaN(time) || !Number.isFinite(open + high + low + close + volume)) continue;
    columns.time[rows] = time;
    columns.open[rows] = open;
    columns.high[rows] = high;
    columns.low[rows] = low;
    columns.close[rows] = close;
    columns.volume[rows] = volume + 0;
    lines[rows++] = number;
  }
  checks.finish();
  const said = parseCandleFileName(fileName(path));
  const kept = firstRows(columns, rows);
  const timeframe = givenTimeframe ?? said.timeframe ?? inferTimeframe(kept.time);
  if (timeframe === null)
    throw new StratError('DATA_FORMAT', {
      file,
      line: 2,
      reason: rows < 2 ? 'so few bars do not tell their length' : 'the distance of the bars is no timeframe',
      hint: 'Name the file {venue}_{BASE}-{QUOTE}_{timeframe}.csv, or give --timeframe',
    });
  return {
    name: file,
    venue: said.venue,
    market: said.market?.name ?? null,
    timeframe,
    columns: kept,
    lines: lines.subarray(0, rows),
    log,
    hasVolume: fields.volume >= 0,
    emptyVolumes,
    timeFormat,
  };
}

function firstRows({ time, open, high, low, close, volume }: Columns, rows: number): Columns {
  const cut = (column: Float64Array): Float64Array => column.subarray(0, rows);
  return { time: cut(time), open: cut(open), high: cut(high), low: cut(low), close: cut(close), volume: cut(volume) };
}

/** Rows of a series without faults in their order and values, and where they stand in the raw one. */
export interface SoundRows {
  readonly columns: Columns;
  /** Row of the raw series of each. */
  readonly rows: Uint32Array;
}

/** What checks of the whole series look at: rows that are bars, in the order of time, of one time the last. */
export function soundRows({ columns }: Pick<RawSeries, 'columns'>): SoundRows {
  const { time, open, high, low, close, volume } = columns;
  const good = new Uint32Array(time.length);
  let count = 0;
  let isInOrder = true;
  for (let row = 0; row < time.length; row++) {
    if (!isBar(open[row]!, high[row]!, low[row]!, close[row]!, volume[row]!)) continue;
    if (count > 0 && time[row]! <= time[good[count - 1]!]!) isInOrder = false;
    good[count++] = row;
  }
  if (isInOrder && count === time.length) return { columns, rows: good };
  let rows = good.subarray(0, count);
  if (!isInOrder) {
    rows.sort((a, b) => time[a]! - time[b]! || a - b);
    rows = rows.filter((row, place) => time[rows[place + 1]!] !== time[row]);
  }
  return { rows, columns: pickRows(columns, rows) };
}

/** These rows, in this order. */
export function pickRows({ time, open, high, low, close, volume }: Columns, rows: Uint32Array): Columns {
  const pick = (column: Float64Array): Float64Array => Float64Array.from(rows, (row) => column[row]!);
  return { time: pick(time), open: pick(open), high: pick(high), low: pick(low), close: pick(close), volume: pick(volume) };
}

export const isBar = (open: number, high: number, low: number, close: number, volume: number): boolean =>
  low > 0 && high < Infinity && high >= open && high >= close && low <= open && low <= close && volume >= 0 && volume < Infinity;
