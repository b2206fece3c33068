import { SIZE } from '#core/model/strategy-abi.ts';
import type { SizeRule } from '../../ast/clauses.ts';
import type { Expression } from '../../ast/expression.ts';
import type { SizeStatement } from '../../ast/nodes.ts';
import type { NodeId } from '../../graph/node.ts';
import type { SizeAmount } from '../../program.ts';
import { accountType, currencyOfAccount, heldType } from '../account-units.ts';
import type { MarketUnits } from '../context.ts';
import type { ExpressionChecker } from '../expression-checker.ts';
import type { Scope } from '../scope.ts';
import { isScalar, scalarType, typeWords } from '../type.ts';
import { isPoison, type Value } from '../value.ts';
import { isAboveZero } from './amount-bounds.ts';
import type { CountChecker } from './count-checker.ts';
import { foundWords } from './found-words.ts';
import type { LevelChecker } from './level-checker.ts';
import type { CheckedSize, RuleSet, SizeDraft } from './rule-set.ts';

const YEAR_MS = 365.25 * 86_400_000;
const MAX_WINDOW = 10_000;
/** What is meant where a clause of `size` is left out. */
const DEFAULT_WINDOW = 30;
const DEFAULT_KELLY_TRADES = 100;

/** What an amount is asked for, in words. */
type AmountUse = 'size' | 'risk' | 'add' | 'position' | 'exposure' | 'loss';

/** `size` in all its forms. */
export class SizeChecker {
  readonly #checker: ExpressionChecker;
  readonly #levels: LevelChecker;
  readonly #counts: CountChecker;

  constructor(checker: ExpressionChecker, levels: LevelChecker, counts: CountChecker) {
    this.#checker = checker;
    this.#levels = levels;
    this.#counts = counts;
  }

  /** Checks a size once for itself, with any confidence: what the confidence is, is known only with the entry. */
  draft(statement: SizeStatement, scope: Scope, rules: RuleSet): SizeDraft {
    const { builder } = this.#checker.context;
    const some: Value = { type: scalarType('number'), node: builder.barIndex() };
    const { result, used } = this.#checker.withConfidence(some, () => this.#check(statement, scope, rules));
    const { rule, word, max, min } = statement;
    const parts = [
      [result?.size, rule],
      [result?.max, max],
      [result?.min, min],
    ] as const;
    return {
      word,
      needsStop: rule.kind === 'Risk',
      quantity: parts.find(([amount]) => amount?.kind === SIZE.quantity)?.[1]?.span ?? null,
      forEntry: (confidence) => {
        if (!used || result === null) return result;
        return this.#checker.withConfidence(confidence, () => this.#check(statement, scope, rules)).result;
      },
    };
  }

