import type { ControlMark, ControlTrade } from '#core/ports/bot-control.ts';
import type { SeriesMarker, UTCTimestamp } from 'lightweight-charts';
import type { ChartTheme } from './chart-theme.ts';

export const seconds = (ms: number): UTCTimestamp => Math.floor(ms / 1000) as UTCTimestamp;

/** Exits by a protection level, as against by a rule, an operator or the end. */
export const isStopExit = (trade: ControlTrade): boolean => /stop|trail/i.test(trade.exitReason);

/** Marks on the candles: arrows where a position was entered, circles where it was left, squares where its stop did it. */
export function tradeMarkers(trades: readonly ControlTrade[], from: number, theme: ChartTheme): SeriesMarker<UTCTimestamp>[] {
  const markers: SeriesMarker<UTCTimestamp>[] = [];
  const entries = new Set<string>();
  for (const trade of trades) {
    const long = trade.side === 'long';
    const entry = `${trade.positionId}|${trade.entryTime}`;
    if (trade.entryTime >= from && !entries.has(entry)) {
      entries.add(entry);
      markers.push({
        time: seconds(trade.entryTime),
        position: long ? 'belowBar' : 'aboveBar',
        shape: long ? 'arrowUp' : 'arrowDown',
        color: theme.blue,
      });
    }
    if (trade.exitTime !== null && trade.exitTime >= from) {
      markers.push({
        time: seconds(trade.exitTime),
        position: long ? 'aboveBar' : 'belowBar',
        shape: isStopExit(trade) ? 'square' : 'circle',
        color: isStopExit(trade) ? theme.stop : (trade.profit ?? 0) >= 0 ? theme.good : theme.bad,
      });
    }
  }
  return markers.toSorted((a, b) => a.time - b.time);
}

/** Colours that a strategy may name and that are seen on light and on dark. */
const SEEN: ReadonlySet<string> = new Set([
  'red',
  'orange',
  'green',
  'teal',
  'blue',
  'purple',
  'pink',
  'brown',
  'gray',
  'gold',
  'magenta',
  'violet',
]);

/** What the strategy's own `mark` lines set: dots with their text. */
export function markMarkers(marks: readonly ControlMark[], from: number, theme: ChartTheme): SeriesMarker<UTCTimestamp>[] {
  return marks
    .filter(({ time }) => time >= from)
    .map(({ time, where, text, color }) => ({
      time: seconds(time),
      position: where === 'above' ? 'aboveBar' : 'belowBar',
      shape: 'circle',
      size: 0.6,
      color: color !== null && SEEN.has(color) ? color : theme.soft,
      ...(text === null ? {} : { text }),
    }));
}
