import type { ReactNode } from 'react';
import type { ControlTrade } from '#core/ports/bot-control.ts';
import { money, percent, price, qty } from '../format/number-text.ts';
import { Gain } from './gain.tsx';
import { Moment } from './moment.tsx';

/** A column of the trades table: how it is called, sorted and shown. Open trades sort above all closed ones by time. */
export interface TradeColumn {
  readonly id: string;
  readonly title: string;
  readonly right: boolean;
  readonly value: (trade: ControlTrade) => number | string;
  readonly show: (trade: ControlTrade) => ReactNode;
}

const LAST = Number.NEGATIVE_INFINITY;

/** The columns from the most to the least important: a phone shows the first ones without scrolling. */
export function tradeColumns(nameOf: (id: string) => string): readonly TradeColumn[] {
  return [
    {
      id: 'exit',
      title: 'Closed (UTC)',
      right: false,
      value: (trade) => trade.exitTime ?? Number.POSITIVE_INFINITY,
      show: (trade) => (trade.exitTime === null ? <span className="badge">open</span> : <Moment time={trade.exitTime} />),
    },
    { id: 'side', title: 'Side', right: false, value: (trade) => trade.side, show: (trade) => trade.side },
    {
      id: 'profit',
      title: 'Profit',
      right: true,
      value: (trade) => trade.profit ?? LAST,
      show: (trade) => <Gain value={trade.profit} text={money} />,
    },
    {
      id: 'percent',
      title: 'Percent',
      right: true,
      value: (trade) => trade.profitPct ?? LAST,
      show: (trade) => <Gain value={trade.profitPct} text={percent} />,
    },
    { id: 'strategy', title: 'Strategy', right: false, value: (trade) => nameOf(trade.strategy), show: (trade) => nameOf(trade.strategy) },
    { id: 'market', title: 'Market', right: false, value: (trade) => trade.market, show: (trade) => trade.market },
    { id: 'reason', title: 'Reason', right: false, value: (trade) => trade.exitReason, show: (trade) => trade.exitReason },
    {
      id: 'entry',
      title: 'Opened (UTC)',
      right: false,
      value: (trade) => trade.entryTime,
      show: (trade) => <Moment time={trade.entryTime} />,
    },
    {
      id: 'entryReason',
      title: 'Entry reason',
      right: false,
      value: (trade) => trade.entryReason ?? '',
      show: (trade) => trade.entryReason ?? '',
    },
    { id: 'entryPrice', title: 'Entry', right: true, value: (trade) => trade.entryPrice, show: (trade) => price(trade.entryPrice) },
    { id: 'exitPrice', title: 'Exit', right: true, value: (trade) => trade.exitPrice ?? LAST, show: (trade) => price(trade.exitPrice) },
    { id: 'qty', title: 'Quantity', right: true, value: (trade) => trade.qty, show: (trade) => qty(trade.qty) },
    { id: 'fees', title: 'Fees', right: true, value: (trade) => trade.fees, show: (trade) => money(trade.fees) },
  ];
}

/** By one column; equal values keep the order they had (newest first). */
export function sortTrades(trades: readonly ControlTrade[], column: TradeColumn, down: boolean): readonly ControlTrade[] {
  const sign = down ? -1 : 1;
  const rows = trades.map((trade) => ({ trade, value: column.value(trade) }));
  return rows.toSorted((a, b) => (a.value === b.value ? 0 : a.value < b.value ? -sign : sign)).map((row) => row.trade);
}
