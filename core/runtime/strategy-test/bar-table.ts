import { generateMarket } from '#core/data/market-generator.ts';
import { DATA_COLUMNS, type MarketColumn } from '#core/model/chart-column.ts';
import { type Columns, COLUMN_NAMES, sharedColumns } from '#core/model/columns.ts';
import { fail, ok, type Result } from '#core/model/result.ts';
import { nearest } from '#core/model/nearest-word.ts';

/** Candles that a test gives as a text, and what it gives besides them. */
export interface BarTable {
  readonly columns: Columns;
  readonly further: ReadonlyMap<MarketColumn, Float64Array>;
}

/** What is wrong with a line of a table. */
export interface TableFault {
  /** From 0, in the text of the table. */
  readonly line: number;
  readonly message: string;
  readonly hint: string;
}

/** More than any warm-up needs; what is longer is a file of candles. */
const MAX_BARS = 100_000;
const FURTHER: readonly string[] = DATA_COLUMNS.filter((name) => name !== 'age');
const KNOWN: readonly string[] = [...COLUMN_NAMES, ...FURTHER];
/** What rows without a heading hold, by how many numbers there are. */
const USUAL: Readonly<Record<number, readonly string[]>> = {
  1: ['close'],
  4: ['open', 'high', 'low', 'close'],
  5: ['open', 'high', 'low', 'close', 'volume'],
};
const NUMBER = /^\d{1,15}(?:\.\d{1,15})?$|^\.\d{1,15}$/;
const COUNT = /^[1-9]\d{0,6}$/;
const TIME = /^\d{4}-\d\d-\d\d(?:T\d\d:\d\d)?$/;
/** Volume of bars for which none is given. */
const VOLUME = 100;
const FORMS =
  'a row is 101, or open high low close; stretches are: flat 100 x 30, flat 100 +-1 x 30, line 100 to 120 in 10, random 200 seed 1, missing x 2';

interface Row {
  readonly time: number;
  readonly values: ReadonlyMap<string, number>;
}

class FaultyLine extends Error {
  readonly hint: string;

  constructor(message: string, hint: string) {
    super(message);
    this.hint = hint;
  }
}

/**
 * Reads a table of bars: rows of numbers under a heading (`time open high low close volume`, and columns such as `funding_rate`), and stretches that are
 * generated. A row without a heading is a close, or open high low close, or these and volume. What is not given of a candle is its close. `#` begins a comment.
 * @param start open time of the first bar, ms
 */
