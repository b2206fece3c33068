import { isoTime } from '#core/runtime/backtest-document.ts';
import type { RunOutcome } from '#core/runtime/result-document.ts';

/** The equity after each bar that counts, as CSV (RFC 4180): time of the bar's opening, close, equity, and percent points below the highest equity so far. */
export function equityCsv({ columns, equity, fromIndex }: RunOutcome, capital: number): string {
  const lines = ['time,close,equity,drawdownPct'];
  let peak = capital;
  for (let i = fromIndex; i < columns.time.length; i++) {
    peak = Math.max(peak, equity[i]!);
    lines.push(`${isoTime(columns.time[i]!)},${columns.close[i]},${equity[i]},${(1 - equity[i]! / peak) * 100}`);
  }
  return `${lines.join('\r\n')}\r\n`;
}
