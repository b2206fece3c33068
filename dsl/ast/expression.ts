import type { Span } from '#dsl/diagnostics/diagnostic.ts';

/**
 * Expressions of the language (grammar: language.md section 3, from `expr` down).
 *
 * Every node has the `span` of its whole text. Brackets leave no node; they widen the span of what they hold. `wordSpan` is the symbol or word that
 * makes the node what it is (`>`, `crosses`, `on`, `[`): the place of errors about the operation itself.
 */

/** A word of the source with its place: a name, a member, or a clause word. Compare `text` only through `===` or a Map. */
export interface Word {
  readonly text: string;
  readonly span: Span;
}

/** A bare number, `k M B` already applied. `source` is the text as written. */
export interface NumberLiteral {
  readonly kind: 'Number';
  readonly span: Span;
  readonly value: number;
  readonly source: string;
}

/** `100 USDT`, `0.5 BTC`: a number of a currency. */
export interface CurrencyAmount {
  readonly kind: 'CurrencyAmount';
  readonly span: Span;
  readonly number: NumberLiteral;
  readonly currency: Word;
}

/** A unit word as one of its canonical (singular) forms. */
export type Unit = 'atr' | 'tick' | 'bar' | 'pip' | 'contract';

/** `3 atr`, `3 atr(21)`, `2 ticks`, `5 bars`. `word` is the unit as written, `args` is null without brackets. */
export interface UnitAmount {
  readonly kind: 'UnitAmount';
  readonly span: Span;
  readonly number: NumberLiteral;
  readonly unit: Unit;
  readonly word: Word;
  readonly args: readonly Argument[] | null;
}

/** `2%` or `25bp`; `value` is the fraction: 0.02 for 2%, 0.0025 for 25bp. */
export interface PercentLiteral {
  readonly kind: 'Percent';
  readonly span: Span;
  readonly value: number;
  readonly unit: '%' | 'bp';
  readonly source: string;
}

/** `1.5R`: a multiple of the distance from the first fill to the initial stop. */
export interface RMultipleLiteral {
  readonly kind: 'RMultiple';
  readonly span: Span;
  readonly value: number;
  readonly source: string;
}

export type DurationUnit = 'ms' | 's' | 'm' | 'h' | 'd' | 'w' | 'mo' | 'y';

/** `15m`, `1d`. `ms` is exact up to weeks; a month counts 30 days and a year 365 in it, so charts and calendars use `count` and `unit` for those two. */
export interface DurationLiteral {
  readonly kind: 'Duration';
  readonly span: Span;
  readonly ms: number;
  readonly count: number;
  readonly unit: DurationUnit;
  readonly source: string;
}

/** `2024-01-31`: a valid day of the Gregorian calendar; month 1..12. `ms` is its midnight in UTC, as epoch milliseconds. */
export interface DateLiteral {
  readonly kind: 'Date';
  readonly span: Span;
  readonly year: number;
  readonly month: number;
  readonly day: number;
  readonly ms: number;
}

/** `09:30`; `minutes` since midnight, 0..1440 (24:00 is the end of the day). */
export interface TimeLiteral {
  readonly kind: 'Time';
  readonly span: Span;
  readonly minutes: number;
}

export interface NaLiteral {
  readonly kind: 'Na';
  readonly span: Span;
}

export interface BooleanLiteral {
  readonly kind: 'Boolean';
  readonly span: Span;
  readonly value: boolean;
}

/** A name in an expression: a built-in, a param, a let, an import, a word such as `mon`. */
export interface NameExpression {
  readonly kind: 'Name';
  readonly span: Span;
  readonly text: string;
}

/** One argument; `name` is null for a positional one. */
export interface Argument {
  readonly span: Span;
  readonly name: Word | null;
  readonly value: Expression;
}

export interface CallExpression {
  readonly kind: 'Call';
  readonly span: Span;
  readonly callee: Word;
  readonly args: readonly Argument[];
}

/** `m.line`, `position.profit`. */
export interface MemberExpression {
  readonly kind: 'Member';
  readonly span: Span;
  readonly object: Expression;
  readonly member: Word;
}

/** `x[n]`: x, n bars ago. */
export interface IndexExpression {
  readonly kind: 'Index';
  readonly span: Span;
  readonly wordSpan: Span;
  readonly object: Expression;
  readonly index: Expression;
}

/** A market or ticker: `BTC/USDT`, `BTC/USDT:USDT-261225`, `SPY`. `contract` is what stands behind the settle currency. */
export interface Market {
  readonly kind: 'Market';
  readonly span: Span;
  readonly text: string;
  readonly base: string;
  readonly quote: string | null;
  readonly settle: string | null;
  readonly contract: string | null;
}

/** `close of BTC/USDT`. */
export interface OfMarketExpression {
  readonly kind: 'OfMarket';
  readonly span: Span;
  readonly wordSpan: Span;
  readonly value: Expression;
  readonly market: Market;
}

