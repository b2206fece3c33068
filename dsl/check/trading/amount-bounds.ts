import type { Expression } from '../../ast/expression.ts';
import type { NodeId } from '../../graph/node.ts';
import type { ExpressionChecker } from '../expression-checker.ts';

/** Over the whole range of its params; what the market says must be able to be, and is checked again when the order goes out. Reports; false then. */
export function isAboveZero(checker: ExpressionChecker, node: NodeId, e: Expression, what: string): boolean {
  const { statics } = checker.context;
  const { low, high } = statics.intervalOf(node);
  // What a tick is, the host knows.
  const isOfMarket = !statics.isStatic(node) || Number.isNaN(statics.defaultOf(node));
  if (isOfMarket ? high > 0 : low > 0) return true;
  // Nothing is known of its range: the default decides.
  if (low === -Infinity && statics.defaultOf(node) > 0) return true;
  checker.error('E0511', e.span, `${what} is above zero`, 'correct the value');
  return false;
}

/** Below 100%, over the whole range of its params. Reports; false then. */
export function isBelowWhole(checker: ExpressionChecker, node: NodeId, e: Expression, what: string): boolean {
  const { statics } = checker.context;
  if (!statics.isStatic(node)) return true;
  const { high } = statics.intervalOf(node);
  if (high < 1 || (high === Infinity && !(statics.defaultOf(node) >= 1))) return true;
  checker.error('E0511', e.span, `${what} of 100% or more is never reached`, 'write a smaller percent');
  return false;
}
