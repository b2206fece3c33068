import { join } from 'node:path';
import type { EngineEvent, PluginEvent } from '#core/engine/log-rows.ts';
import type { Bar } from '#core/model/bar.ts';
import type { ChartMark } from '#core/model/chart-mark.ts';
import { COLUMN_NAMES, type Columns, sharedColumns } from '#core/model/columns.ts';
import { LOG, LOG_FIELDS } from '#core/model/strategy-abi.ts';
import { packRow } from '#core/sandbox/history-rows.ts';
import { BAR_FIELDS, ROW_FIELDS } from '#core/sandbox/row-layout.ts';
import type { TradedFeed } from '../journal/journal-record.ts';
import { makeFolder } from '#core/files/make-folder.ts';
import { NO_ROWS, RowFile, type RowsKept } from '../journal/row-file.ts';
import type { RunOutcome } from '../result-document.ts';
import { EquityCurve } from './equity-curve.ts';
import { type ToldFill, TradeTape } from './trade-tape.ts';

/** A bar, the account at its close, and the equity after the decision: that differs where orders fill at the close. */
const BAR_ROW = ROW_FIELDS + 1;
/** A log row and the open time of its bar. */
const FILL_ROW = LOG_FIELDS + 1;
const KEPT_MARKS = 1000;

/** How much of the two files counts. */
export interface HistoryKept {
  readonly bars: RowsKept;
  readonly fills: RowsKept;
}

/** A decided bar as it was shown to the strategy. */
export interface DecidedBar {
  readonly bar: Bar;
  readonly account: Float64Array;
}

/**
 * All that an account has seen and done on one market: decided bars in `bars.f64`, fills and dropped orders in `fills.f64`. In memory are a thinned equity
 * curve and the last trades; everything else is read when it is asked for.
 */
export class PaperHistory {
  readonly curve = new EquityCurve();
  readonly tape: TradeTape;
  readonly #marks: ChartMark[] = [];
  readonly #bars: RowFile;
  readonly #fills: RowFile;

