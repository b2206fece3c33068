import type { ColumnName } from './columns.ts';

/** What a market's data may hold besides its candles; a column that the data lack is na throughout. */
export const DATA_COLUMNS = ['quote_volume', 'funding_rate', 'open_interest', 'spread', 'market_cap', 'age'] as const;
export type DataColumn = (typeof DATA_COLUMNS)[number];
/** Those that come with a bar; `age` is counted. */
export type MarketColumn = Exclude<DataColumn, 'age'>;

/**
 * Of the bar's open, in the zone of the strategy's only session, else UTC. `hour` 0..23, `minute` 0..59, `minute_of_day` 0..1439 (what times of day are
 * compared with), `weekday` 1 = Monday .. 7 = Sunday, `day` the number of the day since 1970-01-01, `day_of_month` 1..31, `month` 1..12, `year`.
 */
export const CALENDAR_COLUMNS = ['hour', 'minute', 'minute_of_day', 'weekday', 'day', 'day_of_month', 'month', 'year'] as const;
export type CalendarColumn = (typeof CALENDAR_COLUMNS)[number];

/**
 * Of a session, for each bar: `active`, `first` and `last` are 1 or 0 (the bar lies in the session; is its first; is its last), `elapsed` ms from the
 * session's start to the bar's close, `bars` the count of its bars up to this one; both na outside.
 */
export const SESSION_COLUMNS = ['active', 'first', 'last', 'elapsed', 'bars'] as const;
export type SessionColumn = (typeof SESSION_COLUMNS)[number];

/** Predictions of a model, as known at the bar's close; `age` = ms since the prediction was made. */
export const MODEL_COLUMNS = ['up', 'down', 'value', 'age'] as const;
export type ModelColumn = (typeof MODEL_COLUMNS)[number];

/** A column of doubles, one value a bar of its chart. All but `bar` are prepared by the host. */
export type ColumnRef =
  | { readonly kind: 'bar'; readonly name: ColumnName }
  | { readonly kind: 'data'; readonly name: DataColumn }
  | { readonly kind: 'calendar'; readonly name: CalendarColumn }
  /** `session` and `model` are places in the lists of the program. */
  | { readonly kind: 'session'; readonly session: number; readonly name: SessionColumn }
  | { readonly kind: 'model'; readonly model: number; readonly name: ModelColumn }
  /** Place of this market among the members of the universe by the program's rank number `rank`, 1 = first. */
  | { readonly kind: 'rank'; readonly rank: number }
  /** A series that was computed before the run: its place among those (dsl/emit/signal-cut.ts). Of a bar it stands at `index & mask`: the last ones are kept. */
  | { readonly kind: 'signal'; readonly signal: number; readonly mask: number }
  /** When the bar closes, ms since the epoch: what charts are aligned by. */
  | { readonly kind: 'closeTime' };

/** A column and the chart whose bars it belongs to: 0 = the chart that is traded. */
export interface ChartColumn {
  readonly chart: number;
  readonly column: ColumnRef;
}

/** Another form of a column that equal columns share. */
export function columnKey({ chart, column }: ChartColumn): string {
  return `${chart} ${column.kind} ${placeOf(column)} ${'name' in column ? column.name : ''}`;
}

function placeOf(column: ColumnRef): number | '' {
  if (column.kind === 'session') return column.session;
  if (column.kind === 'model') return column.model;
  if (column.kind === 'rank') return column.rank;
  return column.kind === 'signal' ? column.signal : '';
}

/** What a run reads besides the candles that are traded. */
export interface FurtherColumns {
  /** In the order of the program's `columns`; each has as many values as its chart has bars. */
  readonly columns: readonly Float64Array[];
  /** Number of bars of each chart, by its number. */
  readonly bars: Float64Array;
}

/** Of a program that reads the candles only. */
export const noFurtherColumns = (rows: number): FurtherColumns => ({ columns: [], bars: Float64Array.of(rows) });

/**
 * A chart that series are computed on. Chart 0 is the one that is traded; the others are longer bars of the same market (`market` null), or
 * bars of another one.
 */
export interface Chart {
  /** As written in the strategy, `BTC/USDT`; null = the market that is traded. */
  readonly market: string | null;
  /** `4h`; equal lengths have one name. */
  readonly timeframe: string;
  readonly stepMs: number;
}
