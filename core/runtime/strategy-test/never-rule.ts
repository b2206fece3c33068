/** What must hold at no bar. Shares: 2 % = 0.02. */
export type NeverRule =
  | { readonly kind: 'risk above' | 'drawdown above' | 'position above' | 'exposure above'; readonly text: string; readonly share: number }
  | { readonly kind: 'positions above' | 'hold longer than'; readonly text: string; readonly count: number }
  | { readonly kind: 'open without a stop'; readonly text: string }
  /** Days of the week, 1 = Monday .. 7 = Sunday, UTC. */
  | { readonly kind: 'trade on'; readonly text: string; readonly days: readonly number[] }
  /** A condition of the language. */
  | { readonly kind: FillCondition; readonly text: string; readonly source: string }
  | { readonly kind: 'hold when'; readonly text: string; readonly source: string };

/** Of fills of entries and of exit rules, on both sides or on one. */
export type FillCondition = `${'enter' | 'exit'} ${'' | 'long ' | 'short '}when`;

export const WEEKDAYS = ['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun'] as const;
