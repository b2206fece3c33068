import type { Span } from '#dsl/diagnostics/diagnostic.ts';
import type { DurationLiteral, Expression, Market, PercentLiteral, Word } from './expression.ts';
import type { SideWord } from './nodes.ts';

/** Parts of statements that come in several forms. */

export type UniverseClause =
  | { readonly kind: 'Quote'; readonly span: Span; readonly currency: Word }
  | { readonly kind: 'Include' | 'Exclude'; readonly span: Span; readonly markets: readonly Market[] }
  | { readonly kind: 'Filter'; readonly span: Span; readonly condition: Expression }
  | { readonly kind: 'Rank'; readonly span: Span; readonly by: Expression; readonly order: 'ascending' | 'descending' | null }
  | { readonly kind: 'Hold'; readonly span: Span; readonly count: Expression }
  | { readonly kind: 'Rebalance' | 'Refresh'; readonly span: Span; readonly every: DurationLiteral }
  | { readonly kind: 'Weight'; readonly span: Span; readonly mode: 'equal' | 'by' | 'inverse'; readonly value: Expression | null };

export interface BasketLeg {
  readonly span: Span;
  readonly action: 'buy' | 'sell';
  readonly market: Market;
  readonly weight: Expression | null;
}

export type AddTrigger =
  | { readonly kind: 'When'; readonly span: Span; readonly condition: Expression }
  | { readonly kind: 'Every'; readonly span: Span; readonly distance: Expression; readonly direction: 'against' | 'in_favor' };

export type SizeRule =
  | { readonly kind: 'Amount'; readonly span: Span; readonly value: Expression }
  | { readonly kind: 'Risk'; readonly span: Span; readonly value: Expression }
  | { readonly kind: 'Kelly'; readonly span: Span; readonly fraction: Expression | null; readonly over: Expression | null }
  | { readonly kind: 'Volatility'; readonly span: Span; readonly target: Expression; readonly over: Expression | null }
  | { readonly kind: 'Unit'; readonly span: Span; readonly value: Expression; readonly per: Expression };

export type TakeShare = PercentLiteral | { readonly kind: 'Rest' | 'All'; readonly span: Span };

export interface TakeLeg {
  readonly span: Span;
  readonly share: TakeShare | null;
  readonly at: Expression;
}

export type RiskAction =
  | { readonly kind: 'Flatten' | 'Halt' | 'Notify'; readonly span: Span }
  | { readonly kind: 'Pause'; readonly span: Span; readonly length: Expression };

export type RiskRule =
  | {
      readonly kind: 'Limit';
      readonly span: Span;
      readonly name: Word;
      readonly value: Expression;
      readonly per: Word | null;
      readonly actions: readonly RiskAction[];
    }
  | {
      readonly kind: 'Guard';
      readonly span: Span;
      readonly action: 'block' | 'flatten' | 'halt';
      readonly side: SideWord | null;
      readonly condition: Expression;
    };
