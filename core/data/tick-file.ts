import { createHash } from 'node:crypto';
import { basename } from 'node:path';
import { constants, gunzipSync } from 'node:zlib';
import { StratError } from '#core/errors/strat-error.ts';
import { type Market, parseFileMarket } from '#core/model/market.ts';
import { CsvLine } from './csv-line.ts';
import { csvText, headerFields, logBadTime, logFieldCount, readTimeFormat } from './csv-text.ts';
import { displayPath, readBytes, readFirstBytes, unpack } from './data-bytes.ts';
import { FindingLog, formatFinding, shown } from './finding.ts';
import { isNumericTime, parseIsoTime, timeOfNumber } from './timestamp-text.ts';

/** Recorded trades, or quotes, of one market, oldest first; several may be of one moment. Columns are in shared memory. */
export interface Ticks {
  readonly kind: 'trades' | 'quotes';
  /** ms. */
  readonly time: Float64Array;
  /** What was traded at; of quotes the bid. */
  readonly price: Float64Array;
  /** Base units, of trades; empty where the file does not say, and of quotes. */
  readonly qty: Float64Array;
  /** Of quotes; empty of trades. */
  readonly ask: Float64Array;
}

export interface TickFile {
  readonly ticks: Ticks;
  /** As its name says, `{venue}_{BASE}-{QUOTE}_...`; null = it does not say. */
  readonly market: Market | null;
  /** Of the file's bytes as they are on disk, hexadecimal. */
  readonly sha256: string;
}

/** Tens of millions of lines. */
const MAX_BYTES = 2 ** 31;
const SNIFFED = 65_536;

/** Names under which tools export the columns, lower case; of several in one file the first listed counts. */
const TIMES = ['timestamp', 'time', 'datetime', 'date', 'exchangetimestamp', 'recvtimestamp', 't'];
const PRICES = ['price', 'p'];
const QUANTITIES = ['qty', 'quantity', 'amount', 'size', 'volume', 'q'];
const BIDS = ['bid', 'bid_price', 'bidprice'];
const ASKS = ['ask', 'ask_price', 'askprice'];

/** Whether a file holds trades or quotes, by its header: a price, or a bid and an ask, and no close. @throws StratError FILE_UNREADABLE, DATA_TOO_LARGE */
export function isTickFile(path: string): boolean {
  const raw = readFirstBytes(path, displayPath(path), MAX_BYTES, SNIFFED);
  const isPacked = raw[0] === 0x1f && raw[1] === 0x8b;
  let text;
  try {
    // The rest of the file is cut off, which is no fault here.
    text = isPacked ? gunzipSync(raw, { finishFlush: constants.Z_SYNC_FLUSH, maxOutputLength: 2 ** 26 }) : raw;
  } catch {
    return false;
  }
  const { names } = headerFields(text.toString('latin1').split('\n', 1)[0]!.trim());
  const has = (aliases: readonly string[]): boolean => names.some((name) => aliases.includes(name.toLowerCase()));
  return !has(['close', 'c']) && (has(PRICES) || (has(BIDS) && has(ASKS)));
}

/**
 * Reads a file of trades (a time, a price, mostly a quantity) or of quotes (a time, a bid, an ask). Every line is checked.
 * @throws StratError FILE_UNREADABLE, DATA_TOO_LARGE, DATA_FORMAT, DATA_EMPTY, DATA_INVALID
 */
export function readTickFile(path: string): TickFile {
  const file = displayPath(path);
  const raw = readBytes(path, file, MAX_BYTES);
  const ticks = parseTicks(file, unpack(raw, file, MAX_BYTES));
  const named = /^[A-Za-z0-9][A-Za-z0-9.-]*_([A-Za-z0-9.]+-[A-Za-z0-9.-]+)_/.exec(basename(path))?.[1];
  return { ticks, market: parseFileMarket(named ?? ''), sha256: createHash('sha256').update(raw).digest('hex') };
}