  #check({ rule, times, max, min }: SizeStatement, scope: Scope, rules: RuleSet): CheckedSize | null {
    const main = this.#main(rule, scope, rules);
    const kellyTrades = rule.kind === 'Kelly' ? this.#kellyTrades(rule.over, scope) : null;
    const factor = times === null ? null : this.#factor(times, scope);
    const ceiling = max === null ? null : this.#amount(max, scope, 'size');
    const floor = min === null ? null : this.#amount(min, scope, 'size');
    if (main === null || (times !== null && factor === null) || (max !== null && ceiling === null) || (min !== null && floor === null))
      return null;
    if (rule.kind === 'Kelly' && kellyTrades === null) return null;
    const value = factor === null ? main.value : this.#checker.context.builder.numeric('mul', main.value, factor.node);
    return { size: { kind: main.kind, value }, kellyTrades, max: ceiling, min: floor };
  }

  #main(rule: SizeRule, scope: Scope, rules: RuleSet): SizeAmount | null {
    switch (rule.kind) {
      case 'Amount':
        return this.#amount(rule.value, scope, 'size');
      case 'Risk':
        return this.#amount(rule.value, scope, 'risk');
      case 'Kelly':
        return this.#kelly(rule.fraction, scope);
      case 'Volatility':
        return this.#volatility(rule.target, rule.over, scope);
      case 'Unit':
        return this.#unit(rule.value, rule.per, scope, rules);
    }
  }

  #factor(e: Expression, scope: Scope): Value | null {
    const value = this.#checker.numeric(e, scope);
    if (isPoison(value)) return null;
    if (isPlainNumber(value)) return value;
    this.#checker.error('E0301', e.span, `"times" takes a number, found ${typeWords(value.type)}`);
    return null;
  }

  #amount(e: Expression, scope: Scope, use: AmountUse): SizeAmount | null {
    const value = this.#checker.check(e, scope);
    return isPoison(value) ? null : this.amountOf(value, e, use);
  }

  /** Money, a share of the account, or (not at risk) a quantity, above zero; null after an error. */
  amountOf(value: Value, e: Expression, use: AmountUse): SizeAmount | null {
    const checker = this.#checker;
    const { market } = checker.context;
    const kind = use === 'risk' ? riskKind(value, market) : sizeKind(value, market);
    if (kind === null && !this.isAccountCurrency(value, e)) return null;
    if (kind === null) {
      const asked = ASKED[use];
      checker.error('E0307', e.span, `${asked}, found ${foundWords(value)}`, amountHint(value, checker.constantOf(value), use));
      return null;
    }
    if (kind !== SIZE.quantity && !this.isAccountCurrency(value, e)) return null;
    if (kind === SIZE.quantity && !this.#isContractCurrency(value, e)) return null;
    const node = value.share?.fraction ?? value.node;
    return isAboveZero(checker, node, e, 'an amount') ? { kind, value: node } : null;
  }

  /** Reports money of another currency than the account's. */
  isAccountCurrency({ type }: Value, e: Expression): boolean {
    const account = currencyOfAccount(this.#checker.context.market);
    const currency = isScalar(type) ? type.currency : null;
    if (currency === null || account === null || currency === account) return true;
    this.#checker.error('E0306', e.span, `the account is in ${account}, this is ${currency}`, `write the amount in ${account}`);
    return false;
  }

  /** Reports a quantity of an inverse perpetual in another currency than that of its contracts. */
  #isContractCurrency({ type }: Value, e: Expression): boolean {
    const { market } = this.#checker.context;
    const currency = isScalar(type) ? type.currency : null;
    if (!market.isInverse || currency === null || market.quote === null || currency === market.quote) return true;
    const [contracts, account] = [market.quote, currencyOfAccount(market)];
    const message = `the contracts are in ${contracts} and the account in ${account}, this is ${currency}`;
    this.#checker.error('E0306', e.span, message, `write the amount in ${contracts} or ${account}`);
    return false;
  }

  #kelly(fraction: Expression | null, scope: Scope): SizeAmount | null {
    const checker = this.#checker;
    const { builder, statics } = checker.context;
    if (fraction === null) return { kind: SIZE.kellyShare, value: builder.constant(1) };
    const value = checker.check(fraction, scope);
    if (isPoison(value)) return null;
    if (!isPlainNumber(value)) {
      checker.error(
        'E0307',
        fraction.span,
        `the fraction is a number from 0 to 1, found ${foundWords(value)}`,
        'for example: fraction 0.25',
      );
      return null;
    }
    if (!isAboveZero(checker, value.node, fraction, 'the fraction')) return null;
    if (statics.isStatic(value.node) && statics.intervalOf(value.node).high > 1) {
      checker.error('E0511', fraction.span, 'the fraction is at most 1', 'more than the whole Kelly share loses in the long run');
      return null;
    }
    return { kind: SIZE.kellyShare, value: value.node };
  }

  #kellyTrades(over: Expression | null, scope: Scope): NodeId | null {
    if (over === null) return this.#checker.context.builder.constant(DEFAULT_KELLY_TRADES);
    return this.#counts.whole(over, scope, 'the number of trades');
  }

  /** Share of equity = target / (standard deviation of the log returns over the window x root of the bars in a year). */
  #volatility(target: Expression, over: Expression | null, scope: Scope): SizeAmount | null {
    const checker = this.#checker;
    const { builder, market } = checker.context;
    const value = checker.check(target, scope);
    const bars = over === null ? builder.constant(DEFAULT_WINDOW) : this.#window(over, scope);
    if (isPoison(value) || bars === null) return null;
    if (value.type.kind !== 'percent' && value.type.kind !== 'ratio') {
      checker.error('E0307', target.span, `the target is a percent a year, found ${foundWords(value)}`, 'for example: target 20%');
      return null;
    }
    if (!isAboveZero(checker, value.node, target, 'the target')) return null;
    const close = builder.column('close');
    const change = builder.numeric('log', builder.numeric('div', close, builder.delay(close, builder.constant(1))));
    const deviation = builder.numeric('sqrt', builder.stateful('variance', [change, bars]));
    const yearly = builder.numeric('mul', deviation, builder.constant(Math.sqrt(YEAR_MS / (market.stepMs ?? YEAR_MS))));
    return { kind: SIZE.equityShare, value: builder.numeric('div', value.node, yearly) };
  }

  #window(over: Expression, scope: Scope): NodeId | null {
    const { statics } = this.#checker.context;
    const bars = this.#counts.bars(over, scope);
    if (bars === null) return null;
    const { low, high } = statics.intervalOf(bars);
    if (low >= 2 && high <= MAX_WINDOW) {
      statics.markLength(bars);
      return bars;
    }
    this.#checker.error(
      'E0308',
      over.span,
      `a volatility is taken over 2 to 10,000 bars, found ${low === high ? low : `${low} to ${high}`}`,
    );
    return null;
  }

  /** Money over a distance is a quantity: so many units that the distance is worth the money; of inverse contracts as worth as it is at the close. */
  #unit(money: Expression, per: Expression, scope: Scope, rules: RuleSet): SizeAmount | null {
    const checker = this.#checker;
    const value = checker.check(money, scope);
    const distance = this.#levels.distance(per, scope, rules, { rule: 'sizes', what: 'the distance of a unit', notInR: UNIT_NOT_IN_R });
    if (isPoison(value) || distance === null) return null;
    if (value.type.kind !== accountType(checker.context.market).kind) {
      if (!this.isAccountCurrency(value, money)) return null;
      checker.error(
        'E0307',
        money.span,
        `a unit risks money, found ${foundWords(value)}`,
        amountHint(value, checker.constantOf(value), 'risk'),
      );
      return null;
    }
    if (!this.isAccountCurrency(value, money) || !isAboveZero(checker, value.node, money, 'an amount')) return null;
    const { builder, market } = checker.context;
    const width = distance.kind === 'percent' ? builder.numeric('mul', distance.value, builder.column('close')) : distance.value;
    const perUnit = market.isInverse
      ? builder.numeric('div', width, builder.numeric('mul', builder.column('close'), builder.column('close')))
      : width;
    return { kind: SIZE.quantity, value: builder.numeric('div', value.node, perUnit) };
  }
}

