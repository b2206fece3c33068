import type { PeriodReturns } from '#core/engine/statistics/period-returns.ts';
import { html, type Html } from './html-text.ts';
import { groupedNumber } from './number-text.ts';

const MONTHS = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];

/** The returns of the months as a heat map, a row a year; months without a bar are empty. */
export function monthlyTable({ months, years }: PeriodReturns): Html {
  const rows = years.map(({ year, returnPct, maxDrawdownPct }) => {
    const own = new Map(months.filter((month) => month.year === year).map((month) => [month.month, month.returnPct]));
    return html`<tr>
      <th scope="row">${year}</th>
      ${MONTHS.map((_, i) => cell(own.get(i + 1) ?? null, ''))}${cell(returnPct, 'total')}
      <td>${groupedNumber(maxDrawdownPct, 1)}</td>
    </tr>`;
  });
  return html`<div class="scroll">
    <table class="months">
      <thead>
        <tr>
          <th scope="col">Year</th>
          ${MONTHS.map((name) => html`<th scope="col">${name}</th>`)}
          <th scope="col">Year</th>
          <th scope="col">Drawdown</th>
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
