import type { ReportSeries } from './html-report.ts';
import { html, type Html } from './html-text.ts';
import { groupedNumber } from './number-text.ts';

export interface YearRow {
  readonly year: number;
  /** Percent points by month; null = no bar in it. */
  readonly months: readonly (number | null)[];
  readonly total: number;
}

const MONTHS = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];

/** Change of the equity by UTC month, from the end of the month before (the capital at the start). */
export function monthlyReturns({ columns, equity, from, to }: ReportSeries, capital: number): YearRow[] {
  const rows: { year: number; months: (number | null)[]; total: number }[] = [];
  let monthStart = capital;
  let yearStart = capital;
  for (let i = from; i < to; i++) {
    const date = new Date(columns.time[i]!);
    const next = i + 1 < to ? new Date(columns.time[i + 1]!) : null;
    const year = date.getUTCFullYear();
    const month = date.getUTCMonth();
    if (next !== null && next.getUTCFullYear() === year && next.getUTCMonth() === month) continue;
    let row = rows.at(-1);
    if (row?.year !== year) {
      row = { year, months: Array.from({ length: 12 }, () => null), total: 0 };
      rows.push(row);
    }
    row.months[month] = (equity[i]! / monthStart - 1) * 100;
    row.total = (equity[i]! / yearStart - 1) * 100;
    monthStart = equity[i]!;
    if (next?.getUTCFullYear() !== year) yearStart = equity[i]!;
  }
  return rows;
}

export function monthlyTable(series: ReportSeries, capital: number): Html {
  const rows = monthlyReturns(series, capital).map(
    ({ year, months, total }) =>
      html`<tr>
        <th scope="row">${year}</th>
        ${months.map((value) => cell(value, ''))}${cell(total, 'total')}
      </tr>`,
  );
  return html`<div class="scroll">
    <table class="months">
      <thead>
        <tr>
          <th scope="col">Year</th>
          ${MONTHS.map((name) => html`<th scope="col">${name}</th>`)}
          <th scope="col">Year %</th>
        </tr>
      </thead>
      <tbody>
        ${rows}
      </tbody>
    </table>
  </div>`;
}

function cell(value: number | null, extra: string): Html {
  if (value === null) return html`<td class="${extra}"></td>`;
  const size = Math.abs(value);
  const level = size < 0.005 ? 0 : size < 2 ? 1 : size < 6 ? 2 : 3;
  const tone = level === 0 ? '' : `${value > 0 ? 'plus' : 'minus'}${level}`;
  return html`<td class="${`${extra} ${tone}`.trim()}">${groupedNumber(value, Math.abs(value) >= 100 ? 0 : 1)}</td>`;
}
