import { SIZE } from '#core/model/strategy-abi.ts';
import type { RiskAction as WrittenAction, RiskRule } from '../../ast/clauses.ts';
import type { Expression, Word } from '../../ast/expression.ts';
import type { RiskStatement } from '../../ast/nodes.ts';
import type { RiskAction, RiskGuard, RiskLimit, RiskLimitName } from '../../program.ts';
import { heldType } from '../account-units.ts';
import type { ExpressionChecker } from '../expression-checker.ts';
import type { Scope } from '../scope.ts';
import { isPoison, type Value } from '../value.ts';
import { isAboveZero, isBelowWhole } from './amount-bounds.ts';
import type { CountChecker } from './count-checker.ts';
import { foundWords } from './found-words.ts';
import { oneOf, PERIODS } from './known-words.ts';
import type { SizeChecker } from './size-checker.ts';

export const LIMITS: readonly RiskLimitName[] = [
  'position',
  'exposure',
  'leverage',
  'positions',
  'orders',
  'trades',
  'loss',
  'drawdown',
  'losing_streak',
];
/** Those that add up over a time; the others are a state, which has no "per". */
const PER_TIME: ReadonlySet<RiskLimitName> = new Set<RiskLimitName>(['orders', 'trades', 'loss']);

type Written<K extends RiskRule['kind']> = Extract<RiskRule, { readonly kind: K }>;

/** The `risk` block: what must never happen. */
export class RiskChecker {
  readonly limits: RiskLimit[] = [];
  readonly guards: RiskGuard[] = [];
  readonly #checker: ExpressionChecker;
  readonly #counts: CountChecker;
  readonly #sizes: SizeChecker;

  constructor(checker: ExpressionChecker, counts: CountChecker, sizes: SizeChecker) {
    this.#checker = checker;
    this.#counts = counts;
    this.#sizes = sizes;
  }

  check({ rules }: RiskStatement, scope: Scope): void {
    for (const rule of rules) {
      if (rule.kind === 'Limit') this.#limit(rule, scope);
      else this.#guard(rule, scope);
    }
  }

  #guard({ action, side, condition, span }: Written<'Guard'>, scope: Scope): void {
    const when = this.#checker.condition(condition, scope);
    if (isPoison(when)) return;
    this.guards.push({ action, side: side === null ? null : side.side === 'long' ? 1 : -1, when: when.node, span });
  }

  #limit({ name: word, value: e, per, actions: written, span }: Written<'Limit'>, scope: Scope): void {
    const name = oneOf(LIMITS, word, 'a limit', this.#checker.context.findings);
    if (name === undefined) return;
    const value = this.#value(name, e, scope);
    const period = per === null ? null : this.#period(name, per);
    const actions = written.map((action) => this.#action(action, scope));
    if (value === null || period === undefined || actions.includes(null)) return;
    this.limits.push({ name, value, per: period, actions: actions.filter((action) => action !== null), span });
  }

  #period(name: RiskLimitName, per: Word): RiskLimit['per'] | undefined {
    const { findings } = this.#checker.context;
    if (!PER_TIME.has(name)) {
      const hint = `remove it; "per" goes with ${[...PER_TIME].join(', ')}`;
      findings.add('E0206', per.span, `"max ${name}" holds at every moment, not per ${per.text}`, hint);
      return undefined;
    }
    return oneOf(PERIODS, per, 'a time to count in', findings);
  }

  #action(action: WrittenAction, scope: Scope): RiskAction | null {
    switch (action.kind) {
      case 'Pause': {
        const bars = this.#counts.bars(action.length, scope);
        return bars === null ? null : { kind: 'pause', bars };
      }
      case 'Flatten':
        return { kind: 'flatten' };
      case 'Halt':
        return { kind: 'halt' };
      case 'Notify':
        return { kind: 'notify' };
    }
  }

  /** null after an error. */
  #value(name: RiskLimitName, e: Expression, scope: Scope): RiskLimit['value'] | null {
    const whole = (what: string): RiskLimit['value'] | null => {
      const node = this.#counts.whole(e, scope, what);
      return node === null ? null : { kind: 'number', value: node };
    };
    switch (name) {
      case 'position':
      case 'exposure':
        return this.#amount(name, e, scope);
      case 'loss':
        return this.#loss(e, scope);
      case 'leverage':
        return this.#number(e, scope, 'leverage is a multiple of the equity', 'for example: max leverage 2', ['number', 'ratio']);
      case 'drawdown':
        return this.#number(e, scope, 'a drawdown is a percent of the highest equity', 'for example: max drawdown 15%', [
          'percent',
          'ratio',
        ]);
      case 'losing_streak':
        return whole('a losing streak');
      case 'positions':
      case 'orders':
      case 'trades':
        return whole(`the number of ${name}`);
    }
  }

  #amount(name: 'position' | 'exposure', e: Expression, scope: Scope): RiskLimit['value'] | null {
    const value = this.#checker.check(e, scope);
    if (isPoison(value)) return null;
    if (name === 'exposure' && this.#isHeld(value))
      return this.#refuse(e, 'the exposure is money over all markets, found a quantity', 'for example: max exposure 300% of equity');
    return this.#sizes.amountOf(value, e, name);
  }

  /** A percent alone is one of the equity: nothing else is lost. */
  #loss(e: Expression, scope: Scope): RiskLimit['value'] | null {
    const checker = this.#checker;
    const value = checker.check(e, scope);
    if (isPoison(value)) return null;
    if (value.type.kind === 'percent' || value.type.kind === 'ratio')
      return this.#bounded(e, value, 'a loss', { kind: SIZE.equityShare, value: value.node });
    if (this.#isHeld(value)) return this.#refuse(e, 'a loss is money, found a quantity', 'for example: max loss 3% per day');
    return this.#sizes.amountOf(value, e, 'loss');
  }

  /** A quantity of what is traded. */
  #isHeld({ type, share }: Value): boolean {
    return share === undefined && type.kind === heldType(this.#checker.context.market).kind;
  }

  #number(e: Expression, scope: Scope, asked: string, hint: string, kinds: readonly string[]): RiskLimit['value'] | null {
    const value = this.#checker.check(e, scope);
    if (isPoison(value)) return null;
    if (!kinds.includes(value.type.kind)) return this.#refuse(e, `${asked}, found ${foundWords(value)}`, hint);
    const limit: RiskLimit['value'] = { kind: 'number', value: value.node };
    if (kinds.includes('percent')) return this.#bounded(e, value, 'a drawdown', limit);
    return isAboveZero(this.#checker, value.node, e, 'the leverage') ? limit : null;
  }

  #bounded(e: Expression, { node }: Value, what: string, limit: RiskLimit['value']): RiskLimit['value'] | null {
    return isAboveZero(this.#checker, node, e, what) && isBelowWhole(this.#checker, node, e, what) ? limit : null;
  }

  #refuse(e: Expression, message: string, hint: string): null {
    this.#checker.error('E0307', e.span, message, hint);
    return null;
  }
}
