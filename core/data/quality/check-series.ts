import type { Columns } from '#core/model/columns.ts';
import { barOpen } from '#core/model/timeframe.ts';
import type { MarketCalendar } from '../calendar/market-calendar.ts';
import { FindingLog, type FindingCode } from '../finding.ts';
import { checkFuture, checkLastBar, checkTimeframe, checkWeek } from '../series-checks.ts';
import { barsOutside, gapsOf, quietGaps, type Gap } from './gap-list.ts';
import { type PriceEvent, priceEvents, volumeOutliers } from './price-checks.ts';
import { qualityFinding, sortedFindings } from './make-finding.ts';
import type { Place, QualityFinding } from './quality-finding.ts';
import type { QualityCode } from './quality-rules.ts';
import { type RawSeries, type SoundRows, soundRows } from './raw-series.ts';
import { medianOf } from './robust-scale.ts';
import { staleRuns } from './stale-runs.ts';
import { countText, minuteText, percentText, timesText } from './quality-text.ts';

export interface QualityOptions {
  readonly calendar: MarketCalendar;
  /** What chose it where nobody named it. */
  readonly calendarReason?: string | null;
  /** Ms; what is in the future, and whether the last bar has ended, is known with it only. */
  readonly now: number | null;
}

/** What was found in a series. */
export interface QualityReport {
  readonly series: RawSeries;
  readonly sound: SoundRows;
  readonly calendar: MarketCalendar;
  /** What chose it; null where somebody named it, or nothing did. */
  readonly calendarReason: string | null;
  /** Times of the first and the last bar; null where there is none. */
  readonly from: number | null;
  readonly to: number | null;
  readonly gaps: readonly Gap[];
  /** Those of them that look as if there had been nothing to tell. */
  readonly quiet: ReadonlySet<Gap>;
  /** Bars that should be there from the first to the last, and how many of them are not. */
  readonly expected: number;
  readonly missing: number;
  /** The most important first. */
  readonly findings: readonly QualityFinding[];
}

/** Checks candles: whatever does not need a second source. */
export function checkSeries(series: RawSeries, { calendar, calendarReason = null, now }: QualityOptions): QualityReport {
  const sound = soundRows(series);
  const { columns } = sound;
  const { time } = columns;
  const { timeframe } = series;
  const findings: QualityFinding[] = [...rowFindings(series)];
  const lineOf = (row: number): number | null => series.lines?.[sound.rows[row]!] ?? null;
  const at = (row: number, text: string, weight = 0): Place => ({ time: time[row]!, line: lineOf(row), text, weight });
  const add = (code: QualityCode, message: string, places: readonly Place[]): void => {
    if (places.length > 0) findings.push(qualityFinding(code, places.length, message, places));
  };
  findings.push(...wholeFindings(series, sound, now, lineOf));

  const gaps = gapsOf(columns, timeframe, calendar);
  const quiet = quietGaps(columns, timeframe, calendar, gaps);
  const holes = gaps.filter((gap) => !quiet.has(gap));
  const missingIn = (list: Iterable<Gap>): number => [...list].reduce((sum, gap) => sum + gap.missing, 0);
  const missing = missingIn(gaps);
  const placesOf = (list: Iterable<Gap>): readonly Place[] =>
    Array.from(list, (gap) => at(gap.row, `${countText(gap.missing, 'bar')} missing behind ${minuteText(gap.after)}`, gap.missing));
  add('gaps', `${countText(missingIn(holes), 'bar')} missing in ${countText(holes.length, 'place')}`, placesOf(holes));
  add('no-quote', `${countText(missingIn(quiet), 'bar')} without a quote in ${countText(quiet.size, 'quiet place')}`, placesOf(quiet));
  const { closed, extended } = barsOutside(columns, timeframe, calendar);
  add(
    'closed-market',
    `${countText(closed.length, 'bar')} while the market is closed (${calendar.name})`,
    closed.map((row) => at(row, 'the calendar has the market closed')),
  );
  add(
    'extended-hours',
    `${countText(extended.length, 'bar')} before and behind the session (${calendar.name})`,
    extended.map((row) => at(row, 'outside of the session')),
  );
  findings.push(...gridFindings(series, columns, at));
  findings.push(...eventFindings(priceEvents(columns, timeframe), columns, at));
  const volumes = volumeOutliers(columns);
  add(
    'volume-outlier',
    `${countText(volumes.length, 'bar')} with a volume far above those around`,
    volumes.map(({ row, times, score }) => at(row, `${timesText(times)} the usual volume`, score)),
  );
  const stale = staleRuns(columns);
  add(
    'stale',
    `${countText(stale.length, 'stretch', 'stretches')} of bars that repeat one price`,
    stale.map(({ from, bars, isSilent }) =>
      at(from, `${countText(bars, 'bar')} at ${columns.close[from]}${isSilent ? ', without volume' : ''}`, bars),
    ),
  );
  findings.push(...volumeFindings(series, columns, at));
  const rows = time.length;
  const inside = rows - closed.length - extended.length;
  return {
    series,
    sound,
    calendar,
    calendarReason,
    from: rows === 0 ? null : time[0]!,
    to: rows === 0 ? null : time[rows - 1]!,
    gaps,
    quiet,
    expected: rows === 0 ? 0 : inside + missing,
    missing,
    findings: sortedFindings(findings),
  };
}

