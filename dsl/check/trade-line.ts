import type { Chart } from '#core/model/chart-column.ts';
import { parseTimeframe, type Timeframe } from '#core/model/timeframe.ts';
import type { Market } from '../ast/expression.ts';
import type { SourceFile, Statement, TradeStatement } from '../ast/nodes.ts';
import type { MarketUnits } from './context.ts';
import type { Findings } from './findings.ts';

/** What the units of a program rest on, read from its `trade` line and universe before anything else. */
export function marketUnits({ statements }: SourceFile): MarketUnits {
  const trade = statements.find((statement) => statement.kind === 'Trade');
  const markets = trade?.markets ?? [];
  const shared = (of: (market: Market) => string | null): string | null => {
    const first = markets[0] === undefined ? null : of(markets[0]);
    return markets.every((market) => of(market) === first) ? first : null;
  };
  return {
    base: shared(({ base }) => base),
    quote: trade === undefined || trade.universe === null ? (markets[0]?.quote ?? null) : universeCurrency(statements),
    stepMs: trade === undefined ? null : (tradeTimeframe(trade)?.stepMs ?? null),
  };
}

function universeCurrency(statements: readonly Statement[]): string | null {
  const clauses = statements.find((statement) => statement.kind === 'Universe')?.clauses ?? [];
  const quote = clauses.find(({ kind }) => kind === 'Quote');
  if (quote?.kind === 'Quote') return quote.currency.text;
  const [first] = clauses.flatMap((clause) => (clause.kind === 'Include' ? clause.markets : []));
  return first?.quote ?? null;
}

/** The chart that is traded; where the `trade` line is missing or wrong, one that nothing will run on. */
export function baseChart(trade: TradeStatement | undefined): Chart {
  const timeframe = trade === undefined ? null : tradeTimeframe(trade);
  return { market: null, timeframe: timeframe?.name ?? '', stepMs: timeframe?.stepMs ?? Number.NaN };
}

export function tradeTimeframe({ timeframe }: TradeStatement): Timeframe | null {
  return timeframe.kind === 'Duration' ? parseTimeframe(timeframe.source) : null;
}

/** The `trade` line itself: its chart, and that every market of it is one. */
export function checkTrade(trade: TradeStatement, findings: Findings): void {
  if (trade.timeframe.kind === 'Duration' && tradeTimeframe(trade) === null) {
    findings.add(
      'E0307',
      trade.timeframe.span,
      `there are no candles of ${trade.timeframe.source}`,
      'charts are from 1s to 52w, or up to 12mo',
    );
  }
  const seen = new Set<string>();
  for (const market of trade.markets) {
    if (seen.has(market.text)) findings.add('E0509', market.span, `${market.text} is named twice`, 'keep one of the two');
    seen.add(market.text);
    const quote = trade.markets[0]?.quote ?? null;
    if (quote !== null && market.quote !== null && market.quote !== quote) {
      findings.add(
        'E0306',
        market.span,
        `the account is in ${quote}, this market is in ${market.quote}`,
        'trade markets of one currency in one strategy',
      );
    }
  }
}
