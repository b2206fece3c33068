import type { BookRecordingReport } from '#core/data/quality/book-recording.ts';
import { lacksSaturdays } from '#core/data/calendar/usual-calendar.ts';
import type { QualityReport } from '#core/data/quality/check-series.ts';
import type { SourceComparison } from '#core/data/quality/compare-sources.ts';
import { severityCounts, sortedFindings } from '#core/data/quality/make-finding.ts';
import type { Place, QualityFinding } from '#core/data/quality/quality-finding.ts';
import { countText, grouped, minuteText } from '#core/data/quality/quality-text.ts';
import { plainText } from '#core/runtime/report/plain-text.ts';
import { wrapped } from './aligned-table.ts';
import type { Paint } from './paint.ts';

const INDENT = '  ';
/** Of each finding; all are in the JSON document. */
const SHOWN_PLACES = 5;

/** A report as people read it: what the series is, then findings, the most important first, each with its worst places in the order of time. */
export function qualityText(report: QualityReport, comparison: SourceComparison | null, width: number, paint: Paint): string {
  const findings = comparison === null ? report.findings : sortedFindings([...report.findings, ...comparison.findings]);
  const facts = [...summaryLines(report), ...(comparison === null ? [] : [comparisonLine(comparison)])];
  return findingsText(report.series.name, facts, findings, width, paint);
}

/** What was found between a series and another one. */
export function comparisonText(name: string, comparison: SourceComparison, width: number, paint: Paint): string {
  return findingsText(name, [comparisonLine(comparison)], comparison.findings, width, paint);
}

/** The same of the recording of an order book. */
export function recordingText(recording: BookRecordingReport, width: number, paint: Paint): string {
  const { name, messages, snapshots, applied, bidLevels, askLevels, bestBid, bestAsk, findings } = recording;
  const facts = [
    `${countText(messages, 'message')}, ${countText(snapshots, 'snapshot')}, ${countText(applied, 'change')} of the book applied`,
    `at the end ${grouped(bidLevels)} bids and ${grouped(askLevels)} asks, best ${bestBid ?? 'none'} / ${bestAsk ?? 'none'}`,
  ];
  return findingsText(name, facts, findings, width, paint);
}

function findingsText(name: string, facts: readonly string[], findings: readonly QualityFinding[], width: number, paint: Paint): string {
  const fold = (text: string, indent: string): string[] => wrapped(text, Math.max(30, width - indent.length)).map((line) => indent + line);
  const lines = [paint.bold(plainText(name, Infinity)), ...facts.flatMap((line) => fold(line, INDENT))];
  for (const finding of findings) {
    const { severity, code, message, effect, repair, places } = finding;
    const tone = severity === 'error' ? paint.tone(severity, -1) : severity === 'warning' ? paint.warn(severity) : paint.dim(severity);
    const [first = '', ...rest] = wrapped(`${code}: ${message}`, width - severity.length - 1);
    lines.push('', `${tone} ${first}`, ...rest.map((line) => INDENT + line));
    lines.push(
      ...placeLines(finding).flatMap((line) => wrapped(line, width - 4).map((part, at) => (at === 0 ? INDENT : INDENT.repeat(2)) + part)),
    );
    if (places.length > SHOWN_PLACES) lines.push(`${INDENT}... and ${grouped(finding.count - SHOWN_PLACES)} more`);
    lines.push(...fold(`In a backtest: ${effect}.${repair === null ? '' : ` Repair: ${repair}.`}`, INDENT).map((line) => paint.dim(line)));
  }
  return `${[...lines, '', ...fold(totalText(findings), '')].join('\n')}\n`;
}

/** What the series is and how much of it is there. */
export function summaryLines({ series, sound, calendar, calendarReason, from, to, expected, missing }: QualityReport): readonly string[] {
  const rows = sound.columns.time.length;
  const { timeframe } = series;
  const what = `${countText(rows, 'bar')} of ${timeframe.name}${series.market === null ? '' : ` of ${series.market}`}`;
  if (from === null || to === null) return ['no bar can be read'];
  const share = expected === 0 ? 100 : (100 * (expected - missing)) / expected;
  // Never 100 % when something is missing.
  const shown = missing === 0 ? '100' : (Math.floor(share * 1000) / 1000).toFixed(3);
  const lines = [
    `${what}, ${minuteText(from)} to ${minuteText(to)} (UTC)`,
    `${shown} % of the bars of the calendar ${calendar.name} (${calendar.hours})`,
  ];
  if (calendarReason !== null)
    lines.push(`It was chosen because ${calendarReason}; --calendar names another, of which 24x7 counts every bar`);
  if (calendar.spans === null && missing > 0 && lacksSaturdays(sound.columns.time))
    lines.push('There is no Saturday in it: --calendar forex or xnys knows when such markets close');
  return lines;
}

const comparisonLine = ({ other, common, equal, level, correlation }: SourceComparison): string =>
  common === 0
    ? `against ${other}: no bar of one time in both`
    : `against ${other}: ${countText(common, 'bar')} in both, ${grouped(equal)} with equal prices, levels ${level.toPrecision(6)} to 1${correlation === null ? '' : `, returns correlate ${correlation.toFixed(3)}`}`;

/** The worst places in the order of time; of equally bad ones the first. */
function placeLines({ places }: QualityFinding): readonly string[] {
  const shown = new Set(places.toSorted((a, b) => b.weight - a.weight).slice(0, SHOWN_PLACES));
  return places.filter((place) => shown.has(place)).map(placeText);
}

/** `2024-01-31 09:30  line 12  what it is`. */
export function placeText({ time, line, text }: Place): string {
  return [time === null ? null : minuteText(time), line === null ? null : `line ${line}`, text].filter((part) => part !== null).join('  ');
}

function totalText(findings: readonly QualityFinding[]): string {
  if (findings.length === 0) return 'Nothing was found.';
  const { error, warning, note } = severityCounts(findings);
  return `${countText(error, 'error')}, ${countText(warning, 'warning')}, ${countText(note, 'note')}`;
}