const UNIT_NOT_IN_R = { message: 'a unit cannot be given in R: the stop may lie elsewhere', hint: 'write: size risk 1% of equity' };

const ASKED: Readonly<Record<AmountUse, string>> = {
  size: 'size is money or a quantity',
  risk: 'the amount at risk is money',
  add: 'what is added is a percent of the first entry, money or a quantity',
  position: 'a position is limited in money or a quantity',
  exposure: 'the exposure is limited in money',
  loss: 'a loss is limited in money',
};

const isPlainNumber = (value: Value): boolean => ['number', 'ratio', 'percent', 'na'].includes(value.type.kind);

function amountHint(value: Value, constant: number | null, use: AmountUse): string {
  const { kind } = value.type;
  if (kind === 'percent') return `did you mean ${constant === null ? '... ' : `${Number((constant * 100).toPrecision(12))}% `}of equity?`;
  if (kind === 'number') return `write the unit: ${constant ?? 100} USDT, or 10% of equity`;
  const example = use === 'risk' ? 'size risk 1%' : use === 'size' || use === 'add' ? `${use} 10%` : `max ${use} 10%`;
  return `for example: ${example} of equity`;
}

function sizeKind(value: Value, market: MarketUnits): number | null {
  if (value.share !== undefined) return value.share.of === 'equity' ? SIZE.equityShare : SIZE.cashShare;
  if (value.type.kind === accountType(market).kind) return SIZE.money;
  return value.type.kind === heldType(market).kind ? SIZE.quantity : null;
}

function riskKind(value: Value, market: MarketUnits): number | null {
  if (value.share !== undefined) return value.share.of === 'equity' ? SIZE.riskEquityShare : SIZE.riskCashShare;
  return value.type.kind === accountType(market).kind ? SIZE.riskMoney : null;
}
