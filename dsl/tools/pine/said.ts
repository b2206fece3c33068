import type { Place } from './pine-nodes.ts';

/** Exponents of a number's unit: price is quote 1, base -1; a quantity base 1; money quote 1. */
export interface Unit {
  readonly quote: number;
  readonly base: number;
  readonly bars: number;
}

export type SaidKind =
  | 'number'
  | 'condition'
  | 'text'
  | 'color'
  | 'time'
  /** Day of the week, 1 = Sunday in Pine, 1 = Monday in strat. */
  | 'weekday'
  /** What `time(..., session)` gives: na outside of a session. */
  | 'session'
  /** The choice of an `input.string` with options: a param that counts them. */
  | 'option'
  | 'na'
  | 'tuple'
  | 'nothing'
  | 'unsaid';

export const PLAIN: Unit = { quote: 0, base: 0, bars: 0 };
export const PRICE: Unit = { quote: 1, base: -1, bars: 0 };
export const QUANTITY: Unit = { quote: 0, base: 1, bars: 0 };
export const MONEY: Unit = { quote: 1, base: 0, bars: 0 };
export const BARS: Unit = { quote: 0, base: 0, bars: 1 };

/** How often a value can change: never, from run to run, from bar to bar. */
export type Rate = 'const' | 'param' | 'series';

export type ComparisonSign = '<' | '<=' | '>' | '>=' | '==' | '!=';
export type BinarySign = '+' | '-' | '*' | '/' | 'and' | 'or' | 'crosses' | 'crosses above' | 'crosses below' | ComparisonSign;

/** What a node is; its operands are in `args`. */
export type SaidOp =
  | { readonly op: 'number'; readonly value: number; readonly text: string }
  | { readonly op: 'truth'; readonly value: boolean }
  | { readonly op: 'na' }
  | { readonly op: 'text'; readonly text: string }
  /** A name or literal of strat, as it is written. */
  | { readonly op: 'word'; readonly text: string }
  | { readonly op: 'ref'; readonly definition: Definition }
  /** A series some bars ago: args [series, bars]. */
  | { readonly op: 'past' }
  /** What a variable was at the end of a bar before: args [bars]. */
  | { readonly op: 'before'; readonly variable: Variable }
  | { readonly op: 'call'; readonly name: string }
  | { readonly op: 'member'; readonly name: string }
  | { readonly op: 'minus' }
  | { readonly op: 'not' }
  | { readonly op: 'isNa' }
  | { readonly op: 'binary'; readonly sign: BinarySign }
  /** args [condition, then, otherwise] */
  | { readonly op: 'choice' }
  | { readonly op: 'on'; readonly timeframe: string }
  | { readonly op: 'of'; readonly market: string }
  /** Size of the position, below zero for a short: strat has no such value; rules know their side. */
  | { readonly op: 'position' }
  | { readonly op: 'option'; readonly definition: Definition; readonly options: readonly string[] }
  | { readonly op: 'tuple' }
  | { readonly op: 'nothing' }
  | { readonly op: 'unsaid'; readonly place: Place };

/** A value in the words of strat. Equal nodes are one node. */
export type Said = SaidOp & {
  readonly id: number;
  readonly kind: SaidKind;
  readonly unit: Unit;
  readonly rate: Rate;
  readonly args: readonly Said[];
  /** Parts when it is written out, names as one. */
  readonly size: number;
  /** May be na long after everything has warmed up. */
  readonly mayBeNa: boolean;
  /** Needs the side of the position. */
  readonly isSided: boolean;
  readonly usesAccount: boolean;
};

/** A `let` or `param` of the program to come; it is written where something uses it. */
export interface Definition {
  readonly id: number;
  /** As Pine names it; the program may have to choose another. */
  readonly wish: string;
  readonly place: Place;
  readonly comments: readonly string[];
  /** null: a param, whose line is `statement` behind its name. */
  value: Said | null;
  readonly statement: string | null;
  /** What it is while its past is na, of a series that reads its own past. */
  start: Said | null;
}

/** A variable of a script, through one run over a bar. */
export interface Variable {
  readonly id: number;
  readonly name: string;
  readonly place: Place;
  readonly comments: readonly string[];
  /** What it is before its first bar: of `var` its first value, else na. */
  readonly first: Said;
  /** At this point of the script; after it the value at the end of the bar. */
  value: Said;
}

export const isPlainUnit = ({ quote, base, bars }: Unit): boolean => quote === 0 && base === 0 && bars === 0;
export const sameUnit = (a: Unit, b: Unit): boolean => a.quote === b.quote && a.base === b.base && a.bars === b.bars;
export const isLiteral = (said: Said): boolean => said.op === 'number';
export const isZero = (said: Said): boolean => said.op === 'number' && said.value === 0;
