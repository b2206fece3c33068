import { exitReasonOf } from '#core/engine/fill-matcher.ts';
import type { Fill } from '#core/engine/log-rows.ts';
import { settingsArray, settingsOn } from '#core/engine/simulation-settings.ts';
import type { MarketBar } from '#core/model/bar.ts';
import type { PlannedMark } from '#core/model/message-plan.ts';
import { superviseRunner, type SupervisedRunner } from '#core/sandbox/supervisor.ts';
import { tradePlanOf } from '#dsl/trade-plan.ts';
import { marksOf } from '../chart-marks.ts';
import { pluginNames } from '../plugin-faults.ts';
import { type ReasonOf, reasonTexts } from '../reason-texts.ts';
import { MessageWatch } from './message-watch.ts';
import type { PaperMarket, PaperStrategy } from './open-paper-strategy.ts';
import type { ClosedTrade, PaperEvent } from './paper-event.ts';
import type { PaperLoopOptions } from './paper-loop.ts';
import type { ShownHistory } from './shown-history.ts';
import type { ToldFill } from './trade-tape.ts';

/** What a strategy gave on a bar. */
interface Answer {
  readonly row: Float64Array | null;
  /** Why there is none. */
  readonly missing: string | null;
  /** The runner was closed: the loop is to end. */
  readonly isClosed: boolean;
}

/** A bar that is not traded on yet, and the funding rate that goes with it; NaN = none. */
interface NextBar {
  readonly bar: MarketBar;
  readonly fundingRate: number;
}

/** One market in the loop of a strategy: its bars, the runner that decides on them, and what is told of it. */
export class LoopMarket {
  /** Among the markets of the strategy. */
  readonly place: number;
  readonly #strategy: PaperStrategy;
  readonly #market: PaperMarket;
  /** Null on the leg of a basket. */
  readonly #decider: { readonly runner: SupervisedRunner; readonly shown: ShownHistory } | null;
  /** Bars of its market are told here: a leg of a market that is traded as well leaves that to it. */
  readonly #tellsBars: boolean;
  readonly #onEvent: (event: PaperEvent) => void;
  readonly #messages: MessageWatch;
  readonly #marks: readonly PlannedMark[];
  readonly #reasons: ReasonOf;
  /** A row was seen since the start: what was true before it is known. */
  #hasRow: boolean;
  /** Ends of listening to feeds. */
  readonly #news: (() => void)[] = [];
  /** The bar that comes next and its index, once it was asked for. */
  #next: { readonly index: number; readonly found: NextBar | null } | null = null;

  constructor(strategy: PaperStrategy, place: number, { limits, clock, onEvent }: PaperLoopOptions) {
    const { id, account, prepared } = strategy;
    const market = strategy.markets[place]!;
    this.place = place;
    this.#strategy = strategy;
    this.#market = market;
    this.#onEvent = onEvent;
    const name = market.feed.market;
    const { shown } = market;
    this.#decider =
      shown === null
        ? null
        : {
            shown,
            runner: superviseRunner({
              id,
              strategy: prepared.compiled,
              params: prepared.params,
              settings: settingsArray(settingsOn(prepared.settings, name), prepared.warmUpBars, market.feed.rows),
              limits,
              history: shown,
              now: clock.steady,
              onEvent: (event) => onEvent({ type: 'runner', id, market: name, event }),
            }),
          };
    this.#tellsBars = strategy.markets.findIndex(({ feed }) => feed.market === name) === place;
    const { messages, marks } = tradePlanOf(prepared.program);
    this.#messages = new MessageWatch(messages, name, account.lastRow(place));
    this.#marks = marks;
    this.#reasons = reasonTexts(prepared.program, name);
    this.#hasRow = account.bars(place) === 0 || account.lastRow(place) !== null;
    if (this.#tellsBars) this.#listen(strategy, place);
  }

  /** To its own feed, and with the first market to those that are read besides and that nobody trades. */
  #listen({ id, markets }: PaperStrategy, place: number): void {
    const { feed } = this.#market;
    const traded = new Set(markets.map((one) => one.feed.market));
    const besides = place === 0 ? [...feed.others.values()].filter(({ market }) => !traded.has(market)) : [];
    for (const { market, onNews } of [feed, ...besides])
      if (onNews !== undefined) this.#news.push(onNews((news) => this.#onEvent({ type: 'feed', id, market, ...news })));
  }

  /** The bar after those that the account has seen; null when the feed has ended. */
  readonly next = (): NextBar | null => {
    const index = this.#strategy.account.bars(this.place);
    // One that is not known yet is asked for again.
    const isToAsk = this.#next?.index !== index || (this.#next.found === null && this.isAwaited);
    if (isToAsk) this.#next = { index, found: this.#find(index) };
    return this.#next!.found;
  };

  /** Its bars are not all there yet. */
  get isAwaited(): boolean {
    return this.#market.feed.known !== undefined;
  }

