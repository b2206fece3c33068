import type { Argument, Word } from '../ast/expression.ts';
import type { ExpressionChecker } from './expression-checker.ts';
import type { Scope } from './scope.ts';
import { scalarType, typeWords } from './type.ts';
import { isNumeric, isPoison, type Value } from './value.ts';

/**
 * `rank(x)`: the place of this market among the members of the universe by a series of their own, the highest first. The host compares; the program says by
 * what.
 */
export function rank(checker: ExpressionChecker, callee: Word, args: readonly Argument[], scope: Scope): Value {
  const { builder, charts, ranks, statics } = checker.context;
  const [given, more] = args;
  if (given === undefined || more !== undefined || (given.name !== null && given.name.text !== 'x')) {
    const place = (more ?? given)?.span ?? callee.span;
    return checker.error('E0205', place, 'rank takes one series', 'write: rank(roc(close, 90))');
  }
  const { span } = given.value;
  const value = checker.check(given.value, scope);
  if (isPoison(value)) return value;
  if (!isNumeric(value))
    return checker.error('E0307', span, `markets are ranked by a number, found ${typeWords(value.type)}`, checker.memberHint(value));
  if (!ranks.hasUniverse)
    return checker.error(
      'E0207',
      callee.span,
      'rank compares the members of a universe, and there is none',
      'trade one: trade universe on 1d',
    );
  const node = builder.node(value.node);
  if (node.usesAccount) return checker.error('E0405', span, 'markets are ranked without the account', 'rank by a series of the market');
  if (charts.current !== 0)
    return checker.error('E0405', charts.place ?? callee.span, 'members of the universe are ranked on the chart that is traded');
  if (node.rate !== 'series')
    return checker.error('E0307', span, 'every market has the same rank by a constant', 'rank by a series of the market');
  const known = ranks.by.indexOf(value.node);
  const place = known >= 0 ? known : ranks.by.push(value.node) - 1;
  const ranked = builder.columnOf({ kind: 'rank', rank: place });
  statics.declare(ranked, { low: 1, high: Infinity, whole: true });
  return { type: scalarType('number'), node: ranked };
}
