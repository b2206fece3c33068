import type { ControlTrade } from '#core/ports/bot-control.ts';
import type { Bar } from '../api/answers.ts';
import { money, price, qty, signed } from '../format/number-text.ts';
import { Moment } from './moment.tsx';

function doneOn(bar: Bar, trades: readonly ControlTrade[]): string {
  const exits = trades
    .filter((trade) => trade.exitTime === bar.time)
    .map((trade) => `exit ${signed(trade.profit, money)} (${trade.exitReason})`);
  const entry = trades.find((trade) => trade.entryTime === bar.time);
  return [...exits, ...(entry === undefined ? [] : [`${entry.side} entry at ${price(entry.entryPrice)}`])].join(', ');
}

/** The bar under the pointer, or the last one, and what was traded on it. */
export function BarLegend({ bar, trades }: { readonly bar: Bar | null; readonly trades: readonly ControlTrade[] }) {
  if (bar === null) return <p className="bar-legend soft">no bars yet</p>;
  return (
    <p className="bar-legend num">
      <Moment time={bar.time} />
      <span>
        <b>O</b> {price(bar.open)}
      </span>
      <span>
        <b>H</b> {price(bar.high)}
      </span>
      <span>
        <b>L</b> {price(bar.low)}
      </span>
      <span>
        <b>C</b> {price(bar.close)}
      </span>
      <span>
        <b>V</b> {qty(bar.volume)}
      </span>
      <span>{doneOn(bar, trades)}</span>
    </p>
  );
}
