import type { MarketBar } from '#core/model/bar.ts';
import type { ColumnRef, DataColumn, MarketColumn } from '#core/model/chart-column.ts';
import type { Timeframe } from '#core/model/timeframe.ts';
import { StratError } from '#core/errors/strat-error.ts';
import { CALENDAR_FIELDS } from '../calendar/calendar-fields.ts';
import { type SessionBar, SessionClock, type SessionDays } from '../calendar/session-clock.ts';
import { DAY_MS, type ZoneClock } from '../calendar/zone-clock.ts';
import { predictionReader, type Predictions } from './predictions.ts';

/** The value of a column at the bars of one chart, which come in order, none left out. */
export type ColumnReader = (bar: MarketBar, closeMs: number) => number;

/** What columns are made from besides bars. */
export interface ColumnOrigins {
  /** Of the strategy's only session, else UTC. */
  readonly clock: ZoneClock;
  /** In the order of the program's lists. */
  readonly sessions: readonly SessionDays[];
  readonly models: readonly Predictions[];
  /** A value for each bar of the traded market; one that is not there is na throughout. */
  readonly ranks: readonly Float64Array[];
  /** Of the bars that are traded. */
  readonly timeframe: Timeframe;
  /** Bars of whole days are the traded ones: an open at 00:00 UTC is the name of a date then, not a moment. */
  readonly isDated: boolean;
}

/** Makes the readers of one chart: columns of one session share its count of bars. */
export class ChartReaders {
  readonly #origins: ColumnOrigins;
  readonly #sessions = new Map<number, (bar: MarketBar, closeMs: number) => SessionBar>();

  constructor(origins: ColumnOrigins) {
    this.#origins = origins;
  }

  reader(column: ColumnRef): ColumnReader {
    switch (column.kind) {
      case 'bar':
        return (bar) => bar[column.name];
      case 'closeTime':
        return (_, closeMs) => closeMs;
      case 'calendar': {
        const field = CALENDAR_FIELDS[column.name];
        const { wallTime } = this.#origins.clock;
        return ({ time }) => field(this.#isDate(time) ? time : wallTime(time));
      }
      case 'session': {
        const place = this.#session(column.session);
        return (bar, closeMs) => place(bar, closeMs)[column.name];
      }
      case 'model': {
        const model = this.#origins.models[column.model];
        if (model === undefined) throw new StratError('INTERNAL', { reason: `there are no predictions of model ${column.model}` });
        const read = predictionReader(model, column.name, this.#origins.timeframe);
        return (_, closeMs) => read(closeMs);
      }
      case 'data':
        return dataReader(column.name);
      case 'rank':
        return rankReader(this.#origins.ranks[column.rank]);
      case 'signal':
        throw new StratError('INTERNAL', { reason: 'a signal is no column of data' });
    }
  }

  #isDate(time: number): boolean {
    return this.#origins.isDated && time % DAY_MS === 0;
  }

  #session(session: number): (bar: MarketBar, closeMs: number) => SessionBar {
    const known = this.#sessions.get(session);
    if (known !== undefined) return known;
    const days = this.#origins.sessions[session];
    if (days === undefined) throw new StratError('INTERNAL', { reason: `there is no session ${session}` });
    const clock = new SessionClock(days);
    let last: MarketBar | null = null;
    let place: SessionBar;
    const read = (bar: MarketBar, closeMs: number): SessionBar => {
      // Each column asks for the same bar; it is counted once.
      if (bar !== last) place = clock.next(bar.time, closeMs, this.#isDate(bar.time));
      last = bar;
      return place;
    };
    this.#sessions.set(session, read);
    return read;
  }
}

function rankReader(ranks: Float64Array | undefined): ColumnReader {
  let index = 0;
  return () => ranks?.[index++] ?? Number.NaN;
}

function dataReader(name: DataColumn): ColumnReader {
  if (name !== 'age') return (bar) => furtherValue(bar, name);
  let first = Number.NaN;
  return ({ time }, closeMs) => {
    if (Number.isNaN(first)) first = time;
    return closeMs - first;
  };
}

/** What the data say; else the quote volume is estimated, and the rest na. */
export function furtherValue({ close, volume, further }: MarketBar, name: MarketColumn): number {
  return further?.[name] ?? (name === 'quote_volume' ? close * volume : Number.NaN);
}

/** What a strategy that reads a column which the data lack should know. */
export function dataColumnWarning(market: string, name: MarketColumn): string {
  if (name === 'quote_volume') return `the candles of ${market} have no quote_volume: it is estimated as close x volume of each bar`;
  return `the candles of ${market} have no ${name}: it is na throughout, and a condition that needs it is never true`;
}
