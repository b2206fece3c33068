import type { Span } from '../diagnostics/diagnostic.ts';
import type { SizeAmount, SourceSpan, TrailRule, LevelDistance } from '../program.ts';
import type { Value } from './value.ts';

/** A checked size clause. */
export interface CheckedSize {
  readonly size: SizeAmount;
  readonly max: SizeAmount | null;
  readonly min: SizeAmount | null;
}

/** A size statement; `forEntry` checks it again for an entry with its own confidence. null = wrong, and reported. */
export interface SizeRuleDraft {
  readonly word: Span;
  readonly needsStop: boolean;
  readonly forEntry: (confidence: Value) => CheckedSize | null;
}

/**
 * How much to trade and how it is protected, as written in one place: the top of the file, a side's block, a setup. A place
 * that says nothing about size, stop or trail takes what the top of the file says.
 */
export interface RuleSet {
  readonly isTop: boolean;
  size: SizeRuleDraft | null;
  /** Stops as written; null for one that is wrong (it still counts as a stop). */
  readonly stops: (LevelDistance | null)[];
  /** undefined: none; null: wrong. */
  trail: TrailRule | null | undefined;
  /** Where R is used as a distance. */
  readonly rMultiples: Span[];
}

export function emptyRuleSet(isTop: boolean): RuleSet {
  return { isTop, size: null, stops: [], trail: undefined, rMultiples: [] };
}

export interface EntryDraft {
  readonly side: 1 | -1;
  readonly condition: Value;
  readonly confidence: Value;
  readonly reason: string | null;
  readonly rules: RuleSet;
  readonly word: Span;
  readonly span: SourceSpan;
}

export interface ExitDraft {
  readonly side: 1 | -1;
  readonly condition: Value;
  readonly fraction: Value;
  readonly reason: string | null;
  readonly word: Span;
  readonly span: SourceSpan;
}
