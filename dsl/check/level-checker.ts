import { SIZE } from '#core/model/strategy-abi.ts';
import type { Expression } from '../ast/expression.ts';
import type { SizeStatement, StopStatement, TrailStatement } from '../ast/nodes.ts';
import type { LevelDistance, SizeAmount, TrailRule } from '../program.ts';
import type { ExpressionChecker } from './expression-checker.ts';
import { PriceRoles } from './price-roles.ts';
import type { CheckedSize, RuleSet } from './rule-set.ts';
import type { Scope } from './scope.ts';
import { isScalar, typeWords } from './type.ts';
import { isPoison, type Value } from './value.ts';

/** Amounts and price levels: `size`, `stop`, `trail`. */
export class LevelChecker {
  readonly #checker: ExpressionChecker;

  readonly #roles: PriceRoles;

  constructor(checker: ExpressionChecker) {
    this.#checker = checker;
    this.#roles = new PriceRoles(checker.context.builder, checker.context.statics);
  }

  /** The amounts of a size clause of the kinds `amount` and `risk`; null after an error. */
  size({ rule, times, max, min }: SizeStatement, scope: Scope): CheckedSize | null {
    const main =
      rule.kind === 'Amount' || rule.kind === 'Risk' ? this.#amount(rule.value, scope, rule.kind === 'Risk' ? 'risk' : 'size') : null;
    const factor = times === null ? null : this.#factor(times, scope);
    const ceiling = max === null ? null : this.#amount(max, scope, 'size');
    const floor = min === null ? null : this.#amount(min, scope, 'size');
    if (main === null || (times !== null && factor === null) || (max !== null && ceiling === null) || (min !== null && floor === null))
      return null;
    const value = factor === null ? main.value : this.#checker.context.builder.numeric('mul', main.value, factor.node);
    return { size: { kind: main.kind, value }, max: ceiling, min: floor };
  }

