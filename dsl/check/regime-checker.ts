import type { RegimeStatement } from '../ast/nodes.ts';
import { didYouMean } from '../diagnostics/did-you-mean.ts';
import type { NodeId } from '../graph/node.ts';
import type { ExpressionChecker } from './expression-checker.ts';
import { Scope } from './scope.ts';
import { scalarType } from './type.ts';
import { isPoison, type Value } from './value.ts';

/**
 * A state machine as a series that reads its own past: the place of the state among its names. At most one transition a bar, the first line whose state and
 * condition fit. `r.bars` counts the bars since the last change.
 */
export function regimeValue(checker: ExpressionChecker, statement: RegimeStatement, scope: Scope): Value {
  const { builder, charts, keptStarts } = checker.context;
  const states = statesOf(statement);
  const state = builder.self(false, charts.current);
  const age = builder.self(false, charts.current);
  const before: Value = {
    type: { kind: 'regime', states, bars: { type: scalarType('bars'), node: age.self } },
    node: state.self,
  };
  const inside = new Scope(scope);
  inside.declare(statement.name.text, { what: 'other', span: statement.name.span, binding: { kind: 'value', value: before }, uses: 0 });
  const place = (name: string): NodeId => builder.constant(states.indexOf(name));
  let isGood = true;
  let next: NodeId = state.self;
  for (const { from, to, condition } of statement.transitions.toReversed()) {
    const when = checker.condition(condition, inside);
    if (isPoison(when)) isGood = false;
    // Only what is known to be true changes the state.
    const known = builder.logic('and', when.node, builder.logic('not', builder.logic('isNa', when.node)));
    const leaves =
      from.text === 'any' ? builder.compare('ne', state.self, place(to.text)) : builder.compare('eq', state.self, place(from.text));
    next = builder.select(builder.logic('and', leaves, known), place(to.text), next);
  }
  if (!isGood) return checker.poison();
  const node = builder.loop(state.loop, state.self, next, place(statement.start.text));
  keptStarts.noteLoop(statement.name.text, node);
  const one = builder.constant(1);
  const isSame = builder.compare('eq', node, builder.delay(node, one));
  const counted = builder.select(isSame, builder.numeric('add', age.self, one), builder.constant(0));
  const bars = builder.loop(age.loop, age.self, counted, builder.constant(0));
  return { type: { kind: 'regime', states, bars: { type: scalarType('bars'), node: bars } }, node };
}

/** Names of the states: the start and every one that a transition leads to. */
export function statesOf({ start, transitions }: RegimeStatement): readonly string[] {
  return [
    ...new Set([
      start.text,
      ...transitions.map(({ to }) => to.text),
      ...transitions.flatMap(({ from }) => (from.text === 'any' ? [] : [from.text])),
    ]),
  ];
}

/** States that no line leads to: their own lines can never act. */
export function checkStates(checker: ExpressionChecker, statement: RegimeStatement): void {
  const { findings } = checker.context;
  const reached = new Set([statement.start.text]);
  for (let grows = true; grows;) {
    grows = false;
    for (const { from, to } of statement.transitions) {
      if (reached.has(to.text) || (from.text !== 'any' && !reached.has(from.text))) continue;
      reached.add(to.text);
      grows = true;
    }
  }
  for (const name of statesOf(statement)) {
    if (reached.has(name)) continue;
    const word = statement.transitions.flatMap(({ from, to }) => [from, to]).find(({ text }) => text === name);
    findings.add(
      'W0904',
      word?.span ?? statement.word,
      `nothing leads to the state ${name}`,
      didYouMean(name, [...reached]) ?? 'add a line: ... -> ' + name,
    );
  }
}
