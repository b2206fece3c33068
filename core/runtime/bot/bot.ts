import { OrderNews } from '../paper/order-news.ts';
import type { ChartMark } from '#core/model/chart-mark.ts';
import type { Logger } from '#core/observe/logger.ts';
import type { Bar } from '#core/model/bar.ts';
import type {
  BotControl,
  ControlOrder,
  ControlResult,
  ControlTrade,
  EquityPoint,
  NumberedEvent,
  StrategyStatus,
} from '#core/ports/bot-control.ts';
import type { ToolAnswer, ToolRequest } from '#core/ports/language-tools.ts';
import { StratError } from '#core/errors/strat-error.ts';
import type { BarFeed } from '../feeds/bar-feed.ts';
import type { BotClock } from '../feeds/bot-clock.ts';
import type { Pacer } from '../feeds/pacer.ts';
import { openPaperStrategy, type PaperStrategy } from '../paper/open-paper-strategy.ts';
import type { PaperEvent } from '../paper/paper-event.ts';
import type { PaperLoopOptions } from '../paper/paper-loop.ts';
import { type StateFolder, strategyId } from '../paper/state-folder.ts';
import type { PreparedStrategy } from '../prepare-strategy.ts';
import { seenBars } from '../tools/seen-bars.ts';
import { ToolDesk } from '../tools/tool-desk.ts';
import { STRAT_VERSION } from '../version.ts';
import { BotSlot, type PaperOutcome } from './bot-slot.ts';
import { candlesOf, equityOf, ordersOf, statusOf, tradesOfStrategy } from './control-reads.ts';
import { controlEvent, EventStream } from './event-stream.ts';
import type { NamedRule } from './order-gate.ts';

/** A strategy to run: compiled, with the markets it trades on, in the order of its `trade` line; then the legs of its baskets. */
export interface BotStrategy {
  /** Name of its state and in messages; default: that of its file. */
  readonly id?: string;
  readonly prepared: PreparedStrategy;
  readonly markets: readonly { readonly feed: BarFeed; readonly pacer: Pacer }[];
}

export interface BotOptions {
  readonly folder: StateFolder;
  readonly clock: BotClock;
  readonly log: Logger;
  readonly stopAfter: number;
  readonly limits: PaperLoopOptions['limits'];
  /** Growth of a journal that a snapshot ends; default JOURNAL_BYTES. */
  readonly journalBytes?: number;
  /** Asked whenever a strategy is opened. */
  readonly rules: () => readonly NamedRule[];
  readonly onEvent: (event: PaperEvent) => void;
  /** The config in force, secrets replaced. */
  readonly config: () => unknown;
  /** Problems of parts that are not strategies. */
  readonly problems: () => readonly { readonly part: string; readonly text: string }[];
  readonly reload: () => Promise<ControlResult>;
}

/**
 * Strategies on paper, each in a loop and on an account of its own, and everything that an operator can see and do. Strategies come and
 * go while it runs; one that fails leaves the others alone.
 */
export class Bot implements BotControl {
  readonly startedAt: number;
  readonly version = STRAT_VERSION;
  readonly mode = 'paper';
  readonly #options: BotOptions;
  readonly #slots = new Map<string, BotSlot>();
  readonly #running = new Set<Promise<PaperOutcome>>();
  readonly #outcomes = new Map<string, PaperOutcome>();
  readonly #events = new EventStream();
  readonly #news = new OrderNews();
  readonly #tools = new ToolDesk();
  #changes = 0;
  readonly #idle = Promise.withResolvers<void>();

  constructor(options: BotOptions) {
    this.#options = options;
    this.startedAt = options.clock.now();
  }