  /**
   * Opens or creates the files in a folder and cuts off what does not count.
   * @param market its name
   * @throws StratError FILE_UNWRITABLE, HISTORY_DAMAGED: nothing is changed then
   */
  constructor(folder: string, market: string, kept: HistoryKept = { bars: NO_ROWS, fills: NO_ROWS }) {
    this.tape = new TradeTape(market);
    this.#bars = new RowFile(join(folder, 'bars.f64'), BAR_ROW, kept.bars);
    try {
      this.#fills = new RowFile(join(folder, 'fills.f64'), FILL_ROW, kept.fills);
    } catch (error) {
      this.#bars.close();
      throw error;
    }
    this.#bars.keep();
    this.#fills.keep();
    for (const block of this.#bars.blocks())
      for (let at = 0; at < block.length; at += BAR_ROW) this.curve.add({ time: block[at]!, equity: block[at + ROW_FIELDS]! });
    for (const { rows, time } of this.#fillsByBar()) this.tape.take(rows, time);
  }

  /** Decided bars. */
  get count(): number {
    return this.#bars.count;
  }

  /** A bar that was decided on, the account that the strategy saw, and the equity after it. */
  addBar(bar: Bar, account: Float64Array, equity: number): void {
    this.#bars.append(packRow(bar, account, Float64Array.of(equity)));
    this.curve.add({ time: bar.time, equity });
  }

  /** Log rows of one step on the bar of `time`; gives what there is to tell of them. */
  addLog(rows: Float64Array, time: number): readonly (ToldFill | EngineEvent | PluginEvent)[] {
    if (rows.length === 0) return [];
    const row = new Float64Array(FILL_ROW);
    row[LOG_FIELDS] = time;
    for (let at = 0; at < rows.length; at += LOG_FIELDS) {
      row.set(rows.subarray(at, at + LOG_FIELDS));
      this.#fills.append(row);
    }
    return this.tape.take(rows, time);
  }

  /** Marks on its chart since the bot was started, the newest last. */
  get marks(): readonly ChartMark[] {
    return this.#marks;
  }

  addMark(mark: ChartMark): void {
    this.#marks.push(mark);
    if (this.#marks.length > KEPT_MARKS) this.#marks.shift();
  }

  /** Decided bars [from, to). */
  slice(from: number, to: number): readonly DecidedBar[] {
    return decidedBars(this.#bars.read(from, to));
  }

  /** All decided bars, oldest first. */
  *decided(): Generator<DecidedBar, void> {
    for (const block of this.#bars.blocks()) yield* decidedBars(block);
  }

  /** All of it in memory, for a report; `last` is a bar that is not decided on yet. */
  outcome(last: { readonly bar: Bar; readonly equity: number } | null): RunOutcome {
    const rows = this.count + (last === null ? 0 : 1);
    const columns: Columns = sharedColumns(rows);
    const equity = new Float64Array(rows);
    let index = 0;
    for (const block of this.#bars.blocks()) {
      for (let at = 0; at < block.length; at += BAR_ROW) {
        for (const [field, name] of COLUMN_NAMES.entries()) columns[name][index] = block[at + field]!;
        equity[index] = block[at + ROW_FIELDS]!;
        index += 1;
      }
    }
    if (last !== null) {
      for (const name of COLUMN_NAMES) columns[name][index] = last.bar[name];
      equity[index] = last.equity;
    }
    const log = new Float64Array(this.#fills.count * LOG_FIELDS);
    let place = 0;
    for (const block of this.#fills.blocks()) {
      for (let at = 0; at < block.length; at += FILL_ROW) {
        log.set(block.subarray(at, at + LOG_FIELDS), place);
        place += LOG_FIELDS;
      }
    }
    return { columns, fromIndex: 0, log, equity };
  }

  /** Makes all of it durable. @throws StratError FILE_UNWRITABLE */
  async sync(): Promise<HistoryKept> {
    const [bars, fills] = await Promise.all([this.#bars.sync(), this.#fills.sync()]);
    return { bars, fills };
  }

  /** It can still be read afterwards. */
  close(): void {
    this.#bars.close();
    this.#fills.close();
  }

  /** Log rows of a bar stay together: an exit and an entry that fill at once are one reversal. */
  *#fillsByBar(): Generator<{ readonly rows: Float64Array; readonly time: number }, void> {
    let rows: number[] = [];
    let time = 0;
    for (const block of this.#fills.blocks()) {
      for (let at = 0; at < block.length; at += FILL_ROW) {
        if (rows.length > 0 && rows[LOG.bar] !== block[at + LOG.bar]) {
          yield { rows: Float64Array.from(rows), time };
          rows = [];
        }
        rows.push(...block.subarray(at, at + LOG_FIELDS));
        time = block[at + LOG_FIELDS]!;
      }
    }
    if (rows.length > 0) yield { rows: Float64Array.from(rows), time };
  }
}

/**
 * The history of each market of an account: of the only one in the folder itself, of several in folders by their numbers from 1.
 * @throws StratError as `PaperHistory`
 */
export function openHistories(
  folder: string,
  markets: readonly Pick<TradedFeed, 'market'>[],
  kept: readonly HistoryKept[] = [],
): readonly PaperHistory[] {
  const [only, ...more] = markets;
  if (only !== undefined && more.length === 0) return [new PaperHistory(folder, only.market, kept[0])];
  const opened: PaperHistory[] = [];
  try {
    for (const [place, { market }] of markets.entries()) {
      const own = join(folder, String(place + 1));
      makeFolder(own);
      opened.push(new PaperHistory(own, market, kept[place]));
    }
    return opened;
  } catch (error) {
    for (const history of opened) history.close();
    throw error;
  }
}

/** Decided bars of several markets as they were decided on, oldest first: all that opened at a moment together. */
export function* decidedSteps(histories: readonly PaperHistory[]): Generator<readonly ({ readonly market: number } & DecidedBar)[], void> {
  const walks = histories.map((history) => history.decided());
  const next = walks.map((walk) => walk.next().value ?? null);
  for (;;) {
    const time = Math.min(...next.map((one) => one?.bar.time ?? Infinity));
    if (time === Infinity) return;
    const step = next.flatMap((one, market) => (one?.bar.time === time ? [{ market, ...one }] : []));
    yield step;
    for (const { market } of step) next[market] = walks[market]!.next().value ?? null;
  }
}

function decidedBars(rows: Float64Array): readonly DecidedBar[] {
  return Array.from({ length: rows.length / BAR_ROW }, (_, index) => {
    const at = index * BAR_ROW;
    const value = (field: number): number => rows[at + field]!;
    return {
      bar: { time: value(0), open: value(1), high: value(2), low: value(3), close: value(4), volume: value(5) },
      account: rows.subarray(at + BAR_FIELDS, at + ROW_FIELDS),
    };
  });
}
