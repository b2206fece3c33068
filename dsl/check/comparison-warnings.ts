import type { ComparisonExpression, Expression } from '../ast/expression.ts';
import type { CompareOp, NodeId } from '../graph/node.ts';
import type { ExpressionChecker } from './expression-checker.ts';

/** What is strange about a comparison that is allowed: it never varies (W0901), asks two prices to be equal (W0906), or holds what depends on the start of the data against a constant (W0912). */
export function warnOfComparison(
  checker: ExpressionChecker,
  e: ComparisonExpression,
  op: CompareOp,
  [a, b]: readonly [NodeId, NodeId],
): void {
  if (checker.isWritingOut) return;
  const { statics, findings, keptStarts } = checker.context;
  // A comparison of params is a switch that the user may want.
  if (statics.isStatic(a) && statics.isStatic(b) && !(statics.isConst(a) && statics.isConst(b))) return;
  const [x, y] = [statics.intervalOf(a), statics.intervalOf(b)];
  const fixed = fixedTruth(op, x, y);
  if (fixed !== null) {
    const isSeriesLeft = !statics.isStatic(a);
    const { low, high } = isSeriesLeft ? x : y;
    const hint =
      statics.isStatic(a) && statics.isStatic(b) ? 'both sides are constants' : rangeWords(isSeriesLeft ? e.left : e.right, low, high);
    findings.add('W0901', e.left.span, `this is ${fixed ? 'always' : 'never'} true`, hint);
  } else if ((op === 'eq' || op === 'ne') && isPriceSeries(checker, a) && isPriceSeries(checker, b)) {
    findings.add('W0906', e.wordSpan, 'two prices are hardly ever equal', 'compare with < or >, or with a distance: abs(a - b) < 0.1 atr');
  }
  const kept = keptStarts.nameOf(statics.isStatic(b) ? a : b);
  if (kept !== undefined && (statics.isStatic(a) || statics.isStatic(b)))
    findings.add(
      'W0912',
      (statics.isStatic(b) ? e.left : e.right).span,
      `${kept} never forgets where the data begin, and is compared with a constant`,
      'another start of the data may give another answer: compare it with its own past or average, or start it at an event that comes again and again',
    );
}

interface Range {
  readonly low: number;
  readonly high: number;
}

/** Whether a comparison of values in these ranges is true or false whatever they are; null when it depends. */
function fixedTruth(op: CompareOp, a: Range, b: Range): boolean | null {
  switch (op) {
    case 'lt':
      return a.high < b.low ? true : a.low >= b.high ? false : null;
    case 'le':
      return a.high <= b.low ? true : a.low > b.high ? false : null;
    case 'gt':
      return a.low > b.high ? true : a.high <= b.low ? false : null;
    case 'ge':
      return a.low >= b.high ? true : a.high < b.low ? false : null;
    case 'eq':
      return a.high < b.low || a.low > b.high ? false : null;
    case 'ne':
      return a.high < b.low || a.low > b.high ? true : null;
  }
}

function rangeWords(e: Expression, low: number, high: number): string {
  const name = e.kind === 'Call' ? e.callee.text : e.kind === 'Name' ? e.text : 'it';
  if (high === Infinity) return `${name} is never below ${low}`;
  return low === -Infinity ? `${name} is never above ${high}` : `${name} stays between ${low} and ${high}`;
}

/** A price of the market itself or of an average: not an extreme, which is one of the prices it is compared with. */
function isPriceSeries(checker: ExpressionChecker, id: NodeId): boolean {
  const node = checker.context.builder.node(id);
  if (node.op === 'delay') return isPriceSeries(checker, node.args[0]!);
  if (node.op === 'column') return node.column.kind === 'bar' && ['open', 'high', 'low', 'close'].includes(node.column.name);
  return node.op === 'recursive' || (node.op === 'div' && checker.context.builder.node(node.args[0]!).op === 'sum');
}
