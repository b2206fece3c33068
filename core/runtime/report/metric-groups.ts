import type { Metrics } from '#core/engine/statistics/metrics.ts';
import { groupedNumber, NOT_AVAILABLE } from './number-text.ts';

export type MetricUnit = 'money' | 'percent' | 'ratio' | 'count' | 'days' | 'bars';

export interface MetricLine {
  readonly name: keyof Metrics;
  readonly label: string;
  readonly unit: MetricUnit;
}

/**
 * The metrics as people read them: every one of docs/metrics.md, once, and no label twice. Of a trade, `trade` is money and `return` is
 * percent of what was put into it.
 */
export const METRIC_GROUPS: readonly { readonly title: string; readonly lines: readonly MetricLine[] }[] = [
  {
    title: 'Result',
    lines: [
      { name: 'netProfit', label: 'Net profit', unit: 'money' },
      { name: 'netProfitPct', label: 'Total return', unit: 'percent' },
      { name: 'buyAndHoldPct', label: 'Buy and hold return', unit: 'percent' },
      { name: 'cagrPct', label: 'Return a year (CAGR)', unit: 'percent' },
      { name: 'finalEquity', label: 'Final equity', unit: 'money' },
    ],
  },
  {
    title: 'Risk',
    lines: [
      { name: 'maxDrawdownPct', label: 'Max drawdown', unit: 'percent' },
      { name: 'maxDrawdown', label: 'Drawdown in money', unit: 'money' },
      { name: 'maxDrawdownDays', label: 'Longest drawdown', unit: 'days' },
      { name: 'sharpe', label: 'Sharpe ratio', unit: 'ratio' },
      { name: 'sortino', label: 'Sortino ratio', unit: 'ratio' },
      { name: 'calmar', label: 'Calmar ratio', unit: 'ratio' },
      { name: 'recoveryFactor', label: 'Recovery factor', unit: 'ratio' },
      { name: 'volatilityPct', label: 'Volatility a year', unit: 'percent' },
    ],
  },
  {
    title: 'Trades',
    lines: [
      { name: 'tradeCount', label: 'Trades', unit: 'count' },
      { name: 'longCount', label: 'Long trades', unit: 'count' },
      { name: 'shortCount', label: 'Short trades', unit: 'count' },
      { name: 'winRatePct', label: 'Win rate', unit: 'percent' },
      { name: 'profitFactor', label: 'Profit factor', unit: 'ratio' },
      { name: 'expectancy', label: 'Mean trade', unit: 'money' },
      { name: 'averageTradePct', label: 'Mean return', unit: 'percent' },
      { name: 'averageWin', label: 'Mean winning trade', unit: 'money' },
      { name: 'averageLoss', label: 'Mean losing trade', unit: 'money' },
      { name: 'payoffRatio', label: 'Payoff ratio', unit: 'ratio' },
      { name: 'bestTrade', label: 'Best trade', unit: 'money' },
      { name: 'bestTradePct', label: 'Best return', unit: 'percent' },
      { name: 'worstTrade', label: 'Worst trade', unit: 'money' },
      { name: 'worstTradePct', label: 'Worst return', unit: 'percent' },
      { name: 'averageBars', label: 'Mean trade length', unit: 'bars' },
    ],
  },
  {
    title: 'Activity and costs',
    lines: [
      { name: 'fees', label: 'Fees paid', unit: 'money' },
      { name: 'slippage', label: 'Slippage paid', unit: 'money' },
      { name: 'exposurePct', label: 'Time in the market', unit: 'percent' },
      { name: 'turnover', label: 'Turnover', unit: 'ratio' },
    ],
  },
];

/** A metric's value with its unit; `currency` is shown with money. */
export function metricText(value: number | null, unit: MetricUnit, currency: string): string {
  if (value === null || !Number.isFinite(value)) return NOT_AVAILABLE;
  switch (unit) {
    case 'money':
      return `${groupedNumber(value, 2)} ${currency}`;
    case 'percent':
      return `${groupedNumber(value, 2)} %`;
    case 'ratio':
      return groupedNumber(value, 2);
    case 'count':
      return groupedNumber(value, 0);
    case 'days':
      return `${groupedNumber(value, 1)} days`;
    case 'bars':
      return `${groupedNumber(value, 1)} bars`;
  }
}

/** Metrics whose sign is good or bad news. */
const SIGNED: ReadonlySet<keyof Metrics> = new Set([
  'netProfit',
  'netProfitPct',
  'cagrPct',
  'buyAndHoldPct',
  'expectancy',
  'averageTradePct',
]);

/** 1 = good, -1 = bad, 0 = neither: for colour, never the only sign of it. */
export function metricTone(name: keyof Metrics, value: number | null): -1 | 0 | 1 {
  if (value === null || !SIGNED.has(name) || value === 0) return 0;
  return value > 0 ? 1 : -1;
}
