import type { SeriesKind } from '../store/series-key.ts';
import type { Market } from '#core/model/market.ts';
import type { Timeframe } from '#core/model/timeframe.ts';

/** Which of the prices of a quote candle are taken. */
export type QuoteSide = 'bid' | 'ask' | 'mid';

/** What the user says of files; each overrides what names and headers say. Null = he does not. */
export interface ImportRequest {
  readonly venue: string | null;
  readonly market: Market | null;
  readonly timeframe: Timeframe | null;
  /** Of times without a zone: of the time zone database, an offset (+02:00), or a zone and hours (America/New_York+7). */
  readonly zone: string | null;
  readonly kind: SeriesKind | null;
  /** Names of the columns in the order of the file; "-" for one that is left out. Takes the place of a header. */
  readonly columns: readonly string[] | null;
  readonly price: QuoteSide | null;
  /** Which of two numbers is the day in dates such as 01/02/2024. */
  readonly dates: 'dmy' | 'mdy' | null;
  /** Ms since the epoch: a bar that has not ended by then is left out, rows later than that are errors. Null = it is not asked. */
  readonly now: number | null;
}

/** All that names and headers say counts. */
export const NOTHING_SAID: ImportRequest = {
  venue: null,
  market: null,
  timeframe: null,
  zone: null,
  kind: null,
  columns: null,
  price: null,
  dates: null,
  now: null,
};

/** Something that a reader decided or changed without being told to, for the report. */
export interface ImportNote {
  /** `guessed`: from names or values; `changed`: the rows are not as they stand in the file; `skipped`: they are not taken. */
  readonly kind: 'guessed' | 'changed' | 'skipped';
  readonly text: string;
}