function parseTicks(file: string, bytes: Buffer): Ticks {
  const { header, from, end, lines } = csvText(file, bytes);
  const { delimiter, names } = headerFields(header);
  const fieldOf = (aliases: readonly string[]): number => {
    const lower = names.map((name) => name.toLowerCase());
    const alias = aliases.find((name) => lower.includes(name));
    return alias === undefined ? -1 : lower.indexOf(alias);
  };
  const price = fieldOf(PRICES);
  const isTrades = price >= 0;
  const prices = isTrades ? [price] : [fieldOf(BIDS), fieldOf(ASKS)];
  const qty = isTrades ? fieldOf(QUANTITIES) : -1;
  const times = TIMES.map((name) => fieldOf([name])).filter((field) => field >= 0);
  const refuse = (reason: string): StratError =>
    new StratError('DATA_FORMAT', {
      file,
      line: 1,
      reason,
      hint: 'Give trades the header "timestamp,price,qty", quotes "timestamp,bid,ask"',
    });
  if (times.length === 0) throw refuse(`there is no column "timestamp" in the header ${shown(header)}`);
  if (prices.includes(-1)) throw refuse(`there is neither a price nor a bid and an ask in the header ${shown(header)}`);
  if (lines === 0) throw new StratError('DATA_EMPTY', { file, reason: 'it has only a header line' });

  const line = new CsvLine(bytes, end, delimiter.charCodeAt(0), names.length);
  line.read(from);
  // Feeds that have no time of the exchange leave its column empty.
  const timeField = times.find((field) => field < line.count && !line.isEmpty(field)) ?? times[0]!;
  const format = readTimeFormat(file, line.count > timeField ? line.text(timeField) : '');
  const isNumeric = isNumericTime(format);
  const shared = (length: number): Float64Array => new Float64Array(new SharedArrayBuffer(length * Float64Array.BYTES_PER_ELEMENT));
  const columns = { time: shared(lines), price: shared(lines), qty: shared(qty < 0 ? 0 : lines), ask: shared(isTrades ? 0 : lines) };
  const log = new FindingLog();
  let last = -Infinity;
  let number = 1;
  for (let position = from, row = 0; position <= end; row++) {
    number++;
    position = line.read(position);
    if (line.count !== names.length) {
      logFieldCount(log, number, line.count, line.isEmpty(0), names.length);
      continue;
    }
    const time = isNumeric ? timeOfNumber(line.number(timeField), format) : parseIsoTime(line.text(timeField), format);
    if (Number.isNaN(time)) logBadTime(log, number, line.text(timeField), format);
    else if (time < last)
      log.error('time-back', number, `its time is before that of the line above`, 'Sort the file by time, the oldest line first');
    else last = time;
    for (const field of prices) {
      const value = line.number(field);
      if (!(value > 0 && value < Infinity))
        log.error('bad-price', number, `the price ${shown(line.text(field))} is none`, 'Remove or correct the line');
    }
    columns.time[row] = time;
    columns.price[row] = line.number(prices[0]!);
    if (!isTrades) columns.ask[row] = line.number(prices[1]!);
    if (!isTrades && columns.ask[row]! < columns.price[row]!)
      log.error('out-of-range', number, `the ask ${columns.ask[row]} is below the bid ${columns.price[row]}`, 'Remove or correct the line');
    if (qty < 0) continue;
    const traded = line.number(qty);
    if (!(traded >= 0 && traded < Infinity))
      log.error('bad-volume', number, `the quantity ${shown(line.text(qty))} is none`, 'Remove or correct the line');
    columns.qty[row] = traded;
  }
  if (log.errorCount > 0) {
    const found = log.list().map((finding) => `  ${formatFinding(file, finding)}`);
    if (log.errorCount > found.length) found.push(`  ... and ${log.errorCount - found.length} more`);
    throw new StratError('DATA_INVALID', { file, count: log.errorCount, list: found.join('\n') });
  }
  return { kind: isTrades ? 'trades' : 'quotes', ...columns };
}
