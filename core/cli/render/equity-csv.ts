import { type NamedCalendar, tradingDay } from '#core/engine/statistics/daily-equity.ts';
import { halfYearSharpe } from '#core/engine/statistics/half-year-sharpe.ts';
import { isoTime } from '#core/runtime/backtest-document.ts';
import type { RunOutcome } from '#core/runtime/result-document.ts';

/**
 * The equity after each bar that counts, as CSV (RFC 4180): time of the bar's opening, close, equity, percent points below the highest equity so far, and on the
 * last bar of a day the Sharpe ratio of the last half year of days, where there are so many.
 */
export function equityCsv({ columns, equity, fromIndex }: RunOutcome, capital: number, calendar: NamedCalendar | null = null): string {
  const { time, close } = columns;
  const lines = ['time,close,equity,drawdownPct,rollingSharpe'];
  const { day: days, sharpe } = halfYearSharpe(time, equity, fromIndex, time.length, calendar);
  const byDay = new Map(Array.from(days, (day, at) => [day, sharpe[at]!]));
  const dayOf = (bar: number): number => tradingDay(time[bar]!, calendar);
  let peak = capital;
  for (let i = fromIndex; i < time.length; i++) {
    peak = Math.max(peak, equity[i]!);
    const isLastOfDay = i + 1 === time.length || dayOf(i + 1) !== dayOf(i);
    const rolling = isLastOfDay ? (byDay.get(dayOf(i)) ?? Number.NaN) : Number.NaN;
    const drawdown = (1 - equity[i]! / peak) * 100;
    lines.push(`${isoTime(time[i]!)},${close[i]},${equity[i]},${drawdown},${Number.isNaN(rolling) ? '' : rolling}`);
  }
  return `${lines.join('\r\n')}\r\n`;
}
