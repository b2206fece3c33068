import { NO_REVIEW, type OrderReview } from '#core/engine/trading/order-review.ts';
import { type RunnerEvent, superviseRunner, type SupervisedRunner } from '#core/sandbox/supervisor.ts';
import { exitReasonOf } from '#core/engine/fill-matcher.ts';
import type { Fill } from '#core/engine/log-rows.ts';
import { settingsArray } from '#core/engine/simulation-settings.ts';
import { tradePlanOf } from '#dsl/trade-plan.ts';
import type { PlannedMark } from '#core/model/message-plan.ts';
import { marksOf } from '../chart-marks.ts';
import type { BotClock } from '../feeds/bot-clock.ts';
import type { Pacer } from '../feeds/pacer.ts';
import type { JournalEntry } from '../journal/journal-file.ts';
import { barData, decisionData, logData } from '../journal/journal-record.ts';
import { recordReview } from '../journal/review-record.ts';
import { pluginNames } from '../plugin-faults.ts';
import { type ReasonOf, reasonTexts } from '../reason-texts.ts';
import { MessageWatch } from './message-watch.ts';
import type { PaperStrategy } from './open-paper-strategy.ts';
import type { ClosedTrade, PaperEvent } from './paper-event.ts';
import type { ToldFill } from './trade-tape.ts';

export interface PaperLoopOptions {
  readonly clock: BotClock;
  readonly pacer: Pacer;
  /** Bars of the market after which the loop ends, counted from the market's first; Infinity: with the feed. */
  readonly stopAfter: number;
  readonly limits: { readonly memoryMb: number; readonly timeoutMs: number };
  readonly signal: AbortSignal;
  /** What a person and the risk rules make of the orders of a decision; without it all go out. `taken` is called when the decision is in the journal. */
  readonly gate?: () => { readonly review: OrderReview; readonly taken: () => void };
  readonly onEvent: (event: PaperEvent) => void;
}

/** The window of columns that a strategy keeps takes 2.5 MB for the longest look-back that the language allows. */
export const RUNNER_LIMITS = { memoryMb: 64, timeoutMs: 2000 } as const;

/** How a loop ended: at the end of its feed (or `stopAfter`), or because it was told to. */
export interface PaperEnd {
  readonly reason: 'finished' | 'stopped';
  /** Bars on which the strategy gave no decision since this start. */
  readonly undecided: number;
}

/** Records that no order depends on may wait so long for their fsync. */
const SYNC_MS = 250;

/**
 * One strategy on paper: bar, engine, decision, journal, until the feed ends or the signal aborts. Runs beside the loops of
 * other strategies; nothing it waits for holds them up.
 *
 * Order of writes: a bar that filled something, with its fills, before they are told; any other bar in one write with the decision on it: lost
 * with the process it comes again from the feed, as it was. A decision with what was made of its orders before anything of it is told, and when something
 * waits for the market, on the disk before any bar can fill it.
 * @throws StratError FILE_UNWRITABLE when the journal cannot be written: nothing is traded past that point
 */
export async function runPaperLoop(strategy: PaperStrategy, options: PaperLoopOptions): Promise<PaperEnd> {
  const { id, prepared, feed, account, record, shown } = strategy;
  const runner = superviseRunner({
    id,
    strategy: prepared.compiled,
    params: prepared.params,
    settings: settingsArray(prepared.settings, prepared.warmUpBars, feed.rows),
    limits: options.limits,
    history: shown,
    now: options.clock.steady,
    onEvent: (event: RunnerEvent) => options.onEvent({ type: 'runner', id, event }),
  });
  let closed: Promise<void> | null = null;
  const closeRunner = async (): Promise<void> => {
    closed ??= runner.close();
    return closed;
  };
  const onAbort = (): void => void closeRunner();
  options.signal.addEventListener('abort', onAbort, { once: true });
  try {
    // A decision of a process that was killed may be in the file and not on the disk, and its orders fill on the next bar.
    await record.sync();
    const end = await new PaperLoop(strategy, options, runner).run();
    record.append([{ type: 'stop', data: { bars: account.bars, reason: end.reason } }]);
    await record.sync();
    return end;
  } finally {
    options.signal.removeEventListener('abort', onAbort);
    await closeRunner();
  }
}

class PaperLoop {
  readonly #strategy: PaperStrategy;
  readonly #options: PaperLoopOptions;
  readonly #runner: SupervisedRunner;
  #undecided = 0;
  readonly #messages: MessageWatch;
  readonly #marks: readonly PlannedMark[];
  readonly #reasons: ReasonOf;
  /** Of the bar at hand. */
  #fills: Fill[] = [];
  /** A row was seen since the start: what was true before it is known. */
  #hasRow: boolean;
  /** Records that go with the next write. */
  #waiting: JournalEntry[] = [];
  #lastSync: number;

  constructor(strategy: PaperStrategy, options: PaperLoopOptions, runner: SupervisedRunner) {
    this.#strategy = strategy;
    this.#options = options;
    this.#runner = runner;
    this.#lastSync = options.clock.steady();
    const { account, prepared, feed } = strategy;
    const { messages, marks } = tradePlanOf(prepared.program);
    this.#messages = new MessageWatch(messages, feed.market, account.lastRow);
    this.#marks = marks;
    this.#reasons = reasonTexts(prepared.program, feed.market);
    this.#hasRow = account.bars === 0 || account.lastRow !== null;
  }

