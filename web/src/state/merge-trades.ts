import type { ControlTrade } from '#core/ports/bot-control.ts';

/** A trade row is one exit fill; equal rows (two partial exits on one bar) are told apart by their count. */
function keyed(trades: readonly ControlTrade[]): Map<string, ControlTrade> {
  const seen = new Map<string, number>();
  const rows = new Map<string, ControlTrade>();
  for (const trade of trades) {
    const key = [trade.strategy, trade.market, trade.positionId, trade.entryTime, trade.exitTime, trade.qty].join('|');
    const count = (seen.get(key) ?? 0) + 1;
    seen.set(key, count);
    rows.set(`${key}|${count}`, trade);
  }
  return rows;
}

const endOf = (trade: ControlTrade): number => trade.exitTime ?? Number.POSITIVE_INFINITY;

/** Open trades first, then by exit, newest first; at most `limit`. */
export function newestFirst(trades: readonly ControlTrade[], limit: number): readonly ControlTrade[] {
  const compare = (a: ControlTrade, b: ControlTrade): number =>
    endOf(a) === endOf(b) ? b.entryTime - a.entryTime : endOf(a) < endOf(b) ? 1 : -1;
  return trades.toSorted(compare).slice(0, limit);
}

/**
 * The trades known plus the newest ones asked for again; null when the two do not meet, so that all must be loaded.
 * `known` is in the order of newestFirst. Closed rows never change; open ones are replaced by what `newest` says.
 */
export function mergeTrades(
  known: readonly ControlTrade[],
  newest: readonly ControlTrade[],
  limit: number,
): readonly ControlTrade[] | null {
  // Only the head of the long list can meet the newest: both are in the order of exits.
  const from = newest.reduce((first, trade) => Math.min(first, endOf(trade)), Number.POSITIVE_INFINITY);
  const cut = known.findIndex((trade) => endOf(trade) < from);
  const head = cut === -1 ? known : known.slice(0, cut);
  const rest = cut === -1 ? [] : known.slice(cut);
  const rows = keyed(head.filter((trade) => trade.exitTime !== null));
  const added = keyed(newest);
  const meets = [...added.keys()].some((key) => rows.has(key));
  if (rows.size + rest.length > 0 && !meets && newest.some((trade) => trade.exitTime !== null)) return null;
  const fresh = [...added].some(([key, trade]) => trade.exitTime === null || !rows.has(key));
  if (!fresh && rows.size === head.length) return known;
  for (const [key, trade] of added) rows.set(key, trade);
  return [...newestFirst([...rows.values()], limit), ...rest].slice(0, limit);
}