  #factor(e: Expression, scope: Scope): Value | null {
    const value = this.#checker.numeric(e, scope);
    if (isPoison(value)) return null;
    if (['number', 'ratio', 'percent', 'na'].includes(value.type.kind)) return value;
    this.#checker.error('E0301', e.span, `"times" takes a number, found ${typeWords(value.type)}`);
    return null;
  }

  #amount(e: Expression, scope: Scope, use: 'size' | 'risk'): SizeAmount | null {
    const checker = this.#checker;
    const value = checker.check(e, scope);
    if (isPoison(value)) return null;
    const kind = use === 'risk' ? riskKind(value) : sizeKind(value);
    if (kind === null) {
      const asked = use === 'risk' ? 'the amount at risk is money' : 'size is money or a quantity';
      checker.error('E0307', e.span, `${asked}, found ${foundWords(value)}`, amountHint(value, checker.constantOf(value), use));
      return null;
    }
    const { quote } = checker.context.market;
    const currency = isScalar(value.type) ? value.type.currency : null;
    if (currency !== null && quote !== null && currency !== quote) {
      checker.error('E0306', e.span, `the account is in ${quote}, this is ${currency}`, `write the amount in ${quote}`);
      return null;
    }
    const node = value.share?.fraction ?? value.node;
    return this.#isAboveZero(node, e, 'an amount') ? { kind, value: node } : null;
  }

  /** Over the whole range of its params; a series must be able to be, and is checked again when the order goes out. */
  #isAboveZero(node: number, e: Expression, what: string): boolean {
    const { statics } = this.#checker.context;
    const { low, high } = statics.intervalOf(node);
    if (!statics.isStatic(node) ? high > 0 : low > 0 || Number.isNaN(statics.defaultOf(node))) return true;
    // Nothing is known of its range: the default decides.
    if (low === -Infinity && statics.defaultOf(node) > 0) return true;
    this.#checker.error('E0511', e.span, `${what} is above zero`, 'correct the value');
    return false;
  }

  #isBelowWhole(node: number, e: Expression, what: string): boolean {
    const { statics } = this.#checker.context;
    if (!statics.isStatic(node)) return true;
    const { high } = statics.intervalOf(node);
    if (high < 1 || (high === Infinity && !(statics.defaultOf(node) >= 1))) return true;
    this.#checker.error('E0511', e.span, `${what} of 100% or more is never reached`, 'write a smaller percent');
    return false;
  }

  stop(statement: StopStatement, scope: Scope, rules: RuleSet): LevelDistance | null {
    if (statement.limit !== null) this.#checker.numeric(statement.limit, scope);
    if (statement.at !== null) return this.#price(statement.value, scope, 'a stop');
    const distance = this.distance(statement.value, scope, rules, 'a stop');
    if (distance?.kind !== 'r') return distance;
    // R is what this very stop defines.
    this.#checker.error(
      'E0503',
      statement.value.span,
      'a stop cannot be given in R: R is the distance to it',
      'write it as a distance, for example: stop 2 atr',
    );
    return null;
  }

  trail(statement: TrailStatement, scope: Scope, rules: RuleSet): TrailRule | null {
    const distance = this.distance(statement.distance, scope, rules, 'a trail');
    const after = statement.after === null ? null : this.distance(statement.after, scope, rules, 'a gain');
    const from = statement.from === null ? null : this.#price(statement.from, scope, 'the price that a trail is measured from');
    if (statement.step !== null) this.distance(statement.step, scope, rules, 'a step');
    if (distance === null || (statement.after !== null && after === null) || (statement.from !== null && from === null)) return null;
    if (distance.kind === 'r') {
      this.#checker.later(statement.distance.span, 'a trail in R');
      return null;
    }
    return { distance, after, from: from?.value ?? null, step: null, closing: false, moving: false };
  }

  /** A percent, a distance in price, or R; null after an error. */
  distance(e: Expression, scope: Scope, rules: RuleSet, what: string): LevelDistance | null {
    const checker = this.#checker;
    const value = checker.check(e, scope);
    if (isPoison(value)) return null;
    const { kind } = value.type;
    if (kind === 'percent' || kind === 'ratio') {
      const limit = what === 'a gain' || this.#isBelowWhole(value.node, e, what);
      return limit && this.#isAboveZero(value.node, e, what) ? { kind: 'percent', value: value.node } : null;
    }
    if (kind === 'r') {
      rules.rMultiples.push(e.span);
      return this.#isAboveZero(value.node, e, what) ? { kind: 'r', value: value.node } : null;
    }
    if (kind === 'price' && this.#roles.isLevel(value.node)) {
      checker.error(
        'E0307',
        e.span,
        `${what} is a distance, found a price of the chart`,
        what === 'a stop' ? 'did you mean: stop at ...?' : 'write a distance such as 2 atr, or a percent',
      );
      return null;
    }
    if (kind === 'price' || kind === 'na') return this.#isAboveZero(value.node, e, what) ? { kind: 'distance', value: value.node } : null;
    const constant = checker.operand(value).bare ? checker.constantOf(value) : null;
    const hint =
      constant === null ? 'write a percent, a distance such as 2 atr, or: at and a price' : `did you mean ${constant}% or ${constant} atr?`;
    checker.error('E0307', e.span, `${what} is a percent or a distance, found ${foundWords(value)}`, hint);
    return null;
  }

  #price(e: Expression, scope: Scope, what: string): LevelDistance | null {
    const checker = this.#checker;
    const value = checker.check(e, scope);
    if (isPoison(value)) return null;
    if (value.type.kind !== 'price' && value.type.kind !== 'na' && !checker.operand(value).bare) {
      checker.error('E0307', e.span, `${what} is a price, found ${foundWords(value)}`, 'write a price, for example: lowest(low, 10)');
      return null;
    }
    if (this.#roles.isDistance(value.node)) {
      checker.error(
        'E0307',
        e.span,
        `${what} is a price, found a distance`,
        what === 'a stop' ? 'leave out "at", or write: close - 2 atr' : 'write a price, for example: highest(high, 22)',
      );
      return null;
    }
    return this.#isAboveZero(value.node, e, 'a price') ? { kind: 'price', value: value.node } : null;
  }
}

function foundWords(value: Value): string {
  return value.type.kind === 'number' ? 'a plain number' : typeWords(value.type);
}

function amountHint(value: Value, constant: number | null, use: 'size' | 'risk'): string {
  const { kind } = value.type;
  if (kind === 'percent') return `did you mean ${constant === null ? '... ' : `${Number((constant * 100).toPrecision(12))}% `}of equity?`;
  if (kind === 'number') return `write the unit: ${constant ?? 100} USDT, or 10% of equity`;
  return use === 'risk' ? 'for example: size risk 1% of equity' : 'for example: size 10% of equity';
}

function sizeKind(value: Value): number | null {
  if (value.share !== undefined) return value.share.of === 'equity' ? SIZE.equityShare : SIZE.cashShare;
  if (value.type.kind === 'money') return SIZE.money;
  return value.type.kind === 'quantity' ? SIZE.quantity : null;
}

function riskKind(value: Value): number | null {
  if (value.share !== undefined) return value.share.of === 'equity' ? SIZE.riskEquityShare : SIZE.riskCashShare;
  return value.type.kind === 'money' ? SIZE.riskMoney : null;
}