function gridFindings({ timeframe }: RawSeries, { time }: Columns, at: (row: number, text: string) => Place): readonly QualityFinding[] {
  const off = Float64Array.from(time, (moment) => moment - barOpen(timeframe, moment));
  const rows = Array.from(off.keys()).filter((row) => off[row] !== 0);
  if (rows.length === 0) return [];
  if (timeframe.unit !== 'mo' && rows.length === time.length && off.every((distance) => distance === off[0])) {
    const message = `every bar begins ${countText(off[0]! / 60_000, 'minute')} behind the grid of ${timeframe.name} in UTC`;
    // Days of another zone: none of them is the odd one.
    return [{ ...qualityFinding('off-grid', rows.length, message, []), severity: 'note', repair: null }];
  }
  const places = rows.map((row) => at(row, `this bar of ${timeframe.name} begins ${minuteText(barOpen(timeframe, time[row]!))}`));
  return [qualityFinding('off-grid', rows.length, `${countText(rows.length, 'bar')} off the grid of ${timeframe.name}`, places)];
}

/** What was found while rows were read: the log has one entry for each, with its line. */
function rowFindings({ log, lines, columns }: RawSeries): readonly QualityFinding[] {
  const codes = new Map<FindingCode, Place[]>();
  const rowAt = new Map(log.errorCount === 0 ? [] : Array.from(lines ?? [], (line, row) => [line, row] as const));
  for (const { code, line, message } of log.list()) {
    const row = line === null ? undefined : rowAt.get(line);
    const places = codes.get(code) ?? [];
    places.push({ time: row === undefined ? null : columns.time[row]!, line, text: message, weight: 0 });
    codes.set(code, places);
  }
  return [...codes].map(([code, places]) =>
    qualityFinding(code, places.length, `${countText(places.length, 'row')}: ${TITLES[code] ?? code}`, places),
  );
}

const TITLES: Readonly<Partial<Record<FindingCode, string>>> = {
  'newest-first': 'the newest bar comes first',
  'time-back': 'a time before the one above',
  'duplicate-time': 'a time that is there twice',
  'time-unit': 'a time in another format than the first',
  'bad-time': 'a time that is none',
  'column-count': 'more or fewer fields than the header',
  'bad-number': 'a field that is no number',
  'not-finite': 'NaN, infinity or a number too large',
  'bad-price': 'a price of 0 or less',
  'bad-volume': 'a volume below 0',
  'out-of-range': 'a price or volume beyond all bounds',
  'high-too-low': 'high below open or close',
  'low-too-high': 'low above open or close',
};

