import type { Bar } from '#core/model/bar.ts';
import { barsOf, type Columns, sharedColumns } from '#core/model/columns.ts';
import { barOpen } from '#core/model/timeframe.ts';
import { ExpectedBars } from '../calendar/expected-bars.ts';
import type { MarketCalendar } from '../calendar/market-calendar.ts';
import { FindingLog } from '../finding.ts';
import { checkLastBar } from '../series-checks.ts';
import { gapsOf } from './gap-list.ts';
import { priceEvents } from './price-checks.ts';
import { REPAIRS, type RepairName } from './quality-rules.ts';
import { countText, percentText } from './quality-text.ts';
import { isBar, type RawSeries } from './raw-series.ts';

/** A row that a repair changed. */
export interface RepairedRow {
  readonly repair: RepairName;
  /** ms; null where the row has no time that can be read. */
  readonly time: number | null;
  /** Of the file; null of series in the store, and of rows that are new. */
  readonly line: number | null;
  readonly text: string;
  /** Null: the row is new, or could not be read. */
  readonly before: Bar | null;
  /** Null: the row is gone. */
  readonly after: Bar | null;
}

export interface RepairedSeries {
  readonly columns: Columns;
  /** Row of the raw series of each; -1 where there is none. */
  readonly rows: Int32Array;
  /** In the order in which they were made. */
  readonly changes: readonly RepairedRow[];
}

/** A bar with where it comes from. */
interface Row {
  readonly bar: Bar;
  /** Of the raw series; -1 = new. */
  readonly row: number;
  readonly line: number | null;
}

interface Work {
  rows: Row[];
  readonly changes: RepairedRow[];
  readonly series: RawSeries;
  readonly calendar: MarketCalendar;
}

/**
 * A copy of the series with these repairs, in the order of `REPAIRS`: later ones see what earlier ones left. Rows that cannot be read are in neither.
 */
export function repairSeries(series: RawSeries, wanted: readonly RepairName[], calendar: MarketCalendar): RepairedSeries {
  const rows = barsOf(series.columns).map((bar, row): Row => ({ bar, row, line: series.lines?.[row] ?? null }));
  const work: Work = { rows, changes: [], series, calendar };
  for (const name of Object.keys(REPAIRS) as RepairName[]) if (wanted.includes(name)) STEPS[name](work);
  return { columns: columnsOf(work.rows), rows: Int32Array.from(work.rows, ({ row }) => row), changes: work.changes };
}

function columnsOf(rows: readonly Row[]): Columns {
  const columns = sharedColumns(rows.length);
  for (const [at, { bar }] of rows.entries())
    for (const name of ['time', 'open', 'high', 'low', 'close', 'volume'] as const) columns[name][at] = bar[name];
  return columns;
}

const changed = (repair: RepairName, { bar, line }: Row, text: string, after: Bar | null): RepairedRow => ({
  repair,
  time: bar.time,
  line,
  text,
  before: bar,
  after,
});

/** Leaves out rows; `reason` is null for those that stay. */
function drop(work: Work, repair: RepairName, reason: (row: Row, at: number) => string | null): void {
  work.rows = work.rows.filter((row, at) => {
    const text = reason(row, at);
    if (text !== null) work.changes.push(changed(repair, row, text, null));
    return text === null;
  });
}

/** What cannot be read at all; the raw series does not have it. */
const UNREADABLE: ReadonlySet<string> = new Set(['column-count', 'bad-number', 'not-finite', 'bad-time', 'time-unit']);

