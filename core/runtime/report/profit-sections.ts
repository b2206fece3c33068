import type { AttributionRow } from '#core/engine/statistics/attribution.ts';
import type { BacktestDocument } from '../backtest-document.ts';
import { html, type Html } from './html-text.ts';
import { moneyText } from './money-text.ts';
import { groupedNumber } from './number-text.ts';
import { plainText } from './plain-text.ts';
import { profitBar } from './profit-bar.ts';
import { hourChart } from './trade-charts.ts';

/** So many groups of a kind are shown: the best and the worst. */
const MAX_ROWS = 24;

/** What the run earned before costs, and what they took. */
export function costSection({ metrics, settings }: BacktestDocument): Html {
  const { netProfit, fees, slippage, funding, borrow, breakEvenCostPct } = metrics;
  const rows: readonly (readonly [string, number])[] = [
    ['Profit before costs', netProfit + fees + slippage + funding + borrow],
    ['Fees', 0 - fees],
    ['Slippage', 0 - slippage],
    ...(funding === 0 ? [] : [['Funding', 0 - funding] as const]),
    ...(borrow === 0 ? [] : [['Borrow', 0 - borrow] as const]),
    ['Net profit', netProfit],
  ];
  const largest = Math.max(...rows.map(([, value]) => Math.abs(value)));
  const room =
    breakEvenCostPct === null
      ? null
      : breakEvenCostPct > 0
        ? `Each fill may cost ${groupedNumber(breakEvenCostPct, 3)} % of its value more, in fees or slippage, before nothing is left.`
        : `Each fill would have to cost ${groupedNumber(-breakEvenCostPct, 3)} % of its value less for the run to lose nothing.`;
  return html`<section>
    <h2>Costs in ${settings.currency}</h2>
    <table class="bars">
      ${rows.map(
        ([label, value]) =>
          html`<tr>
            <th scope="row">${label}</th>
            <td>${moneyText(value, settings.currency)}</td>
            <td class="gauge">${profitBar(value, largest)}</td>
          </tr>`,
      )}
    </table>
    ${room === null ? null : html`<p class="note">${room}</p>`}
  </section>`;
}

/** Where the profit came from; tables of one row say nothing and are left out. */
export function attributionSection({ attribution, settings }: BacktestDocument): Html | null {
  const tables = (
    [
      ['By reason of the exit', attribution.exitReason],
      ['By setup', attribution.setup],
      ['By side', attribution.side],
      ['By market', attribution.market],
      ['By strategy', attribution.strategy ?? []],
    ] as const
  ).filter(([, rows]) => rows.length > 1);
  const hours = attribution.entryHour;
  if (tables.length === 0 && hours.length < 2) return null;
  return html`<section>
    <h2>Where the profit came from, in ${settings.currency}</h2>
    <div class="halves">
      ${tables.map(([title, rows]) => attributionTable(title, rows, settings.currency))}${
        hours.length < 2
          ? null
          : html`<div>
              <h3>By hour of the entry</h3>
              ${hourChart(hours, settings.currency)}
            </div>`
      }
    </div>
  </section>`;
}

function attributionTable(title: string, rows: readonly AttributionRow[], currency: string): Html {
  const largest = Math.max(...rows.map(({ profit }) => Math.abs(profit)));
  const shown = rows.length > MAX_ROWS ? [...rows.slice(0, MAX_ROWS / 2), ...rows.slice(-MAX_ROWS / 2)] : rows;
  const note = rows.length > MAX_ROWS ? html`<p class="note">The best and the worst ${MAX_ROWS / 2} of ${rows.length}.</p>` : null;
  return html`<div>
    <h3>${title}</h3>
    <table class="bars">
      <thead>
        <tr>
          <th scope="col"></th>
          <th scope="col">Exits</th>
          <th scope="col">Won</th>
          <th scope="col">Profit</th>
          <th></th>
        </tr>
      </thead>
      <tbody>
        ${shown.map(
          ({ name, exits, winRatePct, profit }) =>
            html`<tr>
              <th scope="row">${plainText(name ?? 'none', 40)}</th>
              <td>${groupedNumber(exits, 0)}</td>
              <td>${groupedNumber(winRatePct, 0)} %</td>
              <td class="${profit > 0 ? 'good' : profit < 0 ? 'bad' : ''}">${moneyText(profit, currency)}</td>
              <td class="gauge">${profitBar(profit, largest)}</td>
            </tr>`,
        )}
      </tbody>
    </table>
    ${note}
  </div>`;
}
