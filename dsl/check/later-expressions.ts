import { isWholeMultiple, timeframeOfStep } from '#core/model/timeframe.ts';
import type { OfMarketExpression, OnExpression, TemporalExpression } from '../ast/expression.ts';
import type { ExpressionChecker } from './expression-checker.ts';
import type { Scope } from './scope.ts';
import { typeWords } from './type.ts';
import { isPoison, type Value } from './value.ts';

/**
 * Expressions of edition 1 that this version does not run: what can be checked is checked, then they are refused by name.
 */
export function laterExpression(
  checker: ExpressionChecker,
  e: OfMarketExpression | OnExpression | TemporalExpression,
  scope: Scope,
): Value {
  if (e.kind === 'Temporal') {
    const condition = checker.condition(e.condition, scope);
    const length = checker.check(e.length, scope);
    return isPoison(condition) || isPoison(length) ? checker.poison() : checker.later(e.wordSpan, `"${e.mode}"`);
  }
  const value = checker.check(e.value, scope);
  if (isPoison(value)) return value;
  const node = checker.context.builder.node(value.node);
  const isFixed = node.rate !== 'series' && value.type.kind !== 'group' && value.type.kind !== 'list';
  if (isFixed) {
    const word = e.kind === 'On' ? 'on' : 'of';
    return checker.error(
      'E0312',
      e.wordSpan,
      `"${word}" takes a series, found a constant`,
      `put the comparison in brackets: (rsi(14) < 30) ${word} ...`,
    );
  }
  if (e.kind === 'OfMarket') {
    return node.usesAccount
      ? checker.error('E0405', e.market.span, 'account values exist only on the market that is traded')
      : checker.later(e.wordSpan, '"of" another market');
  }
  return onChart(checker, e, scope, value);
}

function onChart(checker: ExpressionChecker, e: OnExpression, scope: Scope, value: Value): Value {
  const { builder, market } = checker.context;
  if (e.timeframe.kind === 'Name') {
    const length = checker.check(e.timeframe, scope);
    if (isPoison(length)) return length;
    if (length.type.kind !== 'duration')
      return checker.error('E0307', e.timeframe.span, `a chart length is a duration, found ${typeWords(length.type)}`, 'write 4h or 1d');
  } else if (market.stepMs !== null) {
    const longer = timeframeOfStep(e.timeframe.ms);
    const base = timeframeOfStep(market.stepMs);
    if (e.timeframe.ms < market.stepMs) {
      return checker.error(
        'E0402',
        e.timeframe.span,
        `${e.timeframe.source} is shorter than the ${base?.name ?? 'traded'} chart`,
        'trade the shorter chart, or use a longer one here',
      );
    }
    if (e.timeframe.unit !== 'mo' && e.timeframe.unit !== 'y' && longer !== null && base !== null && !isWholeMultiple(longer, base)) {
      return checker.error('E0403', e.timeframe.span, `${e.timeframe.source} is not a whole multiple of ${base.name}`);
    }
  }
  if (builder.node(value.node).usesAccount)
    return checker.error('E0405', e.timeframe.span, 'account values exist only on the chart that is traded');
  return checker.later(e.wordSpan, '"on" another chart');
}
