import type { Period } from './period.ts';
import type { ValuePlace } from './trade-plan.ts';

/** A part of a text; a value is printed by its unit. */
export type MessagePart =
  | { readonly kind: 'text'; readonly text: string }
  | { readonly kind: 'symbol' }
  | {
      readonly kind: 'value';
      readonly value: ValuePlace;
      /** What it is: 'percent', 'price', 'condition', ... */
      readonly unit: string;
      readonly digits: number | null;
      /** Of a regime: its value is a place in these names. */
      readonly states?: readonly string[];
    };

/** A `notify` line, its series replaced by places in the row of values. */
export interface PlannedMessage {
  readonly parts: readonly MessagePart[];
  /** null = at every entry and exit. */
  readonly when: ValuePlace | null;
  /** Name of a notifier; null = all of them. */
  readonly via: string | null;
  readonly level: 'info' | 'warning' | 'error';
  readonly oncePer: Period | null;
}

/** A `mark` line, its series replaced in the same way. */
export interface PlannedMark {
  readonly where: 'above' | 'below';
  readonly when: ValuePlace;
  readonly parts: readonly MessagePart[] | null;
  readonly color: string | null;
}
