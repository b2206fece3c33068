import type { ChartStatement, RegimeStatement, SessionStatement, UseStatement } from '../ast/nodes.ts';
import type { DefinitionChecker } from './definition-checker.ts';
import type { ExpressionChecker } from './expression-checker.ts';
import { ImportChecker } from './import-checker.ts';
import { ModelChecker } from './model-checker.ts';
import { checkStates, regimeValue } from './regime-checker.ts';
import type { Scope } from './scope.ts';
import { SessionChecker, sessionValue } from './session-checker.ts';
import { type ImportSources, StrategyInputChecker } from './strategy-input-checker.ts';

/** Statements that give names to series: charts, sessions, states, and what comes from other files. */
export class NameStatements {
  readonly #checker: ExpressionChecker;
  readonly #definitions: DefinitionChecker;
  readonly #root: Scope;
  readonly #imports: ImportChecker;
  readonly #models: ModelChecker;
  readonly #strategies: StrategyInputChecker;

  constructor(checker: ExpressionChecker, definitions: DefinitionChecker, root: Scope, sources: ImportSources) {
    this.#checker = checker;
    this.#definitions = definitions;
    this.#root = root;
    this.#imports = new ImportChecker(checker, definitions, sources.loader);
    this.#models = new ModelChecker(checker, definitions, sources.models);
    this.#strategies = new StrategyInputChecker(checker, definitions, sources);
  }

  check(statement: ChartStatement | SessionStatement | RegimeStatement | UseStatement): void {
    switch (statement.kind) {
      case 'Chart':
        return this.#chart(statement);
      case 'Session':
        return this.#session(statement);
      case 'Regime':
        return this.#regime(statement);
      case 'Use':
        return this.#use(statement);
    }
  }

  /** The chart of a block is found anew from every chart that reads it: `chart 4h` on another market is that market's. */
  #chart({ market, timeframe, lets }: ChartStatement): void {
    const { charts } = this.#checker.context;
    const chartOf = (): number | null => {
      const chart = market === null ? charts.current : charts.ofMarket(market);
      return timeframe === null ? chart : charts.on(chart, charts.place, () => this.#checker.longerChart(timeframe, this.#root));
    };
    if (chartOf() === null) {
      for (const { name } of lets) this.#definitions.define(name, this.#root, { kind: 'poison' });
      return;
    }
    for (const line of lets) this.#definitions.chartLet(line, this.#root, chartOf);
  }

  #session(statement: SessionStatement): void {
    const { sessions } = this.#checker.context;
    const rule = new SessionChecker(this.#checker).rule(statement, this.#root);
    if (rule === null) return this.#definitions.define(statement.name, this.#root, { kind: 'poison' });
    const session = sessions.push(rule) - 1;
    this.#definitions.defineSeries(statement.name, this.#root, () => sessionValue(this.#checker, session));
  }

  #regime(statement: RegimeStatement): void {
    this.#definitions.defineSeries(statement.name, this.#root, () => regimeValue(this.#checker, statement, this.#root));
    checkStates(this.#checker, statement);
  }

  #use(statement: UseStatement): void {
    switch (statement.what) {
      case 'functions':
        return this.#imports.functions(statement, this.#root);
      case 'model':
        return this.#models.check(statement, this.#root);
      case 'strategy':
        return this.#strategies.check(statement, this.#root);
      case 'indicator':
        return this.#imports.indicators(statement, this.#root);
      case 'calendar':
        for (const { name, alias } of statement.imports) this.#definitions.define(alias ?? name, this.#root, { kind: 'poison' });
        this.#checker.later(statement.word, `"use ${statement.what}"`);
    }
  }
}
