import type { TradeRow } from '../trades.ts';
import { marketValuation } from '../market-valuation.ts';
import { meanTest } from './significance-tests.ts';

/** A position from flat to flat: the sum of its exits. */
export interface ClosedPosition {
  readonly side: 'long' | 'short';
  /** Net of all fees. */
  readonly profit: number;
  /** Percent points of the entry value. */
  readonly profitPct: number;
}

/** What of a row of the trade list tells of its position. */
type PositionPart = Pick<TradeRow, 'positionId' | 'market' | 'side' | 'profit' | 'qty' | 'entryPrice' | 'rate'>;

/** The positions of a run that are flat again, in order; a position with an open remainder is not among them. */
export function closedPositions(trades: readonly PositionPart[]): ClosedPosition[] {
  const byPosition = new Map<number, PositionPart[]>();
  for (const trade of trades) {
    const rows = byPosition.get(trade.positionId);
    if (rows === undefined) byPosition.set(trade.positionId, [trade]);
    else rows.push(trade);
  }
  const positions: ClosedPosition[] = [];
  const { notional } = marketValuation(trades[0]?.market);
  for (const rows of byPosition.values()) {
    let profit = 0;
    let entryValue = 0;
    let isOpen = false;
    for (const row of rows) {
      if (row.profit === null) isOpen = true;
      else profit += row.profit;
      entryValue += notional(row.qty, row.entryPrice) * (row.rate ?? 1);
    }
    if (isOpen) continue;
    positions.push({ side: rows[0]!.side, profit, profitPct: (profit / entryValue) * 100 });
  }
  return positions;
}

export interface PositionStatistics {
  readonly tradeCount: number;
  readonly longCount: number;
  readonly shortCount: number;
  readonly winRatePct: number | null;
  readonly profitFactor: number | null;
  readonly expectancy: number | null;
  readonly averageTradePct: number | null;
  readonly averageWin: number | null;
  readonly averageLoss: number | null;
  readonly payoffRatio: number | null;
  readonly kellyPct: number | null;
  readonly consecutiveWins: number;
  readonly consecutiveLosses: number;
  readonly tradeTStatistic: number | null;
  readonly tradePValue: number | null;
  readonly bestTrade: number | null;
  readonly worstTrade: number | null;
  readonly bestTradePct: number | null;
  readonly worstTradePct: number | null;
}

/** Statistics over positions; docs/metrics.md defines each. A profit of exactly zero is neither a win nor a loss. */
export function positionStatistics(positions: readonly ClosedPosition[]): PositionStatistics {
  let wins = 0;
  let losses = 0;
  let won = 0;
  let lost = 0;
  let percent = 0;
  let longs = 0;
  let best = -Infinity;
  let worst = Infinity;
  let bestPct = -Infinity;
  let worstPct = Infinity;
  let streak = 0;
  let winStreak = 0;
  let lossStreak = 0;
  for (const position of positions) {
    if (position.side === 'long') longs += 1;
    if (position.profit > 0) {
      wins += 1;
      won += position.profit;
    } else if (position.profit < 0) {
      losses += 1;
      lost -= position.profit;
    }
    // Positive while winning, negative while losing.
    streak = position.profit > 0 ? Math.max(streak, 0) + 1 : position.profit < 0 ? Math.min(streak, 0) - 1 : 0;
    winStreak = Math.max(winStreak, streak);
    lossStreak = Math.max(lossStreak, -streak);
    percent += position.profitPct;
    best = Math.max(best, position.profit);
    worst = Math.min(worst, position.profit);
    bestPct = Math.max(bestPct, position.profitPct);
    worstPct = Math.min(worstPct, position.profitPct);
  }
  const count = positions.length;
  const ifAny = (value: number): number | null => (count > 0 ? value : null);
  const averageWin = wins > 0 ? won / wins : null;
  const averageLoss = losses > 0 ? -lost / losses : null;
  const payoffRatio = averageWin !== null && averageLoss !== null ? averageWin / -averageLoss : null;
  const test = meanTest(Float64Array.from(positions, ({ profitPct }) => profitPct));
  return {
    tradeCount: count,
    longCount: longs,
    shortCount: count - longs,
    winRatePct: ifAny((wins / count) * 100),
    profitFactor: lost > 0 ? won / lost : null,
    expectancy: ifAny((won - lost) / count),
    averageTradePct: ifAny(percent / count),
    averageWin,
    averageLoss,
    payoffRatio,
    kellyPct: payoffRatio === null ? null : (wins / count - (1 - wins / count) / payoffRatio) * 100,
    consecutiveWins: winStreak,
    consecutiveLosses: lossStreak,
    tradeTStatistic: test?.t ?? null,
    tradePValue: test?.p ?? null,
    bestTrade: ifAny(best),
    worstTrade: ifAny(worst),
    bestTradePct: ifAny(bestPct),
    worstTradePct: ifAny(worstPct),
  };
}

/** Mean of `mae` and of `mfe` over the closed rows of the trade list; null without one. */
export function meanExcursions(trades: readonly TradeRow[]): { readonly mae: number | null; readonly mfe: number | null } {
  let count = 0;
  let against = 0;
  let inFavour = 0;
  for (const { profit, mae, mfe } of trades) {
    if (profit === null) continue;
    count += 1;
    against += mae;
    inFavour += mfe;
  }
  return count > 0 ? { mae: against / count, mfe: inFavour / count } : { mae: null, mfe: null };
}
