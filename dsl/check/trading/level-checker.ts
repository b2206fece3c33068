import type { Expression, NumberLiteral } from '../../ast/expression.ts';
import type { LevelDistance } from '../../program.ts';
import type { ExpressionChecker } from '../expression-checker.ts';
import type { Scope } from '../scope.ts';
import { isPoison, type Value } from '../value.ts';
import { isAboveZero, isBelowWhole } from './amount-bounds.ts';
import { foundWords } from './found-words.ts';
import { PriceRoles } from './price-roles.ts';
import type { RuleKind, RuleSet } from './rule-set.ts';

/** What a level is for: `what` in words ("a stop"). */
export interface LevelPurpose {
  readonly rule: RuleKind;
  readonly what: string;
  /** It may be 100% and more: the price can rise by any share. */
  readonly isGain?: true;
  /** Not in R, and why. */
  readonly notInR?: { readonly message: string; readonly hint: string };
}

/** Distances from a price, prices, and the targets that are either. Each is kept with its place, for the rules about R and baskets. */
export class LevelChecker {
  readonly #checker: ExpressionChecker;
  readonly #roles: PriceRoles;

  constructor(checker: ExpressionChecker) {
    this.#checker = checker;
    this.#roles = new PriceRoles(checker.context.builder, checker.context.statics);
  }

  /** A percent, a distance in price, or R; null after an error. */
  distance(e: Expression, scope: Scope, rules: RuleSet, purpose: LevelPurpose): LevelDistance | null {
    const value = this.#checker.check(e, scope);
    if (isPoison(value)) return null;
    const { what } = purpose;
    const { kind } = value.type;
    if (kind === 'r' && purpose.notInR !== undefined) return this.#refuse('E0503', e, purpose.notInR.message, purpose.notInR.hint);
    if (kind === 'price' && this.#roles.isLevel(value.node)) {
      const hint = what === 'a stop' ? 'did you mean: stop at ...?' : 'write a distance such as 2 atr, or a percent';
      return this.#refuse('E0307', e, `${what} is a distance, found a price of the chart`, hint);
    }
    const measured = this.#measured(value, e, purpose);
    if (measured === undefined) {
      const constant = this.#bareNumber(value);
      const hint =
        constant === null
          ? 'write a percent, a distance such as 2 atr, or: at and a price'
          : `did you mean ${constant}% or ${constant} atr?`;
      return this.#refuse('E0307', e, `${what} is a percent or a distance, found ${foundWords(value)}`, hint);
    }
    return this.#kept(measured, e, rules, purpose);
  }

  /** A price of the chart, or a number that is one; null after an error. */
  price(e: Expression, scope: Scope, what: string): LevelDistance | null {
    const value = this.#checker.check(e, scope);
    if (isPoison(value)) return null;
    if (value.type.kind !== 'price' && value.type.kind !== 'na' && this.#bareNumber(value) === null)
      return this.#refuse('E0307', e, `${what} is a price, found ${foundWords(value)}`, 'write a price, for example: lowest(low, 10)');
    if (this.#roles.isDistance(value.node)) {
      const hint = what === 'a stop' ? 'leave out "at", or write: close - 2 atr' : 'write a price, for example: highest(high, 22)';
      return this.#refuse('E0307', e, `${what} is a price, found a distance`, hint);
    }
    const bare = bareTerm(e);
    if (bare !== null)
      this.#checker.context.findings.add(
        'W0910',
        bare.span,
        'this number has no unit: it is added to a price',
        `did you mean ${bare.source} ticks, or ${bare.source} atr?`,
      );
    return isAboveZero(this.#checker, value.node, e, 'a price') ? { kind: 'price', value: value.node } : null;
  }

  /** As `price`, for a rule that cannot go with everything (baskets). */
  priceOf(e: Expression, scope: Scope, rules: RuleSet, { rule, what }: LevelPurpose): LevelDistance | null {
    const price = this.price(e, scope, what);
    if (price !== null) rules.levels.push({ rule, kind: 'price', span: e.span });
    return price;
  }

  /** Where a profit is taken: R, a percent, a distance, or a price of the chart; null after an error. */
  target(e: Expression, scope: Scope, rules: RuleSet): LevelDistance | null {
    const value = this.#checker.check(e, scope);
    if (isPoison(value)) return null;
    const purpose: LevelPurpose = { rule: 'takes', what: 'a target', isGain: true };
    const measured = this.#measured(value, e, purpose);
    if (measured === undefined) {
      const constant = this.#bareNumber(value);
      const hint = constant === null ? 'write 2R, 5% or a price' : `did you mean ${constant}R or ${constant}%?`;
      return this.#refuse('E0307', e, `a target is R, a percent or a price, found ${foundWords(value)}`, hint);
    }
    const isPrice = measured?.kind === 'distance' && !this.#roles.isDistance(value.node);
    return this.#kept(isPrice ? { kind: 'price', value: value.node } : measured, e, rules, purpose);
  }

  /** null: wrong, and reported; undefined: neither a percent nor a distance. */
  #measured(value: Value, e: Expression, { what, isGain }: LevelPurpose): LevelDistance | null | undefined {
    const kind = LEVEL_KINDS.get(value.type.kind);
    if (kind === undefined) return undefined;
    if (kind === 'percent' && isGain !== true && !isBelowWhole(this.#checker, value.node, e, what)) return null;
    return isAboveZero(this.#checker, value.node, e, what) ? { kind, value: value.node } : null;
  }

  #kept(level: LevelDistance | null, e: Expression, rules: RuleSet, { rule }: LevelPurpose): LevelDistance | null {
    if (level !== null) rules.levels.push({ rule, kind: level.kind, span: e.span });
    return level;
  }

  #bareNumber(value: Value): number | null {
    return this.#checker.operand(value).bare ? this.#checker.constantOf(value) : null;
  }

  #refuse(code: 'E0307' | 'E0503', e: Expression, message: string, hint: string): null {
    this.#checker.error(code, e.span, message, hint);
    return null;
  }
}

const LEVEL_KINDS: ReadonlyMap<string, 'percent' | 'distance' | 'r'> = new Map([
  ['percent', 'percent'],
  ['ratio', 'percent'],
  ['r', 'r'],
  ['price', 'distance'],
  ['na', 'distance'],
]);

/** The `1` of `high + 1`; null when everything that is added has a unit. */
function bareTerm(e: Expression): NumberLiteral | null {
  if (e.kind !== 'Arithmetic' || (e.operator !== '+' && e.operator !== '-')) return null;
  return e.right.kind === 'Number' ? e.right : (bareTerm(e.left) ?? bareTerm(e.right));
}