  async run(): Promise<PaperEnd> {
    const { account, feed, prepared } = this.#strategy;
    const { signal, stopAfter, pacer } = this.#options;
    const isFunded = prepared.program.costs.funding === true;
    while (!signal.aborted) {
      if (!account.awaitsDecision) {
        const bar = account.bars < stopAfter ? feed.bar(account.bars) : null;
        if (bar === null) return { reason: 'finished', undecided: this.#undecided };
        await pacer.until(account.bars, signal);
        if (signal.aborted) break;
        const index = account.bars;
        this.#fills = [];
        const fundingRate = (isFunded ? bar.further?.funding_rate : undefined) ?? Number.NaN;
        const rows = account.openBar(bar, { fundingRate });
        this.#waiting.push({ type: 'bar', data: barData({ index, bar, fundingRate }) });
        this.#takeLog(rows);
      }
      if (!(await this.#decide())) break;
    }
    return { reason: 'stopped', undecided: this.#undecided };
  }

  /** Decides on the last bar; false when the loop was told to stop before there was a decision. */
  async #decide(): Promise<boolean> {
    const { account, record, id } = this.#strategy;
    const index = account.bars - 1;
    const bar = account.lastBar!;
    const { row, missing, isClosed } = await this.#ask(index);
    if (isClosed) {
      this.#write();
      return false;
    }
    const gate = this.#options.gate?.();
    const { review, record: reviewed } = recordReview(gate?.review ?? NO_REVIEW);
    const rows = account.takeDecision(row, review);
    this.#waiting.push({ type: 'decision', data: decisionData({ index, row, missing, review: reviewed() }) });
    if (review.isFlatten) record.flattened();
    this.#write();
    const { steady } = this.#options.clock;
    if (account.hasNewOrders || steady() - this.#lastSync > SYNC_MS) {
      await record.sync();
      this.#lastSync = steady();
    }
    gate?.taken();
    record.history.addBar(bar, account.row, account.equity);
    this.#takeLog(rows);
    if (missing !== null) {
      this.#undecided += 1;
      this.#options.onEvent({ type: 'undecided', id, time: bar.time, reason: missing });
    }
    this.#tellMessages(row, index, bar.time);
    this.#setMarks(row, index, bar.time);
    this.#options.onEvent({ type: 'bar', id, index, bar, equity: account.equity, position: account.position });
    if (record.isFull) await record.compact(account);
    return true;
  }

  #tellMessages(row: Float64Array | null, index: number, time: number): void {
    const { id, prepared } = this.#strategy;
    if (index < prepared.warmUpBars || !this.#hasRow) this.#messages.pass(row);
    else
      for (const message of this.#messages.take(row, this.#fills, time)) this.#options.onEvent({ type: 'message', id, time, ...message });
    this.#hasRow ||= row !== null;
  }

  #setMarks(row: Float64Array | null, index: number, time: number): void {
    const { id, prepared, feed, record } = this.#strategy;
    if (row === null || index < prepared.warmUpBars) return;
    for (const mark of marksOf(this.#marks, row, feed.market, time)) {
      record.history.addMark(mark);
      this.#options.onEvent({ type: 'mark', id, mark });
    }
  }

  /** A runner that is on its way up is waited for, which its own limits bound; without one there is no row. */
  async #ask(index: number): Promise<{ readonly row: Float64Array | null; readonly missing: string | null; readonly isClosed: boolean }> {
    const { account, shown } = this.#strategy;
    const tail = shown.tail(account.lastBar!);
    while (this.#runner.state() === 'starting' || this.#runner.state() === 'restarting') await this.#runner.ready();
    const answer = await this.#runner.decide(index, account.lastBar!, account.row, tail);
    if (answer.ok) return { row: answer.value, missing: null, isClosed: false };
    const { state, reason } = answer.error;
    return state === 'closed' ? { row: null, missing: null, isClosed: true } : { row: null, missing: reason, isClosed: false };
  }

  #write(): void {
    this.#strategy.record.append(this.#waiting);
    this.#waiting = [];
  }

  /** Writes down log rows of the last bar, takes them into the history and tells of them. */
  #takeLog(rows: Float64Array): void {
    if (rows.length === 0) return;
    this.#waiting.push({ type: 'log', data: logData(rows) });
    this.#write();
    const { account, id, record, prepared } = this.#strategy;
    const { program } = prepared;
    const time = account.lastBar!.time;
    for (const told of record.history.addLog(rows, time)) {
      if ('fill' in told) {
        this.#fills.push(told.fill);
        const standing = { equity: account.equity, position: account.position };
        const reason = this.#reasonOf(told);
        this.#options.onEvent({ type: 'fill', id, fill: told.fill, reason, closed: closedOf(told), time, ...standing });
      } else if (told.type === 'event') this.#options.onEvent({ type: 'order', id, time, event: told });
      else this.#options.onEvent({ type: 'plugin', id, time, kind: told.kind, plugins: pluginNames(program, told) });
    }
  }

  #reasonOf({ fill, closed }: ToldFill): string {
    return closed === null ? (this.#reasons(fill) ?? fill.kind) : exitReasonOf(closed, this.#reasons);
  }
}

function closedOf({ closed }: ToldFill): ClosedTrade | null {
  return closed === null || closed.profit === null ? null : { profit: closed.profit };
}
