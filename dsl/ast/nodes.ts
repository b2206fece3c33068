import type { Span } from '#dsl/diagnostics/diagnostic.ts';
import type { AddTrigger, BasketLeg, RiskRule, SizeRule, TakeLeg, UniverseClause } from './clauses.ts';
import type { Expression, Market, NumberLiteral, PercentLiteral, TimeLiteral, Timeframe, Word } from './expression.ts';

/**
 * Statements of the language and the file that holds them (grammar: language.md section 3).
 *
 * Every statement has the `span` of its whole text and its first `word` (`enter`, `size`; `def` for an exported def): the place of errors about something
 * missing. A clause that was not written is null, or an empty list.
 */

/** A value inserted into a text: `{name}` or `{name:2}`; `span` covers the name, `digits` is null when not given. */
export interface TextInsert {
  readonly name: string;
  readonly digits: number | null;
  readonly span: Span;
}

/** `"..."`; `value` has its escapes resolved and its inserts as written, `parts` is the same text cut at the inserts. */
export interface Text {
  readonly kind: 'Text';
  readonly span: Span;
  readonly value: string;
  readonly parts: readonly (string | TextInsert)[];
}

/** One line of `account { ... }`, `session x { ... }` and the like: `fee 0.1%`, `zone "UTC"`, `hours 09:30..16:00`. */
export interface Setting {
  readonly span: Span;
  readonly name: Word;
  readonly value: SettingValue;
}

export type SettingValue =
  | Text
  | { readonly kind: 'Value'; readonly span: Span; readonly value: Expression }
  | { readonly kind: 'Range'; readonly span: Span; readonly low: Expression; readonly high: Expression };

export type Side = 'long' | 'short';

/** A side as written: `enter long`. */
export interface SideWord {
  readonly side: Side;
  readonly span: Span;
}

export type TypeName = 'number' | 'percent' | 'price' | 'quantity' | 'money' | 'duration' | 'bars' | 'condition' | 'length';

export interface TypeWord {
  readonly name: TypeName;
  readonly span: Span;
}

export interface Import {
  readonly span: Span;
  readonly name: Word;
  /** `as` name; null when the name itself is used. */
  readonly alias: Word | null;
}

/** `use strategy trend from "./trend.strat" with { fast = 20 }`; `what` is `functions` when no word says otherwise. */
export interface UseStatement {
  readonly kind: 'Use';
  readonly span: Span;
  readonly word: Span;
  readonly what: 'functions' | 'indicator' | 'strategy' | 'model' | 'calendar';
  readonly imports: readonly Import[];
  readonly from: Text;
  readonly bindings: readonly Binding[];
}

/** `fast = 20` behind `with`. */
export interface Binding {
  readonly span: Span;
  readonly name: Word;
  readonly value: Expression;
}

/** `trade BTC/USDT, ETH/USDT on 1h side both`, `trade universe on 1d` (then `universe` is that word's span and `markets` is empty). */
export interface TradeStatement {
  readonly kind: 'Trade';
  readonly span: Span;
  readonly word: Span;
  readonly universe: Span | null;
  readonly markets: readonly Market[];
  readonly timeframe: Timeframe;
  readonly side: { readonly value: Side | 'both'; readonly span: Span } | null;
}

/** `account { ... }`, `costs { ... }`, `grid { ... }` (grid is edition 1.1). */
export interface SettingsStatement {
  readonly kind: 'Account' | 'Costs' | 'Grid';
  readonly span: Span;
  readonly word: Span;
  readonly settings: readonly Setting[];
}

/** What a param may be: `in 5..50`, `in [15m, 30m]`, or a name that stands for a list. */
export type ParamDomain =
  | { readonly kind: 'Range'; readonly span: Span; readonly low: Expression; readonly high: Expression }
  | { readonly kind: 'Choice'; readonly span: Span; readonly list: Expression };

export interface ParamStatement {
  readonly kind: 'Param';
  readonly span: Span;
  readonly word: Span;
  readonly doc: string | null;
  readonly name: Word;
  readonly type: TypeWord | null;
  readonly value: Expression;
  readonly domain: ParamDomain | null;
  readonly step: Expression | null;
  readonly log: Span | null;
  readonly label: Text | null;
}

export interface RequireStatement {
  readonly kind: 'Require';
  readonly span: Span;
  readonly word: Span;
  readonly condition: Expression;
  readonly why: Text | null;
}

export interface LetStatement {
  readonly kind: 'Let';
  readonly span: Span;
  readonly word: Span;
  readonly doc: string | null;
  readonly name: Word;
  readonly type: TypeWord | null;
  readonly value: Expression;
  readonly start: Expression | null;
}

