import type { BacktestDocument } from '../backtest-document.ts';
import { groupedNumber, shareText } from './number-text.ts';

/** What a reader has to know before believing the numbers: costs, conventions that flatter, missing trades, generated data. */
export function runNotes(document: BacktestDocument): string[] {
  const { settings, metrics, data, trades } = document;
  const { conventions } = settings;
  const notes: string[] = [];
  if (data.some((source) => source.synthetic === true))
    notes.push('Synthetic data: made by a generator, no market ever traded these prices.');
  if (settings.feeRate === 0 && settings.slippageRate === 0)
    notes.push('No costs: neither fees nor slippage are counted, so real results are worse.');
  else {
    notes.push(
      `Costs counted: fee ${shareText(settings.feeRate)} a fill (${groupedNumber(metrics.fees, 2)} in all), slippage ${shareText(settings.slippageRate)} a fill (${groupedNumber(metrics.slippage, 2)} in all).`,
    );
  }
  if (conventions.fillAt === 'close')
    notes.push('Orders fill at the close that decided them: only to compare with other tools, not tradable.');
  if (conventions.sizeAt === 'fill')
    notes.push('Quantities are fixed when an order fills, with a price that is not known when it goes out.');
  if (conventions.warmup === 'first')
    notes.push('Trading starts before all series have settled: the first trades depend on where the data begins.');
  if (metrics.tradeCount === 0) notes.push('No trade was closed: the trade figures have no value.');
  else if (metrics.tradeCount < 30) notes.push(`Only ${metrics.tradeCount} closed trades: too few to tell skill from luck.`);
  if (trades.some((trade) => trade.exitTime === null))
    notes.push('A position is open at the end: it counts in the equity only, at the last close and without the cost of closing.');
  return notes;
}

/** The conventions as one line each, name and value. */
export function conventionLines(document: BacktestDocument): [string, string][] {
  const { sizeAt, fillAt, warmup, closeAtEnd, lot, tick } = document.settings.conventions;
  return [
    ['sizeAt', sizeAt],
    ['fillAt', fillAt],
    ['warmup', warmup],
    ['closeAtEnd', String(closeAtEnd)],
    ['lot', lot === null ? 'none' : String(lot)],
    ['tick', tick === null ? 'none' : String(tick)],
  ];
}
