import type { QualityReport } from '#core/data/quality/check-series.ts';
import type { SourceComparison } from '#core/data/quality/compare-sources.ts';
import { severityCounts, sortedFindings } from '#core/data/quality/make-finding.ts';
import type { QualityFinding } from '#core/data/quality/quality-finding.ts';
import { REPAIRS } from '#core/data/quality/quality-rules.ts';
import { countText, grouped, minuteText } from '#core/data/quality/quality-text.ts';
import { STRAT_VERSION } from '../../version.ts';
import { html, Html } from '../html-text.ts';
import { pageHead } from '../page-head.ts';
import { REPORT_STYLE } from '../report-style.ts';
import { coverageChart, gapSection, returnsChart } from './quality-charts.ts';

/** A checked series, and a second source of it where there is one. */
export interface CheckedSource {
  readonly report: QualityReport;
  readonly comparison: SourceComparison | null;
}

/** Places of a finding that are listed. */
const LISTED = 100;
/** So few are shown at once. */
const OPEN = 8;

const STYLE = `${REPORT_STYLE}
.severity{display:inline-block;min-width:5.2em;font-weight:600}.severity.error{color:var(--bad)}.severity.warning{color:var(--stop)}.severity.note{color:var(--soft)}
section+header{margin-top:36px}
.finding+.finding{border-top:1px solid var(--line);margin-top:12px;padding-top:12px}
.finding p{margin:0 0 4px}.places td{white-space:normal}.places td.word{white-space:nowrap}`;

/** One HTML file without scripts and without anything fetched: what was found in one or several series. Text of files is escaped. */
export function renderQualityReport(sources: readonly CheckedSource[]): string {
  const [first] = sources;
  const title = sources.length === 1 && first !== undefined ? first.report.series.name : countText(sources.length, 'series', 'series');
  return html`<!doctype html>
    <html lang="en">
      ${pageHead(`${title} - data quality`, STYLE)}
      <body>
        <main>
          ${sources.map(sourceSections)}
          <footer>strat ${STRAT_VERSION}. Nothing was changed; times are UTC.</footer>
        </main>
      </body>
    </html> `.text;
}

function sourceSections({ report, comparison }: CheckedSource): Html {
  const { series, calendar, from, to } = report;
  const findings = sortedFindings([...report.findings, ...(comparison?.findings ?? [])]);
  const facts = [
    `${countText(report.sound.columns.time.length, 'bar')} of ${series.timeframe.name}${series.market === null ? '' : ` of ${series.market}`}`,
    ...(from === null || to === null ? [] : [`${minuteText(from)} to ${minuteText(to)} (UTC)`]),
    `calendar ${calendar.name}: ${calendar.hours}`,
  ];
  return html`<header>
      <h1>${series.name}</h1>
      <p>${facts.join(', ')}</p>
      ${comparison === null ? null : html`<p>${`against ${comparison.other}: ${countText(comparison.common, 'bar')} in both, ${grouped(comparison.equal)} with equal prices`}</p>`}
    </header>
    ${keyNumbers(report, findings)}
    <section>
      <h2>Findings</h2>
      ${findings.length === 0 ? html`<p class="none">Nothing was found.</p>` : findings.map(findingPart)}
    </section>
    ${coverageChart(report)} ${gapSection(report)} ${returnsChart(report)}`;
}

function keyNumbers({ expected, missing }: QualityReport, findings: readonly QualityFinding[]): Html {
  const counts = severityCounts(findings);
  const share = expected === 0 ? 100 : (100 * (expected - missing)) / expected;
  const keys: readonly (readonly [string, string, string])[] = [
    ['Errors', String(counts.error), counts.error > 0 ? 'bad' : 'good'],
    ['Warnings', String(counts.warning), ''],
    ['Notes', String(counts.note), ''],
    ['Bars that are there', missing === 0 ? '100 %' : `${(Math.floor(share * 1000) / 1000).toFixed(3)} %`, ''],
    ['Bars missing', grouped(missing), ''],
  ];
  return html`<div class="key">
    ${keys.map(([label, value, tone]) => html`<div><span>${label}</span><b class="${tone}">${value}</b></div>`)}
  </div>`;
}

function findingPart({ code, severity, count, message, effect, repair, places }: QualityFinding): Html {
  const worst = new Set(places.toSorted((a, b) => b.weight - a.weight).slice(0, LISTED));
  const rows = places
    .filter((place) => worst.has(place))
    .map(
      ({ time, line, text }) =>
        html`<tr>
          <td class="text word">${time === null ? '' : minuteText(time)}</td>
          <td class="word">${line === null ? '' : String(line)}</td>
          <td class="text">${text}</td>
        </tr>`,
    );
  const more =
    count > worst.size && places.length > 0 ? `the worst ${worst.size} of ${grouped(count)} places` : countText(places.length, 'place');
  return html`<div class="finding">
    <p><span class="severity ${severity}">${severity}</span><code>${code}</code> ${message}</p>
    <p class="note">In a backtest: ${effect}.</p>
    ${repair === null ? null : html`<p class="note">Repair: <code>${repair}</code> ${REPAIRS[repair]}.</p>`}
    ${
      rows.length === 0
        ? null
        : html`<details${rows.length <= OPEN ? new Html(' open') : null}>
            <summary>${more}</summary>
            <div class="scroll tall">
              <table class="trades places">
                <thead>
                  <tr>
                    <th class="text" scope="col">time</th>
                    <th scope="col">line</th>
                    <th class="text" scope="col">what</th>
                  </tr>
                </thead>
                <tbody>
                  ${rows}
                </tbody>
              </table>
            </div>
          </details>`
    }
  </div>`;
}
