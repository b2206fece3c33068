import type { SourceSpan } from '#dsl/program.ts';
import type { TradePlan, ValuePlace } from '#core/model/trade-plan.ts';
import { LineMap } from '#dsl/diagnostics/line-map.ts';
import { type ConditionPart, leavesOf } from '#dsl/tools/explain/condition-part.ts';
import { ruleConditions } from '#dsl/tools/explain/rule-conditions.ts';
import { tradePlanOf } from '#dsl/trade-plan.ts';
import type { PreparedStrategy } from '../prepare-strategy.ts';
import type { Cause } from './explain-document.ts';

/** A statement of the file, and the place of its condition in the separated plan. */
export interface FileRule {
  readonly span: SourceSpan;
  readonly line: number;
  /** As it is written, white space put together. */
  readonly text: string;
  /** null = it has none. */
  readonly when: ValuePlace | null;
  /** null = it has none, or cannot be taken apart. */
  readonly condition: ConditionPart | null;
}

/** What a strategy's text says, laid beside its plan. */
export interface FileRules {
  readonly text: string;
  readonly lineOf: (span: SourceSpan) => number;
  readonly entries: readonly FileRule[];
  readonly exits: readonly FileRule[];
  /** By block of the plan. */
  readonly adds: readonly (readonly FileRule[])[];
  readonly cancels: readonly (readonly FileRule[])[];
  readonly timeouts: readonly (readonly FileRule[])[];
  readonly cooldowns: readonly (readonly FileRule[])[];
  readonly guards: readonly FileRule[];
  readonly limits: readonly FileRule[];
  /** Place in a row of what is watched, by key of the expression; and what it is. */
  readonly watched: ReadonlyMap<string, { readonly place: ValuePlace; readonly at: number }>;
}

/** @param plan separated */
export function fileRules({ program, source: { text } }: Pick<PreparedStrategy, 'program' | 'source'>, plan: TradePlan): FileRules {
  const lines = new LineMap(text);
  const conditions = ruleConditions(text);
  const places = tradePlanOf(program).watched;
  const watched = new Map<string, { readonly place: ValuePlace; readonly at: number }>(
    (program.watched ?? []).map(({ of, span }, at) => [`${of}:${span.start}:${span.end}`, { place: places[at]!, at }] as const),
  );
  const lineOf = ({ start }: SourceSpan): number => lines.position(start).line;
  const rule = (span: SourceSpan, when: ValuePlace | null): FileRule => {
    const condition = conditions.get(span.start) ?? null;
    const isKnown = condition !== null && leavesOf(condition).every(({ key }) => watched.has(key));
    return { span, line: lineOf(span), text: oneLine(text, span), when, condition: isKnown ? condition : null };
  };
  // Entries whose blocks say the same have one in the plan: the first of them shows where it stands.
  const blocks = plan.blocks.map((planned, place) => ({
    planned,
    block: program.entries[plan.entries.findIndex(({ block }) => block === place)]!.block,
  }));
  return {
    text,
    lineOf,
    watched,
    entries: program.entries.map(({ span }, at) => rule(span, plan.entries[at]!.when)),
    exits: program.exits.map(({ span }, at) => rule(span, plan.exits[at]!.when)),
    adds: blocks.map(({ block, planned }) =>
      block.adds.map(({ span }, at) => {
        const { trigger } = planned.adds[at]!;
        return rule(span, trigger.kind === 'when' ? trigger.when : null);
      }),
    ),
    cancels: blocks.map(({ block, planned }) => block.cancels.map(({ span }, at) => rule(span, planned.cancels[at]!))),
    timeouts: blocks.map(({ block, planned }) => block.timeouts.map(({ span }, at) => rule(span, planned.timeouts[at]!.when))),
    cooldowns: blocks.map(({ block }) => block.cooldowns.map(({ span }) => rule(span, null))),
    guards: program.guards.map(({ span }, at) => rule(span, plan.guards[at]!.when)),
    limits: program.limits.map(({ span }) => rule(span, null)),
  };
}

/** All that have conditions. */
export function conditioned({ entries, exits, adds, cancels, timeouts, guards }: FileRules): readonly FileRule[] {
  return [...entries, ...exits, ...adds.flat(), ...cancels.flat(), ...timeouts.flat(), ...guards];
}

export function oneLine(text: string, { start, end }: SourceSpan): string {
  return text
    .slice(start, end)
    .replace(/("(?:[^"\\\n]|\\.)*")|#[^\n]*/g, (_, quoted: string | undefined) => quoted ?? ' ')
    .replace(/\s+/g, ' ')
    .trim();
}

export function causeOf(kind: Cause['kind'], { text, line, span }: FileRule): Cause {
  return { kind, text, line, span };
}
