import { SETTING_FIELDS } from '#core/model/strategy-abi.ts';
import type { Timeframe } from '#core/model/timeframe.ts';
import type { PlotStatement, Statement } from '../ast/nodes.ts';
import type { Diagnostic, Span } from '../diagnostics/diagnostic.ts';
import { runConstants } from '../graph/run-constants.ts';
import { unforgetting } from '../graph/warm-up.ts';
import type { PlotRule, Program } from '../program.ts';
import type { StudiedExpression, StudyResult } from '../study.ts';
import { reachableProgram } from './assemble-program.ts';
import type { CheckContext } from './context.ts';
import { DefinitionChecker } from './definition-checker.ts';
import { ExpressionChecker } from './expression-checker.ts';
import { definedNames } from './file-names.ts';
import { checkStrategyInput } from './input-strategy.ts';
import { NameStatements } from './name-statements.ts';
import { openContext } from './open-context.ts';
import { onePerStatement } from './one-per-statement.ts';
import type { OverrideError } from './param-override.ts';
import { ParamChecker } from './param-checker.ts';
import type { CheckInput } from './program-checker.ts';
import { Scope } from './scope.ts';
import { checkTrade, tradedTimeframe } from './trade-line.ts';
import { isScalar, typeWords } from './type.ts';
import { isPoison, type Value } from './value.ts';

export interface CheckedStudy {
  /** It plots the results and does nothing else; null unless every expression is good. */
  readonly program: Program | null;
  /** In the order of the spans; null = it cannot be computed. */
  readonly expressions: readonly (StudiedExpression | null)[];
  readonly diagnostics: readonly Diagnostic[];
  readonly overrideErrors: readonly OverrideError[];
}

/**
 * Checks expressions among the names of a file. Its trading statements are not looked at; a mistake in a line that no expression needs is told and forbids nothing.
 * @param spans where the expressions stand in the source: each as a `plot` statement behind everything else
 */
export function checkStudy(input: CheckInput, spans: readonly Span[]): CheckedStudy {
  return new StudyChecker(input, spans).run();
}

class StudyChecker {
  readonly #input: CheckInput;
  readonly #spans: readonly Span[];
  readonly #timeframe: Timeframe | null;
  readonly #context: CheckContext;
  readonly #checker: ExpressionChecker;
  readonly #params: ParamChecker;
  readonly #definitions: DefinitionChecker;
  readonly #names: NameStatements;
  readonly #root = new Scope(null);
  readonly #plots: PlotRule[] = [];
  readonly #studied: (StudiedExpression | null)[];

  constructor(input: CheckInput, spans: readonly Span[]) {
    const { file, overrides, loader, models } = input;
    this.#input = input;
    this.#spans = spans;
    this.#studied = spans.map(() => null);
    this.#timeframe = tradedTimeframe(file, overrides);
    this.#context = openContext(input, this.#timeframe, definedNames(file), (e) => this.#definitions.spend(e));
    this.#checker = new ExpressionChecker(this.#context);
    this.#params = new ParamChecker(this.#checker, overrides, input.ranges);
    this.#definitions = new DefinitionChecker(this.#checker, this.#root, 0);
    this.#names = new NameStatements(this.#checker, this.#definitions, this.#root, { loader, models, checkStrategy: checkStrategyInput });
  }

