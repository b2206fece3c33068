import type { BlockItem, SetupStatement, Side, SourceFile, Statement, TradeRule } from '../../ast/nodes.ts';
import type { Span } from '../../diagnostics/diagnostic.ts';
import type { DefinitionChecker } from '../definition-checker.ts';
import type { ExpressionChecker } from '../expression-checker.ts';
import { blockNames } from '../file-names.ts';
import { Scope } from '../scope.ts';
import { BasketChecker } from './basket-checker.ts';
import { ObjectiveChecker } from './objective-checker.ts';
import { ReportChecker } from './report-checker.ts';
import { RiskChecker } from './risk-checker.ts';
import { isTradeRule, RuleChecker } from './rule-checker.ts';
import { emptyRuleSet } from './rule-set.ts';
import { UniverseChecker } from './universe-checker.ts';

export type TradingStatement = Extract<
  Statement,
  TradeRule | { kind: 'Side' | 'Setup' | 'Oco' | 'Basket' | 'Universe' | 'Risk' | 'Notify' | 'Plot' | 'Mark' | 'Objective' }
>;

export interface TradedFile {
  readonly source: string;
  readonly file: SourceFile;
  readonly definedNames: Set<string>;
}

/** Statements that trade, protect, report and aim: who checks each, and what they have collected. */
export class TradingStatements {
  readonly rules: RuleChecker;
  readonly baskets: BasketChecker;
  readonly universe: UniverseChecker;
  readonly risk: RiskChecker;
  readonly reports: ReportChecker;
  readonly objective: ObjectiveChecker;
  /** Rules that stand at the top of the file. */
  readonly topRules = emptyRuleSet(true);
  /** Names of blocks. */
  readonly scopes: Scope[] = [];
  readonly #checker: ExpressionChecker;
  readonly #definitions: DefinitionChecker;
  readonly #root: Scope;
  readonly #definedNames: Set<string>;

  /** `definedNames`: names that the file defines anywhere; those of a block are among them while it is checked. */
  constructor(checker: ExpressionChecker, definitions: DefinitionChecker, root: Scope, { source, file, definedNames }: TradedFile) {
    const textOf = ({ start, end }: Span): string => source.slice(start, end);
    const trade = file.statements.find((statement) => statement.kind === 'Trade');
    this.#checker = checker;
    this.#definitions = definitions;
    this.#root = root;
    this.#definedNames = definedNames;
    this.baskets = new BasketChecker(checker, definitions);
    this.rules = new RuleChecker(checker, this.baskets, trade?.side?.value ?? null);
    this.universe = new UniverseChecker(checker, this.rules.counts);
    this.risk = new RiskChecker(checker, this.rules.counts, this.rules.sizes);
    this.reports = new ReportChecker(checker, this.rules.texts, textOf);
    this.objective = new ObjectiveChecker(checker.context, textOf);
  }

  check(statement: TradingStatement): void {
    const top = { scope: this.#root, side: null, rules: this.topRules, setup: null };
    switch (statement.kind) {
      case 'Side':
        if (this.rules.isAllowed(statement.side, statement.word)) this.#block(statement.body, statement.side, null);
        return;
      case 'Setup':
        return this.#setup(statement);
      case 'Oco':
        return this.rules.oco(statement, top);
      case 'Basket':
        return this.baskets.define(statement, this.#root);
      case 'Universe':
        return this.universe.check(statement, this.#root);
      case 'Risk':
        return this.risk.check(statement, this.#root);
      case 'Notify':
        return this.reports.notify(statement, this.#root);
      case 'Plot':
        return this.reports.plot(statement, this.#root);
      case 'Mark':
        return this.reports.mark(statement, this.#root);
      case 'Objective':
        return this.objective.check(statement);
      default:
        return this.rules.check(statement, top);
    }
  }

  #setup({ name, side, body, span }: SetupStatement): void {
    const node = this.#checker.context.builder.constant(Number.NaN);
    this.#definitions.define(name, this.#root, { kind: 'value', value: { type: { kind: 'setup' }, node } });
    const setup = this.rules.setups.push({ name: name.text, side: side.side === 'long' ? 1 : -1, span }) - 1;
    if (this.rules.isAllowed(side.side, side.span)) this.#block(body, side.side, setup);
  }

  #block(body: readonly BlockItem[], side: Side, setup: number | null): void {
    const scope = new Scope(this.#root);
    this.scopes.push(scope);
    const place = { scope, side, rules: emptyRuleSet(false), setup };
    const added = blockNames(body).filter((name) => !this.#definedNames.has(name));
    for (const name of added) this.#definedNames.add(name);
    for (const item of body) {
      if (isTradeRule(item)) this.rules.check(item, place);
      else this.#definitions.let(item, scope);
    }
    for (const name of added) this.#definedNames.delete(name);
  }
}
