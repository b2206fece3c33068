import type { EntryIntent, RiskAccount, RiskRulePort, RiskView } from '#core/ports/risk-rule.ts';
import type { Bar } from '#core/model/bar.ts';
import { ACCOUNT, DECISION as D, OPERATOR_EXIT, SIZE } from '#core/model/strategy-abi.ts';

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
 * What stands between a strategy's decision and the broker: a person who paused or flattens, and the risk rules. It only takes away:
 * entries are refused or cut, positions closed; stops are never touched. A rule that throws or answers nonsense refuses the entry.
 * The decision it gives is the one that is journaled, so a replay needs neither rules nor persons.
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
   * @param row the strategy's decision; not written
   * @param entryQty what the entry of a row would order; NaN = it would be dropped anyway
   */
  apply(
    row: Float64Array,
    bar: Bar,
    account: Float64Array,
    entryQty: (row: Float64Array) => number,
  ): { readonly row: Float64Array; readonly notes: readonly GateNote[] } {
    const notes: GateNote[] = [];
    const view = this.#view(bar, account, this.#options.others);
    if (this.#afterBar(view, notes)) this.#flattenNext = true;
    const gated = row.slice();
    if (this.#flattenNext) {
      this.#flattenNext = false;
      dropEntry(gated);
      if (account[ACCOUNT.qty] !== 0) {
        gated[D.exitRule] = OPERATOR_EXIT;
        gated[D.exitFraction] = 1;
      }
    }
    if (gated[D.entryRule] !== 0 && (this.isPaused || view.time < this.pausedUntil)) dropEntry(gated);
    if (gated[D.entryRule] !== 0) this.#review(gated, view, { wanted: entryQty(gated), price: bar.close }, notes);
    return { row: gated, notes };
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

  #review(
    row: Float64Array,
    view: RiskView,
    { wanted, price }: { readonly wanted: number; readonly price: number },
    notes: GateNote[],
  ): void {
    if (!(wanted > 0)) return;
    const { strategy, market, rules } = this.#options;
    let qty = wanted;
    for (const { id, rule } of rules) {
      const intent: EntryIntent = { strategy, market, side: row[D.entrySide]! > 0 ? 'long' : 'short', qty, price };
      const { allowed, reason } = verdictOf(rule, intent, view);
      if (allowed >= qty) continue;
      qty = allowed;
      notes.push({ rule: id, text: reason });
      if (qty === 0) break;
    }
    if (qty === wanted) return;
    if (qty === 0) {
      dropEntry(row);
      return;
    }
    row[D.sizeKind] = SIZE.quantity;
    row[D.sizeAmount] = qty;
    row[D.maxKind] = SIZE.none;
    row[D.minKind] = SIZE.none;
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

function dropEntry(row: Float64Array): void {
  row[D.entryRule] = 0;
}
