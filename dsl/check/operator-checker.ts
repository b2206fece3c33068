import type {
  ArithmeticExpression,
  BetweenExpression,
  ComparisonExpression,
  ComparisonOperator,
  CrossesExpression,
  Expression,
  IfExpression,
  InListExpression,
  InRangeExpression,
  IsExpression,
  NegateExpression,
  OfValueExpression,
} from '../ast/expression.ts';
import type { Span } from '../diagnostics/diagnostic.ts';
import { didYouMean } from '../diagnostics/did-you-mean.ts';
import type { CompareOp, NodeId } from '../graph/node.ts';
import { type AlgebraError, additiveType, comparedType, joinedType, productType } from './algebra.ts';
import type { ExpressionChecker } from './expression-checker.ts';
import type { Scope } from './scope.ts';
import { scalarType, typeWords } from './type.ts';
import { isNumeric, isPoison, type Value } from './value.ts';

const COMPARE_OPS: Readonly<Record<ComparisonOperator, CompareOp>> = {
  '<': 'lt',
  '<=': 'le',
  '>': 'gt',
  '>=': 'ge',
  '==': 'eq',
  '!=': 'ne',
};
const ACCOUNT_BASES = ['equity', 'cash', 'position'];

type OperatorExpression = Exclude<
  Expression,
  {
    kind:
      | 'Number'
      | 'CurrencyAmount'
      | 'UnitAmount'
      | 'Percent'
      | 'RMultiple'
      | 'Duration'
      | 'Date'
      | 'Time'
      | 'Na'
      | 'Boolean'
      | 'Name'
      | 'Call'
      | 'Member'
      | 'Index'
      | 'OfMarket'
      | 'On'
      | 'Temporal'
      | 'List';
  }
>;

/** Operators: arithmetic with units, comparisons, conditions, `if`, `of`. */
export class OperatorChecker {
  readonly #checker: ExpressionChecker;

  constructor(checker: ExpressionChecker) {
    this.#checker = checker;
  }

  check(e: OperatorExpression, scope: Scope): Value {
    const checker = this.#checker;
    const { builder } = checker.context;
    switch (e.kind) {
      case 'Negate':
        return this.#negate(e, scope);
      case 'Arithmetic':
        return this.#arithmetic(e, scope);
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
      case 'OfValue':
        return this.#share(e, scope);
      case 'If':
        return this.#choice(e, scope);
      case 'Trend': {
        const value = this.#operand(e.value, e.wordSpan, scope);
        if (isPoison(value)) return value;
        const before = builder.delay(value.node, builder.constant(1));
        return this.#truth(builder.compare(e.direction === 'rises' ? 'gt' : 'lt', value.node, before));
      }
      case 'Not': {
        const value = checker.condition(e.operand, scope);
        return isPoison(value) ? value : this.#truth(builder.logic('not', value.node));
      }
      case 'Logic': {
        const left = checker.condition(e.left, scope);
        const right = checker.condition(e.right, scope);
        return isPoison(left) || isPoison(right) ? checker.poison() : this.#truth(builder.logic(e.operator, left.node, right.node));
      }
    }
  }

