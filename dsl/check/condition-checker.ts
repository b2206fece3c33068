import type {
  BetweenExpression,
  ComparisonExpression,
  ComparisonOperator,
  CrossesExpression,
  Expression,
  InListExpression,
  InRangeExpression,
  IsExpression,
  LogicExpression,
  NotExpression,
  TemporalExpression,
  TrendExpression,
} from '../ast/expression.ts';
import type { Span } from '../diagnostics/diagnostic.ts';
import { didYouMean } from '../diagnostics/did-you-mean.ts';
import type { CompareOp, NodeId } from '../graph/node.ts';
import { comparedType } from './algebra.ts';
import type { ExpressionChecker } from './expression-checker.ts';
import { warnOfComparison } from './comparison-warnings.ts';
import { barCount } from './bar-count.ts';
import { clockPair, numberFor, refuse, truth } from './operand-checks.ts';
import { notePriceLiteral } from './price-literals.ts';
import type { Scope } from './scope.ts';
import { typeWords } from './type.ts';
import { isNumeric, isPoison, type Value } from './value.ts';

const COMPARE_OPS: Readonly<Record<ComparisonOperator, CompareOp>> = {
  '<': 'lt',
  '<=': 'le',
  '>': 'gt',
  '>=': 'ge',
  '==': 'eq',
  '!=': 'ne',
};

export type ConditionExpression =
  | ComparisonExpression
  | CrossesExpression
  | BetweenExpression
  | InRangeExpression
  | InListExpression
  | IsExpression
  | TrendExpression
  | TemporalExpression
  | NotExpression
  | LogicExpression;

/** Expressions that are true, false or unknown. */
export class ConditionChecker {
  readonly #checker: ExpressionChecker;

  constructor(checker: ExpressionChecker) {
    this.#checker = checker;
  }

  check(e: ConditionExpression, scope: Scope): Value {
    const checker = this.#checker;
    const { builder } = checker.context;
    switch (e.kind) {
      case 'Comparison':
        return this.#comparison(e, scope);
      case 'Crosses':
        return this.#crosses(e, scope);
      case 'Between':
      case 'InRange':
        return this.#between(e, scope);
      case 'InList':
        return this.#inList(e, scope);
      case 'Is':
        return this.#is(e, scope);
      case 'Trend': {
        const value = numberFor(checker, e.wordSpan, e.value, scope);
        if (isPoison(value)) return value;
        if (checker.constantOf(value) !== null && !checker.isWritingOut)
          return checker.error('E0301', e.wordSpan, `a constant never ${e.direction}`, 'write a series in front of it: close falls');
        const before = builder.delay(value.node, builder.constant(1));
        return truth(builder.compare(e.direction === 'rises' ? 'gt' : 'lt', value.node, before));
      }
      case 'Temporal':
        return this.#temporal(e, scope);
      case 'Not': {
        const value = checker.condition(e.operand, scope);
        return isPoison(value) ? value : truth(builder.logic('not', value.node));
      }
      case 'Logic': {
        const left = checker.condition(e.left, scope);
        const right = checker.condition(e.right, scope);
        return isPoison(left) || isPoison(right) ? checker.poison() : truth(builder.logic(e.operator, left.node, right.node));
      }
    }
  }