/** `10% of equity`, `5% of position.value`. `base` is a name or members of one. */
export interface OfValueExpression {
  readonly kind: 'OfValue';
  readonly span: Span;
  readonly wordSpan: Span;
  readonly value: Expression;
  readonly base: NameExpression | MemberExpression;
}

/** The chart length behind `on`: a duration, or the name of a param that holds one. */
export type Timeframe = DurationLiteral | NameExpression;

/** `rsi(close, 14) on 4h`. */
export interface OnExpression {
  readonly kind: 'On';
  readonly span: Span;
  readonly wordSpan: Span;
  readonly value: Expression;
  readonly timeframe: Timeframe;
}

export interface NegateExpression {
  readonly kind: 'Negate';
  readonly span: Span;
  readonly wordSpan: Span;
  readonly operand: Expression;
}

export interface NotExpression {
  readonly kind: 'Not';
  readonly span: Span;
  readonly wordSpan: Span;
  readonly operand: Expression;
}

export type ArithmeticOperator = '+' | '-' | '*' | '/';

export interface ArithmeticExpression {
  readonly kind: 'Arithmetic';
  readonly span: Span;
  readonly wordSpan: Span;
  readonly operator: ArithmeticOperator;
  readonly left: Expression;
  readonly right: Expression;
}

export type ComparisonOperator = '<' | '<=' | '>' | '>=' | '==' | '!=';

export interface ComparisonExpression {
  readonly kind: 'Comparison';
  readonly span: Span;
  readonly wordSpan: Span;
  readonly operator: ComparisonOperator;
  readonly left: Expression;
  readonly right: Expression;
}

/** `a crosses above b`; `either` is the form without a direction. `wordSpan` covers `crosses`. */
export interface CrossesExpression {
  readonly kind: 'Crosses';
  readonly span: Span;
  readonly wordSpan: Span;
  readonly direction: 'above' | 'below' | 'either';
  readonly left: Expression;
  readonly right: Expression;
}

/** `x between low and high`, both ends included. */
export interface BetweenExpression {
  readonly kind: 'Between';
  readonly span: Span;
  readonly wordSpan: Span;
  readonly value: Expression;
  readonly low: Expression;
  readonly high: Expression;
}

/** `x in low..high`. */
export interface InRangeExpression {
  readonly kind: 'InRange';
  readonly span: Span;
  readonly wordSpan: Span;
  readonly value: Expression;
  readonly low: Expression;
  readonly high: Expression;
}

/** `x in [a, b]`; the grammar also lets a name stand for the list. */
export interface InListExpression {
  readonly kind: 'InList';
  readonly span: Span;
  readonly wordSpan: Span;
  readonly value: Expression;
  readonly list: Expression;
}

/** `x is na`, `trend is not long`, `market is calm`. `state` is `na`, `long`, `short` or the name of a state. */
export interface IsExpression {
  readonly kind: 'Is';
  readonly span: Span;
  readonly wordSpan: Span;
  readonly value: Expression;
  readonly negated: boolean;
  readonly state: Word;
}

/** `x rises`, `x falls`. */
export interface TrendExpression {
  readonly kind: 'Trend';
  readonly span: Span;
  readonly wordSpan: Span;
  readonly direction: 'rises' | 'falls';
  readonly value: Expression;
}

/** `c for 3 bars`, `c within 4h`. `length` is bars or a duration. */
export interface TemporalExpression {
  readonly kind: 'Temporal';
  readonly span: Span;
  readonly wordSpan: Span;
  readonly mode: 'for' | 'within';
  readonly condition: Expression;
  readonly length: Expression;
}

export interface LogicExpression {
  readonly kind: 'Logic';
  readonly span: Span;
  readonly wordSpan: Span;
  readonly operator: 'and' | 'or';
  readonly left: Expression;
  readonly right: Expression;
}

export interface IfExpression {
  readonly kind: 'If';
  readonly span: Span;
  readonly wordSpan: Span;
  readonly condition: Expression;
  readonly then: Expression;
  readonly otherwise: Expression;
}

export interface ListExpression {
  readonly kind: 'List';
  readonly span: Span;
  readonly items: readonly Expression[];
}

export type Expression =
  | NumberLiteral
  | CurrencyAmount
  | UnitAmount
  | PercentLiteral
  | RMultipleLiteral
  | DurationLiteral
  | DateLiteral
  | TimeLiteral
  | NaLiteral
  | BooleanLiteral
  | NameExpression
  | CallExpression
  | MemberExpression
  | IndexExpression
  | OfMarketExpression
  | OfValueExpression
  | OnExpression
  | NegateExpression
  | NotExpression
  | ArithmeticExpression
  | ComparisonExpression
  | CrossesExpression
  | BetweenExpression
  | InRangeExpression
  | InListExpression
  | IsExpression
  | TrendExpression
  | TemporalExpression
  | LogicExpression
  | IfExpression
  | ListExpression;
