import type { ArithmeticExpression, IfExpression, NegateExpression, OfValueExpression } from '../ast/expression.ts';
import type { NodeId } from '../graph/node.ts';
import { additiveType, joinedType, productType } from './algebra.ts';
import { ConditionChecker, type ConditionExpression } from './condition-checker.ts';
import { accountType } from './account-units.ts';
import type { ExpressionChecker } from './expression-checker.ts';
import { numberFor, refuse } from './operand-checks.ts';
import type { Scope } from './scope.ts';
import { scalarType, typeWords } from './type.ts';
import { isPoison, type Value } from './value.ts';

const ACCOUNT_BASES = ['equity', 'cash', 'position'];

type OperatorExpression = NegateExpression | ArithmeticExpression | OfValueExpression | IfExpression | ConditionExpression;

/** Operators that give numbers: arithmetic with units, `of`, `if`; conditions have a part of their own. */
export class OperatorChecker {
  readonly #checker: ExpressionChecker;
  readonly #conditions: ConditionChecker;

  constructor(checker: ExpressionChecker) {
    this.#checker = checker;
    this.#conditions = new ConditionChecker(checker);
  }

  check(e: OperatorExpression, scope: Scope): Value {
    switch (e.kind) {
      case 'Negate':
        return this.#negate(e, scope);
      case 'Arithmetic':
        return this.#arithmetic(e, scope);
      case 'OfValue':
        return this.#share(e, scope);
      case 'If':
        return this.#choice(e, scope);
      default:
        return this.#conditions.check(e, scope);
    }
  }

  #negate(e: NegateExpression, scope: Scope): Value {
    const { builder } = this.#checker.context;
    const value = numberFor(this.#checker, e.wordSpan, e.operand, scope);
    if (isPoison(value)) return value;
    const negated: Value = { type: value.type, node: builder.numeric('neg', value.node) };
    if (value.share === undefined) return negated;
    return { ...negated, share: { of: value.share.of, fraction: builder.numeric('neg', value.share.fraction) } };
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
      if (!sum.ok) return refuse(this.#checker, e.wordSpan, sum, [left, right]);
      const op = e.operator === '+' ? 'add' : 'sub';
      if (sum.relative !== true) return { type: sum.type, node: builder.numeric(op, left.node, right.node) };
      return { type: sum.type, node: builder.numeric('mul', left.node, builder.numeric(op, builder.constant(1), right.node)) };
    }
    const product = productType(a, b, e.operator);
    if (!product.ok) return refuse(this.#checker, e.wordSpan, product, [left, right]);
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
    if (base.type.kind !== 'money' && base.type.kind !== accountType(checker.context.market).kind) {
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
        joined.code === 'E0306' ? joined.code : 'E0310',
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