const STEPS: Readonly<Record<RepairName, (work: Work) => void>> = {
  'drop-bad-rows': (work) => {
    for (const { code, line, message } of work.series.log.list())
      if (UNREADABLE.has(code)) work.changes.push({ repair: 'drop-bad-rows', time: null, line, text: message, before: null, after: null });
    drop(work, 'drop-bad-rows', ({ bar: { open, high, low, close, volume } }) => {
      const isGood = Math.min(open, high, low, close) >= 1e-15 && Math.max(open, high, low, close) <= 1e15 && volume >= 0 && volume <= 1e20;
      return isGood ? null : 'a price or volume that is none';
    });
  },
  sort: (work) => {
    let latest = -Infinity;
    for (const row of work.rows) {
      if (row.bar.time < latest) work.changes.push(changed('sort', row, 'stood behind a later bar', row.bar));
      latest = Math.max(latest, row.bar.time);
    }
    work.rows.sort((a, b) => a.bar.time - b.bar.time || a.row - b.row);
  },
  'drop-duplicates': (work) => {
    const last = new Map(work.rows.map(({ bar }, at) => [bar.time, at]));
    drop(work, 'drop-duplicates', ({ bar }, at) => (last.get(bar.time) === at ? null : 'another bar of this time comes later'));
  },
  'fix-high-low': (work) => {
    work.rows = work.rows.map((row) => {
      const { bar } = row;
      const high = Math.max(bar.high, bar.open, bar.close);
      const low = Math.min(bar.low, bar.open, bar.close);
      if (high === bar.high && low === bar.low) return row;
      const after = { ...bar, high, low };
      work.changes.push(changed('fix-high-low', row, `high ${bar.high} to ${high}, low ${bar.low} to ${low}`, after));
      return { ...row, bar: after };
    });
  },
  'drop-off-grid': (work) => {
    const { timeframe } = work.series;
    drop(work, 'drop-off-grid', ({ bar }) => (barOpen(timeframe, bar.time) === bar.time ? null : `no bar of ${timeframe.name} opens then`));
  },
  'drop-spikes': (work) => {
    const away = new Map<number, string>();
    const { sound, places } = soundOf(work);
    for (const { kind, row, bars, move } of priceEvents(sound, work.series.timeframe))
      if (kind === 'spike') for (let bar = row; bar < row + bars; bar++) away.set(places[bar]!, `a spike of ${percentText(move)}`);
    drop(work, 'drop-spikes', (_, at) => away.get(at) ?? null);
  },
  'drop-outside': (work) => {
    const expected = new ExpectedBars(work.calendar, work.series.timeframe);
    drop(work, 'drop-outside', ({ bar }) => (expected.isRegular(bar.time) ? null : `the market is closed (${work.calendar.name})`));
  },
  'adjust-split': (work) => {
    const { sound, places } = soundOf(work);
    const splits = priceEvents(sound, work.series.timeframe).filter(({ kind }) => kind === 'split');
    for (const { row, ratio = 1 } of splits) {
      const at = places[row]!;
      const first = work.rows[at]!;
      const text = `${countText(at, 'bar')} before it: prices divided by ${ratio}, volumes multiplied`;
      work.changes.push(changed('adjust-split', first, text, first.bar));
      for (let before = 0; before < at; before++) work.rows[before] = adjusted(work.rows[before]!, ratio);
    }
  },
  'drop-partial': (work) => {
    const log = new FindingLog();
    const { sound, places } = soundOf(work);
    if (sound.time.length > 0) checkLastBar(sound, work.series.timeframe, null, log);
    const last = log.list().length > 0 ? places.at(-1) : undefined;
    drop(work, 'drop-partial', (_, at) => (at === last ? 'it had not ended' : null));
  },
  'fill-flat': (work) => {
    const { timeframe } = work.series;
    const expected = new ExpectedBars(work.calendar, timeframe);
    const gaps = gapsOf({ time: Float64Array.from(work.rows, ({ bar }) => bar.time) }, timeframe, work.calendar);
    const before = new Map(gaps.map((gap) => [gap.row, gap]));
    work.rows = work.rows.flatMap((row, at) => {
      const gap = before.get(at);
      return gap === undefined ? [row] : [...filled(work, gap.after, gap.before, expected, work.rows[at - 1]!.bar.close), row];
    });
  },
};

function filled(work: Work, after: number, before: number, expected: ExpectedBars, close: number): readonly Row[] {
  return [...expected.opensBetween(after, before)].map((time) => {
    const bar: Bar = { time, open: close, high: close, low: close, close, volume: 0 };
    work.changes.push({ repair: 'fill-flat', time, line: null, text: `a bar at ${close} with volume 0`, before: null, after: bar });
    return { bar, row: -1, line: null };
  });
}

function adjusted(row: Row, ratio: number): Row {
  const { time, open, high, low, close, volume } = row.bar;
  return { ...row, bar: { time, open: open / ratio, high: high / ratio, low: low / ratio, close: close / ratio, volume: volume * ratio } };
}

/** The rows that are bars, each later than the one before, and where among the rows each stands. */
function soundOf({ rows }: Work): { readonly sound: Columns; readonly places: readonly number[] } {
  const places: number[] = [];
  let last = -Infinity;
  for (const [at, { bar }] of rows.entries()) {
    if (!isBar(bar.open, bar.high, bar.low, bar.close, bar.volume) || bar.time <= last) continue;
    last = bar.time;
    places.push(at);
  }
  return { sound: columnsOf(places.map((at) => rows[at]!)), places };
}

/** For people. */
export const barText = ({ open, high, low, close, volume }: Bar): string =>
  `open ${open}, high ${high}, low ${low}, close ${close}, volume ${volume}`;

/** The repairs, in the order in which they are applied. */
export const repairNames = (): readonly RepairName[] => Object.keys(REPAIRS) as RepairName[];
