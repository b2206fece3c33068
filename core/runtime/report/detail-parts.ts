import type { TradeRecord } from '../backtest-document.ts';
import { monthOf } from './chart-scale.ts';
import type { PricedSeries } from './html-report.ts';

/** A shorter run is readable as a whole. */
const MIN_BARS = 1000;
const MAX_PARTS = 8;

export interface DetailPart {
  /** `2024`, `2024, 2nd quarter` or `May 2024`. */
  readonly title: string;
  readonly series: PricedSeries;
  /** Those that were open, opened or closed in it. */
  readonly trades: readonly TradeRecord[];
}

type Unit = 'month' | 'quarter' | 'year';
const MONTHS_OF: Readonly<Record<Unit, number>> = { month: 1, quarter: 3, year: 12 };
const MONTHS = ['January', 'February', 'March', 'April', 'May', 'June', 'July', 'August', 'September', 'October', 'November', 'December'];
const ORDINALS = ['1st', '2nd', '3rd', '4th'];

/** The run cut into months, quarters or years (UTC): the shortest of them that make two to eight parts; of more years the last eight. */
export function detailParts(series: PricedSeries, trades: readonly TradeRecord[]): readonly DetailPart[] {
  const { columns, from, to } = series;
  if (to - from < MIN_BARS) return [];
  const [first, last] = [monthOf(columns.time[from]!), monthOf(columns.time[to - 1]!)];
  const countOf = (unit: Unit): number => Math.floor(last / MONTHS_OF[unit]) - Math.floor(first / MONTHS_OF[unit]) + 1;
  const unit = (['month', 'quarter'] as const).find((name) => countOf(name) <= MAX_PARTS) ?? 'year';
  if (countOf(unit) < 2) return [];
  const parts: DetailPart[] = [];
  let start = from;
  for (let i = from; i < to; i++) {
    const period = Math.floor(monthOf(columns.time[i]!) / MONTHS_OF[unit]);
    if (i + 1 < to && Math.floor(monthOf(columns.time[i + 1]!) / MONTHS_OF[unit]) === period) continue;
    parts.push({
      title: titleOf(unit, period),
      series: { ...series, from: start, to: i + 1 },
      trades: tradesIn(trades, columns.time[start]!, columns.time[i]!),
    });
    start = i + 1;
  }
  return parts.slice(-MAX_PARTS);
}

function titleOf(unit: Unit, period: number): string {
  switch (unit) {
    case 'month':
      return `${MONTHS[period % 12]} ${Math.floor(period / 12)}`;
    case 'quarter':
      return `${Math.floor(period / 4)}, ${ORDINALS[period % 4]} quarter`;
    case 'year':
      return String(period);
  }
}

function tradesIn(trades: readonly TradeRecord[], from: number, to: number): readonly TradeRecord[] {
  return trades.filter(({ entryTime, exitTime }) => Date.parse(entryTime) <= to && (exitTime === null || Date.parse(exitTime) >= from));
}
