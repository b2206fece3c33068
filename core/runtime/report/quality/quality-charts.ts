import type { QualityReport } from '#core/data/quality/check-series.ts';
import { monthCoverage } from '#core/data/quality/coverage.ts';
import { barReturns } from '#core/data/quality/price-checks.ts';
import type { QualityCode } from '#core/data/quality/quality-rules.ts';
import { countText, grouped, minuteText } from '#core/data/quality/quality-text.ts';
import { bothSizes, type ChartFrame, chartFrame, chartPicture, type ChartSize, pathThrough } from '../chart-frame.ts';
import { lineIndexes, place } from '../chart-scale.ts';
import { html, type Html } from '../html-text.ts';

const DAY_MS = 86_400_000;
/** Longest gaps that are listed. */
const LISTED = 15;

/** Share of the bars of each month that is there. */
export function coverageChart(report: QualityReport): Html | null {
  const months = monthCoverage(report);
  const [first] = months;
  if (first === undefined) return null;
  const toTime = months.at(-1)!.from + 31 * DAY_MS;
  const picture = (size: ChartSize): Html => {
    const frame = chartFrame({ size, fromTime: first.from, toTime, low: 0, high: 100, height: 220, unit: ' %', ticks: 5 });
    const bars = months.map(({ from, present, missing }, at) => {
      const [left, right] = [frame.x(from), frame.x(Math.min(toTime, months[at + 1]?.from ?? Infinity, from + 31 * DAY_MS))];
      // A hair between months, where there is room for it.
      const width = Math.max(0.5, right - left - (right - left > 4 ? 1 : 0));
      const top = frame.y((100 * present) / (present + missing));
      const bar = (name: string, y: number, end: number): Html =>
        html`<path class="bar ${name}" d="M${place(left)} ${place(y)}h${place(width)}V${place(end)}h${place(-width)}Z" />`;
      return html`${bar('gain', top, frame.bottom)}${missing > 0 ? bar('loss', frame.y(100), top) : null}`;
    });
    return chartPicture(frame, 'Share of the bars of each month that is there', bars);
  };
  const whole = months.filter(({ missing }) => missing === 0).length;
  return html`<section>
    <h2>Bars that are there, by month</h2>
    ${bothSizes(picture)}
    <p class="note">
      ${countText(whole, 'month')} of ${months.length} without a gap on the calendar ${report.calendar.name}; what is missing is red.
    </p>
  </section>`;
}

/** Gaps by their length, and the longest ones. */
export function gapSection({ gaps, series, sound }: QualityReport): Html | null {
  if (gaps.length === 0) return null;
  const classes = new Map<number, { gaps: number; bars: number }>();
  for (const { missing } of gaps) {
    const power = Math.floor(Math.log2(missing));
    const known = classes.get(power) ?? { gaps: 0, bars: 0 };
    classes.set(power, { gaps: known.gaps + 1, bars: known.bars + missing });
  }
  const most = Math.max(...[...classes.values()].map((one) => one.gaps));
  const rows = [...classes]
    .toSorted(([a], [b]) => a - b)
    .map(([power, { gaps: count, bars }]) => {
      const [from, to] = [2 ** power, 2 ** (power + 1) - 1];
      const share = Math.max(1, (100 * Math.log1p(count)) / Math.log1p(most));
      return html`<tr>
        <th scope="row">${from === to ? grouped(from) : `${grouped(from)} to ${grouped(to)}`}</th>
        <td>${grouped(count)}</td>
        <td>${grouped(bars)}</td>
        <td class="gauge">
          <svg viewBox="0 0 100 10" preserveAspectRatio="none" aria-hidden="true">
            <rect class="bar loss" width="${share.toFixed(1)}" height="10" />
          </svg>
        </td>
      </tr>`;
    });
  const longest = gaps.toSorted((a, b) => b.missing - a.missing).slice(0, LISTED);
  const list = longest.map(
    ({ after, before, missing, row }) =>
      html`<tr>
        <td class="text">${minuteText(after)}</td>
        <td class="text">${minuteText(before)}</td>
        <td>${grouped(missing)}</td>
        <td>${series.lines === null ? '' : String(series.lines[sound.rows[row]!] ?? '')}</td>
      </tr>`,
  );
  return html`<section>
    <h2>Gaps</h2>
    <div class="scroll">
      <table class="bars">
        <thead>
          <tr>
            <th scope="col">Bars missing in a row</th>
            <th scope="col">gaps</th>
            <th scope="col">bars</th>
            <th scope="col"></th>
          </tr>
        </thead>
        <tbody>
          ${rows}
        </tbody>
      </table>
    </div>
    <details open>
      <summary>the longest ${String(longest.length)} of ${grouped(gaps.length)}</summary>
      <div class="scroll">
        <table class="trades">
          <thead>
            <tr>
              <th class="text" scope="col">last bar before</th>
              <th class="text" scope="col">first bar behind</th>
              <th scope="col">missing</th>
              <th scope="col">line</th>
            </tr>
          </thead>
          <tbody>
            ${list}
          </tbody>
        </table>
      </div>
    </details>
  </section>`;
}

