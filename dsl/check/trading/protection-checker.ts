import type {
  BreakevenStatement,
  CancelStatement,
  CooldownStatement,
  StopStatement,
  TakeStatement,
  TimeoutStatement,
  TrailStatement,
} from '../../ast/nodes.ts';
import type { TakeLeg } from '../../ast/clauses.ts';
import type { BreakevenRule, CancelRule, CooldownRule, StopRule, TakeRule, TimeoutRule, TrailRule } from '../../program.ts';
import type { ExpressionChecker } from '../expression-checker.ts';
import type { Scope } from '../scope.ts';
import { isPoison } from '../value.ts';
import type { CountChecker } from './count-checker.ts';
import type { LevelChecker, LevelPurpose } from './level-checker.ts';
import type { RuleSet } from './rule-set.ts';

const MAX_TARGETS = 8;

const NOT_IN_R = {
  message: 'a stop cannot be given in R: R is the distance to it',
  hint: 'write it as a distance, for example: stop 2 atr',
};

/** What closes a position besides `exit`, and what keeps from opening one: each null after an error. */
export class ProtectionChecker {
  readonly #checker: ExpressionChecker;
  readonly #levels: LevelChecker;
  readonly #counts: CountChecker;

  constructor(checker: ExpressionChecker, levels: LevelChecker, counts: CountChecker) {
    this.#checker = checker;
    this.#levels = levels;
    this.#counts = counts;
  }

  stop({ at, value, moving, closing, limit, span }: StopStatement, scope: Scope, rules: RuleSet): StopRule | null {
    const purpose = (what: string): LevelPurpose => ({ rule: 'stops', what, notInR: NOT_IN_R });
    const level =
      at === null
        ? this.#levels.distance(value, scope, rules, purpose('a stop'))
        : this.#levels.priceOf(value, scope, rules, purpose('a stop'));
    const worse = limit === null ? null : this.#levels.distance(limit, scope, rules, purpose('the limit of a stop'));
    if (level === null || (limit !== null && worse === null)) return null;
    return { ...level, moving: moving !== null, closing: closing !== null, limit: worse, span };
  }

  trail(statement: TrailStatement, scope: Scope, rules: RuleSet): TrailRule | null {
    const { span, moving, closing } = statement;
    const rule = 'trails';
    const distance = this.#levels.distance(statement.distance, scope, rules, { rule, what: 'a trail' });
    const after =
      statement.after === null ? null : this.#levels.distance(statement.after, scope, rules, { rule, what: 'a gain', isGain: true });
    const from =
      statement.from === null
        ? null
        : this.#levels.priceOf(statement.from, scope, rules, { rule, what: 'the price that a trail is measured from' });
    const step = statement.step === null ? null : this.#levels.distance(statement.step, scope, rules, { rule, what: 'a step' });
    if (distance === null || (statement.after !== null && after === null)) return null;
    if ((statement.from !== null && from === null) || (statement.step !== null && step === null)) return null;
    return { distance, after, from: from?.value ?? null, step, closing: closing !== null, moving: moving !== null, span };
  }

  take({ legs }: TakeStatement, scope: Scope, rules: RuleSet): readonly TakeRule[] | null {
    const targets = legs.map((leg) => this.#levels.target(leg.at, scope, rules));
    if (targets.includes(null) || !this.#sharesFit(legs)) return null;
    return legs.map(({ share, span }, index) => ({
      share: share?.kind === 'Percent' ? share.value : null,
      at: targets[index]!,
      span,
    }));
  }

  #sharesFit(legs: readonly TakeLeg[]): boolean {
    const refuse = (code: 'E0108' | 'E0502' | 'E0511' | 'E0512', leg: TakeLeg, message: string, hint: string): false => {
      this.#checker.error(code, (leg.share ?? leg).span, message, hint);
      return false;
    };
    let total = 0;
    for (const [index, leg] of legs.entries()) {
      const { share } = leg;
      if (index === MAX_TARGETS) return refuse('E0108', leg, `there are at most ${MAX_TARGETS} targets`, 'take more at fewer targets');
      // Parts such as 33.4% + 33.3% + 33.3% may miss 1 by the last bit.
      if (share?.kind !== 'Percent') {
        if (index < legs.length - 1) return refuse('E0512', leg, 'nothing is left for the targets behind this one', 'move it to the end');
        if (total > 1 - 1e-9) return refuse('E0502', leg, 'the targets before this one close all of the position', 'lower their percents');
        continue;
      }
      total += share.value;
      if (share.value <= 0) return refuse('E0511', leg, 'a part is above zero', 'write the part to close, for example: take 50% at 2R');
      if (total > 1 + 1e-9)
        return refuse('E0502', leg, 'the targets add up to more than 100% of the position', 'lower the percents, or write: rest at ...');
    }
    return true;
  }

  breakeven({ after, plus, span }: BreakevenStatement, scope: Scope, rules: RuleSet): BreakevenRule | null {
    const rule = 'breakevens';
    const gain = this.#levels.distance(after, scope, rules, { rule, what: 'a gain', isGain: true });
    const more = plus === null ? null : this.#levels.distance(plus, scope, rules, { rule, what: 'a distance', isGain: true });
    return gain === null || (plus !== null && more === null) ? null : { after: gain, plus: more, span };
  }

  timeout({ length, condition, span }: TimeoutStatement, scope: Scope): TimeoutRule | null {
    const bars = this.#counts.bars(length, scope);
    const when = condition === null ? null : this.#checker.condition(condition, scope);
    return bars === null || (when !== null && isPoison(when)) ? null : { bars, when: when?.node ?? null, span };
  }

  cooldown({ length, after, span }: CooldownStatement, scope: Scope): CooldownRule | null {
    const bars = this.#counts.bars(length, scope);
    return bars === null ? null : { bars, after: after?.value ?? null, span };
  }

  cancel({ condition, span }: CancelStatement, scope: Scope): CancelRule | null {
    const when = this.#checker.condition(condition, scope);
    return isPoison(when) ? null : { when: when.node, span };
  }
}
