import type { Statement, UniverseStatement, UseStatement } from '../ast/nodes.ts';
import type { DefinitionChecker } from './definition-checker.ts';
import type { ExpressionChecker } from './expression-checker.ts';
import { isAllowedPath } from './import-checker.ts';
import type { RuleChecker, RulePlace } from './rule-checker.ts';
import type { Scope } from './scope.ts';

type LaterStatement = Extract<Statement, { kind: 'Universe' | 'Basket' | 'Oco' | 'Risk' | 'Notify' | 'Mark' | 'Objective' }>;

const RISK_LIMITS_HINT = 'the limits are: position, exposure, leverage, positions, orders, trades, loss, drawdown, losing_streak';
const RISK_LIMITS: ReadonlySet<string> = new Set([
  'position',
  'exposure',
  'leverage',
  'positions',
  'orders',
  'trades',
  'loss',
  'drawdown',
  'losing_streak',
]);

/** Statements that this version does not run: what can be checked is checked, then each is refused by its name. */
export class LaterStatementChecker {
  readonly #checker: ExpressionChecker;
  readonly #rules: RuleChecker;
  readonly #definitions: DefinitionChecker;

  constructor(checker: ExpressionChecker, rules: RuleChecker, definitions: DefinitionChecker) {
    this.#checker = checker;
    this.#rules = rules;
    this.#definitions = definitions;
  }

  check(statement: LaterStatement, place: RulePlace): void {
    const { scope } = place;
    const later = this.#rules.later.length;
    switch (statement.kind) {
      case 'Basket':
        this.#definitions.define(statement.name, scope, { kind: 'poison' });
        break;
      case 'Universe':
        this.#universe(statement, scope);
        break;
      case 'Oco':
        for (const entry of statement.entries) this.#rules.check(entry, place);
        // The orders inside are part of the construct that is refused.
        this.#rules.later.length = later;
        break;
      case 'Risk':
        for (const rule of statement.rules) {
          if (rule.kind === 'Guard') this.#checker.condition(rule.condition, scope);
          else if (RISK_LIMITS.has(rule.name.text)) this.#checker.numeric(rule.value, scope);
          else this.#checker.error('E0206', rule.name.span, `there is no limit "${rule.name.text}"`, RISK_LIMITS_HINT);
        }
        break;
      case 'Notify':
        this.#rules.checkText(statement.text, scope);
        if (statement.condition !== null) this.#checker.condition(statement.condition, scope);
        break;
      case 'Mark':
        this.#checker.condition(statement.condition, scope);
        if (statement.text !== null) this.#rules.checkText(statement.text, scope);
        break;
      case 'Objective':
        // Metrics have names of their own, known to the optimiser.
        break;
    }
    this.#rules.later.push({ construct: `"${statement.kind.toLowerCase()}"`, word: statement.word, statement: statement.span });
  }

  /** Imports of anything but functions. */
  use({ from, what, word, span }: UseStatement): void {
    this.#rules.later.push({ construct: `"use ${what}"`, word, statement: span });
    if (what === 'indicator' || isAllowedPath(from.value) || /^strategy:[a-z0-9][a-z0-9-]*$/.test(from.value)) return;
    this.#checker.error(
      'E0701',
      from.span,
      'an import starts with ./ and stays in the folder of the strategy',
      'move the file into the folder',
    );
  }

  #universe({ clauses }: UniverseStatement, scope: Scope): void {
    for (const clause of clauses) {
      if (clause.kind === 'Filter') this.#checker.condition(clause.condition, scope);
      else if (clause.kind === 'Rank') this.#checker.numeric(clause.by, scope);
      else if (clause.kind === 'Hold') this.#checker.numeric(clause.count, scope);
      else if (clause.kind === 'Weight' && clause.value !== null) this.#checker.numeric(clause.value, scope);
    }
  }
}
