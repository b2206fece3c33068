import { createHash } from 'node:crypto';
import { basename } from 'node:path';
import { StratError } from '#core/errors/strat-error.ts';
import type { BookSnapshots } from '#core/model/book-snapshots.ts';
import { type Market, parseFileMarket } from '#core/model/market.ts';
import { CsvLine } from './csv-line.ts';
import { csvText, headerFields, logBadTime, logFieldCount, readTimeFormat } from './csv-text.ts';
import { displayPath, readBytes, unpack } from './data-bytes.ts';
import { FindingLog, formatFinding, shown } from './finding.ts';
import { isNumericTime, parseIsoTime, timeOfNumber } from './timestamp-text.ts';

export interface DepthFile {
  readonly books: BookSnapshots;
  /** As its name says, `{venue}_{BASE}-{QUOTE}_...`; null = it does not say. */
  readonly market: Market | null;
  /** Of the file's bytes as they are on disk, hexadecimal. */
  readonly sha256: string;
}

const MAX_BYTES = 2 ** 31;
const MAX_LEVELS = 1000;

/** Fields of a level in a line. */
interface LevelFields {
  readonly price: number;
  readonly amount: number;
}

/**
 * Reads snapshots of an order book, one a line: `timestamp`, then `asks[0].price`, `asks[0].amount`, `bids[0].price`, `bids[0].amount` and so on, as Tardis names
 * them. Levels that a book does not have are left empty. Every line is checked.
 * @throws StratError FILE_UNREADABLE, DATA_TOO_LARGE, DATA_FORMAT, DATA_EMPTY, DATA_INVALID
 */
export function readDepthFile(path: string): DepthFile {
  const file = displayPath(path);
  const raw = readBytes(path, file, MAX_BYTES);
  const books = parseBooks(file, unpack(raw, file, MAX_BYTES));
  const named = /^[A-Za-z0-9][A-Za-z0-9.-]*_([A-Za-z0-9.]+-[A-Za-z0-9.-]+)_/.exec(basename(path))?.[1];
  return { books, market: parseFileMarket(named ?? ''), sha256: createHash('sha256').update(raw).digest('hex') };
}

function parseBooks(file: string, bytes: Buffer): BookSnapshots {
  const { header, from, end, lines } = csvText(file, bytes);
  const { delimiter, names } = headerFields(header);
  const refuse = (reason: string): StratError =>
    new StratError('DATA_FORMAT', {
      file,
      line: 1,
      reason,
      hint: 'Give a snapshot a line, with the header "timestamp,asks[0].price,asks[0].amount,bids[0].price,bids[0].amount,asks[1].price,..."',
    });
  const timeField = names.indexOf('timestamp');
  const levelsOf = (side: string): readonly LevelFields[] => {
    const found: LevelFields[] = [];
    for (let level = 0; level < MAX_LEVELS; level++) {
      const fields = { price: names.indexOf(`${side}[${level}].price`), amount: names.indexOf(`${side}[${level}].amount`) };
      if (fields.price < 0 || fields.amount < 0) break;
      found.push(fields);
    }
    return found;
  };
  const sides = { bids: levelsOf('bids'), asks: levelsOf('asks') };
  const levels = Math.max(sides.bids.length, sides.asks.length);
  if (timeField < 0) throw refuse(`there is no column "timestamp" in the header ${shown(header)}`);
  if (sides.bids.length === 0 || sides.asks.length === 0) throw refuse(`there are no levels of both sides in the header ${shown(header)}`);
  if (lines === 0) throw new StratError('DATA_EMPTY', { file, reason: 'it has only a header line' });

  const line = new CsvLine(bytes, end, delimiter.charCodeAt(0), names.length);
  line.read(from);
  const format = readTimeFormat(file, line.count > timeField ? line.text(timeField) : '');
  const isNumeric = isNumericTime(format);
  const log = new FindingLog();
  const time = new Float64Array(lines);
  const columns = { bids: new Float64Array(lines * levels * 2), asks: new Float64Array(lines * levels * 2) };
  let last = -Infinity;
  let number = 1;
  for (let position = from, row = 0; position <= end; row++) {
    number++;
    position = line.read(position);
    if (line.count !== names.length) {
      logFieldCount(log, number, line.count, line.isEmpty(0), names.length);
      continue;
    }
    const at = isNumeric ? timeOfNumber(line.number(timeField), format) : parseIsoTime(line.text(timeField), format);
    if (Number.isNaN(at)) logBadTime(log, number, line.text(timeField), format);
    else if (at < last)
      log.error('time-back', number, 'its time is before that of the line above', 'Sort the file by time, the oldest line first');
    else last = at;
    time[row] = at;
    for (const side of ['bids', 'asks'] as const)
      readSide(line, sides[side], side, columns[side].subarray(row * levels * 2), levels, log, number);
    const [bid, ask] = [columns.bids[row * levels * 2]!, columns.asks[row * levels * 2]!];
    if (bid >= ask) log.error('out-of-range', number, `the best ask ${ask} is not above the best bid ${bid}`, 'Remove or correct the line');
  }
  if (log.errorCount > 0) {
    const found = log.list().map((finding) => `  ${formatFinding(file, finding)}`);
    if (log.errorCount > found.length) found.push(`  ... and ${log.errorCount - found.length} more`);
    throw new StratError('DATA_INVALID', { file, count: log.errorCount, list: found.join('\n') });
  }
  return { time, levels, ...columns };
}

/** The levels of a side, from the best on: prices go away from the other side. The first is there, and none stands behind one that is not. */
function readSide(
  line: CsvLine,
  fields: readonly LevelFields[],
  side: 'bids' | 'asks',
  to: Float64Array,
  levels: number,
  log: FindingLog,
  number: number,
): void {
  let before = side === 'bids' ? Infinity : 0;
  let isOver = false;
  for (let level = 0; level < levels; level++) {
    to[level * 2] = Number.NaN;
    to[level * 2 + 1] = 0;
    const field = fields[level];
    if (field === undefined || (line.isEmpty(field.price) && line.isEmpty(field.amount) && level > 0)) {
      isOver = true;
      continue;
    }
    const [price, amount] = [line.number(field.price), line.number(field.amount)];
    const name = `${side}[${level}]`;
    if (!(price > 0 && price < Infinity))
      log.error('bad-price', number, `the price ${shown(line.text(field.price))} of ${name} is none`, 'Remove or correct the line');
    else if (isOver || (side === 'bids' ? price >= before : price <= before))
      log.error('out-of-range', number, `${name} at ${price} is not further away than the level before`, 'List levels from the best on');
    if (!(amount >= 0 && amount < Infinity))
      log.error('bad-volume', number, `the amount ${shown(line.text(field.amount))} of ${name} is none`, 'Remove or correct the line');
    to[level * 2] = price;
    to[level * 2 + 1] = amount;
    before = price;
  }
}