export function readBarTable(text: string, start: number, stepMs: number): Result<BarTable, readonly TableFault[]> {
  const reader = new TableReader(start, stepMs);
  const faults: TableFault[] = [];
  for (const [line, written] of text.split('\n').entries()) {
    const words = written
      .replace(/#.*$/, '')
      .trim()
      .split(/[\s|]+/)
      .filter((word) => word !== '');
    if (words.length === 0) continue;
    try {
      reader.take(words);
    } catch (error) {
      if (!(error instanceof FaultyLine)) throw error;
      faults.push({ line, message: error.message, hint: error.hint });
      if (faults.length >= 20) break;
    }
  }
  if (faults.length > 0) return fail(faults);
  if (reader.rows.length === 0) return fail([{ line: 0, message: 'the table has no bars', hint: FORMS }]);
  return ok(tableOf(reader.rows));
}

class TableReader {
  readonly rows: Row[] = [];
  readonly #stepMs: number;
  #next: number;
  #heading: readonly string[] | null = null;

  constructor(start: number, stepMs: number) {
    this.#next = start;
    this.#stepMs = stepMs;
  }

  take(words: readonly string[]): void {
    const [first, ...rest] = words;
    if (first === 'flat') this.#flat(rest);
    else if (first === 'line') this.#line(rest);
    else if (first === 'random') this.#random(rest);
    else if (first === 'missing') this.#missing(rest);
    else if (KNOWN.includes(first!)) this.#head(words);
    else if (NUMBER.test(first!) || TIME.test(first!) || first === '-') this.#row(words);
    else throw new FaultyLine(`this line begins with "${shownWord(first!)}", which is no number and no stretch`, hintFor(first!));
  }

  get #last(): number {
    return this.rows.at(-1)?.values.get('close') ?? 100;
  }

  #flat(words: readonly string[]): void {
    const { rest, reach } = reachOf(words);
    const [price, x, count] = rest;
    const isOne = rest.length === 1;
    if (price === undefined || (!isOne && (x !== 'x' || rest.length !== 3)))
      throw new FaultyLine(
        'a flat stretch has a price and a number of bars',
        'flat 100 x 30, or flat 100 +-1 x 30 for highs and lows one away',
      );
    const close = priceOf(price);
    this.#addCloses(
      Array.from({ length: isOne ? 1 : this.#countOf(count) }, () => close),
      reach,
    );
  }

  #line(words: readonly string[]): void {
    const { rest, reach } = reachOf(words);
    const [from, to, target, inWord, count, ...more] = rest;
    if (to !== 'to' || inWord !== 'in' || count === undefined || more.length > 0)
      throw new FaultyLine('a line goes from a price to another one in a number of bars', 'line 100 to 120 in 10');
    const [a, b, bars] = [priceOf(from!), priceOf(target!), this.#countOf(count)];
    this.#addCloses(
      Array.from({ length: bars }, (_, i) => (i === bars - 1 ? b : tidy(a + ((b - a) * (i + 1)) / bars))),
      reach,
    );
  }

  #random([count, ...rest]: readonly string[]): void {
    const words = rest[0] === 'bars' ? rest.slice(1) : rest;
    const [seedWord, seed, fromWord, from, ...more] = words;
    const isRight =
      seedWord === 'seed' && COUNT.test(seed ?? '') && (fromWord === undefined || (fromWord === 'from' && from !== undefined));
    if (!isRight || more.length > 0)
      throw new FaultyLine('a random stretch has a number of bars, a seed and perhaps a price to begin at', 'random 200 seed 1 from 100');
    const startPrice = from === undefined ? this.#last : priceOf(from);
    const tick = 10 ** Math.min(0, Math.floor(Math.log10(startPrice)) - 4);
    const made = generateMarket({
      seed: Number(seed),
      bars: this.#countOf(count),
      stepMs: this.#stepMs,
      startTime: this.#next,
      startPrice,
      tick,
    });
    for (const index of made.time.keys()) this.#add(new Map(COLUMN_NAMES.slice(1).map((name) => [name, made[name][index]!])));
  }

  #missing([x, count, ...more]: readonly string[]): void {
    if (x !== 'x' || count === undefined || more.length > 0)
      throw new FaultyLine('a stretch without bars has a number of bars', 'missing x 2');
    this.#next += this.#countOf(count) * this.#stepMs;
  }

  #head(words: readonly string[]): void {
    const unknown = words.find((word) => !KNOWN.includes(word));
    if (unknown !== undefined) throw new FaultyLine(`there is no column "${shownWord(unknown)}"`, hintFor(unknown));
    const twice = words.find((word, place) => words.indexOf(word) < place);
    if (twice !== undefined) throw new FaultyLine(`the column ${twice} is here twice`, 'keep one of them');
    if (!words.includes('close')) throw new FaultyLine('the heading has no close', 'every bar needs one: close, or open high low close');
    this.#heading = words;
  }

  #row(words: readonly string[]): void {
    const heading = this.#heading ?? USUAL[words.length];
    if (heading === undefined)
      throw new FaultyLine(
        `this row has ${words.length} numbers, and there is no heading above`,
        'write a heading first: time open high low close',
      );
    if (heading.length !== words.length)
      throw new FaultyLine(
        `this row has ${words.length} values under a heading of ${heading.length}`,
        `the heading is: ${heading.join(' ')}`,
      );
    const values = new Map<string, number>();
    for (const [place, name] of heading.entries()) {
      const word = words[place]!;
      if (name === 'time') this.#next = this.#timeOf(word);
      else if (word !== '-') values.set(name, FURTHER.includes(name) ? signedOf(word) : name === 'volume' ? amountOf(word) : priceOf(word));
    }
    const close = values.get('close');
    if (close === undefined) throw new FaultyLine('this row has no close', 'every bar needs one');
    const open = values.get('open') ?? close;
    const [high, low] = [values.get('high') ?? Math.max(open, close), values.get('low') ?? Math.min(open, close)];
    if (high < Math.max(open, close, low)) throw new FaultyLine(`the high ${high} is not the highest of the bar`, 'correct the numbers');
    if (low > Math.min(open, close)) throw new FaultyLine(`the low ${low} is not the lowest of the bar`, 'correct the numbers');
    this.#add(new Map([...values, ['open', open], ['high', high], ['low', low]]));
  }

  #timeOf(word: string): number {
    const time = TIME.test(word) ? Date.parse(word.includes('T') ? `${word}:00Z` : `${word}T00:00Z`) : Number.NaN;
    if (Number.isNaN(time)) throw new FaultyLine(`"${shownWord(word)}" is no time`, 'write 2024-01-31 or 2024-01-31T09:30, in UTC');
    const last = this.rows.at(-1)?.time;
    if (last !== undefined && time <= last)
      throw new FaultyLine(`the time ${word} is not after the bar before`, 'times rise from row to row');
    return time;
  }

  /** @param reach how far highs and lows are from the close */
  #addCloses(closes: readonly number[], reach: number): void {
    for (const close of closes) {
      const [high, low] = [tidy(close + reach), tidy(close - reach)];
      if (!(low > 0)) throw new FaultyLine(`the low ${low} is not above zero`, 'prices are above zero');
      this.#add(
        new Map([
          ['open', close],
          ['high', high],
          ['low', low],
          ['close', close],
        ]),
      );
    }
  }

  #add(values: ReadonlyMap<string, number>): void {
    this.rows.push({ time: this.#next, values });
    this.#next += this.#stepMs;
  }

  #countOf(word: string | undefined): number {
    if (word === undefined || !COUNT.test(word))
      throw new FaultyLine(`"${shownWord(word ?? '')}" is no number of bars`, 'write a whole number above zero');
    const count = Number(word);
    if (this.rows.length + count > MAX_BARS)
      throw new FaultyLine(`the table has more than ${MAX_BARS} bars`, 'give a file of candles: data: PATH');
    return count;
  }
}

