import { hueOf } from '#core/model/colors.ts';
import type { PineExpression } from './pine-nodes.ts';

/** The name of a colour that charts of strat know, or null. */
export function colorName(expression: PineExpression): string | null {
  if (expression.kind === 'Call' && expression.callee === 'color.new') {
    const [first] = expression.args;
    return first === undefined ? null : colorName(first.value);
  }
  const name = expression.kind === 'Name' ? expression.name.replace(/^color\./, '') : '';
  return hueOf(name) === undefined ? null : name;
}
