import type { BacktestDocument } from '../backtest-document.ts';
import { metricText, shortGroups } from '../report/metric-groups.ts';

/** Figures of a run as people read them. */
export interface MetricTexts {
  readonly title: string;
  readonly lines: readonly { readonly label: string; readonly text: string }[];
}

/** The metrics of the short table of the terminal, in its groups. */
export function metricTexts({ metrics, settings }: BacktestDocument): readonly MetricTexts[] {
  return shortGroups(metrics)
    .filter(({ lines }) => lines.length > 0)
    .map(({ title, lines }) => ({
      title,
      lines: lines.map(({ name, label, unit }) => ({ label, text: metricText(metrics[name], unit, settings.currency) })),
    }));
}