  run(): CheckedStudy {
    const { file, source, syntaxErrors } = this.#input;
    const { findings, statics } = this.#context;
    for (const statement of file.statements) if (!this.#statement(statement)) break;
    this.#params.finish(statics.lengthParams);
    const isGood = this.#studied.every((expression) => expression !== null) && this.#params.overrideErrors.length === 0;
    const program = isGood && this.#timeframe !== null ? this.#program(this.#timeframe) : null;
    return {
      program,
      expressions: this.#studied,
      diagnostics: onePerStatement(file, source, syntaxErrors, findings.all),
      overrideErrors: this.#params.overrideErrors,
    };
  }

  /** false: what is behind it is beyond the limits of a program. */
  #statement(statement: Statement): boolean {
    switch (statement.kind) {
      case 'Plot': {
        const place = this.#spans.findIndex(({ start, end }) => statement.value.span.start >= start && statement.value.span.start < end);
        return place < 0 || this.#study(statement, place);
      }
      case 'Trade':
        checkTrade(this.#checker, statement, this.#timeframe, this.#root);
        return true;
      case 'Param':
      case 'Let':
      case 'Def':
      case 'Use':
      case 'Chart':
      case 'Session':
      case 'Regime':
        if (!this.#definitions.isWithinLimits(statement)) return false;
        this.#name(statement);
        return true;
      default:
        return true;
    }
  }

  #name(statement: Extract<Statement, { kind: 'Param' | 'Let' | 'Def' | 'Use' | 'Chart' | 'Session' | 'Regime' }>): void {
    switch (statement.kind) {
      case 'Param': {
        const declared = this.#definitions.declare(statement.name, 'param', this.#root, { kind: 'self' });
        const value = this.#params.check(statement, this.#root);
        return this.#definitions.bind(declared, isPoison(value) ? { kind: 'poison' } : { kind: 'value', value });
      }
      case 'Let':
        return this.#definitions.let(statement, this.#root);
      case 'Def':
        return this.#definitions.def(statement);
      default:
        return this.#names.check(statement);
    }
  }

  #study(statement: PlotStatement, place: number): boolean {
    const { findings } = this.#context;
    const before = findings.errors;
    if (!this.#definitions.isWithinLimits(statement)) return false;
    const expression = this.#expression(statement);
    this.#studied[place] = findings.errors > before ? null : expression;
    return true;
  }

  /** null when it cannot be computed, which is told. */
  #expression({ value: expression, title }: PlotStatement): StudiedExpression | null {
    const { findings, builder } = this.#context;
    const { span } = expression;
    const value = this.#checker.check(expression, this.#root);
    if (isPoison(value)) return null;
    const parts = resultsOf(value);
    if (parts === null || parts.length === 0) {
      findings.add('E0301', span, `a value or a condition is wanted here, found ${typeWords(value.type)}`);
      return null;
    }
    if (parts.some((part) => isPoison(part.value))) return null;
    if (parts.some((part) => builder.node(part.value.node).usesAccount)) {
      findings.add('E0405', span, 'this looks at the account, and there is none here', 'strat backtest and strat explain know the account');
      return null;
    }
    const text = this.#input.source.slice(span.start, span.end);
    const label = title?.value ?? text;
    const results = parts.map((part): StudyResult => {
      const { type, node } = part.value;
      const name = part.name === '' ? label : `${label}.${part.name}`;
      this.#plots.push({ label: name, value: node, color: null, pane: null, style: null, span });
      const { low, high } = this.#context.statics.intervalOf(node);
      return {
        label: name,
        member: part.name === '' ? null : part.name,
        kind: type.kind === 'regime' ? 'state' : (type.kind as StudyResult['kind']),
        currency: isScalar(type) ? type.currency : null,
        states: type.kind === 'regime' ? type.states : null,
        plot: this.#plots.length - 1,
        low,
        high,
      };
    });
    return { text, label, results };
  }

  #program(timeframe: Timeframe): Program {
    const { file } = this.#input;
    const { builder, sessions, models, plugins, ranks, keptStarts, priceLiterals, statics } = this.#context;
    const params = this.#params.programParams(statics.lengthParams);
    const graph = builder.finish();
    const constants = runConstants(
      graph,
      Float64Array.from(params, (param) => param.default),
      new Float64Array(SETTING_FIELDS),
    );
    const trade = file.statements.find((statement) => statement.kind === 'Trade');
    return reachableProgram({
      name: file.heading.title.value,
      author: null,
      version: null,
      tags: [],
      markets: trade?.markets.map(({ text }) => text) ?? [],
      timeframe: timeframe.name,
      stepMs: timeframe.stepMs,
      sides: [],
      params,
      account: { span: null, capital: null, leverage: null, margin: null },
      costs: { span: null, maker: null, taker: null, slippage: null, funding: null, borrow: null },
      graph,
      columns: [],
      clock: null,
      sessions,
      models,
      plugins: plugins.used,
      setups: [],
      entries: [],
      exits: [],
      baskets: [],
      ranks: ranks.by,
      universe: null,
      limits: [],
      guards: [],
      notifications: [],
      plots: this.#plots,
      marks: [],
      objective: null,
      exposure: { leverage: 0, lossPerTrade: 0, enforcedLeverage: 0 },
      unforgetting: keptStarts.names(unforgetting(graph, constants)),
      priceLiterals,
    });
  }
}

/** A group is its members, by their names; null for what is no value. */
function resultsOf(value: Value): readonly { readonly name: string; readonly value: Value }[] | null {
  const all = (members: Iterable<readonly [string, Value]>): ReturnType<typeof resultsOf> => {
    const parts = [...members].map(([name, member]) =>
      resultsOf(member)?.map((part) => ({ name: part.name === '' ? name : `${name}.${part.name}`, value: part.value })),
    );
    return parts.every((part) => part !== undefined) ? parts.flat() : null;
  };
  const { type } = value;
  switch (type.kind) {
    case 'group':
    case 'strategy':
      return all(type.members);
    case 'list':
      return all(type.items.map((item, place) => [String(place + 1), item] as const));
    case 'basket':
    case 'setup':
      return null;
    default:
      return [{ name: '', value }];
  }
}
