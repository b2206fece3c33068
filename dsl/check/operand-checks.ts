import type { Expression } from '../ast/expression.ts';
import type { Span } from '../diagnostics/diagnostic.ts';
import type { NodeId } from '../graph/node.ts';
import type { AlgebraError } from './algebra.ts';
import type { ExpressionChecker } from './expression-checker.ts';
import type { Scope } from './scope.ts';
import { typeWords } from './type.ts';
import { isNumeric, isPoison, type Value } from './value.ts';

export function truth(node: NodeId): Value {
  return { type: { kind: 'condition' }, node };
}

/** Reports what the algebra says about `values`; a group among them explains more. */
export function refuse(checker: ExpressionChecker, span: Span, error: AlgebraError, values: readonly Value[] = []): Value {
  const group = values.find((value) => value.type.kind === 'group');
  return checker.error(error.code, span, error.message, group === undefined ? error.hint : checker.memberHint(group));
}

/** `time > 09:30` asks for the clock of the bar's open, not for a moment: the two sides as minutes of the day. */
export function clockPair(checker: ExpressionChecker, a: Value, b: Value): readonly [NodeId, NodeId] | null {
  const { builder, charts } = checker.context;
  if (a.type.kind === 'timeOfDay' && b.type.kind === 'time') {
    const pair = clockPair(checker, b, a);
    return pair === null ? null : [pair[1], pair[0]];
  }
  if (a.type.kind !== 'time' || b.type.kind !== 'timeOfDay') return null;
  const node = builder.node(a.node);
  if (node.op !== 'column' || node.column.kind !== 'bar') return null;
  return [builder.columnOf({ kind: 'calendar', name: 'minute_of_day' }, charts.current), b.node];
}

/** A number of any unit; anything else is an error of the operator. */
export function numberFor(checker: ExpressionChecker, operator: Span, e: Expression, scope: Scope): Value {
  const value = checker.check(e, scope);
  if (isNumeric(value) || isPoison(value)) return value;
  return checker.error('E0301', operator, `this works with numbers, found ${typeWords(value.type)}`, checker.memberHint(value));
}
