import { exitReasonOf } from '#core/engine/fill-matcher.ts';
import type { ControlOrder, ControlTrade, EquityPoint, StrategyState, StrategyStatus } from '#core/ports/bot-control.ts';
import type { Bar } from '#core/model/bar.ts';
import { POSITION as P } from '#core/engine/trading/registers.ts';
import { ACCOUNT as A } from '#core/model/strategy-abi.ts';
import type { PaperStrategy } from '../paper/open-paper-strategy.ts';
import { reasonTexts } from '../reason-texts.ts';

const known = (x: number): number | null => (Number.isNaN(x) ? null : x);

/** A strategy as an operator sees it now. */
export function statusOf(strategy: PaperStrategy, state: StrategyState, reason: string | null): StrategyStatus {
  const { id, prepared, feed, account } = strategy;
  const { program, params, source } = prepared;
  const registers = account.registers();
  return {
    id,
    name: source.name,
    file: source.file,
    market: feed.market,
    timeframe: feed.timeframe.name,
    synthetic: feed.description.kind === 'sim',
    state,
    reason,
    params: Object.fromEntries(program.params.map((param, at) => [param.name, params[at]!])),
    capital: account.capital,
    equity: account.equity,
    cash: registers[A.cash]!,
    qty: account.position,
    avgPrice: known(registers[A.avgPrice]!),
    stopLevel: known(registers[P.stopLevel]!),
    tradeCount: registers[A.trades]!,
    bars: account.bars,
    lastBar: account.lastBar,
  };
}

/** Its last trades, the oldest first, an open position last. */
export function tradesOfStrategy({ id, prepared, feed, record }: PaperStrategy): readonly ControlTrade[] {
  const reasonOf = reasonTexts(prepared.program, feed.market);
  return record.history.tape.trades().map((match) => {
    const { positionId, side, lot, exit, qty, entryPrice, fees, profit, profitPct } = match;
    return {
      strategy: id,
      positionId,
      market: feed.market,
      side,
      entryTime: lot.entry.time,
      entryPrice,
      exitTime: exit?.time ?? null,
      exitPrice: exit?.price ?? null,
      qty,
      fees,
      profit,
      profitPct,
      entryReason: reasonOf(match.opening),
      exitReason: exitReasonOf(match, reasonOf),
    };
  });
}

/** What waits for the market: orders of its rules, and the levels of the open position. */
export function ordersOf({ id, feed, account }: PaperStrategy): readonly ControlOrder[] {
  return account.orders().map((order) => ({ strategy: id, market: feed.market, ...order }));
}

/** The newest `limit` bars. */
export function candlesOf({ account, record: { history } }: PaperStrategy, limit: number): readonly Bar[] {
  const bars = history.slice(Math.max(0, history.count - limit), history.count).map(({ bar }) => bar);
  return (account.awaitsDecision && account.lastBar !== null ? [...bars, account.lastBar] : bars).slice(-limit);
}

/**
 * Equity of the strategies together, at most `limit` points, evenly thinned, the newest kept. A strategy counts with its capital
 * before its first bar and with its last equity after its last.
 */
export function equityOf(strategies: readonly PaperStrategy[], limit: number): readonly EquityPoint[] {
  const curves = strategies.map(({ account, record }) => ({ points: record.history.curve.points(), capital: account.capital }));
  const times = [...new Set(curves.flatMap(({ points }) => points.map(({ time }) => time)))].toSorted((a, b) => a - b);
  const places = curves.map(() => -1);
  const points = times.map((time) => {
    let equity = 0;
    for (const [at, curve] of curves.entries()) {
      while ((curve.points[places[at]! + 1]?.time ?? Infinity) <= time) places[at] = places[at]! + 1;
      equity += curve.points[places[at]!]?.equity ?? curve.capital;
    }
    return { time, equity };
  });
  return thinned(points, limit);
}

function thinned(points: readonly EquityPoint[], limit: number): readonly EquityPoint[] {
  if (points.length <= limit) return points;
  const stride = (points.length - 1) / (limit - 1);
  return Array.from({ length: limit }, (_, at) => points[Math.round(at * stride)]!);
}