export interface DefParameter {
  readonly span: Span;
  readonly name: Word;
  readonly type: TypeWord | null;
  readonly value: Expression | null;
}

/** `def f(x) = x + 1` has no `lets`; `def f(x) { let y = x return y }` has. `result` is the value either way. */
export interface DefStatement {
  readonly kind: 'Def';
  readonly span: Span;
  readonly word: Span;
  readonly doc: string | null;
  /** The word `export`, or null. */
  readonly exported: Span | null;
  readonly name: Word;
  readonly parameters: readonly DefParameter[];
  readonly type: TypeWord | null;
  readonly lets: readonly LetStatement[];
  readonly result: Expression;
}

/** `chart 4h { ... }`, `chart BTC/USDT { ... }`, `chart BTC/USDT on 4h { ... }`: at least one of market and timeframe is there. */
export interface ChartStatement {
  readonly kind: 'Chart';
  readonly span: Span;
  readonly word: Span;
  readonly market: Market | null;
  readonly timeframe: Timeframe | null;
  readonly lets: readonly LetStatement[];
}

export interface SessionStatement {
  readonly kind: 'Session';
  readonly span: Span;
  readonly word: Span;
  readonly doc: string | null;
  readonly name: Word;
  readonly settings: readonly Setting[];
}

/** `calm -> wild when c`; `from` may be the word `any`. */
export interface Transition {
  readonly span: Span;
  readonly from: Word;
  readonly to: Word;
  readonly condition: Expression;
}

export interface RegimeStatement {
  readonly kind: 'Regime';
  readonly span: Span;
  readonly word: Span;
  readonly doc: string | null;
  readonly name: Word;
  readonly start: Word;
  readonly transitions: readonly Transition[];
}

export interface UniverseStatement {
  readonly kind: 'Universe';
  readonly span: Span;
  readonly word: Span;
  readonly clauses: readonly UniverseClause[];
}

export interface BasketStatement {
  readonly kind: 'Basket';
  readonly span: Span;
  readonly word: Span;
  readonly doc: string | null;
  readonly name: Word;
  readonly legs: readonly BasketLeg[];
}

export interface SideStatement {
  readonly kind: 'Side';
  readonly span: Span;
  readonly word: Span;
  readonly side: Side;
  readonly body: readonly BlockItem[];
}

export interface SetupStatement {
  readonly kind: 'Setup';
  readonly span: Span;
  readonly word: Span;
  readonly doc: string | null;
  readonly name: Word;
  readonly side: SideWord;
  readonly body: readonly BlockItem[];
}

export type OrderOption =
  | { readonly kind: 'PostOnly' | 'Ioc' | 'Fok' | 'GoodUntilCancelled'; readonly span: Span }
  | { readonly kind: 'GoodFor'; readonly span: Span; readonly length: Expression }
  | { readonly kind: 'GoodUntil'; readonly span: Span; readonly time: TimeLiteral }
  | { readonly kind: 'ElseMarket'; readonly span: Span; readonly after: Expression };

/** `at market`, `at limit p`, `at stop p`, `at stop p limit q`, with options in the order written. `limit` is the second price of a stop-limit. */
export interface Order {
  readonly span: Span;
  readonly type: 'market' | 'limit' | 'stop';
  readonly price: Expression | null;
  readonly limit: Expression | null;
  readonly options: readonly OrderOption[];
}

export interface EnterStatement {
  readonly kind: 'Enter';
  readonly span: Span;
  readonly word: Span;
  readonly side: SideWord | null;
  readonly name: Word | null;
  readonly condition: Expression;
  readonly order: Order | null;
  readonly confidence: Expression | null;
  readonly reason: Text | null;
}

export interface ExitStatement {
  readonly kind: 'Exit';
  readonly span: Span;
  readonly word: Span;
  readonly side: SideWord | null;
  readonly name: Word | null;
  readonly part: PercentLiteral | null;
  readonly condition: Expression;
  readonly order: Order | null;
  readonly reason: Text | null;
}

export interface AddStatement {
  readonly kind: 'Add';
  readonly span: Span;
  readonly word: Span;
  readonly amount: Expression | null;
  readonly trigger: AddTrigger;
  readonly max: Expression | null;
  readonly scale: Expression | null;
  readonly order: Order | null;
}

export interface SizeStatement {
  readonly kind: 'Size';
  readonly span: Span;
  readonly word: Span;
  readonly rule: SizeRule;
  readonly times: Expression | null;
  readonly max: Expression | null;
  readonly min: Expression | null;
}

