import { firstInner, type InnerBars } from '#core/model/inner-bars.ts';
import type { DataSource } from './backtest-document.ts';

/** Finer bars of the traded market, or its trades or quotes, and where they come from. */
export interface DetailData {
  readonly source: DataSource;
  readonly inner: InnerBars;
  readonly warnings: readonly string[];
}

/** What a document says of finer bars. */
export interface DetailRecord extends DataSource {
  /** Bars of the period inside of which they told the order of events, and bars that they do not make up, which were met as they are. */
  readonly barsDecided: number;
  readonly barsWithout: number;
}

/** What the bars are made of, for people: `5m bars`, `trades`. @param timeframe of the source */
export const detailWords = (timeframe: string): string => (/^\d/.test(timeframe) ? `${timeframe} bars` : timeframe);

/** @param fromIndex first traded bar that counts */
export function detailRecord({ source, inner }: DetailData, fromIndex: number): DetailRecord {
  let decided = 0;
  for (let bar = fromIndex; bar < inner.ends.length; bar++) if (firstInner(inner, bar) < inner.ends[bar]!) decided += 1;
  return { ...source, barsDecided: decided, barsWithout: inner.ends.length - fromIndex - decided };
}