/** Findings of the checks that refuse or warn about files before a backtest. */
function wholeFindings(
  series: RawSeries,
  { columns }: SoundRows,
  now: number | null,
  lineOf: (row: number) => number | null,
): readonly QualityFinding[] {
  const { timeframe, timeFormat } = series;
  if (columns.time.length === 0) return [];
  const log = new FindingLog();
  checkTimeframe(columns, timeframe, log);
  checkWeek(columns, timeframe, log);
  if (now !== null) checkFuture(columns, now, log);
  if (now !== null) checkLastBar(columns, timeframe, now, log);
  // A bar that has ended by now may not have when the data were taken.
  if (!log.list().some(({ code }) => code === 'partial-last')) checkLastBar(columns, timeframe, null, log);
  const last = columns.time.length - 1;
  const found = log.list().map(({ code, count, message }) => {
    const row = code === 'partial-last' ? last : code === 'future-time' ? columns.time.findIndex((time) => time > (now ?? Infinity)) : null;
    const place = row === null ? { time: null, line: null } : { time: columns.time[row]!, line: lineOf(row) };
    return qualityFinding(code, count, message, [{ ...place, text: message, weight: 0 }]);
  });
  const whole = (code: QualityCode, message: string): QualityFinding => qualityFinding(code, 1, message, []);
  if (timeFormat === 'iso-local') found.push(whole('time-zone', 'times have no time zone'));
  if (!series.hasVolume) found.push(whole('no-volume', 'there is no volume column'));
  if (series.emptyVolumes > 0) found.push(whole('empty-volume', `${countText(series.emptyVolumes, 'bar')} without a volume`));
  return found;
}

/** The usual volume is that of so many bars before. */
const USUAL_BARS = 30;

function eventFindings(
  events: readonly PriceEvent[],
  { volume, close }: Columns,
  at: (row: number, text: string, weight: number) => Place,
): readonly QualityFinding[] {
  const text = ({ kind, row, bars, move, score, ratio }: PriceEvent): string => {
    const usual = medianOf(volume.slice(Math.max(0, row - USUAL_BARS), row));
    const traded = usual > 0 ? `, ${timesText(volume[row]! / usual)} the usual volume` : '';
    if (kind === 'split') return `${percentText(move)}: looks like ${ratioText(ratio!)}${traded}`;
    if (kind === 'wick')
      return `${move < 0 ? 'low' : 'high'} ${percentText(move)} beyond open and close, ${score.toFixed(0)} usual ones${traded}`;
    const back = kind === 'spike' ? `, back at ${close[row + bars]} ${countText(bars, 'bar')} later` : '';
    return `${percentText(move)} from ${close[row - 1]} to ${close[row]}, ${score.toFixed(0)} usual moves${back}${traded}`;
  };
  const messages: Readonly<Record<PriceEvent['kind'], (count: number) => string>> = {
    split: (count) => `${countText(count, 'split')} without adjustment`,
    spike: (count) => `${countText(count, 'spike')}: the price left and came back`,
    jump: (count) => `${countText(count, 'jump')}: the price left and stayed away`,
    wick: (count) => `${countText(count, 'shadow')} far beyond open and close`,
  };
  return (['split', 'spike', 'jump', 'wick'] as const).flatMap((kind) => {
    const places = events.filter((event) => event.kind === kind).map((event) => at(event.row, text(event), event.score));
    return places.length === 0 ? [] : [qualityFinding(kind, places.length, messages[kind](places.length), places)];
  });
}

const ratioText = (ratio: number): string => {
  if (ratio === 3 / 2) return 'a split of 3 for 2';
  if (ratio === 2 / 3) return 'a reverse split of 2 for 3';
  return ratio > 1 ? `a split of ${ratio} for 1` : `a reverse split of 1 for ${Math.round(1 / ratio)}`;
};

function volumeFindings(series: RawSeries, { volume, time }: Columns, at: (row: number, text: string) => Place): readonly QualityFinding[] {
  if (!series.hasVolume) return [];
  const rows = Array.from(time.keys()).filter((row) => volume[row] === 0);
  if (rows.length === 0) return [];
  const message = rows.length === time.length ? 'no bar has a volume' : `${countText(rows.length, 'bar')} of ${time.length} with volume 0`;
  // One place says it all where every bar is one.
  const places = (rows.length === time.length ? [] : rows).map((row) => at(row, 'volume 0'));
  return [qualityFinding('zero-volume', rows.length, message, places)];
}
