import type { UniverseClause } from '../../ast/clauses.ts';
import type { Expression, Market } from '../../ast/expression.ts';
import type { UniverseStatement } from '../../ast/nodes.ts';
import type { Span } from '../../diagnostics/diagnostic.ts';
import type { GraphNode, NodeId } from '../../graph/node.ts';
import { reach } from '../../graph/reach.ts';
import type { Universe } from '../../program.ts';
import type { ExpressionChecker } from '../expression-checker.ts';
import type { Scope } from '../scope.ts';
import { accountClash, currencyClash } from '../trade-line.ts';
import { typeWords } from '../type.ts';
import { isNumeric, isPoison, type Value } from '../value.ts';
import type { CountChecker } from './count-checker.ts';

/** `universe { ... }`: which markets are traded, chosen by what the data say at that moment. */
export class UniverseChecker {
  /** null: there is none, or it is wrong. */
  universe: Universe | null = null;
  /** The word, where there is one. */
  word: Span | null = null;
  readonly #checker: ExpressionChecker;
  readonly #counts: CountChecker;

  constructor(checker: ExpressionChecker, counts: CountChecker) {
    this.#checker = checker;
    this.#counts = counts;
  }

  check({ clauses, word, span }: UniverseStatement, scope: Scope): void {
    const { findings } = this.#checker.context;
    if (this.word !== null) {
      findings.add('E0509', word, 'the universe is given twice', 'keep one of the two; filters can stand in one');
      return;
    }
    this.word = word;
    const quote = clauses.find((clause) => clause.kind === 'Quote');
    const rank = clauses.find((clause) => clause.kind === 'Rank');
    const hold = clauses.find((clause) => clause.kind === 'Hold');
    const weight = clauses.find((clause) => clause.kind === 'Weight');
    const lists = clauses.flatMap((clause) => (clause.kind === 'Include' ? clause.markets : []));
    const excluded = clauses.flatMap((clause) => (clause.kind === 'Exclude' ? clause.markets : []));
    if (quote === undefined && !clauses.some(({ kind }) => kind === 'Include'))
      findings.add('E0504', word, 'the universe does not say which markets there are', 'add: quote USDT, or: list [BTC/USDT, ETH/USDT]');
    this.#sameCurrency(lists, quote?.currency.text ?? null);
    const filters = clauses
      .filter((clause) => clause.kind === 'Filter')
      .map(({ condition }) => this.#market(this.#checker.condition(condition, scope), condition));
    const rankBy = rank === undefined ? null : this.#number(rank.by, scope);
    const count = hold === undefined ? null : this.#counts.whole(hold.count, scope, 'the number of markets to hold');
    if (hold !== undefined && rank === undefined)
      findings.add('E0307', hold.count.span, 'the top of what? The universe has no rank', 'add: rank by roc(close, 90)');
    const weightValue = weight === undefined || weight.value === null ? null : this.#number(weight.value, scope);
    this.universe = {
      span,
      quote: quote?.currency.text ?? null,
      list: lists.length === 0 ? null : lists.map(({ text }) => text),
      exclude: excluded.map(({ text }) => text),
      filters: filters.filter((filter) => filter !== null),
      rankBy,
      descending: rank?.order !== 'ascending',
      hold: count,
      weight: { mode: weight?.mode ?? 'equal', value: weightValue },
      rebalanceMs: everyMs(clauses, 'Rebalance'),
      refreshMs: everyMs(clauses, 'Refresh'),
    };
  }

  #sameCurrency(markets: readonly Market[], quote: string | null): void {
    const { findings } = this.#checker.context;
    const seen = new Set<string>();
    for (const market of markets) {
      if (seen.has(market.text)) findings.add('E0509', market.span, `${market.text} is named twice`, 'keep one of the two');
      seen.add(market.text);
      const clash = quote === null ? accountClash(markets[0], market) : currencyClash(quote, market);
      if (clash !== null) findings.add('E0306', market.span, clash, 'use markets of one currency');
    }
  }

  #number(e: Expression, scope: Scope): NodeId | null {
    const value = this.#checker.check(e, scope);
    if (isNumeric(value) || isPoison(value)) return this.#market(value, e);
    const code = value.type.kind === 'group' ? 'E0301' : 'E0307';
    this.#checker.error(code, e.span, `markets are compared by a number, found ${typeWords(value.type)}`, this.#checker.memberHint(value));
    return null;
  }

  /** The account is computed after the members are known. */
  #market(value: Value, e: Expression): NodeId | null {
    if (isPoison(value)) return null;
    const { builder } = this.#checker.context;
    const graph = builder.finish();
    if ([...reach(graph, [value.node])].some((id) => isRank(graph.nodes[id]!))) {
      this.#checker.error('E0207', e.span, 'members are ranked once they are chosen', 'rank them here with: rank by roc(close, 90)');
      return null;
    }
    if (!builder.node(value.node).usesAccount) return value.node;
    this.#checker.error(
      'E0405',
      e.span,
      'members of the universe are chosen without the account',
      'put it into the entry: enter long when ...',
    );
    return null;
  }
}

const isRank = (node: GraphNode): boolean => node.op === 'column' && node.column.kind === 'rank';

function everyMs(clauses: readonly UniverseClause[], kind: 'Rebalance' | 'Refresh'): number | null {
  return clauses.flatMap((clause) => (clause.kind === kind && 'every' in clause ? [clause.every.ms] : []))[0] ?? null;
}
