import type { Spread } from '#core/engine/statistics/resampling.ts';
import type { BacktestDocument } from '../backtest-document.ts';
import { groupedNumber } from './number-text.ts';

export interface IntervalLine {
  readonly label: string;
  readonly text: string;
}

/** What resampling says about the figures of a run, for people: within which range 95 % of the resamples lie. Nothing when there was too little to draw from. */
export function intervalLines({ significance }: Pick<BacktestDocument, 'significance'>): IntervalLine[] {
  const lines: IntervalLine[] = [];
  const add = (label: string, text: string): void => void lines.push({ label, text });
  const { days = null, tradeOrder = null, tradeReturns = null } = significance ?? {};
  if (days !== null) {
    if (days.sharpe !== null) add('Sharpe, 95 %', rangeText(days.sharpe, 2, ''));
    add('Return a year, 95 %', rangeText(days.cagrPct, 1, ' %'));
    add('Drawdown, 95 %', rangeText(days.maxDrawdownPct, 1, ' %'));
    add('Resamples that lose', `${groupedNumber(days.lossPct, 1)} %`);
  }
  if (tradeReturns !== null) add('Profit, other luck', rangeText(tradeReturns.netProfitPct, 1, ' %'));
  if (tradeOrder !== null) add('Drawdown, other order', rangeText(tradeOrder.maxDrawdownPct, 1, ' %'));
  return lines;
}

function rangeText({ low, high }: Spread, digits: number, unit: string): string {
  return `${groupedNumber(low, digits)} to ${groupedNumber(high, digits)}${unit}`;
}
