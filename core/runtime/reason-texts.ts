import type { Fill } from '#core/engine/log-rows.ts';
import type { MessagePart } from '#core/model/message-plan.ts';
import { messageText } from '#core/model/message-text.ts';
import type { Program, TextTemplate } from '#dsl/program.ts';

/** What the rule behind a fill says of it; null = nothing. */
export type ReasonOf = (fill: Pick<Fill, 'kind' | 'rule' | 'said'>) => string | null;

/** The reasons of a program's rules, with the values of the bar of the signal. */
export function reasonTexts({ entries, exits }: Program, market: string): ReasonOf {
  const plans = { entry: entries.map(partsOf), exit: exits.map(partsOf) };
  return ({ kind, rule, said = [] }) => {
    const parts = kind === 'entry' || kind === 'exit' ? (plans[kind][rule] ?? null) : null;
    return parts === null ? null : messageText(parts, market, (place) => said[place]);
  };
}

/** The same as they are written, braces and all: what the trades of a rule have in common. */
export function reasonNames({ entries, exits }: Program): ReasonOf {
  return ({ kind, rule }) => {
    const rules = kind === 'entry' ? entries : kind === 'exit' ? exits : [];
    return rules[rule]?.reason?.source ?? null;
  };
}

function partsOf({ reason }: { readonly reason: TextTemplate | null }): readonly MessagePart[] | null {
  let place = 0;
  return reason?.parts.map((part) => (part.kind === 'value' ? { ...part, value: place++ } : part)) ?? null;
}
