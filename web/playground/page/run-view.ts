import type { ControlTrade, EquityPoint } from '#core/ports/bot-control.ts';
import type { PlaygroundRun } from '#core/runtime/playground/run-playground.ts';

/** More points than a screen has pixels nobody sees. */
const MOST_POINTS = 4000;

/** The trades of a run, the newest first. */
export function tradesOf({ document }: PlaygroundRun): readonly ControlTrade[] {
  return document.trades
    .map((trade) => ({
      ...trade,
      strategy: '',
      entryTime: Date.parse(trade.entryTime),
      exitTime: trade.exitTime === null ? null : Date.parse(trade.exitTime),
      entryReason: trade.entryReason ?? null,
    }))
    .toReversed();
}

/** The equity of a run, thinned evenly, the last point always among them. */
export function pointsOf({ columns: { time }, equity }: PlaygroundRun): readonly EquityPoint[] {
  const last = time.length - 1;
  const count = Math.min(time.length, MOST_POINTS);
  return Array.from({ length: count }, (_, place) => {
    const bar = count === 1 ? last : Math.round((place * last) / (count - 1));
    return { time: time[bar]!, equity: equity[bar]! };
  });
}
