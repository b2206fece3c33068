import { constants, gunzipSync } from 'node:zlib';
import { sharedDoubles } from '#core/model/columns.ts';
import { StratError } from '#core/errors/strat-error.ts';
import { csvText, headerFields } from './csv-text.ts';
import { readFirstBytes } from './data-bytes.ts';
import { displayPath, shown } from './finding.ts';
import { eachMoment, MAX_MOMENT_BYTES, type MomentFile, needLines, readMomentFile } from './moment-lines.ts';

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

export type TickFile = Omit<MomentFile<never>, 'content'> & { readonly ticks: Ticks };

const SNIFFED = 65_536;

/** Names under which tools export the columns, lower case; of several in one file the first listed counts. */
const TIMES = ['timestamp', 'time', 'datetime', 'date', 'exchangetimestamp', 'recvtimestamp', 't'];
const PRICES = ['price', 'p'];
const QUANTITIES = ['qty', 'quantity', 'amount', 'size', 'volume', 'q'];
const BIDS = ['bid', 'bid_price', 'bidprice'];
const ASKS = ['ask', 'ask_price', 'askprice'];

/** Whether a file holds trades or quotes, by its header: a price, or a bid and an ask, and no close. @throws StratError FILE_UNREADABLE, DATA_TOO_LARGE */
export function isTickFile(path: string): boolean {
  const raw = readFirstBytes(path, displayPath(path), MAX_MOMENT_BYTES, SNIFFED);
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
  const { content: ticks, ...file } = readMomentFile(path, parseTicks);
  return { ticks, ...file };
}

function parseTicks(file: string, bytes: Buffer): Ticks {
  const text = csvText(file, bytes);
  const { header, lines } = text;
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
  needLines(file, text);

  const columns = {
    time: sharedDoubles(lines),
    price: sharedDoubles(lines),
    qty: sharedDoubles(qty < 0 ? 0 : lines),
    ask: sharedDoubles(isTrades ? 0 : lines),
  };
  // Feeds that have no time of the exchange leave its column empty.
  eachMoment({ file, bytes, text, delimiter, fieldCount: names.length, times }, (line, row, time, log, number) => {
    for (const field of prices) {
      const value = line.number(field);
      if (!(value > 0 && value < Infinity))
        log.error('bad-price', number, `the price ${shown(line.text(field))} is none`, 'Remove or correct the line');
    }
    columns.time[row] = time;
    columns.price[row] = line.number(prices[0]!);
    if (!isTrades) columns.ask[row] = line.number(prices[1]!);
    if (!isTrades && columns.ask[row]! < columns.price[row])
      log.error('out-of-range', number, `the ask ${columns.ask[row]} is below the bid ${columns.price[row]}`, 'Remove or correct the line');
    if (qty < 0) return;
    const traded = line.number(qty);
    if (!(traded >= 0 && traded < Infinity))
      log.error('bad-volume', number, `the quantity ${shown(line.text(qty))} is none`, 'Remove or correct the line');
    columns.qty[row] = traded;
  });
  return { kind: isTrades ? 'trades' : 'quotes', ...columns };
}