  #truth(node: NodeId): Value {
    return { type: { kind: 'condition' }, node };
  }

  #refuse(span: Span, error: AlgebraError, values: readonly Value[] = []): Value {
    const group = values.find((value) => value.type.kind === 'group');
    const hint = group === undefined ? error.hint : this.#checker.memberHint(group);
    return this.#checker.error(error.code, span, error.message, hint);
  }

  /** A number of any unit; anything else is an error of the operator. */
  #operand(e: Expression, operator: Span, scope: Scope): Value {
    const value = this.#checker.check(e, scope);
    if (isNumeric(value) || isPoison(value)) return value;
    return this.#checker.error(
      'E0301',
      operator,
      `this works with numbers, found ${typeWords(value.type)}`,
      this.#checker.memberHint(value),
    );
  }

  #negate(e: NegateExpression, scope: Scope): Value {
    const value = this.#operand(e.operand, e.wordSpan, scope);
    return isPoison(value) ? value : { type: value.type, node: this.#checker.context.builder.numeric('neg', value.node) };
  }

  #arithmetic(e: ArithmeticExpression, scope: Scope): Value {
    const checker = this.#checker;
    const { builder } = checker.context;
    const left = checker.check(e.left, scope);
    const right = checker.check(e.right, scope);
    if (isPoison(left) || isPoison(right)) return checker.poison();
    const [a, b] = [checker.operand(left), checker.operand(right)];
    if (e.operator === '+' || e.operator === '-') {
      const sum = additiveType(a, b, e.operator);
      if (!sum.ok) return this.#refuse(e.wordSpan, sum, [left, right]);
      const op = e.operator === '+' ? 'add' : 'sub';
      if (sum.relative !== true) return { type: sum.type, node: builder.numeric(op, left.node, right.node) };
      return { type: sum.type, node: builder.numeric('mul', left.node, builder.numeric(op, builder.constant(1), right.node)) };
    }
    const product = productType(a, b, e.operator);
    if (!product.ok) return this.#refuse(e.wordSpan, product, [left, right]);
    if (e.operator === '/' && checker.constantOf(right) === 0) return checker.error('E0314', e.wordSpan, 'this divides by zero');
    const node = builder.numeric(e.operator === '*' ? 'mul' : 'div', left.node, right.node);
    return this.#keepShare({ type: product.type, node }, left, right, e.operator);
  }

  /** `first * 1% of equity` still is a share of the equity. */
  #keepShare(product: Value, left: Value, right: Value, operator: '*' | '/'): Value {
    const { builder } = this.#checker.context;
    const [shared, factor] = left.share !== undefined ? [left, right] : operator === '*' ? [right, left] : [undefined, undefined];
    if (shared?.share === undefined || factor === undefined || !this.#checker.isPlainFactor(factor)) return product;
    const op = operator === '*' ? 'mul' : 'div';
    const { fraction, of } = shared.share;
    return {
      ...product,
      share: {
        of,
        fraction:
          op === 'mul' && shared === right ? builder.numeric(op, factor.node, fraction) : builder.numeric(op, fraction, factor.node),
      },
    };
  }

  #comparison(e: ComparisonExpression, scope: Scope): Value {
    const pair = this.#comparable(e.left, e.right, e.wordSpan, scope);
    return pair === null
      ? this.#checker.poison()
      : this.#truth(this.#checker.context.builder.compare(COMPARE_OPS[e.operator], pair[0], pair[1]));
  }

  #comparable(left: Expression, right: Expression, operator: Span, scope: Scope): readonly [NodeId, NodeId] | null {
    const a = this.#checker.check(left, scope);
    const b = this.#checker.check(right, scope);
    if (isPoison(a) || isPoison(b)) return null;
    const compared = comparedType(this.#checker.operand(a), this.#checker.operand(b));
    if (compared.ok) return [a.node, b.node];
    this.#refuse(operator, compared, [a, b]);
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
    if (e.direction === 'above') return this.#truth(above());
    return this.#truth(e.direction === 'below' ? below() : builder.logic('or', above(), below()));
  }

  #between(e: BetweenExpression | InRangeExpression, scope: Scope): Value {
    const checker = this.#checker;
    const { builder } = checker.context;
    const [x, low, high] = [checker.check(e.value, scope), checker.check(e.low, scope), checker.check(e.high, scope)];
    if (isPoison(x) || isPoison(low) || isPoison(high)) return checker.poison();
    for (const bound of [low, high]) {
      const compared = comparedType(checker.operand(x), checker.operand(bound));
      if (compared.ok) continue;
      const code = compared.code === 'E0304' ? 'E0311' : compared.code;
      return this.#refuse(e.wordSpan, { ...compared, code }, [x, bound]);
    }
    const [lowest, highest] = [checker.constantOf(low), checker.constantOf(high)];
    if (lowest !== null && highest !== null && lowest > highest)
      return checker.error('E0311', e.wordSpan, 'the lower bound is above the upper one', 'swap the two');
    return this.#truth(builder.logic('and', builder.compare('ge', x.node, low.node), builder.compare('le', x.node, high.node)));
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
      if (!compared.ok) return this.#refuse(e.wordSpan, compared, [x, item]);
      found = builder.logic('or', found, builder.compare('eq', x.node, item.node));
    }
    return this.#truth(found);
  }

  #is(e: IsExpression, scope: Scope): Value {
    const checker = this.#checker;
    const value = checker.check(e.value, scope);
    if (isPoison(value)) return value;
    if (e.state.text === 'na') {
      if (!isNumeric(value) && value.type.kind !== 'condition' && value.type.kind !== 'time') {
        return checker.error('E0301', e.wordSpan, `${typeWords(value.type)} is never na`, checker.memberHint(value));
      }
      const { builder } = checker.context;
      const isNa = builder.logic('isNa', value.node);
      return this.#truth(e.negated ? builder.logic('not', isNa) : isNa);
    }
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
    // The regime itself has been refused where it is defined.
    return checker.poison();
  }

  /** `10% of equity`: money, and as long as nothing else happens to it, a share that the broker takes at the fill. */
  #share(e: OfValueExpression, scope: Scope): Value {
    const checker = this.#checker;
    const { builder } = checker.context;
    const part = checker.check(e.value, scope);
    const named = e.base.kind === 'Name' ? e.base.text : null;
    const base: Value =
      named === 'position' && scope.find('position') === undefined
        ? checker.check(
            {
              kind: 'Member',
              span: e.base.span,
              object: { kind: 'Name', span: e.base.span, text: 'position' },
              member: { text: 'value', span: e.base.span },
            },
            scope,
          )
        : checker.check(e.base, scope);
    if (isPoison(part) || isPoison(base)) return checker.poison();
    if (part.type.kind !== 'percent') {
      return checker.error('E0313', e.wordSpan, `before "of" stands a percent, found ${typeWords(part.type)}`, 'write 10% of equity');
    }
    if (base.type.kind !== 'money') {
      return checker.error(
        'E0313',
        e.wordSpan,
        `a percent of ${typeWords(base.type)} is not an amount`,
        `write 10% of ${ACCOUNT_BASES.join(', or of ')}`,
      );
    }
    const money: Value = { type: base.type, node: builder.numeric('mul', part.node, base.node) };
    return named === 'equity' || named === 'cash' ? { ...money, share: { of: named, fraction: part.node } } : money;
  }

  #choice(e: IfExpression, scope: Scope): Value {
    const checker = this.#checker;
    const { builder } = checker.context;
    const condition = checker.condition(e.condition, scope);
    const [then, otherwise] = [checker.check(e.then, scope), checker.check(e.otherwise, scope)];
    if (isPoison(condition) || isPoison(then) || isPoison(otherwise)) return checker.poison();
    const joined = joinedType(checker.operand(then), checker.operand(otherwise));
    if (!joined.ok) {
      return checker.error(
        'E0310',
        e.wordSpan,
        `one branch gives ${typeWords(then.type)}, the other ${typeWords(otherwise.type)}`,
        'make both branches the same kind',
      );
    }
    const truth = (value: Value): NodeId =>
      joined.type.kind === 'condition' && value.type.kind === 'na' ? builder.truth(Number.NaN) : value.node;
    return {
      type: joined.type.kind === 'na' ? scalarType('number') : joined.type,
      node: builder.select(condition.node, truth(then), truth(otherwise)),
    };
  }
}
