import { StratError } from '#core/errors/strat-error.ts';
import type { RiskAction, RiskRulePort, RiskVerdict } from '#core/ports/risk-rule.ts';
import type { FaultLog } from './fault-log.ts';

/** A rule works on numbers in memory: a call that takes this long holds up every strategy. */
const SLOW_MS = 100;

/**
 * A risk rule that keeps to its contract, whatever is behind it. A rule that throws or gives nonsense has not approved: the
 * entry is refused. One that raises a quantity is held to the quantity wanted. After a bar, nonsense is no action.
 */
export function guardRiskRule(id: string, rule: RiskRulePort, faults: FaultLog, steady: () => number): RiskRulePort {
  const lied = (phase: string, reason: string): void => {
    faults.add(new StratError('PLUGIN_LIED', { plugin: id, phase, reason }));
  };
  const call = <T>(phase: string, ask: () => T): { readonly answer: T } | null => {
    const started = steady();
    try {
      return { answer: ask() };
    } catch (error) {
      faults.add(new StratError('PLUGIN_FAILED', { plugin: id, phase, reason: error instanceof Error ? error.message : typeof error }));
      return null;
    } finally {
      if (steady() - started > SLOW_MS) faults.add(new StratError('PLUGIN_TIMEOUT', { plugin: id, phase, budgetMs: SLOW_MS }));
    }
  };
  return {
    afterBar: (view) => {
      const called = call('afterBar', () => rule.afterBar(view));
      if (called === null || called.answer === null) return null;
      const action: unknown = called.answer;
      if (isAction(action)) return { flatten: action.flatten, pauseUntil: action.pauseUntil, reason: action.reason };
      lied('afterBar', 'its answer is neither null nor an action');
      return null;
    },
    review: (intent, view) => {
      const called = call('review', () => rule.review(intent, view));
      const verdict: unknown = called?.answer;
      if (called === null) return { qty: 0, reason: `risk rule ${id} failed, so nothing is entered` };
      if (!isVerdict(verdict) || verdict.qty < 0) {
        lied('review', 'its answer is no verdict: {qty, reason} with a quantity of zero or more');
        return { qty: 0, reason: `risk rule ${id} gave no verdict, so nothing is entered` };
      }
      if (verdict.qty <= intent.qty) return { qty: verdict.qty, reason: verdict.qty < intent.qty ? (verdict.reason ?? id) : null };
      lied('review', `it raised the quantity from ${intent.qty} to ${verdict.qty}`);
      return { qty: intent.qty, reason: null };
    },
  };
}

function isVerdict(value: unknown): value is RiskVerdict {
  if (typeof value !== 'object' || value === null || !('qty' in value) || !('reason' in value)) return false;
  return Number.isFinite(value.qty) && (value.reason === null || typeof value.reason === 'string');
}

function isAction(value: unknown): value is RiskAction {
  if (typeof value !== 'object' || value === null || !('flatten' in value) || !('pauseUntil' in value) || !('reason' in value))
    return false;
  return (
    typeof value.flatten === 'boolean' &&
    (value.pauseUntil === null || Number.isFinite(value.pauseUntil)) &&
    typeof value.reason === 'string'
  );
}
