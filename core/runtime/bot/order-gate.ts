import { marketValuation } from '#core/engine/market-valuation.ts';
import type { OrderReview } from '#core/engine/trading/order-review.ts';
import type { Valuation } from '#core/engine/valuation.ts';
import type { EntryIntent, RiskAccount, RiskPosition, RiskRulePort, RiskView } from '#core/ports/risk-rule.ts';
import type { Bar } from '#core/model/bar.ts';
import { ACCOUNT } from '#core/model/strategy-abi.ts';

/** A risk rule in use, with the name that messages call it by. */
export interface NamedRule {
  readonly id: string;
  readonly rule: RiskRulePort;
}

/** What the gate changed, in words for the log. */
export interface GateNote {
  readonly rule: string;
  /** Whose order it was; null = it means the strategy. */
  readonly market: string | null;
  readonly text: string;
}

/** A bar of one market of a step. */
export interface GateBar {
  /** Place among the markets of the gate. */
  readonly market: number;
  readonly bar: Bar;
  /** The ACCOUNT registers at its close. */
  readonly account: Float64Array;
}

/** What is to be made of the orders of a step. */
export interface GateReview {
  /** In the order of its bars. */
  readonly reviews: readonly OrderReview[];
  /** They come in as orders are asked for: to be read when the decision is taken. */
  readonly notes: readonly GateNote[];
}

export interface GateOptions {
  /** What rules call the account by. */
  readonly strategy: string;
  /** A name may come more than once. */
  readonly markets: readonly string[];
  readonly stepMs: number;
  readonly capital: number;
  readonly rules: readonly NamedRule[];
  /** Accounts of the other strategies at this moment. */
  readonly others: () => readonly RiskAccount[];
}

/**
 * What stands between a strategy's rules and its orders: a person who paused or flattens, and the risk rules. It only takes away:
 * entries and adds are refused or cut, positions closed; stops are never touched. A rule that throws or answers nonsense refuses the entry.
 * What it answered is journaled (`ReviewRecord`), so a replay needs neither rules nor persons.
 */
export class OrderGate {
  isPaused = false;
  /** Ms; entries wait until the close of a bar is at or after it. */
  pausedUntil = -Infinity;
  /** Markets whose next decision closes the position. */
  readonly #flattening = new Set<number>();
  /** Markets whose next decision ends pauses and halts of the strategy's own limits. */
  readonly #resuming = new Set<number>();
  readonly #options: GateOptions;
  /** What was held of each market at its last bar; null before its first. */
  readonly #positions: (RiskPosition | null)[];
  readonly #valuation: Valuation;

  constructor(options: GateOptions) {
    this.#options = options;
    this.#positions = options.markets.map(() => null);
    this.#valuation = marketValuation(options.markets[0]);
  }

  /** The next decision on a market closes its position. */
  flatten(market: number): void {
    this.#flattening.add(market);
  }

  /** Entries are taken again, also where a limit of the strategy has paused or halted them. */
  resume(): void {
    this.isPaused = false;
    for (const market of this.#positions.keys()) this.#resuming.add(market);
  }

  /** Shows the rules a step that lies in the past, so that they know what they knew before a restart. */
  recall(bars: readonly GateBar[]): void {
    const view = this.#seen(bars, () => []);
    if (view !== null) this.#afterBar(view, []);
    for (const { market } of bars) this.#flattening.delete(market);
  }

  /** @param bars that open together; none: the step is not the rules' */
  review(bars: readonly GateBar[]): GateReview {
    const notes: GateNote[] = [];
    const view = this.#seen(bars, this.#options.others);
    if (view === null) return { reviews: [], notes };
    this.#afterBar(view, notes);
    const isClosed = this.isPaused || view.time < this.pausedUntil;
    const reviews = bars.map(({ market }) => ({
      isFlatten: this.#flattening.delete(market),
      isResumed: this.#resuming.delete(market),
      isClosed,
      allow: (side: number, qty: number, price: number) =>
        this.#allow(market, { side: side > 0 ? 'long' : 'short', qty, price: this.#valuation.notional(1, price) }, view, notes),
    }));
    return { reviews, notes };
  }

  /** The account at the close of bars that open together; null without any. */
  #seen(bars: readonly GateBar[], others: () => readonly RiskAccount[]): RiskView | null {
    const [first] = bars;
    if (first === undefined) return null;
    const { strategy, markets, stepMs, capital } = this.#options;
    for (const { market, bar, account } of bars) {
      const qty = account[ACCOUNT.qty]!;
      this.#positions[market] = { market: markets[market]!, qty, exposure: this.#valuation.notional(Math.abs(qty), bar.close) };
    }
    const positions = byMarket(this.#positions.filter((one) => one !== null));
    const own = {
      strategy,
      capital,
      cash: first.account[ACCOUNT.cash]!,
      equity: first.account[ACCOUNT.equity]!,
      exposure: positions.reduce((sum, { exposure }) => sum + exposure, 0),
      positions,
    };
    let accounts: readonly RiskAccount[] | null = null;
    return {
      time: first.bar.time + stepMs,
      account: own,
      // Most rules look at none but their own.
      get accounts() {
        accounts ??= [own, ...others()];
        return accounts;
      },
    };
  }

  #afterBar(view: RiskView, notes: GateNote[]): void {
    for (const { id, rule } of this.#options.rules) {
      try {
        const action = rule.afterBar(view);
        if (action === null) continue;
        if (action.flatten) for (const market of this.#positions.keys()) this.#flattening.add(market);
        if (action.pauseUntil !== null && action.pauseUntil > this.pausedUntil) this.pausedUntil = action.pauseUntil;
        notes.push({ rule: id, market: null, text: action.reason });
      } catch (error) {
        // Without its rule the strategy must not go on buying.
        this.pausedUntil = Math.max(this.pausedUntil, view.time + 1);
        notes.push({
          rule: id,
          market: null,
          text: `failed and takes no entries on this bar: ${error instanceof Error ? error.message : 'unknown reason'}`,
        });
      }
    }
  }

  #allow(place: number, wanted: Pick<EntryIntent, 'side' | 'qty' | 'price'>, view: RiskView, notes: GateNote[]): number {
    const { strategy, markets, rules } = this.#options;
    const market = markets[place]!;
    let { qty } = wanted;
    for (const { id, rule } of rules) {
      const { allowed, reason } = verdictOf(rule, { ...wanted, strategy, market, qty }, view);
      if (allowed >= qty) continue;
      qty = allowed;
      notes.push({ rule: id, market, text: reason });
      if (qty === 0) break;
    }
    return qty;
  }
}

/** Of positions in one market: their sum. */
function byMarket(all: readonly RiskPosition[]): readonly RiskPosition[] {
  const sums = new Map<string, RiskPosition>();
  for (const { market, qty, exposure } of all) {
    const sum = sums.get(market);
    sums.set(market, { market, qty: qty + (sum?.qty ?? 0), exposure: exposure + (sum?.exposure ?? 0) });
  }
  return [...sums.values()];
}

function verdictOf(rule: RiskRulePort, intent: EntryIntent, view: RiskView): { readonly allowed: number; readonly reason: string } {
  try {
    const { qty, reason } = rule.review(intent, view);
    return qty >= 0
      ? { allowed: qty, reason: reason ?? 'cut without a reason' }
      : { allowed: 0, reason: 'answered with no quantity: refused' };
  } catch (error) {
    return { allowed: 0, reason: `failed: refused (${error instanceof Error ? error.message : 'unknown reason'})` };
  }
}
