import type { Expression } from '../ast/expression.ts';
import type { NodeId } from '../graph/node.ts';
import type { ExpressionChecker } from './expression-checker.ts';
import type { Value } from './value.ts';

/** Takes note where a plain number stands beside a price of the traded market (`close > 30000`): whether the market ever was near it the data tell (W0908). */
export function notePriceLiteral(checker: ExpressionChecker, literal: Value, e: Expression, other: Value): void {
  const { isInput, module, priceLiterals } = checker.context;
  // In functions and in other files nobody would find the place.
  if (checker.isWritingOut || isInput || module !== null) return;
  const value = checker.constantOf(literal);
  if (value === null || value <= 0 || !checker.operand(literal).bare || other.type.kind !== 'price') return;
  // What is read on several charts is checked once for each.
  const isKnown = priceLiterals.some(({ span }) => span.start === e.span.start);
  if (!isKnown && isPriceLevel(checker, other.node)) priceLiterals.push({ value, span: e.span });
}

/** A price of the traded market itself, or a mean or an extreme of such prices: no distance. */
function isPriceLevel(checker: ExpressionChecker, id: NodeId): boolean {
  const { builder } = checker.context;
  const node = builder.node(id);
  const isLevel = (place: number): boolean => isPriceLevel(checker, node.args[place]!);
  switch (node.op) {
    case 'column':
      return node.column.kind === 'bar' && PRICES.has(node.column.name) && builder.chartOf(node.chart).market === null;
    case 'delay':
    case 'recursive':
    case 'highest':
    case 'lowest':
    case 'percentile':
    case 'sample':
      return isLevel(0);
    case 'div':
      return isSumOfLevels(checker, node.args[0]!);
    default:
      return false;
  }
}

/** What an average divides: a sum over bars, or of several prices of one. */
function isSumOfLevels(checker: ExpressionChecker, id: NodeId): boolean {
  const node = checker.context.builder.node(id);
  if (node.op === 'add') return node.args.every((arg) => isPriceLevel(checker, arg) || isSumOfLevels(checker, arg));
  return (node.op === 'sum' || node.op === 'weightedSum') && isPriceLevel(checker, node.args[0]!);
}

const PRICES: ReadonlySet<string> = new Set(['open', 'high', 'low', 'close']);
