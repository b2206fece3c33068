import type { Expression } from '../../ast/expression.ts';
import type { AddStatement } from '../../ast/nodes.ts';
import type { NodeId } from '../../graph/node.ts';
import type { AddRule, OrderRule } from '../../program.ts';
import type { ExpressionChecker } from '../expression-checker.ts';
import type { Scope } from '../scope.ts';
import { isPoison } from '../value.ts';
import { isAboveZero } from './amount-bounds.ts';
import type { CountChecker } from './count-checker.ts';
import { foundWords } from './found-words.ts';
import type { LevelChecker } from './level-checker.ts';
import type { OrderChecker } from './order-checker.ts';
import type { RuleSet } from './rule-set.ts';
import type { SizeChecker } from './size-checker.ts';

/** What adding needs to know of the other parts of a rule. */
export interface AddParts {
  readonly levels: LevelChecker;
  readonly counts: CountChecker;
  readonly orders: OrderChecker;
  readonly sizes: SizeChecker;
}

/** `add 50% when c max 3 times`, `add 100% every 2% against max 6 times scale 1.4`. */
export class AddChecker {
  readonly #checker: ExpressionChecker;
  readonly #parts: AddParts;

  constructor(checker: ExpressionChecker, parts: AddParts) {
    this.#checker = checker;
    this.#parts = parts;
  }

  /** null after an error. */
  check(statement: AddStatement, scope: Scope, rules: RuleSet): AddRule | null {
    const { builder } = this.#checker.context;
    const amount = this.#amount(statement.amount, scope);
    const trigger = this.#trigger(statement, scope, rules);
    const maxTimes = this.#maxTimes(statement, scope);
    const scale = statement.scale === null ? builder.constant(1) : this.#scale(statement.scale, scope);
    const order = this.#order(statement, scope, rules);
    if (amount === null || trigger === null || maxTimes === null || scale === null || order === null) return null;
    return { amount, trigger, maxTimes, scale, order, span: statement.span };
  }

  /** A percent is a share of the first entry; left out it is all of it. */
  #amount(e: Expression | null, scope: Scope): AddRule['amount'] | null {
    const checker = this.#checker;
    if (e === null) return { kind: 'share', value: checker.context.builder.constant(1) };
    const value = checker.check(e, scope);
    if (isPoison(value)) return null;
    if (value.type.kind === 'percent' || value.type.kind === 'ratio') {
      return isAboveZero(checker, value.node, e, 'an amount') ? { kind: 'share', value: value.node } : null;
    }
    const amount = this.#parts.sizes.amountOf(value, e, 'add');
    return amount === null ? null : { kind: 'amount', amount };
  }

  #trigger({ trigger }: AddStatement, scope: Scope, rules: RuleSet): AddRule['trigger'] | null {
    if (trigger.kind === 'When') {
      const when = this.#checker.condition(trigger.condition, scope);
      return isPoison(when) ? null : { kind: 'when', when: when.node };
    }
    const distance = this.#parts.levels.distance(trigger.distance, scope, rules, { rule: 'adds', what: 'the distance between adds' });
    return distance === null ? null : { kind: 'every', distance, direction: trigger.direction };
  }

  #maxTimes({ max, word }: AddStatement, scope: Scope): NodeId | null {
    if (max !== null) return this.#parts.counts.whole(max, scope, 'the number of adds');
    this.#checker.error('E0510', word, 'adding to a position must end somewhere', 'add: max 3 times');
    return null;
  }

  #scale(e: Expression, scope: Scope): NodeId | null {
    const checker = this.#checker;
    const value = checker.check(e, scope);
    if (isPoison(value)) return null;
    if (value.type.kind !== 'number' && value.type.kind !== 'ratio') {
      checker.error('E0307', e.span, `"scale" takes a number, found ${foundWords(value)}`, 'for example: scale 1.4');
      return null;
    }
    if (!checker.context.statics.isStatic(value.node)) {
      checker.error('E0303', e.span, '"scale" is fixed before the run, found a series', 'use a number or a param');
      return null;
    }
    return isAboveZero(checker, value.node, e, '"scale"') ? value.node : null;
  }

  #order({ order, trigger }: AddStatement, scope: Scope, rules: RuleSet): OrderRule | null {
    const checked = this.#parts.orders.check(order, scope);
    if (order === null || order.type === 'market') return checked;
    if (trigger.kind === 'Every') {
      this.#checker.error('E0508', order.span, '"every" says at which prices to add', 'remove the order, or write: add when ...');
      return null;
    }
    rules.levels.push({ rule: 'adds', kind: 'price', span: order.span });
    return checked;
  }
}
