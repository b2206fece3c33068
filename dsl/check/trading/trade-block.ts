import type { TradeBlock } from '../../program.ts';
import type { NodeId } from '../../graph/node.ts';
import type { Value } from '../value.ts';
import { type EntryDraft, type RuleSet, rulesOf } from './rule-set.ts';

const present = <T>(rules: readonly (T | null)[]): readonly T[] => rules.filter((rule) => rule !== null);

/** The blocks of entries: those of one place with one confidence share theirs, so that many entries with many rules cost their sum. */
export class TradeBlocks {
  readonly #top: RuleSet;
  readonly #known = new Map<RuleSet, Map<NodeId, TradeBlock | null>>();

  constructor(top: RuleSet) {
    this.#top = top;
  }

  /** The rules that hold for an entry, those of the top filled in; null when its size is missing or wrong. Other wrong rules are left out. */
  of({ rules, confidence }: EntryDraft): TradeBlock | null {
    const ofPlace = this.#known.get(rules) ?? new Map<NodeId, TradeBlock | null>();
    this.#known.set(rules, ofPlace);
    const known = ofPlace.get(confidence.node);
    if (known !== undefined) return known;
    const block = tradeBlock(rules, confidence, this.#top);
    ofPlace.set(confidence.node, block);
    return block;
  }
}

function tradeBlock(rules: RuleSet, confidence: Value, top: RuleSet): TradeBlock | null {
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
