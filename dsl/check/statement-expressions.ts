import type { Expression } from '../ast/expression.ts';
import type { Statement } from '../ast/nodes.ts';

const EXPRESSION_KINDS: ReadonlySet<string> = new Set<Expression['kind']>([
  'Number',
  'CurrencyAmount',
  'UnitAmount',
  'Percent',
  'RMultiple',
  'Duration',
  'Date',
  'Time',
  'Na',
  'Boolean',
  'Name',
  'Call',
  'Member',
  'Index',
  'OfMarket',
  'OfValue',
  'On',
  'Negate',
  'Not',
  'Arithmetic',
  'Comparison',
  'Crosses',
  'Between',
  'InRange',
  'InList',
  'Is',
  'Trend',
  'Temporal',
  'Logic',
  'If',
  'List',
]);

/** The outermost expressions anywhere in a statement, in no particular order. */
export function statementExpressions(statement: Statement): readonly Expression[] {
  const found: Expression[] = [];
  collect(statement, found);
  return found;
}

function collect(node: unknown, found: Expression[]): void {
  if (Array.isArray(node)) {
    for (const item of node) collect(item, found);
  } else if (isExpression(node)) {
    found.push(node);
  } else if (typeof node === 'object' && node !== null) {
    for (const part of Object.values(node)) collect(part, found);
  }
}

function isExpression(node: unknown): node is Expression {
  return typeof node === 'object' && node !== null && 'kind' in node && typeof node.kind === 'string' && EXPRESSION_KINDS.has(node.kind);
}