export interface StopStatement {
  readonly kind: 'Stop';
  readonly span: Span;
  readonly word: Span;
  /** The word `at`, or null: with it the value is a price, without it a distance. */
  readonly at: Span | null;
  readonly value: Expression;
  readonly moving: Span | null;
  readonly closing: Span | null;
  readonly limit: Expression | null;
}

export interface TakeStatement {
  readonly kind: 'Take';
  readonly span: Span;
  readonly word: Span;
  readonly legs: readonly TakeLeg[];
}

export interface TrailStatement {
  readonly kind: 'Trail';
  readonly span: Span;
  readonly word: Span;
  readonly distance: Expression;
  readonly from: Expression | null;
  readonly after: Expression | null;
  readonly step: Expression | null;
  readonly closing: Span | null;
  readonly moving: Span | null;
}

export interface BreakevenStatement {
  readonly kind: 'Breakeven';
  readonly span: Span;
  readonly word: Span;
  readonly after: Expression;
  readonly plus: Expression | null;
}

export interface TimeoutStatement {
  readonly kind: 'Timeout';
  readonly span: Span;
  readonly word: Span;
  readonly length: Expression;
  readonly condition: Expression | null;
}

export interface CooldownStatement {
  readonly kind: 'Cooldown';
  readonly span: Span;
  readonly word: Span;
  readonly length: Expression;
  readonly after: { readonly value: 'loss' | 'win' | 'stop' | 'exit'; readonly span: Span } | null;
}

export interface CancelStatement {
  readonly kind: 'Cancel';
  readonly span: Span;
  readonly word: Span;
  readonly condition: Expression;
}

export interface OcoStatement {
  readonly kind: 'Oco';
  readonly span: Span;
  readonly word: Span;
  readonly entries: readonly EnterStatement[];
}

export interface RiskStatement {
  readonly kind: 'Risk';
  readonly span: Span;
  readonly word: Span;
  readonly rules: readonly RiskRule[];
}

export interface NotifyStatement {
  readonly kind: 'Notify';
  readonly span: Span;
  readonly word: Span;
  readonly text: Text;
  readonly condition: Expression | null;
  readonly via: Word | null;
  readonly level: Word | null;
  readonly oncePer: Word | null;
}

export interface PlotStatement {
  readonly kind: 'Plot';
  readonly span: Span;
  readonly word: Span;
  readonly value: Expression;
  readonly title: Text | null;
  readonly color: Word | null;
  readonly pane: Text | null;
  readonly style: Word | null;
}

export interface MarkStatement {
  readonly kind: 'Mark';
  readonly span: Span;
  readonly word: Span;
  readonly where: 'above' | 'below';
  readonly condition: Expression;
  readonly text: Text | null;
  readonly color: Word | null;
}

export interface ObjectiveStatement {
  readonly kind: 'Objective';
  readonly span: Span;
  readonly word: Span;
  readonly direction: 'maximize' | 'minimize';
  readonly metric: Expression;
  readonly condition: Expression | null;
}

export type TradeRule =
  | EnterStatement
  | ExitStatement
  | AddStatement
  | SizeStatement
  | StopStatement
  | TakeStatement
  | TrailStatement
  | BreakevenStatement
  | TimeoutStatement
  | CooldownStatement
  | CancelStatement;

/** What may stand in `long { }`, `short { }` and `setup x long { }`. */
export type BlockItem = LetStatement | TradeRule;

export type Statement =
  | UseStatement
  | TradeStatement
  | SettingsStatement
  | ParamStatement
  | RequireStatement
  | LetStatement
  | DefStatement
  | ChartStatement
  | SessionStatement
  | RegimeStatement
  | UniverseStatement
  | BasketStatement
  | SideStatement
  | SetupStatement
  | TradeRule
  | OcoStatement
  | RiskStatement
  | NotifyStatement
  | PlotStatement
  | MarkStatement
  | ObjectiveStatement;

/** A comment with its `#`; `doc` is true for `##`. */
export interface Comment {
  readonly span: Span;
  readonly text: string;
  readonly doc: boolean;
}

/** The line `strategy "..." { }` or `module "..." { }`. */
export interface Heading {
  readonly what: 'strategy' | 'module';
  readonly word: Span;
  readonly title: Text;
  readonly settings: readonly Setting[];
}

/** One `.strat` file. Statements that did not parse are left out; the diagnostics tell of them. */
export interface SourceFile {
  readonly kind: 'SourceFile';
  readonly span: Span;
  /** The number behind `strat`; null when that line is missing. */
  readonly edition: NumberLiteral | null;
  readonly heading: Heading;
  readonly statements: readonly Statement[];
  readonly comments: readonly Comment[];
  /** Names whose definitions did not parse: an unknown name that is one of these is no error of its own. */
  readonly brokenNames: ReadonlySet<string>;
}
