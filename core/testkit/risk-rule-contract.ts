import fc from 'fast-check';
import { expect } from 'vitest';
import type { EntryIntent, RiskAction, RiskRulePort, RiskVerdict, RiskView } from '#core/ports/risk-rule.ts';
import { entryIntent, hostileEntryIntent, hostileRiskView, riskView } from './arbitraries.ts';
import { type ContractCase, contractSuite } from './contract-case.ts';

export interface RiskRuleContractOptions {
  /** A fresh rule, that has seen nothing. */
  readonly create: () => RiskRulePort;
  /** Whether a smaller order is never refused where a larger one passes; default yes. */
  readonly monotone?: boolean;
}

/** What every risk rule holds; the test of a plugin calls it once. */
export function riskRuleContract(options: RiskRuleContractOptions): void {
  contractSuite('the risk rule contract', riskRuleCases(options));
}

/** As all property tests of strat: a fixed seed that STRAT_FC_SEED replaces, so that a suite does not fail by chance. */
function always<T>(property: fc.IProperty<T>): void {
  fc.assert(property, { seed: Number(process.env['STRAT_FC_SEED'] ?? '20260101') });
}

type Step = { readonly view: RiskView; readonly intent: EntryIntent };
type Answer = { readonly action: RiskAction | null; readonly verdict: RiskVerdict };

const steps = fc.array(fc.record({ view: riskView, intent: entryIntent }), { maxLength: 30 });
const hostileSteps = fc.array(fc.record({ view: hostileRiskView, intent: hostileEntryIntent }), { maxLength: 20 });

function play(rule: RiskRulePort, all: readonly Step[]): readonly Answer[] {
  return all.map(({ view, intent }) => ({ action: rule.afterBar(view), verdict: rule.review(intent, view) }));
}

export function riskRuleCases({ create, monotone = true }: RiskRuleContractOptions): readonly ContractCase[] {
  const holds = (name: string, property: () => void): ContractCase => ({ name, run: async () => property() });
  return [
    holds('answers for any numbers at all, and never throws', () => {
      always(
        fc.property(hostileSteps, (all) => {
          for (const { action, verdict } of play(create(), all)) {
            expectVerdict(verdict);
            if (action !== null) expectAction(action);
          }
        }),
      );
    }),
    holds('never raises a quantity', () => {
      const check = (all: readonly Step[]): void => {
        for (const [i, { verdict }] of play(create(), all).entries()) {
          const wanted = all[i]!.intent.qty;
          if (wanted > 0) expect(verdict.qty).toBeLessThanOrEqual(wanted);
          else expect(verdict.qty).toBe(0);
        }
      };
      always(fc.property(steps, check));
      always(fc.property(hostileSteps, check));
    }),
    holds('says why when it cuts or refuses', () => {
      always(
        fc.property(steps, (all) => {
          for (const [i, { action, verdict }] of play(create(), all).entries()) {
            if (verdict.qty < all[i]!.intent.qty) expect(verdict.reason ?? '').not.toBe('');
            else expect(verdict.reason).toBeNull();
            if (action !== null) expect(action.reason).not.toBe('');
          }
        }),
      );
    }),
    holds('pauses until a time that is still to come', () => {
      always(
        fc.property(steps, (all) => {
          for (const [i, { action }] of play(create(), all).entries())
            if (action !== null && action.pauseUntil !== null) expect(action.pauseUntil).toBeGreaterThanOrEqual(all[i]!.view.time);
        }),
      );
    }),
    holds('gives the same answers to the same calls', () => {
      always(
        fc.property(steps, (all) => {
          expect(play(create(), all)).toEqual(play(create(), all));
        }),
      );
    }),
    holds('changes nothing by a review', () => {
      always(
        fc.property(steps, entryIntent, (all, extra) => {
          const rule = create();
          const answers = all.map(({ view, intent }) => {
            const action = rule.afterBar(view);
            rule.review(extra, view);
            const verdict = rule.review(intent, view);
            return { action, verdict };
          });
          expect(answers).toEqual(play(create(), all));
        }),
      );
    }),
    holds('leaves what it is shown as it was', () => {
      always(
        fc.property(steps, (all) => {
          const before = structuredClone(all);
          play(create(), all.map(frozen));
          expect(all).toEqual(before);
        }),
      );
    }),
    holds('lets a smaller order pass where a larger one does', () => {
      if (!monotone) return;
      always(
        fc.property(steps, riskView, entryIntent, fc.double({ min: 0.01, max: 1, noNaN: true }), (all, view, intent, share) => {
          const rule = create();
          play(rule, all);
          const large = rule.review(intent, view);
          const small = rule.review({ ...intent, qty: intent.qty * share }, view);
          expect(small.qty).toBeGreaterThanOrEqual(Math.min(large.qty, intent.qty * share));
        }),
      );
    }),
  ];
}

function expectVerdict(verdict: RiskVerdict): void {
  expect(Number.isFinite(verdict.qty), `quantity ${verdict.qty}`).toBe(true);
  expect(verdict.qty).toBeGreaterThanOrEqual(0);
  expect(verdict.reason === null || typeof verdict.reason === 'string').toBe(true);
}

function expectAction(action: RiskAction): void {
  expect(typeof action.flatten).toBe('boolean');
  expect(action.pauseUntil === null || Number.isFinite(action.pauseUntil)).toBe(true);
  expect(typeof action.reason).toBe('string');
}

function frozen({ view, intent }: Step): Step {
  const accounts = Object.freeze(view.accounts.map((account) => Object.freeze({ ...account })));
  return { view: Object.freeze({ ...view, account: Object.freeze({ ...view.account }), accounts }), intent: Object.freeze({ ...intent }) };
}
