import type {
  AddStatement,
  BreakevenStatement,
  CancelStatement,
  CooldownStatement,
  TakeStatement,
  TimeoutStatement,
} from '../ast/nodes.ts';
import type { Expression } from '../ast/expression.ts';
import type { ExpressionChecker } from './expression-checker.ts';
import type { LevelChecker } from './level-checker.ts';
import type { RuleSet } from './rule-set.ts';
import type { Scope } from './scope.ts';
import { typeWords } from './type.ts';
import { isPoison } from './value.ts';

type LaterRule = AddStatement | TakeStatement | BreakevenStatement | TimeoutStatement | CooldownStatement | CancelStatement;

/** Trading rules that this version does not run yet: names, kinds and the rules about amounts are checked all the same. */
export class LaterRuleChecker {
  readonly #checker: ExpressionChecker;
  readonly #levels: LevelChecker;

  constructor(checker: ExpressionChecker, levels: LevelChecker) {
    this.#checker = checker;
    this.#levels = levels;
  }

  check(rule: LaterRule, scope: Scope, rules: RuleSet): void {
    switch (rule.kind) {
      case 'Take':
        return this.#take(rule, scope, rules);
      case 'Add':
        return this.#add(rule, scope, rules);
      case 'Breakeven':
        this.#levels.distance(rule.after, scope, rules, 'a gain');
        if (rule.plus !== null) this.#levels.distance(rule.plus, scope, rules, 'a distance');
        return;
      case 'Timeout':
        this.#time(rule.length, scope);
        if (rule.condition !== null) this.#checker.condition(rule.condition, scope);
        return;
      case 'Cooldown':
        return this.#time(rule.length, scope);
      case 'Cancel':
        this.#checker.condition(rule.condition, scope);
    }
  }

  #time(e: Expression, scope: Scope): void {
    const value = this.#checker.check(e, scope);
    if (isPoison(value) || value.type.kind === 'bars' || value.type.kind === 'duration') return;
    this.#checker.error('E0307', e.span, `a time is needed here, found ${typeWords(value.type)}`, 'write 10 bars or 4h');
  }

  #take({ legs }: TakeStatement, scope: Scope, rules: RuleSet): void {
    let total = 0;
    for (const [index, leg] of legs.entries()) {
      const value = this.#checker.check(leg.at, scope);
      if (value.type.kind === 'r') rules.rMultiples.push(leg.at.span);
      else if (!isPoison(value) && !['percent', 'ratio', 'price', 'na'].includes(value.type.kind)) {
        this.#checker.error(
          'E0307',
          leg.at.span,
          `a target is R, a percent or a price, found ${typeWords(value.type)}`,
          'write 2R, 5% or a price',
        );
      }
      const { share } = leg;
      if (share === null) continue;
      if (share.kind !== 'Percent') {
        if (index < legs.length - 1)
          this.#checker.error('E0512', share.span, 'nothing is left for the targets behind this one', 'move it to the end');
        continue;
      }
      total += share.value;
      if (share.value <= 0) this.#checker.error('E0511', share.span, 'a part is above zero');
      // Parts such as 33.4% + 33.3% + 33.3% may miss 1 by the last bit.
      if (total > 1 + 1e-9) {
        this.#checker.error(
          'E0502',
          share.span,
          'the targets add up to more than 100% of the position',
          'lower the percents, or write: rest at ...',
        );
        return;
      }
    }
  }

  #add(rule: AddStatement, scope: Scope, rules: RuleSet): void {
    if (rule.amount !== null) this.#checker.numeric(rule.amount, scope);
    if (rule.trigger.kind === 'When') this.#checker.condition(rule.trigger.condition, scope);
    else this.#levels.distance(rule.trigger.distance, scope, rules, 'a distance');
    if (rule.scale !== null) this.#checker.numeric(rule.scale, scope);
    if (rule.max === null) this.#checker.error('E0510', rule.word, 'adding to a position must end somewhere', 'add: max 3 times');
    else this.#checker.numeric(rule.max, scope);
  }
}
