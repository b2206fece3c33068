import { StratError } from '#core/errors/strat-error.ts';
import { barOpen, barsBetween, nextOpen, type Timeframe } from '#core/model/timeframe.ts';
import { BarChecks, isSoundBar } from '../bar-checks.ts';
import type { SeriesRows } from '../store/series-rows.ts';
import type { RowBlock } from './row-blocks.ts';
import type { RowFaults } from './row-faults.ts';
import type { Layout } from './table-layout.ts';

/** What was seen of the rows of a file, while they went by. */
export interface RowCounts {
  /** Rows that were handed on. */
  rows: number;
  /** Ms; null without rows. */
  from: number | null;
  to: number | null;
  /** Candles that were there twice, equal in every value: one was handed on. */
  doubled: number;
  /** Rows without any price. */
  empty: number;
  /** Bars that had not ended. */
  forming: number;
  zeroVolumes: number;
  emptyVolumes: number;
  /** Places where bars are missing on an unbroken grid, and how many are. */
  gaps: number;
  missing: number;
  /** Bars that do not open on the grid of their timeframe. */
  offGrid: number;
}

export const noRows = (): RowCounts => ({
  rows: 0,
  from: null,
  to: null,
  doubled: 0,
  empty: 0,
  forming: 0,
  zeroVolumes: 0,
  emptyVolumes: 0,
  gaps: 0,
  missing: 0,
  offGrid: 0,
});

const isWhole = (time: number): boolean => Math.abs(time - Math.round(time)) < 1e-3;

/** How rows of a table become those of a series. */
export interface RowRules {
  readonly layout: Layout;
  /** Null of what has none. */
  readonly timeframe: Timeframe | null;
  /** Prices are written as so many times themselves. */
  readonly priceScale: number;
  /** As in the request. */
  readonly now: number | null;
}

/** Clocks of venues and machines differ. */
const CLOCK_TOLERANCE_MS = 60_000;

/**
 * Checks blocks of a table, and makes them pieces of a series, each from old to new; of a file that begins with the newest row the pieces come from new to old.
 * @throws StratError DATA_INVALID, with lines; DATA_EMPTY
 */
export async function* seriesRows(
  blocks: AsyncIterable<RowBlock>,
  rules: RowRules,
  counts: RowCounts,
  faults: RowFaults,
): AsyncGenerator<SeriesRows> {
  const checker = new RowChecker(rules, counts, faults);
  for await (const block of blocks) {
    const rows = checker.take(block);
    faults.check();
    if (rows.length > 0) yield rules.layout.isBackward ? reversed(rows) : rows;
  }
  faults.finish();
  if (counts.rows === 0) throw new StratError('DATA_EMPTY', { file: faults.file, reason: 'no row of it has a price' });
}

class RowChecker {
  readonly #layout: Layout;
  readonly #timeframe: Timeframe | null;
  readonly #scale: number;
  readonly #now: number;
  readonly #counts: RowCounts;
  readonly #faults: RowFaults;
  readonly #bars: BarChecks;
  #lastTime = NaN;
  #lastLine = 0;
  /** Where the row before is in this block; -1 when it is in the block before, and `last` has its values. */
  #lastRow = -1;
  #last: readonly number[] = [];
  #isOnGrid = false;
  /** Ms from one bar to the next, below 0 when time goes back; 0 = of no fixed length. */
  readonly #step: number;

  constructor({ layout, timeframe, priceScale, now }: RowRules, counts: RowCounts, faults: RowFaults) {
    this.#layout = layout;
    this.#timeframe = timeframe;
    this.#scale = priceScale;
    this.#now = now ?? Infinity;
    this.#counts = counts;
    this.#faults = faults;
    this.#bars = new BarChecks(faults.log);
    this.#step = timeframe === null || timeframe.unit === 'mo' ? 0 : layout.isBackward ? -timeframe.stepMs : timeframe.stepMs;
  }