  /**
   * Opens a strategy's journal and account; `start` lets it trade.
   * @throws StratError USAGE for two strategies of one name, and those of `openPaperStrategy`
   */
  open({ prepared, markets, id = strategyId(prepared.source.file) }: BotStrategy): PaperStrategy {
    const { folder, clock, log, stopAfter, limits, journalBytes } = this.#options;
    const twin = this.#slots.get(id);
    if (twin !== undefined && twin.isLive) {
      throw new StratError('USAGE', {
        reason: `"${twin.strategy.prepared.source.file}" and "${prepared.source.file}" would share the state "${twin.strategy.id}"`,
        hint: 'Give one of the files another name',
      });
    }
    const feeds = markets.map(({ feed }) => feed);
    const strategy = openPaperStrategy(folder, prepared, feeds, clock.now, id, journalBytes);
    log.info({ strategy: id, file: prepared.source.file, notes: strategy.notes, journal: strategy.record.file }, 'journal opened');
    const slot = new BotSlot(strategy, {
      clock,
      log,
      pacers: markets.map(({ pacer }) => pacer),
      stopAfter,
      limits,
      rules: this.#options.rules(),
      others: () =>
        [...this.#slots.values()].filter((other) => other.isLive && other.strategy.id !== id).map((other) => other.riskAccount()),
      onEvent: (event) => this.#tell(event),
      onNotes: (notes) => {
        for (const { rule, text } of notes) this.#say('warning', id, `${rule}: ${text}`);
      },
      onState: (state, reason) => this.#events.publish({ type: 'state', strategy: id, state, reason }),
    });
    this.#slots.set(id, slot);
    return strategy;
  }

  start(id: string): void {
    const slot = this.#slots.get(id);
    if (slot === undefined) return;
    const run = slot.start();
    this.#running.add(run);
    void run.then((outcome) => {
      this.#outcomes.set(id, outcome);
      this.#running.delete(run);
      this.#settle();
    });
  }

  /** Ends a strategy and forgets it; its journal stays. */
  async remove(id: string, reason: string): Promise<void> {
    const slot = this.#slots.get(id);
    if (slot === undefined) return;
    await slot.stop(reason);
    this.#slots.delete(id);
    this.#outcomes.delete(id);
  }

  /** Strategies that go and come within `work` do not make the bot end in between. */
  async changing(work: () => Promise<void>): Promise<void> {
    this.#changes += 1;
    try {
      await work();
    } finally {
      this.#changes -= 1;
      this.#settle();
    }
  }

  /** Closes the journals of strategies that were opened and never started. */
  abandon(): void {
    for (const slot of this.#slots.values()) void slot.stop('never started');
  }

  /** Resolves when no strategy is left running; the outcomes in the order of opening. */
  async ended(): Promise<readonly PaperOutcome[]> {
    this.#settle();
    await this.#idle.promise;
    return [...this.#slots.keys()].flatMap((id) => this.#outcomes.get(id) ?? []);
  }

  /** Ends all loops after the step they are in. */
  stopAll(reason: string): void {
    for (const slot of this.#slots.values()) void slot.stop(reason);
  }

  strategies(): readonly StrategyStatus[] {
    return [...this.#slots.values()].map((slot) => statusOf(slot.strategy, slot.state, slot.reason));
  }

  trades(id: string | null): readonly ControlTrade[] {
    return this.#chosen(id).flatMap(({ strategy }) => tradesOfStrategy(strategy));
  }

  orders(id: string | null): readonly ControlOrder[] {
    return this.#chosen(id).flatMap(({ strategy }) => ordersOf(strategy));
  }

  equity(id: string | null, limit: number): readonly EquityPoint[] {
    return equityOf(
      this.#chosen(id).map(({ strategy }) => strategy),
      limit,
    );
  }

  candles(id: string, market: string | null, limit: number): readonly Bar[] {
    return this.#chosen(id).flatMap(({ strategy }) => {
      const place = placeOf(strategy, market);
      return place < 0 ? [] : candlesOf(strategy, place, limit);
    });
  }

  marks(id: string, market: string | null): readonly ChartMark[] {
    return this.#chosen(id).flatMap(({ strategy }) => strategy.markets[placeOf(strategy, market)]?.history.marks ?? []);
  }

  config(): unknown {
    return this.#options.config();
  }

  problems(): readonly { readonly part: string; readonly text: string }[] {
    const strategies = [...this.#slots.values()]
      .filter(({ state }) => state === 'disabled' || state === 'failed')
      .map(({ strategy, state, reason }) => ({ part: strategy.id, text: `${state}: ${reason ?? 'no reason known'}` }));
    return [...strategies, ...this.#options.problems()];
  }

  pause(id: string | null): ControlResult {
    return this.#each(id, 'paused: no entries; exits and stops go on', (slot) => slot.pause());
  }

  resume(id: string | null): ControlResult {
    return this.#each(id, 'resumed', (slot) => slot.resume());
  }

  flatten(id: string | null): ControlResult {
    return this.#each(id, 'closes its position at the next open, and is paused', (slot) => slot.flatten());
  }

  /** Why bars of its markets do not come, each reason once. */
  feedTroubles(): readonly string[] {
    const feeds = [...this.#slots.values()]
      .filter((slot) => slot.isLive)
      .flatMap(({ strategy }) => strategy.markets.map(({ feed }) => feed));
    return [...new Set(feeds.flatMap((feed) => [feed, ...feed.others.values()]).flatMap(({ trouble }) => trouble?.() ?? []))];
  }

  stop(id: string | null): ControlResult {
    return this.#each(id, 'stops', (slot) => void slot.stop('stopped by the operator'));
  }

  reload(): Promise<ControlResult> {
    return this.#options.reload();
  }

  async tool(request: ToolRequest): Promise<ToolAnswer> {
    if (!('strategy' in request)) return this.#tools.answer(request, null);
    const [slot] = this.#chosen(request.strategy);
    if (slot === undefined)
      return {
        ok: false,
        code: 'NOT_FOUND',
        text: `there is no strategy "${request.strategy}"`,
        hint: 'GET /api/v1/strategies lists them',
      };
    return this.#tools.answer(request, seenBars(slot.strategy));
  }

  subscribe(listener: (event: NumberedEvent) => void): () => void {
    return this.#events.subscribe(listener);
  }

  /** Tells operators that a config was taken or refused. */
  announceConfig(ok: boolean, text: string): void {
    this.#events.publish({ type: 'config', ok, text });
  }

  #settle(): void {
    if (this.#running.size === 0 && this.#changes === 0) this.#idle.resolve();
  }

  #chosen(id: string | null): readonly BotSlot[] {
    return [...this.#slots.values()].filter((slot) => id === null || slot.strategy.id === id);
  }

  #each(id: string | null, done: string, act: (slot: BotSlot) => void): ControlResult {
    const chosen = this.#chosen(id);
    if (chosen.length === 0)
      return { ok: false, code: 'NOT_FOUND', text: id === null ? 'there are no strategies' : `there is no strategy "${id}"` };
    const live = chosen.filter((slot) => slot.isLive);
    if (live.length === 0) return { ok: false, code: 'REFUSED', text: `${id ?? 'every strategy'} has ended` };
    for (const slot of live) {
      act(slot);
      this.#say('info', slot.strategy.id, done);
    }
    return { ok: true, text: `${live.map((slot) => slot.strategy.id).join(', ')}: ${done}` };
  }

  #tell(event: PaperEvent): void {
    this.#options.onEvent(event);
    const isMany = (this.#slots.get(event.id)?.strategy.markets.length ?? 1) > 1;
    const told = controlEvent(event, this.#options.clock.now(), this.#news, isMany);
    if (told !== null) this.#events.publish(told);
  }

  #say(level: 'info' | 'warning' | 'error', strategy: string | null, text: string): void {
    this.#options.log[level === 'warning' ? 'warn' : level]({ strategy }, text);
    this.#events.publish({ type: 'log', level, strategy, time: this.#options.clock.now(), text });
  }
}

/** Of a market among those of a strategy; -1 = it trades no such. */
const placeOf = ({ markets }: PaperStrategy, market: string | null): number =>
  market === null ? 0 : markets.findIndex(({ feed }) => feed.market === market);