const EVENTS = ['split', 'spike', 'jump'] as const satisfies readonly QualityCode[];
const COLORS: Readonly<Record<(typeof EVENTS)[number], string>> = { split: 'purple', spike: 'red', jump: 'blue' };

/** Change of the close from bar to bar, with a ring around what is out of the usual. */
export function returnsChart({ sound, series, findings }: QualityReport): Html | null {
  const { columns } = sound;
  const rows = columns.time.length;
  if (rows < 3) return null;
  const returns = barReturns(columns, series.timeframe);
  const percent = returns.map((value, row) => (Number.isNaN(value) ? 0 : 100 * (columns.close[row]! / columns.close[row - 1]! - 1)));
  const rowAt = new Map(Array.from(columns.time, (time, row) => [time, row]));
  const events = EVENTS.flatMap((code) => {
    const found = findings.find((finding) => finding.code === code)?.places ?? [];
    return found.flatMap(({ time }) => (time === null ? [] : [{ code, row: rowAt.get(time)! }]));
  });
  const [low, high] = [percent.reduce((a, b) => Math.min(a, b), 0), percent.reduce((a, b) => Math.max(a, b), 0)];
  const picture = (size: ChartSize): Html => {
    const frame = chartFrame({
      size,
      fromTime: columns.time[0]!,
      toTime: columns.time[rows - 1]!,
      low,
      high,
      height: 280,
      unit: ' %',
      ticks: 6,
      room: 0.06,
    });
    const points = lineIndexes(percent, 0, rows, size.buckets).map((row) => pointOf(frame, columns.time[row]!, percent[row]!));
    const rings = events.map(({ code, row }) => {
      const [x, y] = pointOf(frame, columns.time[row]!, percent[row]!);
      return html`<circle class="hue-${COLORS[code]}" cx="${place(x)}" cy="${place(y)}" r="5" fill="none" stroke-width="2"
        ><title>${`${code} ${minuteText(columns.time[row]!)} ${percent[row]!.toFixed(2)} %`}</title></circle
      >`;
    });
    return chartPicture(frame, 'Change of the close from bar to bar', [html`<path class="price" d="${pathThrough(points)}" />`, ...rings]);
  };
  const shown = EVENTS.filter((code) => events.some((event) => event.code === code));
  const legend = shown.map(
    (code) =>
      html`<span
        ><svg viewBox="0 0 14 14" aria-hidden="true">
          <circle class="hue-${COLORS[code]}" cx="7" cy="7" r="5" fill="none" stroke-width="2" /></svg
        >${code}</span
      >`,
  );
  return html`<section>
    <h2>Change of the close from bar to bar</h2>
    ${bothSizes(picture)}
    ${shown.length === 0 ? html`<p class="note">No change is out of the usual for the bars around it.</p>` : html`<p class="legend">${legend}</p>`}
  </section>`;
}

const pointOf = (frame: ChartFrame, time: number, value: number): readonly [number, number] => [frame.x(time), frame.y(value)];
