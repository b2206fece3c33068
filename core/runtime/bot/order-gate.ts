import type { OrderReview } from '#core/engine/trading/order-review.ts';
import type { EntryIntent, RiskAccount, RiskRulePort, RiskView } from '#core/ports/risk-rule.ts';
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
  readonly text: string;
}

export interface GateOptions {
  readonly strategy: string;
  readonly market: string;
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
  #flattenNext = false;
  readonly #options: GateOptions;

  constructor(options: GateOptions) {
    this.#options = options;
  }

  /** The next decision closes the position. */
  flatten(): void {
    this.#flattenNext = true;
  }

  /** Shows the rules a bar that lies in the past, so that they know what they knew before a restart. */
  recall(bar: Bar, account: Float64Array): void {
    this.#afterBar(
      this.#view(bar, account, () => []),
      [],
    );
  }

  /**
   * What is to be made of the orders of one decision. Notes come in as its rules act: read them when the decision is taken.
   * @param account the ACCOUNT registers at the close of the bar
   */
  review(bar: Bar, account: Float64Array): OrderReview & { readonly notes: readonly GateNote[] } {
    const notes: GateNote[] = [];
    const view = this.#view(bar, account, this.#options.others);
    const isFlatten = this.#afterBar(view, notes) || this.#flattenNext;
    this.#flattenNext = false;
    return {
      isFlatten,
      isClosed: this.isPaused || view.time < this.pausedUntil,
      allow: (side, qty, price) => this.#allow({ side: side > 0 ? 'long' : 'short', qty, price }, view, notes),
      notes,
    };
  }

  #view(bar: Bar, account: Float64Array, others: () => readonly RiskAccount[]): RiskView {
    const { strategy, market, capital, stepMs } = this.#options;
    const qty = account[ACCOUNT.qty]!;
    const own = {
      strategy,
      market,
      capital,
      cash: account[ACCOUNT.cash]!,
      equity: account[ACCOUNT.equity]!,
      qty,
      exposure: Math.abs(qty) * bar.close,
    };
    let accounts: readonly RiskAccount[] | null = null;
    return {
      time: bar.time + stepMs,
      account: own,
      // Most rules look at none but their own.
      get accounts() {
        accounts ??= [own, ...others()];
        return accounts;
      },
    };
  }

  /** True when a rule wants the position closed. */
  #afterBar(view: RiskView, notes: GateNote[]): boolean {
    let isFlatten = false;
    for (const { id, rule } of this.#options.rules) {
      try {
        const action = rule.afterBar(view);
        if (action === null) continue;
        isFlatten ||= action.flatten;
        if (action.pauseUntil !== null && action.pauseUntil > this.pausedUntil) this.pausedUntil = action.pauseUntil;
        notes.push({ rule: id, text: action.reason });
      } catch (error) {
        // Without its rule the strategy must not go on buying.
        this.pausedUntil = Math.max(this.pausedUntil, view.time + 1);
        notes.push({
          rule: id,
          text: `failed and takes no entries on this bar: ${error instanceof Error ? error.message : 'unknown reason'}`,
        });
      }
    }
    return isFlatten;
  }

  #allow(wanted: Pick<EntryIntent, 'side' | 'qty' | 'price'>, view: RiskView, notes: GateNote[]): number {
    const { strategy, market, rules } = this.#options;
    let { qty } = wanted;
    for (const { id, rule } of rules) {
      const { allowed, reason } = verdictOf(rule, { ...wanted, strategy, market, qty }, view);
      if (allowed >= qty) continue;
      qty = allowed;
      notes.push({ rule: id, text: reason });
      if (qty === 0) break;
    }
    return qty;
  }
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
