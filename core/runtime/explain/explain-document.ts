import type { SourceSpan } from '#dsl/program.ts';

/** Why a bar traded or did not, of each market asked for. docs/explain.md says what each field means. */
export interface ExplainDocument {
  readonly schema: 'strat.explain/1';
  readonly engine: string;
  readonly strategies: readonly {
    readonly name: string;
    readonly file: string;
    readonly sha256: string;
    readonly params: Readonly<Record<string, number>>;
  }[];
  /** What was asked for, ISO 8601 UTC. */
  readonly at: string;
  readonly markets: readonly MarketExplanation[];
}

/** A condition or value as it is written, and what it is at the bar. */
export interface ShownValue {
  readonly text: string;
  /** What its name stands for; left out: it is no name of the file. */
  readonly definition?: string;
  /** A number, a truth, the name of a state; null = na. */
  readonly value: number | boolean | string | null;
  /** The same one bar before, where that matters. */
  readonly before?: number | boolean | string | null;
  readonly unit: string;
  /** Why it is na. */
  readonly na?: string;
}

/** A condition with its parts. */
export interface ShownCondition extends ShownValue {
  readonly kind: 'and' | 'or' | 'not' | 'name' | 'leaf';
  readonly line: number;
  readonly span: SourceSpan;
  readonly operands: readonly ShownValue[];
  readonly parts: readonly ShownCondition[];
}

export type CauseKind =
  | 'condition'
  | 'warmUp'
  | 'period'
  | 'position'
  | 'cooldown'
  | 'limit'
  | 'guard'
  | 'pause'
  | 'exposure'
  | 'riskRule'
  | 'member'
  | 'invalid'
  | 'minimum'
  | 'cash'
  | 'volume'
  | 'postOnly'
  | 'rule'
  | 'order'
  | 'adds'
  | 'age'
  | 'end'
  | 'bankrupt'
  | 'level';

/** Something that was taken to be another way, whereupon the bar came out another way. */
export interface Cause {
  readonly kind: CauseKind;
  /** What it is, in words. */
  readonly text: string;
  /** Line of the source; null = it is none of the file. */
  readonly line: number | null;
  readonly span: SourceSpan | null;
  /** Of a condition: what it is, and what it would have to be for the bar to come out another way. */
  readonly value?: boolean | null;
  readonly wanted?: boolean;
  readonly operands?: readonly ShownValue[];
}

/** `fired`: it ordered, withdrew or closed something. `idle`: there was nothing for it to act on, such as an exit while nothing is held. */
export type RuleStatus = 'fired' | 'blocked' | 'idle';

export interface RuleExplanation {
  readonly kind: 'enter' | 'exit' | 'add' | 'cancel' | 'timeout';
  /** Its statement, white space put together. */
  readonly text: string;
  readonly line: number;
  readonly span: SourceSpan;
  readonly side: 'long' | 'short' | null;
  readonly setup: string | null;
  readonly status: RuleStatus;
  /** What it did, or why there was nothing to do. */
  readonly note: string | null;
  readonly condition: ShownCondition | null;
  /** All of these together keep it from acting, and none is superfluous. */
  readonly blocking: readonly Cause[];
  /** Others, any of which alone would have done in the place of those. */
  readonly alternatives: readonly Cause[];
  /** Where it fired: each alone, taken away, stops it. */
  readonly supporting: readonly Cause[];
  /** An order that went out and came to nothing at the next open: why; empty else. */
  readonly unfilled: readonly Cause[];
}

/** A level that protects or closes what is held. */
export interface LevelExplanation {
  readonly kind: 'stop' | 'target';
  readonly price: number;
  /** How far the bar was from it, as share of the level; zero or below = reached. */
  readonly distance: number;
  readonly isHit: boolean;
  readonly text: string;
}

export interface ShownFill {
  readonly kind: string;
  readonly side: 'buy' | 'sell';
  readonly qty: number;
  readonly price: number;
  readonly text: string;
}

export interface MarketExplanation {
  readonly strategy: string;
  readonly market: string;
  /** Name of the basket whose rules these are; null = the market's own. */
  readonly basket: string | null;
  /** null = the market has no bar then. */
  readonly bar: {
    readonly index: number;
    readonly time: string;
    readonly closeTime: string;
    readonly open: number;
    readonly high: number;
    readonly low: number;
    readonly close: number;
    readonly volume: number;
    /** Bars before the first that may be decided on. */
    readonly warmUpBars: number;
  } | null;
  /** What is held at the close, before anything is decided; null = nothing. */
  readonly position: {
    readonly side: 'long' | 'short';
    readonly qty: number;
    readonly avgPrice: number;
    readonly bars: number;
    readonly setup: string | null;
  } | null;
  readonly cash: number | null;
  readonly equity: number | null;
  /** Orders that rest before the decision, in words. */
  readonly resting: readonly string[];
  /** Fills inside of the bar. */
  readonly fills: readonly ShownFill[];
  /** Events of orders: drops, cuts, refusals, in words. */
  readonly events: readonly string[];
  /** In one line. */
  readonly verdict: string;
  readonly isOrdered: boolean;
  /** Of the rule that came closest, where nothing was ordered; of the first that fired, where something was. */
  readonly causes: readonly Cause[];
  readonly rules: readonly RuleExplanation[];
  readonly levels: readonly LevelExplanation[];
  /** What the next bar made of it: fills at its open and events. */
  readonly next: { readonly fills: readonly ShownFill[]; readonly events: readonly string[] } | null;
}
