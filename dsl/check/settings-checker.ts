import type { Expression } from '../ast/expression.ts';
import type { SettingsStatement } from '../ast/nodes.ts';
import type { AccountDefaults, CostDefaults } from '../program.ts';
import type { ExpressionChecker } from './expression-checker.ts';
import { isKnownSetting } from './known-setting.ts';
import type { Scope } from './scope.ts';
import { oneOf } from './trading/known-words.ts';
import { accountType, currencyOfAccount } from './account-units.ts';
import { isScalar, typeWords } from './type.ts';
import { isPoison, type Value } from './value.ts';

export const ACCOUNT_SETTINGS = ['capital', 'leverage', 'margin'];
const MARGINS = ['isolated', 'cross'] as const;
export const COST_SETTINGS = ['maker', 'taker', 'slippage', 'funding', 'borrow'];

type Mutable<T> = { -readonly [K in keyof T]: T[K] };

/** Settings of `account` and `costs`: defaults of a simulation, known before it. */
export class SettingsChecker {
  readonly account: Mutable<AccountDefaults> = { span: null, capital: null, leverage: null, margin: null };
  readonly costs: Mutable<CostDefaults> = { span: null, maker: null, taker: null, slippage: null, funding: null, borrow: null };
  readonly #checker: ExpressionChecker;
  readonly #seen = new Set<string>();

  constructor(checker: ExpressionChecker) {
    this.#checker = checker;
  }

  check(statement: SettingsStatement, scope: Scope): void {
    const { findings } = this.#checker.context;
    if (statement.kind === 'Grid') {
      findings.add('E0801', statement.word, '"grid" is part of edition 1.1, which this version does not run', 'remove it');
      return;
    }
    const isAccount = statement.kind === 'Account';
    const values = isAccount ? this.account : this.costs;
    values.span ??= statement.span;
    for (const setting of statement.settings) {
      if (!isKnownSetting(setting, isAccount ? ACCOUNT_SETTINGS : COST_SETTINGS, findings)) continue;
      const { text, span } = setting.name;
      if (this.#seen.has(text)) {
        findings.add('E0109', span, `${text} is given twice`, 'keep one of the two');
        continue;
      }
      this.#seen.add(text);
      if (setting.value.kind !== 'Value') {
        findings.add('E0307', setting.value.span, `${text} is one value`);
        continue;
      }
      const { value } = setting.value;
      if (isAccount) this.#accountSetting(text, value, scope);
      else this.#costSetting(text, value, scope);
    }
  }

  #accountSetting(name: string, e: Expression, scope: Scope): void {
    if (name === 'margin') {
      this.account.margin = this.#margin(e);
      return;
    }
    const value = this.#checker.check(e, scope);
    if (isPoison(value)) return;
    if (name === 'capital') this.account.capital = this.#capital(value, e);
    else this.account.leverage = this.#leverage(value, e);
  }

  #costSetting(name: string, e: Expression, scope: Scope): void {
    const value = this.#checker.check(e, scope);
    if (isPoison(value)) return;
    if (name === 'funding') this.costs.funding = this.#funding(value, e);
    else if (name === 'maker' || name === 'taker' || name === 'slippage') this.costs[name] = this.#rate(name, value, e, 'the traded value');
    else this.costs.borrow = this.#rate('borrow', value, e, 'what is borrowed, a year');
  }

  #capital(value: Value, { span }: Expression): number | null {
    const { findings, market } = this.#checker.context;
    const amount = this.#checker.constantOf(value);
    const account = currencyOfAccount(market);
    const isOther = isScalar(value.type) && value.type.currency !== null && value.type.currency !== account;
    if (account !== null && isOther) {
      findings.add('E0306', span, `the account is in ${account}, this is ${value.type.currency}`, `write the amount in ${account}`);
    } else if (value.type.kind !== accountType(market).kind) {
      const example = market.isInverse ? `1 ${account}` : `10000 ${account ?? 'USDT'}`;
      findings.add('E0307', span, `capital is money, found ${typeWords(value.type)}`, `write: capital ${example}`);
    } else if (amount === null) {
      findings.add('E0303', span, 'capital is fixed before the run', 'use a number');
    } else if (!(amount > 0)) {
      findings.add('E0511', span, 'capital is above zero');
    } else {
      return amount;
    }
    return null;
  }

  #leverage(value: Value, { span }: Expression): number | null {
    const { findings } = this.#checker.context;
    const factor = this.#checker.constantOf(value);
    if (value.type.kind !== 'number' && value.type.kind !== 'ratio') {
      findings.add('E0307', span, `leverage is a multiple of the equity, found ${typeWords(value.type)}`, 'for example: leverage 2');
    } else if (factor === null) {
      findings.add('E0303', span, 'leverage is fixed before the run', 'use a number');
    } else if (!(factor >= 1)) {
      findings.add('E0511', span, 'leverage is 1 or more', 'to use a part of the equity, write a smaller size');
    } else {
      return factor;
    }
    return null;
  }

  #margin(e: Expression): AccountDefaults['margin'] {
    const { findings } = this.#checker.context;
    if (e.kind === 'Name') return oneOf(MARGINS, e, 'a kind of margin', findings) ?? null;
    findings.add('E0307', e.span, 'margin is one of two words', `write one of: ${MARGINS.join(', ')}`);
    return null;
  }

  #funding(value: Value, { span }: Expression): boolean | null {
    const { findings } = this.#checker.context;
    const isPaid = this.#checker.constantOf(value);
    if (value.type.kind !== 'condition') {
      findings.add('E0307', span, `funding is true or false, found ${typeWords(value.type)}`, 'the rates come from the data');
    } else if (isPaid === null) {
      findings.add('E0303', span, 'funding is fixed before the run', 'write true or false');
    } else {
      return isPaid === 1;
    }
    return null;
  }

  #rate(name: string, value: Value, { span }: Expression, of: string): number | null {
    const { findings } = this.#checker.context;
    const rate = this.#checker.constantOf(value);
    if (value.type.kind === 'number') {
      findings.add('E0304', span, `${name} is a percent of ${of}, found a plain number`, `write the percent sign: ${rate ?? 0.1}%`);
    } else if (value.type.kind !== 'percent' && value.type.kind !== 'ratio') {
      findings.add('E0307', span, `${name} is a percent of ${of}, found ${typeWords(value.type)}`, 'for example 0.1%');
    } else if (rate === null) {
      findings.add('E0303', span, `${name} is fixed before the run`, 'use a number');
    } else if (!(rate < 1) || (rate < 0 && name !== 'maker') || rate <= -1) {
      findings.add('E0511', span, `${name} is from 0% to below 100%`);
    } else {
      return rate;
    }
    return null;
  }
}
