import type { Metrics } from '#core/engine/statistics/metrics.ts';
import { moneyText } from './money-text.ts';
import { groupedNumber, NOT_AVAILABLE } from './number-text.ts';

export type MetricUnit = 'money' | 'percent' | 'fine' | 'ratio' | 'count' | 'days' | 'bars' | 'probability';

export interface MetricLine {
  readonly name: keyof Metrics;
  readonly label: string;
  readonly unit: MetricUnit;
  /** Left out of the short table of the terminal: always, or when there is none of it. */
  readonly isDetail?: true | 'whenZero';
}

export interface MetricGroup {
  readonly title: string;
  readonly lines: readonly MetricLine[];
}

/** The group that the intervals of `significance` belong to. */
export const LUCK_GROUP = 'Skill or luck';

/**
 * The metrics as people read them: every one of docs/metrics.md, once, and no label twice. Of a trade, `trade` is money and `return` is
 * percent of what was put into it.
 */
export const METRIC_GROUPS: readonly MetricGroup[] = [
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
      { name: 'timeUnderWaterPct', label: 'Time under water', unit: 'percent', isDetail: true },
      { name: 'averageDrawdownPct', label: 'Mean drawdown', unit: 'percent', isDetail: true },
      { name: 'averageDrawdownDays', label: 'Mean drawdown length', unit: 'days', isDetail: true },
      { name: 'ulcerIndexPct', label: 'Ulcer index', unit: 'percent', isDetail: true },
    ],
  },
  {
    title: 'Days',
    lines: [
      { name: 'bestDayPct', label: 'Best day', unit: 'percent', isDetail: true },
      { name: 'worstDayPct', label: 'Worst day', unit: 'percent', isDetail: true },
      { name: 'valueAtRiskPct', label: 'Value at risk, 5 %', unit: 'percent', isDetail: true },
      { name: 'conditionalValueAtRiskPct', label: 'Expected shortfall', unit: 'percent', isDetail: true },
      { name: 'omega', label: 'Omega ratio', unit: 'ratio', isDetail: true },
      { name: 'tailRatio', label: 'Tail ratio', unit: 'ratio', isDetail: true },
      { name: 'skew', label: 'Skew', unit: 'ratio', isDetail: true },
      { name: 'kurtosis', label: 'Excess kurtosis', unit: 'ratio', isDetail: true },
      { name: 'stability', label: 'Stability (R²)', unit: 'ratio', isDetail: true },
    ],
  },
  {
    title: 'Against buy and hold',
    lines: [
      { name: 'alphaPct', label: 'Alpha a year', unit: 'percent', isDetail: true },
      { name: 'beta', label: 'Beta', unit: 'ratio', isDetail: true },
      { name: 'correlation', label: 'Correlation', unit: 'ratio', isDetail: true },
      { name: 'informationRatio', label: 'Information ratio', unit: 'ratio', isDetail: true },
    ],
  },
  {
    title: LUCK_GROUP,
    lines: [
      { name: 'probabilisticSharpePct', label: 'Probability Sharpe > 0', unit: 'percent' },
      { name: 'tradeTStatistic', label: 't of the mean return', unit: 'ratio', isDetail: true },
      { name: 'tradePValue', label: 'p of the mean return', unit: 'probability' },
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
      { name: 'consecutiveWins', label: 'Wins in a row', unit: 'count', isDetail: true },
      { name: 'consecutiveLosses', label: 'Losses in a row', unit: 'count', isDetail: true },
      { name: 'averageMaePct', label: 'Mean worst move (MAE)', unit: 'percent', isDetail: true },
      { name: 'averageMfePct', label: 'Mean best move (MFE)', unit: 'percent', isDetail: true },
      { name: 'kellyPct', label: 'Kelly stake', unit: 'percent', isDetail: true },
    ],
  },
  {
    title: 'Activity and costs',
    lines: [
      { name: 'fees', label: 'Fees paid', unit: 'money' },
      { name: 'slippage', label: 'Slippage paid', unit: 'money' },
      { name: 'funding', label: 'Funding paid', unit: 'money', isDetail: 'whenZero' },
      { name: 'borrow', label: 'Borrow paid', unit: 'money', isDetail: 'whenZero' },
      { name: 'swap', label: 'Swap paid', unit: 'money', isDetail: 'whenZero' },
      { name: 'dividends', label: 'Dividends received', unit: 'money', isDetail: 'whenZero' },
      { name: 'liquidations', label: 'Liquidations', unit: 'count', isDetail: 'whenZero' },
      { name: 'exposurePct', label: 'Time in the market', unit: 'percent' },
      { name: 'turnover', label: 'Turnover', unit: 'ratio' },
      { name: 'breakEvenCostPct', label: 'Room for costs a fill', unit: 'fine' },
      { name: 'ambiguousBars', label: 'Ambiguous bars', unit: 'count' },
      { name: 'ambiguousProfit', label: 'Profit they may hide', unit: 'money', isDetail: true },
    ],
  },
];

/** The groups of the short table of the terminal, with what stands in it of these metrics. */
export function shortGroups(metrics: Metrics): readonly MetricGroup[] {
  const isShown = ({ name, isDetail }: MetricLine): boolean => isDetail === undefined || (isDetail === 'whenZero' && metrics[name] !== 0);
  return METRIC_GROUPS.map(({ title, lines }) => ({ title, lines: lines.filter(isShown) }));
}

/** A metric's value with its unit; `currency` is shown with money. */
export function metricText(value: number | null, unit: MetricUnit, currency: string): string {
  if (value === null || !Number.isFinite(value)) return NOT_AVAILABLE;
  switch (unit) {
    case 'money':
      return `${moneyText(value, currency)} ${currency}`;
    case 'percent':
      return `${groupedNumber(value, 2)} %`;
    case 'fine':
      return `${groupedNumber(value, 3)} %`;
    case 'probability':
      return value < 0.0001 ? 'under 0.0001' : groupedNumber(value, 4);
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
  'alphaPct',
  'breakEvenCostPct',
]);

/** 1 = good, -1 = bad, 0 = neither: for colour, never the only sign of it. */
export function metricTone(name: keyof Metrics, value: number | null): -1 | 0 | 1 {
  if (value === null || !SIGNED.has(name) || value === 0) return 0;
  return value > 0 ? 1 : -1;
}
