import type { Expression } from '../../ast/expression.ts';
import type { NodeId } from '../../graph/node.ts';
import type { BarCount } from '../../program.ts';
import { warnOfShort } from '../bar-count.ts';
import type { ExpressionChecker } from '../expression-checker.ts';
import type { Scope } from '../scope.ts';
import { isPoison, type Value } from '../value.ts';
import { isAboveZero } from './amount-bounds.ts';
import { foundWords } from './found-words.ts';

/** Times and counts of trading rules: above zero, and fixed before the run. */
export class CountChecker {
  readonly #checker: ExpressionChecker;

  constructor(checker: ExpressionChecker) {
    this.#checker = checker;
  }

  /** Bars or a duration as a number of bars of the traded chart, rounded up; null after an error. */
  bars(e: Expression, scope: Scope): BarCount | null {
    const checker = this.#checker;
    const { builder, statics, market } = checker.context;
    const value = checker.check(e, scope);
    if (isPoison(value)) return null;
    const { kind } = value.type;
    if (kind !== 'bars' && kind !== 'duration') {
      const count = checker.constantOf(value);
      const hint = kind === 'number' && count !== null ? `did you mean ${count} bars?` : 'write 10 bars or 4h';
      checker.error('E0307', e.span, `a time is needed here, found ${foundWords(value)}`, hint);
      return null;
    }
    if (!this.#isFixed(value, e, 'a time') || !isAboveZero(checker, value.node, e, 'a time')) return null;
    if (kind === 'bars') return statics.intervalOf(value.node).whole ? value.node : builder.numeric('ceil', value.node);
    const stepMs = market.stepMs ?? 1;
    warnOfShort(checker, value.node, e, stepMs, 'the traded chart');
    return builder.numeric('ceil', builder.numeric('div', value.node, builder.constant(stepMs)));
  }

  /** A whole number from 1 on; null after an error. */
  whole(e: Expression, scope: Scope, what: string): NodeId | null {
    const checker = this.#checker;
    const { statics } = checker.context;
    const value = checker.check(e, scope);
    if (isPoison(value)) return null;
    if (value.type.kind !== 'number' && value.type.kind !== 'ratio') {
      checker.error('E0307', e.span, `${what} is a whole number, found ${foundWords(value)}`, 'write a number without a unit');
      return null;
    }
    if (!this.#isFixed(value, e, what) || !isAboveZero(checker, value.node, e, what)) return null;
    if (!statics.intervalOf(value.node).whole) {
      checker.error('E0308', e.span, `${what} is a whole number`, 'a param with a fraction can be rounded: round(...)');
      return null;
    }
    statics.markLength(value.node);
    return value.node;
  }

  #isFixed(value: Value, e: Expression, what: string): boolean {
    if (this.#checker.context.statics.isStatic(value.node)) return true;
    this.#checker.error('E0303', e.span, `${what} is fixed before the run, found a series`, 'use a number or a param');
    return false;
  }
}
