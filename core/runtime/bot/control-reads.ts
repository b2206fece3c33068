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
  const { id, prepared, markets, account } = strategy;
  const { program, params, source } = prepared;
  const first = account.registers();
  return {
    id,
    name: source.name,
    file: source.file,
    market: namesOf(strategy)
      .map(([market]) => market)
      .join(', '),
    timeframe: markets[0]!.feed.timeframe.name,
    synthetic: markets.some(({ feed }) => feed.description.kind === 'sim'),
    state,
    reason,
    params: Object.fromEntries(program.params.map((param, at) => [param.name, params[at]!])),
    capital: account.capital,
    equity: account.equity,
    cash: first[A.cash]!,
    tradeCount: first[A.trades]!,
    bars: account.steps,
    markets: namesOf(strategy).map(([market, places]) => {
      // Of a market that is a leg as well: what is held.
      const place = places.find((one) => account.registers(one)[A.qty] !== 0) ?? places[0]!;
      const registers = account.registers(place);
      return {
        market,
        qty: account.position(place),
        avgPrice: known(registers[A.avgPrice]!),
        stopLevel: known(registers[P.stopLevel]!),
        lastBar: account.lastBar(place),
      };
    }),
  };
}

/** Names of its markets, with the places of each: as a market that its rules trade, as legs of baskets. */
const namesOf = ({ markets }: PaperStrategy): readonly (readonly [market: string, places: readonly number[]])[] => [
  ...Map.groupBy(markets.keys(), (place) => markets[place]!.feed.market),
];

/** Its last trades, the oldest first, open positions last. */
export function tradesOfStrategy({ id, prepared, markets }: PaperStrategy): readonly ControlTrade[] {
  const trades = markets.flatMap(({ feed, history }) => {
    const reasonOf = reasonTexts(prepared.program, feed.market);
    return history.tape.trades().map((match): ControlTrade => {
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
  });
  return markets.length === 1 ? trades : trades.toSorted((a, b) => (a.exitTime ?? Infinity) - (b.exitTime ?? Infinity));
}

/** What waits for its markets: orders of its rules, and the levels of open positions. */
export function ordersOf({ id, markets, account }: PaperStrategy): readonly ControlOrder[] {
  return markets.flatMap(({ feed }, market) => account.orders(market).map((order) => ({ strategy: id, market: feed.market, ...order })));
}

/** The newest `limit` bars of one of its markets. */
export function candlesOf({ account, markets }: PaperStrategy, market: number, limit: number): readonly Bar[] {
  const { history } = markets[market]!;
  const bars = history.slice(Math.max(0, history.count - limit), history.count).map(({ bar }) => bar);
  const waiting = account.awaitsDecision && account.present.includes(market) ? account.lastBar(market) : null;
  return (waiting === null ? bars : [...bars, waiting]).slice(-limit);
}

/**
 * Equity of the strategies together, at most `limit` points, evenly thinned, the newest kept. A strategy counts with its capital
 * before its first bar and with its last equity after its last.
 */
export function equityOf(strategies: readonly PaperStrategy[], limit: number): readonly EquityPoint[] {
  const curves = strategies.map(({ account, markets }) => ({
    points: joinedCurve(markets.map(({ history }) => history.curve.points())),
    capital: account.capital,
  }));
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

/** Of the markets of one account, which tell the same equity where they have a bar at the same moment. */
function joinedCurve(curves: readonly (readonly EquityPoint[])[]): readonly EquityPoint[] {
  if (curves.length === 1) return curves[0]!;
  const all = new Map(curves.flatMap((points) => points.map(({ time, equity }) => [time, equity] as const)));
  return [...all].map(([time, equity]) => ({ time, equity })).toSorted((a, b) => a.time - b.time);
}

function thinned(points: readonly EquityPoint[], limit: number): readonly EquityPoint[] {
  if (points.length <= limit) return points;
  const stride = (points.length - 1) / (limit - 1);
  return Array.from({ length: limit }, (_, at) => points[Math.round(at * stride)]!);
}
