import type { Expression } from '../ast/expression.ts';

/** The expressions directly inside an expression, in the order of the text. */
export function childrenOf(expression: Expression): readonly Expression[] {
  switch (expression.kind) {
    case 'Number':
    case 'CurrencyAmount':
    case 'Percent':
    case 'RMultiple':
    case 'Duration':
    case 'Date':
    case 'Time':
    case 'Na':
    case 'Boolean':
    case 'Name':
      return [];
    case 'UnitAmount':
      return (expression.args ?? []).map((arg) => arg.value);
    case 'Call':
      return expression.args.map((arg) => arg.value);
    case 'Member':
      return [expression.object];
    case 'Index':
      return [expression.object, expression.index];
    case 'OfMarket':
    case 'On':
    case 'Is':
    case 'Trend':
      return [expression.value];
    case 'OfValue':
      return [expression.value, expression.base];
    case 'Negate':
    case 'Not':
      return [expression.operand];
    case 'Arithmetic':
    case 'Comparison':
    case 'Crosses':
    case 'Logic':
      return [expression.left, expression.right];
    case 'Between':
    case 'InRange':
      return [expression.value, expression.low, expression.high];
    case 'InList':
      return [expression.value, expression.list];
    case 'Temporal':
      return [expression.condition, expression.length];
    case 'If':
      return [expression.condition, expression.then, expression.otherwise];
    case 'List':
      return expression.items;
  }
}
