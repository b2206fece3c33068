import type { BacktestDocument } from '../backtest-document.ts';
import { html, type Html } from './html-text.ts';
import { moneyText } from './money-text.ts';
import { groupedNumber, minuteText } from './number-text.ts';

const MAX_ROWS = 100;

/** The bars that nobody can decide without finer data, folded; the most that hangs on one first. */
export function ambiguousSection({ ambiguous, metrics, settings }: BacktestDocument): Html | null {
  if (ambiguous.length === 0) return null;
  const shown = ambiguous.toSorted((a, b) => b.profit - a.profit).slice(0, MAX_ROWS);
  const all = moneyText(metrics.ambiguousProfit, settings.currency);
  return html`<section>
    <h2>Ambiguous bars</h2>
    <p>
      In ${groupedNumber(ambiguous.length, 0)} ${ambiguous.length === 1 ? 'bar' : 'bars'} a target and a stop were both reached, and the
      stop was taken: with every target first the run would have earned ${all} ${settings.currency} more. Finer bars, trades or quotes
      (<span class="word">--detail</span>) decide.
    </p>
    <details>
      <summary>${ambiguous.length > MAX_ROWS ? `The ${MAX_ROWS} that the most hangs on` : 'Which they are'}</summary>
      <table class="facts">
        <tr>
          <th scope="col">Bar (UTC)</th>
          <th scope="col">${settings.currency} more</th>
        </tr>
        ${shown.map(
          ({ time, profit }) =>
            html`<tr>
              <td>${minuteText(time)}</td>
              <td>${moneyText(profit, settings.currency)}</td>
            </tr>`,
        )}
      </table>
    </details>
  </section>`;
}
