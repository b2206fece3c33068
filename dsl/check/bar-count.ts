import type { Expression } from '../ast/expression.ts';
import type { NodeId } from '../graph/node.ts';
import type { ExpressionChecker } from './expression-checker.ts';
import { isLength } from './length-check.ts';
import type { Scope } from './scope.ts';
import { scalarType, typeWords } from './type.ts';
import { isPoison } from './value.ts';

/**
 * A time as a number of bars of the current chart, fixed before the run: `3 bars`, `4h` (rounded up to bars). null after an error.
 * @param use what its limits are those of
 */
export function barCount(checker: ExpressionChecker, e: Expression, scope: Scope, use: 'length' | 'history'): NodeId | null {
  const { builder, charts, statics } = checker.context;
  const value = checker.check(e, scope);
  if (isPoison(value)) return null;
  if (value.type.kind !== 'bars' && value.type.kind !== 'duration') {
    const constant = checker.operand(value).bare ? checker.constantOf(value) : null;
    const hint = constant === null ? 'write 3 bars or 4h' : `did you mean ${constant} bars?`;
    checker.error('E0307', e.span, `a time is needed here, found ${typeWords(value.type)}`, hint);
    return null;
  }
  if (value.type.kind === 'bars') return isLength(checker, value, e.span, use) ? value.node : null;
  if (!statics.isStatic(value.node)) {
    checker.error('E0303', e.span, 'this time is fixed before the run, found a series', 'use a duration or a param');
    return null;
  }
  const bars = builder.numeric('ceil', builder.numeric('div', value.node, builder.constant(charts.stepMs)));
  // A duration of a strategy without a readable trade line has no bars.
  if (Number.isNaN(charts.stepMs)) return builder.constant(1);
  warnOfShort(checker, value.node, e, charts.stepMs, charts.nameOf(charts.current));
  return isLength(checker, { type: scalarType('bars'), node: bars }, e.span, use) ? bars : null;
}

/** A duration below one bar is one bar, as all are rounded up; whoever wrote it thought of another chart. */
export function warnOfShort(checker: ExpressionChecker, duration: NodeId, e: Expression, stepMs: number, chart: string): void {
  const { statics, findings } = checker.context;
  const { low, high } = statics.intervalOf(duration);
  if (low > 0 && high < stepMs)
    findings.add('W0913', e.span, `this is shorter than one bar of ${chart}, and counts as one`, 'write a count: 1 bar');
}
