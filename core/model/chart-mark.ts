/** What a `mark` line put on the chart. */
export interface ChartMark {
  /** Open of the bar, ms. */
  readonly time: number;
  readonly where: 'above' | 'below';
  readonly text: string | null;
  /** As the strategy names it; null = the chart chooses. */
  readonly color: string | null;
}
