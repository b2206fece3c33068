import { marketValuation } from '#core/engine/market-valuation.ts';
import type { Logger } from '#core/observe/logger.ts';
import type { StrategyState } from '#core/ports/bot-control.ts';
import type { RiskAccount } from '#core/ports/risk-rule.ts';
import { ACCOUNT } from '#core/model/strategy-abi.ts';
import { explainError } from '#core/errors/explain-error.ts';
import type { BotClock } from '../feeds/bot-clock.ts';
import type { Pacer } from '../feeds/pacer.ts';
import type { PaperStrategy } from '../paper/open-paper-strategy.ts';
import { decidedSteps } from '../paper/paper-history.ts';
import type { PaperEvent } from '../paper/paper-event.ts';
import { type PaperEnd, type PaperLoopOptions, runPaperLoop } from '../paper/paper-loop.ts';
import { type GateNote, type NamedRule, OrderGate } from './order-gate.ts';

/** How one strategy came out: its loop's end, or the error that ended it. */
export interface PaperOutcome {
  readonly strategy: PaperStrategy;
  readonly end: PaperEnd | null;
  readonly error: unknown;
}

export interface SlotOptions {
  readonly clock: BotClock;
  readonly log: Logger;
  /** Of each market. */
  readonly pacers: readonly Pacer[];
  readonly stopAfter: number;
  readonly limits: PaperLoopOptions['limits'];
  readonly rules: readonly NamedRule[];
  readonly others: () => readonly RiskAccount[];
  readonly onEvent: (event: PaperEvent) => void;
  readonly onNotes: (notes: readonly GateNote[]) => void;
  readonly onState: (state: StrategyState, reason: string | null) => void;
}

/** One strategy of a running bot: its loop, its gate, and the state that an operator sees. */
export class BotSlot {
  readonly strategy: PaperStrategy;
  readonly #options: SlotOptions;
  readonly #gate: OrderGate;
  readonly #stopping = new AbortController();
  #state: StrategyState;
  #reason: string | null = null;
  #lastNotes = '';
  #done: Promise<PaperOutcome> | null = null;

  constructor(strategy: PaperStrategy, options: SlotOptions) {
    this.strategy = strategy;
    this.#options = options;
    this.#gate = new OrderGate({
      strategy: strategy.id,
      markets: strategy.markets.slice(0, strategy.account.traded).map(({ feed }) => feed.market),
      stepMs: strategy.markets[0]!.feed.timeframe.stepMs,
      capital: strategy.account.capital,
      rules: options.rules,
      others: options.others,
    });
    this.#gate.isPaused = strategy.isPaused;
    this.#state = strategy.isPaused ? 'paused' : 'running';
    for (const [market, pacer] of options.pacers.entries())
      pacer.expect(Math.max(strategy.account.bars(market), strategy.prepared.warmUpBars));
    const traded = strategy.markets.slice(0, strategy.account.traded);
    for (const step of decidedSteps(traded.map(({ history }) => history))) this.#gate.recall(step);
    for (const market of strategy.flattening) this.#gate.flatten(market);
  }

  get state(): StrategyState {
    return this.#state;
  }

  get reason(): string | null {
    return this.#reason;
  }

  /** Its loop has not ended. */
  get isLive(): boolean {
    return this.#state === 'running' || this.#state === 'paused' || this.#state === 'disabled';
  }

  /** Begins the loop; resolves when it has ended and the journal is closed. Never rejects. */
  start(): Promise<PaperOutcome> {
    this.#done ??= this.#run();
    return this.#done;
  }

  /** Ends the loop after the step it is in; the journal of a loop that never began is closed. */
  async stop(reason: string): Promise<void> {
    if (this.isLive) this.#reason = reason;
    this.#stopping.abort();
    if (this.#done === null) {
      this.#done = Promise.resolve({ strategy: this.strategy, end: null, error: null });
      this.strategy.record.close();
    }
    await this.#done;
  }

  pause(isFlatten = false): void {
    this.#gate.isPaused = true;
    this.#record(true, isFlatten);
    if (this.#state === 'running') this.#enter('paused', 'paused by the operator');
  }

  resume(): void {
    this.#gate.resume();
    this.#record(false);
    if (this.#state === 'paused') this.#enter('running', null);
  }

  flatten(): void {
    for (let market = 0; market < this.strategy.account.traded; market++) this.#gate.flatten(market);
    this.pause(true);
  }

  /** The account for other strategies' rules. */
  riskAccount(): RiskAccount {
    const { id, markets, account } = this.strategy;
    const row = account.steps === 0 ? null : account.row(account.latest);
    // A market and a leg of it are one: `position` is of both.
    const positions = [...new Map(markets.map(({ feed }, market) => [feed.market, market]))].flatMap(([market, place]) => {
      const bar = account.lastBar(place);
      const qty = account.position(place);
      return bar === null ? [] : [{ market, qty, exposure: marketValuation(market).notional(Math.abs(qty), bar.close) }];
    });
    return {
      strategy: id,
      capital: account.capital,
      cash: row === null ? account.capital : row[ACCOUNT.cash]!,
      equity: account.equity,
      exposure: positions.reduce((sum, { exposure }) => sum + exposure, 0),
      positions,
    };
  }

  #record(paused: boolean, isFlatten = false): void {
    if (this.#done !== null && this.isLive) this.strategy.record.control(paused, isFlatten);
  }

  #enter(state: StrategyState, reason: string | null): void {
    if (this.#state === state && this.#reason === reason) return;
    this.#state = state;
    this.#reason = reason;
    this.#options.onState(state, reason);
  }

  async #run(): Promise<PaperOutcome> {
    const { strategy } = this;
    const { clock, pacers, stopAfter, limits, log } = this.#options;
    try {
      const end = await runPaperLoop(strategy, {
        clock,
        pacers,
        stopAfter,
        limits,
        signal: this.#stopping.signal,
        gate: () => this.#gateOf(),
        onEvent: (event) => {
          this.#options.onEvent(event);
          if (event.type === 'runner' && event.event.type === 'disabled') this.#enter('disabled', event.event.reason);
        },
      });
      this.#enter('stopped', this.#reason ?? (end.reason === 'finished' ? 'its market has ended' : 'stopped'));
      return { strategy, end, error: null };
    } catch (error) {
      log.error({ strategy: strategy.id, err: error }, 'strategy stopped by an error');
      this.#options.onEvent({ type: 'failed', id: strategy.id, error });
      this.#enter('failed', explainError(error));
      return { strategy, end: null, error };
    } finally {
      strategy.record.close();
    }
  }

  #gateOf(): ReturnType<NonNullable<PaperLoopOptions['gate']>> {
    const { account, markets } = this.strategy;
    const present = account.present.filter((market) => market < account.traded);
    const { reviews, notes: all } = this.#gate.review(
      present.map((market) => ({ market, bar: account.lastBar(market)!, account: account.row(market) })),
    );
    return {
      reviews,
      taken: () => {
        const notes = all.map((note) =>
          markets.length === 1 || note.market === null ? note : { ...note, text: `${note.market}: ${note.text}` },
        );
        // An order that rests is ordered anew on every bar, and refused or cut for the same reason.
        const text = JSON.stringify(notes);
        if (notes.length > 0 && text !== this.#lastNotes) this.#options.onNotes(notes);
        this.#lastNotes = text;
      },
    };
  }
}
