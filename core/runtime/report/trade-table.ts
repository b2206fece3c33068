import type { TradeRecord } from '../backtest-document.ts';
import { html, type Html } from './html-text.ts';
import { marketMoneyText } from './money-text.ts';
import { groupedNumber, minuteText, priceText, quantityText } from './number-text.ts';
import { plainText } from './plain-text.ts';

/** So many rows from each end are shown when there are more than twice as many. */
const EDGE_ROWS = 250;

/** The trades, one row an exit; of very many the first and the last, with a note. */
export function tradeTable(trades: readonly TradeRecord[]): Html {
  if (trades.length === 0) return html`<p class="none">No trade was made.</p>`;
  const isOfStrategies = trades.some(({ strategy }) => strategy !== undefined);
  const isOfMany = new Set(trades.map(({ market }) => market)).size > 1;
  const hasSetups = trades.some((trade) => trade.setup !== null);
  const hasCarry = trades.some((trade) => trade.carry !== 0);
  const hasEntryReasons = trades.some((trade) => trade.entryReason !== null);
  const row = (trade: TradeRecord): Html => tradeRow(trade, { isOfStrategies, isOfMany, hasSetups, hasCarry, hasEntryReasons });
  const isCut = trades.length > 2 * EDGE_ROWS;
  const hidden = trades.length - 2 * EDGE_ROWS;
  const note = isCut
    ? html`<p class="note">
        The first and the last ${EDGE_ROWS} of ${groupedNumber(trades.length, 0)} exits; <span class="word">--trades</span> writes all of
        them as CSV.
      </p>`
    : null;
  const gap = html`<tr>
    <td colspan="16" class="gap">${groupedNumber(hidden, 0)} more</td>
  </tr>`;
  const rows = isCut ? [...trades.slice(0, EDGE_ROWS).map(row), gap, ...trades.slice(-EDGE_ROWS).map(row)] : trades.map(row);
  return html`${note}
    <div class="scroll tall">
      <table class="trades">
        <thead>
          <tr>
            <th scope="col">#</th>
            ${isOfStrategies ? html`<th scope="col" class="text">Strategy</th>` : null}
            ${isOfMany ? html`<th scope="col" class="text">Market</th>` : null}
            <th scope="col" class="text">Side</th>
            ${hasSetups ? html`<th scope="col" class="text">Setup</th>` : null}
            <th scope="col" class="text">Entry (UTC)</th>
            <th scope="col">Price</th>
            <th scope="col" class="text">Exit (UTC)</th>
            <th scope="col">Price</th>
            <th scope="col">Quantity</th>
            <th scope="col">Fees</th>
            ${hasCarry ? html`<th scope="col">Carry</th>` : null}
            <th scope="col">Profit</th>
            <th scope="col">%</th>
            <th scope="col">Bars</th>
            ${hasEntryReasons ? html`<th scope="col" class="text">Reason of the entry</th>` : null}
            <th scope="col" class="text">Reason of the exit</th>
          </tr>
        </thead>
        <tbody>
          ${rows}
        </tbody>
      </table>
    </div>`;
}

/** Columns that not every run has. */
interface Shown {
  readonly isOfStrategies: boolean;
  readonly isOfMany: boolean;
  readonly hasSetups: boolean;
  readonly hasCarry: boolean;
  readonly hasEntryReasons: boolean;
}

function tradeRow(trade: TradeRecord, { isOfStrategies, isOfMany, hasSetups, hasCarry, hasEntryReasons }: Shown): Html {
  const tone = trade.profit === null || trade.profit === 0 ? '' : trade.profit > 0 ? 'good' : 'bad';
  const profit = trade.profit === null ? '' : marketMoneyText(trade.profit, trade.market);
  const percent = trade.profitPct === null ? '' : groupedNumber(trade.profitPct, 2);
  const exitPrice = trade.exitPrice === null ? '' : priceText(trade.exitPrice);
  return html`<tr>
    <td>${trade.positionId}</td>
    ${isOfStrategies ? html`<td class="text">${plainText(trade.strategy ?? '', 40)}</td>` : null}
    ${isOfMany ? html`<td class="text">${plainText(trade.market, 40)}</td>` : null}
    <td class="text">${trade.side}</td>
    ${hasSetups ? html`<td class="text">${plainText(trade.setup ?? '', 40)}</td>` : null}
    <td class="text">${minuteText(trade.entryTime)}</td>
    <td>${priceText(trade.entryPrice)}</td>
    <td class="text">${minuteText(trade.exitTime)}</td>
    <td>${exitPrice}</td>
    <td>${quantityText(trade.qty)}</td>
    <td>${marketMoneyText(trade.fees, trade.market)}</td>
    ${hasCarry ? html`<td>${marketMoneyText(trade.carry, trade.market)}</td>` : null}
    <td class="${tone}">${profit}</td>
    <td class="${tone}">${percent}</td>
    <td>${trade.bars}</td>
    ${hasEntryReasons ? html`<td class="text">${plainText(trade.entryReason ?? '', 60)}</td>` : null}
    <td class="text">${plainText(trade.exitReason, 60)}</td>
  </tr>`;
}
