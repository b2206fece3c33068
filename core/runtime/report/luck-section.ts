import type { Spread } from '#core/engine/statistics/resampling.ts';
import type { BacktestDocument } from '../backtest-document.ts';
import { linearScale, place } from './chart-scale.ts';
import { html, type Html } from './html-text.ts';
import { groupedNumber } from './number-text.ts';

interface IntervalRow {
  readonly label: string;
  /** What the run itself had. */
  readonly actual: number | null;
  readonly spread: Spread;
  readonly unit: string;
  readonly digits: number;
}

/** How far the figures may be chance: the run's own value within the 95 % interval of its resamples. */
export function luckSection({ significance, metrics }: BacktestDocument): Html | null {
  if (significance === null) return null;
  const { days, tradeOrder, tradeReturns, seed } = significance;
  const rows: IntervalRow[] = [];
  const add = (label: string, actual: number | null, spread: Spread | null, unit: string, digits: number): void => {
    if (spread !== null) rows.push({ label, actual, spread, unit, digits });
  };
  const texts: string[] = [];
  if (days !== null) {
    add('Sharpe ratio', metrics.sharpe, days.sharpe, '', 2);
    add('Return a year', metrics.cagrPct, days.cagrPct, ' %', 1);
    add('Max drawdown', metrics.maxDrawdownPct, days.maxDrawdownPct, ' %', 1);
    texts.push(
      `The first rows draw the days of the run anew, in blocks of ${days.blockDays}: ${groupedNumber(days.lossPct, 1)} % of ${groupedNumber(days.resamples, 0)} such runs lose money.`,
    );
  }
  if (tradeReturns !== null) {
    add('Total return, trades drawn anew', metrics.netProfitPct, tradeReturns.netProfitPct, ' %', 1);
    texts.push(
      `With its trades drawn anew, ${groupedNumber(tradeReturns.lossPct, 1)} % lose money and ${groupedNumber(tradeReturns.halvedPct, 1)} % halve the capital on the way.`,
    );
  }
  if (tradeOrder !== null) {
    add('Drawdown between trades, shuffled', tradeOrder.actualMaxDrawdownPct, tradeOrder.maxDrawdownPct, ' %', 1);
    texts.push(`In another order of the same trades, ${groupedNumber(tradeOrder.deeperPct, 1)} % have a deeper drawdown.`);
  }
  if (rows.length === 0) return null;
  return html`<section>
    <h2>Skill or luck</h2>
    <div class="scroll">
      <table class="luck">
        <thead>
          <tr>
            <th scope="col"></th>
            <th scope="col">This run</th>
            <th scope="col">95 % of the resamples</th>
            <th scope="col" class="range">from the lowest to the highest of them, and zero</th>
          </tr>
        </thead>
        <tbody>
          ${rows.map(intervalRow)}
        </tbody>
      </table>
    </div>
    <p class="note">
      ${texts.join(' ')} It is chance alone that is measured here: not that parameters were chosen on the same data. Seed ${seed}.
    </p>
  </section>`;
}

function intervalRow({ label, actual, spread, unit, digits }: IntervalRow): Html {
  const { low, median, high } = spread;
  const values = [low, high, 0, ...(actual === null ? [] : [actual])];
  const x = linearScale(Math.min(...values), Math.max(...values), 4, 196);
  const point = actual === null ? null : html`<circle class="now" cx="${place(x(actual))}" cy="8" r="4" />`;
  return html`<tr>
    <th scope="row">${label}</th>
    <td>${groupedNumber(actual, digits)}${actual === null ? '' : unit}</td>
    <td>${groupedNumber(low, digits)} to ${groupedNumber(high, digits)}${unit}</td>
    <td class="range">
      <svg viewBox="0 0 200 16" role="img" aria-label="${label}: ${groupedNumber(low, digits)} to ${groupedNumber(high, digits)}${unit}">
        <path class="axis" d="M${place(x(0))} 1V15" />
        <path class="span" d="M${place(x(low))} 8H${place(x(high))}" />
        <path class="middle" d="M${place(x(median))} 3V13" />
        ${point}
      </svg>
    </td>
  </tr>`;
}
