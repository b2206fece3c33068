import type { TradeBlock } from '../../program.ts';
import { type EntryDraft, type RuleSet, rulesOf } from './rule-set.ts';

const present = <T>(rules: readonly (T | null)[]): readonly T[] => rules.filter((rule) => rule !== null);

/** The rules that hold for an entry, those of the top filled in; null when its size is missing or wrong. Other wrong rules are left out. */
export function tradeBlock({ rules, confidence }: EntryDraft, top: RuleSet): TradeBlock | null {
  const size = rulesOf('sizes', rules, top)[0]?.forEntry(confidence) ?? null;
  if (size === null) return null;
  return {
    ...size,
    stops: present(rulesOf('stops', rules, top)),
    takes: rulesOf('takes', rules, top)[0] ?? [],
    trail: rulesOf('trails', rules, top)[0] ?? null,
    breakeven: rulesOf('breakevens', rules, top)[0] ?? null,
    timeouts: present(rulesOf('timeouts', rules, top)),
    cooldowns: present(rulesOf('cooldowns', rules, top)),
    adds: present(rulesOf('adds', rules, top)),
    cancels: present(rulesOf('cancels', rules, top)),
  };
}
