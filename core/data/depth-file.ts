import { StratError } from '#core/errors/strat-error.ts';
import type { BookSnapshots } from '#core/model/book-snapshots.ts';
import type { CsvLine } from './csv-line.ts';
import { csvText, headerFields } from './csv-text.ts';
import { type FindingLog, shown } from './finding.ts';
import { eachMoment, type MomentFile, needLines, readMomentFile } from './moment-lines.ts';

export type DepthFile = Omit<MomentFile<never>, 'content'> & { readonly books: BookSnapshots };

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
  const { content: books, ...file } = readMomentFile(path, parseBooks);
  return { books, ...file };
}

function parseBooks(file: string, bytes: Buffer): BookSnapshots {
  const text = csvText(file, bytes);
  const { header, lines } = text;
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
  needLines(file, text);

  const time = new Float64Array(lines);
  const columns = { bids: new Float64Array(lines * levels * 2), asks: new Float64Array(lines * levels * 2) };
  eachMoment({ file, bytes, text, delimiter, fieldCount: names.length, times: [timeField] }, (line, row, at, log, number) => {
    time[row] = at;
    for (const side of ['bids', 'asks'] as const)
      readSide(line, sides[side], side, columns[side].subarray(row * levels * 2), levels, log, number);
    const [bid, ask] = [columns.bids[row * levels * 2]!, columns.asks[row * levels * 2]!];
    if (bid >= ask) log.error('out-of-range', number, `the best ask ${ask} is not above the best bid ${bid}`, 'Remove or correct the line');
  });
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
