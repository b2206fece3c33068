import type { Chart } from '#core/model/chart-column.ts';
import { accountCurrency, isInverse } from '#core/model/market.ts';
import { parseTimeframe, type Timeframe } from '#core/model/timeframe.ts';
import type { Market, Timeframe as WrittenTimeframe } from '../ast/expression.ts';
import type { SourceFile, Statement, TradeStatement } from '../ast/nodes.ts';
import type { MarketUnits } from './context.ts';
import type { ExpressionChecker } from './expression-checker.ts';
import { amountText } from './param-override.ts';
import type { Scope } from './scope.ts';
import { typeWords } from './type.ts';
import { isPoison } from './value.ts';

/** What the units of a program rest on, read from its `trade` line and universe before anything else. @param timeframe of `tradedTimeframe` */
export function marketUnits({ statements }: SourceFile, timeframe: Timeframe | null): MarketUnits {
  const trade = statements.find((statement) => statement.kind === 'Trade');
  const markets = trade?.markets ?? [];
  const shared = (of: (market: Market) => string | null): string | null => {
    const first = markets[0] === undefined ? null : of(markets[0]);
    return markets.every((market) => of(market) === first) ? first : null;
  };
  const isUniverse = trade !== undefined && trade.universe !== null;
  const [listed] = isUniverse ? universeList(statements) : markets;
  return {
    base: isUniverse && listed !== undefined && isInverse(listed.text) ? listed.base : shared(({ base }) => base),
    quote: isUniverse ? universeCurrency(statements) : (markets[0]?.quote ?? null),
    isInverse: listed !== undefined && isInverse(listed.text),
    stepMs: timeframe?.stepMs ?? null,
  };
}

function universeCurrency(statements: readonly Statement[]): string | null {
  const clauses = statements.find((statement) => statement.kind === 'Universe')?.clauses ?? [];
  const quote = clauses.find(({ kind }) => kind === 'Quote');
  if (quote?.kind === 'Quote') return quote.currency.text;
  return universeList(statements)[0]?.quote ?? null;
}

function universeList(statements: readonly Statement[]): readonly Market[] {
  const clauses = statements.find((statement) => statement.kind === 'Universe')?.clauses ?? [];
  return clauses.flatMap((clause) => (clause.kind === 'Include' ? clause.markets : []));
}

/** The chart that is traded; where the `trade` line is missing or wrong, one that nothing will run on. */
export function baseChart(timeframe: Timeframe | null): Chart {
  return { market: null, timeframe: timeframe?.name ?? '', stepMs: timeframe?.stepMs ?? Number.NaN };
}

/**
 * The length of the traded bars, which everything else rests on: as the `trade` line says it, or as the line above does that its name was given on, or as was
 * set for that param. null: there is none, and the checkers of these lines say why.
 */
export function tradedTimeframe({ statements }: SourceFile, overrides: ReadonlyMap<string, string>): Timeframe | null {
  const place = statements.findIndex(({ kind }) => kind === 'Trade');
  const trade = statements[place];
  if (trade?.kind !== 'Trade') return null;
  const { timeframe } = trade;
  if (timeframe.kind === 'Duration') return parseTimeframe(timeframe.source);
  const named = statements
    .slice(0, place)
    .find((line) => (line.kind === 'Param' || line.kind === 'Let') && line.name.text === timeframe.text);
  if (named?.kind !== 'Param' && named?.kind !== 'Let') return null;
  const set = named.kind === 'Param' ? overrides.get(timeframe.text) : undefined;
  if (set !== undefined) return parseTimeframe(set.trim());
  return named.value.kind === 'Duration' ? parseTimeframe(named.value.source) : null;
}

/** The `trade` line itself: its chart, and that every market of it is one. @param timeframe of `tradedTimeframe` */
export function checkTrade(checker: ExpressionChecker, trade: TradeStatement, timeframe: Timeframe | null, scope: Scope): void {
  const { findings } = checker.context;
  checkTimeframe(checker, trade.timeframe, timeframe, scope);
  const seen = new Set<string>();
  for (const market of trade.markets) {
    if (seen.has(market.text)) findings.add('E0509', market.span, `${market.text} is named twice`, 'keep one of the two');
    seen.add(market.text);
    const clash = accountClash(trade.markets[0], market);
    if (clash !== null) findings.add('E0306', market.span, clash, 'trade markets of one currency in one strategy');
  }
}

/** Why two markets have no account in common; null when they may have. */
export function accountClash(first: Market | undefined, { text, quote }: Market): string | null {
  if (first === undefined || first.quote === null || quote === null) return null;
  const [account, other] = [accountCurrency(first.text), accountCurrency(text)];
  if (account !== other) return `the account is in ${account}, this market is in ${other}`;
  return first.quote === quote ? null : `contracts of ${first.text} are in ${first.quote}, those of this market in ${quote}`;
}

/** Why a market is not for an account in a currency; null when it is. */
export function currencyClash(account: string, { text }: Market): string | null {
  const other = accountCurrency(text);
  return other === null || other === account ? null : `the account is in ${account}, this market is in ${other}`;
}

function checkTimeframe(checker: ExpressionChecker, written: WrittenTimeframe, timeframe: Timeframe | null, scope: Scope): void {
  const { statics, findings } = checker.context;
  const noCandles = (length: string): void =>
    findings.add('E0307', written.span, `there are no candles of ${length}`, 'charts are from 1s to 52w, or up to 12mo');
  if (written.kind === 'Duration') {
    if (timeframe === null) noCandles(written.source);
    return;
  }
  const length = checker.check(written, scope);
  if (isPoison(length)) return;
  if (length.type.kind !== 'duration')
    checker.error('E0307', written.span, `a chart length is a duration, found ${typeWords(length.type)}`, 'write 4h or 1d');
  else if (!statics.isStatic(length.node)) checker.error('E0303', written.span, 'a chart length is fixed before the run, found a series');
  else if (timeframe !== null) statics.markChart(length.node);
  else noCandles(amountText(statics.valueOf(length.node), length.type));
}
