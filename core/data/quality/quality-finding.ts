import type { QualityCode, RepairName, QualitySeverity } from './quality-rules.ts';

/** Where something was found. */
export interface Place {
  /** When the bar opens, ms; null when its time cannot be read, or the whole is meant. */
  readonly time: number | null;
  /** Of the file, 1 = header; null of series in the store, and where the whole is meant. */
  readonly line: number | null;
  /** Where it is a stretch: when its last bar opens, and how many bars it has. */
  readonly until?: number;
  readonly bars?: number;
  /** What was found there. */
  readonly text: string;
  /** How far from what is usual; the worst places are shown first. */
  readonly weight: number;
}

/** All places at which a series has one fault. */
export interface QualityFinding {
  readonly code: QualityCode;
  readonly severity: QualitySeverity;
  /** Places, also those beyond the ones that are kept. */
  readonly count: number;
  /** `1,091 bars missing in 676 places`. */
  readonly message: string;
  /** What it does to a backtest. */
  readonly effect: string;
  /** Of `strat data repair`; null where no rule can tell what would be right. */
  readonly repair: RepairName | null;
  /** In the order of time. */
  readonly places: readonly Place[];
}