  #comparison(e: ComparisonExpression, scope: Scope): Value {
    const pair = this.#comparable(e.left, e.right, e.wordSpan, scope);
    if (pair === null) return this.#checker.poison();
    warnOfComparison(this.#checker, e, COMPARE_OPS[e.operator], pair);
    return truth(this.#checker.context.builder.compare(COMPARE_OPS[e.operator], pair[0], pair[1]));
  }

  #comparable(left: Expression, right: Expression, operator: Span, scope: Scope): readonly [NodeId, NodeId] | null {
    const a = this.#checker.check(left, scope);
    const b = this.#checker.check(right, scope);
    if (isPoison(a) || isPoison(b)) return null;
    const clock = clockPair(this.#checker, a, b);
    if (clock !== null) return clock;
    const compared = comparedType(this.#checker.operand(a), this.#checker.operand(b));
    if (compared.ok) {
      notePriceLiteral(this.#checker, a, left, b);
      notePriceLiteral(this.#checker, b, right, a);
      return [a.node, b.node];
    }
    refuse(this.#checker, operator, compared, [a, b]);
    return null;
  }

  /** `a crosses above b`: a > b and a[1] <= b[1]. */
  #crosses(e: CrossesExpression, scope: Scope): Value {
    const { builder } = this.#checker.context;
    const pair = this.#comparable(e.left, e.right, e.wordSpan, scope);
    if (pair === null) return this.#checker.poison();
    const [a, b] = pair;
    const one = builder.constant(1);
    const [a1, b1] = [builder.delay(a, one), builder.delay(b, one)];
    const above = (): NodeId => builder.logic('and', builder.compare('gt', a, b), builder.compare('le', a1, b1));
    const below = (): NodeId => builder.logic('and', builder.compare('lt', a, b), builder.compare('ge', a1, b1));
    if (e.direction === 'above') return truth(above());
    return truth(e.direction === 'below' ? below() : builder.logic('or', above(), below()));
  }

  #between(e: BetweenExpression | InRangeExpression, scope: Scope): Value {
    const checker = this.#checker;
    const { builder } = checker.context;
    const [x, low, high] = [checker.check(e.value, scope), checker.check(e.low, scope), checker.check(e.high, scope)];
    if (isPoison(x) || isPoison(low) || isPoison(high)) return checker.poison();
    const [from, to] = [clockPair(checker, x, low), clockPair(checker, x, high)];
    if (from !== null && to !== null) return truth(builder.logic('and', builder.compare('ge', ...from), builder.compare('le', ...to)));
    for (const [bound, end] of [
      [low, e.low],
      [high, e.high],
    ] as const) {
      const compared = comparedType(checker.operand(x), checker.operand(bound));
      notePriceLiteral(checker, bound, end, x);
      if (compared.ok) continue;
      const code = compared.code === 'E0304' ? 'E0311' : compared.code;
      return refuse(this.#checker, e.wordSpan, { ...compared, code }, [x, bound]);
    }
    const [lowest, highest] = [checker.constantOf(low), checker.constantOf(high)];
    if (lowest !== null && highest !== null && lowest > highest)
      return checker.error('E0311', e.wordSpan, 'the lower bound is above the upper one', 'swap the two');
    return truth(builder.logic('and', builder.compare('ge', x.node, low.node), builder.compare('le', x.node, high.node)));
  }

  #inList(e: InListExpression, scope: Scope): Value {
    const checker = this.#checker;
    const { builder } = checker.context;
    const x = checker.check(e.value, scope);
    const list = checker.check(e.list, scope);
    if (isPoison(x) || isPoison(list)) return checker.poison();
    if (list.type.kind !== 'list')
      return checker.error(
        'E0307',
        e.list.span,
        `a list is needed behind "in", found ${typeWords(list.type)}`,
        'write [1, 2] or a range: 1..5',
      );
    let found = builder.truth(0);
    for (const item of list.type.items) {
      if (isPoison(item)) return checker.poison();
      const compared = comparedType(checker.operand(x), checker.operand(item));
      if (!compared.ok) return refuse(this.#checker, e.wordSpan, compared, [x, item]);
      found = builder.logic('or', found, builder.compare('eq', x.node, item.node));
    }
    return truth(found);
  }

  #is(e: IsExpression, scope: Scope): Value {
    const checker = this.#checker;
    const { builder } = checker.context;
    const value = checker.check(e.value, scope);
    if (isPoison(value)) return value;
    if (e.state.text === 'na') {
      if (!isNumeric(value) && value.type.kind !== 'condition' && value.type.kind !== 'time') {
        return checker.error('E0301', e.wordSpan, `${typeWords(value.type)} is never na`, checker.memberHint(value));
      }
      const isNa = builder.logic('isNa', value.node);
      return truth(e.negated ? builder.logic('not', isNa) : isNa);
    }
    if (value.type.kind === 'strategy') return this.#isSide(e, value.type.members);
    if (value.type.kind !== 'regime') {
      return checker.error(
        'E0301',
        e.wordSpan,
        `"is ${e.state.text}" asks for a state, found ${typeWords(value.type)}`,
        'compare numbers with == or <',
      );
    }
    if (!value.type.states.includes(e.state.text)) {
      const hint = didYouMean(e.state.text, value.type.states) ?? `the states are: ${value.type.states.join(', ')}`;
      return checker.error('E0206', e.state.span, `there is no state "${e.state.text}"`, hint);
    }
    const state = builder.constant(value.type.states.indexOf(e.state.text));
    return truth(builder.compare(e.negated ? 'ne' : 'eq', value.node, state));
  }

  /** `trend is long`: of a strategy that serves as an input. */
  #isSide(e: IsExpression, members: ReadonlyMap<string, Value>): Value {
    const { builder } = this.#checker.context;
    const member = members.get(e.state.text === 'long' ? 'is_long' : e.state.text === 'short' ? 'is_short' : '');
    if (member === undefined) {
      return this.#checker.error('E0206', e.state.span, `a strategy is not "${e.state.text}"`, 'it is long, or short');
    }
    return truth(e.negated ? builder.logic('not', member.node) : member.node);
  }

  /** `c for 3 bars`: true at this bar and the 2 before; `c within 3 bars`: at one of them. */
  #temporal(e: TemporalExpression, scope: Scope): Value {
    const checker = this.#checker;
    const { builder, charts } = checker.context;
    const condition = checker.condition(e.condition, scope);
    const bars = barCount(checker, e.length, scope, 'length');
    if (isPoison(condition) || bars === null) return checker.poison();
    return truth(builder.stateful(e.mode === 'for' ? 'allOf' : 'anyOf', [condition.node, bars], charts.current));
  }
}
