import type { Span } from '../../diagnostics/diagnostic.ts';
import type {
  AddRule,
  BreakevenRule,
  CancelRule,
  CooldownRule,
  LevelDistance,
  OrderRule,
  SizeAmount,
  SourceSpan,
  StopRule,
  TakeRule,
  TextTemplate,
  TimeoutRule,
  TrailRule,
} from '../../program.ts';
import type { NodeId } from '../../graph/node.ts';
import type { Value } from '../value.ts';

/** A checked size clause. */
export interface CheckedSize {
  readonly size: SizeAmount;
  readonly kellyTrades: NodeId | null;
  readonly max: SizeAmount | null;
  readonly min: SizeAmount | null;
}

/** A size statement; `forEntry` checks it again for an entry with its own confidence. null = wrong, and reported. */
export interface SizeDraft {
  readonly word: Span;
  readonly needsStop: boolean;
  /** Where it asks for a quantity of the market, which several legs do not have; null when it does not. */
  readonly quantity: Span | null;
  readonly forEntry: (confidence: Value) => CheckedSize | null;
}

/** A level or order price of a place: what it is measured in, and where that stands. */
export interface LevelUse {
  readonly rule: RuleKind;
  readonly kind: LevelDistance['kind'];
  readonly span: Span;
}

/**
 * How much to trade and how it is protected, as written in one place: the top of the file, a side's block, a setup. Of each
 * kind a place that has none takes those of the top. null stands for a rule that is wrong: it has been reported, and still counts as one.
 */
export interface RuleSet {
  readonly isTop: boolean;
  /** At most one of `sizes`, `takes`, `trails` and `breakevens`. */
  readonly sizes: SizeDraft[];
  readonly stops: (StopRule | null)[];
  readonly takes: (readonly TakeRule[] | null)[];
  readonly trails: (TrailRule | null)[];
  readonly breakevens: (BreakevenRule | null)[];
  readonly timeouts: (TimeoutRule | null)[];
  readonly cooldowns: (CooldownRule | null)[];
  readonly adds: (AddRule | null)[];
  readonly cancels: (CancelRule | null)[];
  readonly levels: LevelUse[];
}

export type RuleKind = Exclude<keyof RuleSet, 'isTop' | 'levels'>;

export function emptyRuleSet(isTop: boolean): RuleSet {
  return {
    isTop,
    sizes: [],
    stops: [],
    takes: [],
    trails: [],
    breakevens: [],
    timeouts: [],
    cooldowns: [],
    adds: [],
    cancels: [],
    levels: [],
  };
}

/** The rules of one kind that hold in a place. */
export function rulesOf<K extends RuleKind>(kind: K, place: RuleSet, top: RuleSet): RuleSet[K] {
  return place[kind].length > 0 ? place[kind] : top[kind];
}

export interface EntryDraft {
  readonly side: 1 | -1;
  readonly condition: Value;
  readonly confidence: Value;
  readonly order: OrderRule | null;
  readonly reason: TextTemplate | null;
  readonly rules: RuleSet;
  readonly setup: number | null;
  readonly basket: number | null;
  readonly oco: number | null;
  readonly word: Span;
  readonly orderSpan: Span | null;
  readonly span: SourceSpan;
}

export interface ExitDraft {
  readonly side: 1 | -1;
  readonly condition: Value;
  readonly fraction: Value;
  readonly order: OrderRule | null;
  readonly reason: TextTemplate | null;
  readonly setup: number | null;
  readonly basket: number | null;
  readonly word: Span;
  readonly orderSpan: Span | null;
  readonly span: SourceSpan;
}