  /** Resolves when its next bar is there, or when it is known that it opens after `openMs`; or when the signal aborts. */
  async known(openMs: number, signal: AbortSignal): Promise<void> {
    await this.#market.feed.known?.(this.#strategy.account.bars(this.place), openMs, signal);
  }

  /** Resolves when all bars of the markets that are read beside it are there that open at `openMs` or before. */
  async knownBeside(openMs: number, signal: AbortSignal): Promise<void> {
    await Promise.all([...this.#market.feed.others.values()].map(async ({ known }) => known?.(Infinity, openMs, signal)));
  }

  /** Something is decided on its bars: it is no leg of a basket. */
  get isTraded(): boolean {
    return this.#decider !== null;
  }

  /** A runner that is on its way up is waited for, which its own limits bound; without one there is no row. */
  async ask(): Promise<Answer> {
    const { account } = this.#strategy;
    const { place } = this;
    const { runner, shown } = this.#decider!;
    const bar = account.lastBar(place)!;
    const tail = shown.tail(bar);
    while (runner.state() === 'starting' || runner.state() === 'restarting') await runner.ready();
    const answer = await runner.decide(account.bars(place) - 1, bar, account.row(place), tail);
    if (answer.ok) return { row: answer.value, missing: null, isClosed: false };
    const { state, reason } = answer.error;
    return state === 'closed' ? { row: null, missing: null, isClosed: true } : { row: null, missing: reason, isClosed: false };
  }

  /** Takes the bar that was decided on into the history. */
  keepBar(): void {
    const { account } = this.#strategy;
    this.#market.history.addBar(account.lastBar(this.place)!, account.row(this.place), account.equity);
  }

  /** Takes log rows into the history and tells of them; gives the fills. @param time open of the step, for a market that had no bar yet */
  takeLog(rows: Float64Array, time: number): readonly Fill[] {
    const { account, id, prepared } = this.#strategy;
    const { history, feed } = this.#market;
    const of = { id, market: feed.market, time };
    const fills: Fill[] = [];
    for (const told of history.addLog(rows, time)) {
      if ('fill' in told) {
        fills.push(told.fill);
        const standing = { equity: account.equity, position: account.position(this.place) };
        const reason = this.#reasonOf(told);
        this.#onEvent({ type: 'fill', ...of, fill: told.fill, reason, closed: closedOf(told), ...standing });
      } else if (told.type === 'event') this.#onEvent({ type: 'order', ...of, event: told });
      else this.#onEvent({ type: 'plugin', ...of, kind: told.kind, plugins: pluginNames(prepared.program, told) });
    }
    return fills;
  }

  /** Tells of a bar that is done. */
  tell(row: Float64Array | null, missing: string | null, fills: readonly Fill[]): void {
    const { account, id } = this.#strategy;
    const index = account.bars(this.place) - 1;
    const bar = account.lastBar(this.place)!;
    const of = { id, market: this.#market.feed.market };
    if (missing !== null) this.#onEvent({ type: 'undecided', ...of, time: bar.time, reason: missing });
    if (this.isTraded) {
      this.#tellMessages(row, fills, index, bar.time);
      this.#setMarks(row, index, bar.time);
    }
    if (this.#tellsBars) this.#onEvent({ type: 'bar', ...of, index, bar, equity: account.equity, position: account.position(this.place) });
  }

  async close(): Promise<void> {
    for (const forget of this.#news.splice(0)) forget();
    await this.#decider?.runner.close();
  }

  #find(index: number): NextBar | null {
    const bar = this.#market.feed.bar(index);
    if (bar === null) return null;
    const isFunded = this.#strategy.prepared.program.costs.funding === true;
    return { bar, fundingRate: (isFunded ? bar.further?.funding_rate : undefined) ?? Number.NaN };
  }

  #tellMessages(row: Float64Array | null, fills: readonly Fill[], index: number, time: number): void {
    const { id, prepared } = this.#strategy;
    const { market } = this.#market.feed;
    if (index < prepared.warmUpBars || !this.#hasRow) this.#messages.pass(row);
    else for (const message of this.#messages.take(row, fills, time)) this.#onEvent({ type: 'message', id, market, time, ...message });
    this.#hasRow ||= row !== null;
  }

  #setMarks(row: Float64Array | null, index: number, time: number): void {
    const { id, prepared } = this.#strategy;
    const { history, feed } = this.#market;
    if (row === null || index < prepared.warmUpBars) return;
    for (const mark of marksOf(this.#marks, row, feed.market, time)) {
      history.addMark(mark);
      this.#onEvent({ type: 'mark', id, market: feed.market, mark });
    }
  }

  #reasonOf({ fill, closed }: ToldFill): string {
    return closed === null ? (this.#reasons(fill) ?? fill.kind) : exitReasonOf(closed, this.#reasons);
  }
}

function closedOf({ closed }: ToldFill): ClosedTrade | null {
  return closed === null || closed.profit === null ? null : { profit: closed.profit };
}