  /** The good rows of a block, in its order. */
  take(block: RowBlock): SeriesRows {
    const { kind, columns } = this.#layout;
    const counts = this.#counts;
    const values = columns.map(({ name }, at) =>
      this.#scale !== 1 && PRICES.has(name) ? block.values[at]!.map((value) => value / this.#scale) : block.values[at]!,
    );
    const time = block.time;
    const isBars = kind === 'candles' || kind === 'mark' || kind === 'index';
    const volume = columns.findIndex(({ name }) => name === 'volume');
    let row = 0;
    // The usual row, a step behind the one before, with nothing wrong: most of a long file is such.
    const step = this.#step;
    const settled = this.#now - Math.abs(step);
    const [open, high, low, close] = values as [Float64Array, Float64Array, Float64Array, Float64Array];
    const volumes = isBars && volume >= 0 ? values[volume]! : null;
    const isUsual = isBars && step !== 0 && (columns.length === 4 || (columns.length === 5 && volumes !== null));
    for (let from = 0; from < block.length; from++) {
      if (isUsual && time[from]! <= settled && time[from]! - this.#lastTime === step && this.#isOnGrid && row === from) {
        const amount = volumes === null ? 1 : volumes[from]!;
        if (amount > 0 && isSoundBar(open[from]!, high[from]!, low[from]!, close[from]!, amount)) {
          this.#lastTime = time[from]!;
          this.#lastRow = row;
          row++;
          continue;
        }
      }
      const line = block.lines[from]!;
      if (this.#faults.has(line)) continue;
      let at = time[from]!;
      if (isBars && this.#isEmpty(values, from)) {
        counts.empty++;
        continue;
      }
      if (kind !== 'trades') {
        if (!isWhole(at)) {
          this.#faults.log.error('bad-time', line, `the time ${at} is no whole millisecond`, 'Check its unit');
          continue;
        }
        at = Math.round(at);
      }
      if (this.#isForming(at, line, isBars)) continue;
      if (volume >= 0) {
        if (Number.isNaN(values[volume]![from]!)) counts.emptyVolumes++;
        else if (values[volume]![from] === 0) counts.zeroVolumes++;
      }
      if (at === this.#lastTime && kind !== 'trades' && this.#isSame(values, from)) {
        counts.doubled++;
        continue;
      }
      this.#order(at, line);
      if (!this.#isGood(values, from, line, isBars, volume)) continue;
      if (isBars) this.#grid(at);
      if (row !== from) for (const column of values) column[row] = column[from]!;
      time[row] = at;
      this.#lastTime = at;
      this.#lastLine = line;
      this.#lastRow = row;
      row++;
    }
    if (row > 0 && kind !== 'trades') this.#last = values.map((column) => column[row - 1]!);
    this.#lastRow = -1;
    if (row > 0) {
      const ends = [time[0]!, time[row - 1]!];
      counts.from = Math.min(counts.from ?? Infinity, ...ends);
      counts.to = Math.max(counts.to ?? -Infinity, ...ends);
      counts.rows += row;
    }
    const named = columns.map(({ name }, at) => [name, values[at]!.subarray(0, row)] as const);
    return { length: row, columns: Object.fromEntries([['time', time.subarray(0, row)] as const, ...named]) };
  }

  /** A bar that has not ended is no candle yet. */
  #isForming(at: number, line: number, isBars: boolean): boolean {
    if (at > this.#now + CLOCK_TOLERANCE_MS)
      this.#faults.log.error(
        'future-time',
        line,
        `${iso(at)} is in the future`,
        'Check the clock of this machine, and the unit and zone of the times',
      );
    const isForming = isBars && this.#timeframe !== null && nextOpen(this.#timeframe, at) > this.#now;
    if (isForming) this.#counts.forming++;
    return isForming;
  }

  /** A row without any price: an hour without trade, or a day of which a source has nothing. */
  #isEmpty(values: readonly Float64Array[], row: number): boolean {
    for (let at = 0; at < 4; at++) if (!Number.isNaN(values[at]![row]!)) return false;
    return true;
  }

  #isSame(values: readonly Float64Array[], row: number): boolean {
    return values.every((column, at) => Object.is(column[row], this.#lastRow < 0 ? this.#last[at] : column[this.#lastRow]));
  }

  #order(at: number, line: number): void {
    const { isBackward, kind } = this.#layout;
    const isWrong = isBackward ? at > this.#lastTime : at < this.#lastTime;
    const hint = isBackward ? 'Sort the file by time; its first rows go from new to old' : 'Sort the file by time, oldest first';
    if (isWrong) this.#faults.log.error('time-back', line, `${iso(at)} follows ${iso(this.#lastTime)} on line ${this.#lastLine}`, hint);
    else if (at === this.#lastTime && kind !== 'trades')
      this.#faults.log.error(
        'duplicate-time',
        line,
        `${iso(at)} is there twice with other values, also on line ${this.#lastLine}`,
        'Keep one of the two rows',
      );
  }

  #isGood(values: readonly Float64Array[], row: number, line: number, isBars: boolean, volume: number): boolean {
    const value = (at: number): number => values[at]![row]!;
    if (isBars) {
      // What a cell said is told where it was read; here it is a number, or nothing.
      const text = (name: string): string => {
        const found = value(this.#layout.columns.findIndex((column) => column.name === name));
        return Number.isNaN(found) ? '' : String(found);
      };
      return this.#bars.values(
        line,
        value(0),
        value(1),
        value(2),
        value(3),
        volume < 0 || Number.isNaN(value(volume)) ? 0 : value(volume),
        text,
      );
    }
    const { log } = this.#faults;
    if (this.#layout.kind === 'funding') {
      if (Math.abs(value(0)) <= 1) return true;
      log.error(
        Number.isNaN(value(0)) ? 'bad-number' : 'out-of-range',
        line,
        `the rate is ${value(0)}`,
        'Rates are shares: 0.0001 for a hundredth of a percent',
      );
      return false;
    }
    if (!(value(0) > 0 && value(0) <= 1e15)) {
      log.error('bad-price', line, `the price is ${value(0)}`, 'Correct or remove the row: a price of 0 or less is no trade');
      return false;
    }
    if (value(1) >= 0 && value(1) <= 1e20) return true;
    log.error('bad-volume', line, `the quantity is ${value(1)}`, 'Correct or remove the row');
    return false;
  }

  #grid(at: number): void {
    const timeframe = this.#timeframe;
    if (timeframe === null) return;
    const counts = this.#counts;
    this.#isOnGrid = barOpen(timeframe, at) === at;
    if (!this.#isOnGrid) counts.offGrid++;
    if (Number.isNaN(this.#lastTime)) return;
    const steps = Math.abs(barsBetween(timeframe, this.#lastTime, at));
    if (steps <= 1) return;
    counts.gaps++;
    counts.missing += steps - 1;
  }
}

const PRICES: ReadonlySet<string> = new Set(['open', 'high', 'low', 'close', 'price']);
const iso = (time: number): string => (Math.abs(time) < 8.64e15 ? new Date(time).toISOString() : String(time));

function reversed({ length, columns }: SeriesRows): SeriesRows {
  return { length, columns: Object.fromEntries(Object.entries(columns).map(([name, column]) => [name, column.toReversed()])) };
}