function tableOf(rows: readonly Row[]): BarTable {
  const columns = sharedColumns(rows.length);
  const names = FURTHER.filter((name) => rows.some(({ values }) => values.has(name))) as MarketColumn[];
  const further = new Map(names.map((name) => [name, new Float64Array(rows.length).fill(Number.NaN)]));
  for (const [index, { time, values }] of rows.entries()) {
    columns.time[index] = time;
    for (const name of COLUMN_NAMES.slice(1)) columns[name][index] = values.get(name) ?? VOLUME;
    for (const [name, column] of further) column[index] = values.get(name) ?? Number.NaN;
  }
  return { columns, further };
}

/** `+-1` among the words: how far highs and lows are from the close. */
function reachOf(words: readonly string[]): { readonly rest: readonly string[]; readonly reach: number } {
  const word = words.find((one) => one.startsWith('+-'));
  return { rest: words.filter((one) => one !== word), reach: word === undefined ? 0 : amountOf(word.slice(2)) };
}

/** A number as a person would write it: steps of a line are no long fractions. */
const tidy = (value: number): number => Number(value.toPrecision(12));

function priceOf(word: string): number {
  const price = amountOf(word);
  if (!(price > 0)) throw new FaultyLine(`a price is above zero, found ${shownWord(word)}`, 'correct the number');
  return price;
}

function amountOf(word: string): number {
  if (!NUMBER.test(word)) throw new FaultyLine(`"${shownWord(word)}" is no number`, 'write digits and a point: 101.5');
  return Number(word);
}

function signedOf(word: string): number {
  return word.startsWith('-') ? -amountOf(word.slice(1)) : amountOf(word);
}

function hintFor(word: string): string {
  const near = nearest(word.toLowerCase(), [...KNOWN, 'flat', 'line', 'random', 'missing']);
  return near === null ? FORMS : `did you mean ${near.word}?`;
}

/** A word of the file in a message: short, and nothing that a terminal obeys. */
export function shownWord(word: string): string {
  return word.replace(/[^\x20-\x7e]/g, '?').slice(0, 40);
}
