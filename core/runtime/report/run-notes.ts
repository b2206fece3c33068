import type { BacktestDocument } from '../backtest-document.ts';
import { groupedNumber, shareText } from './number-text.ts';

/**
 * What a reader has to know before believing the numbers: costs, conventions that flatter, missing trades, generated data.
 * What the document already warns of, by its code, is not said twice.
 */
export function runNotes(document: BacktestDocument): string[] {
  const { settings, metrics, data, trades } = document;
  const { conventions, feeRate, slippageRate } = settings;
  const { tradeCount } = metrics;
  const warned = new Set(document.warnings.map(({ code }) => code));
  const isFree = feeRate === 0 && slippageRate === 0;
  const fees = `fee ${shareText(feeRate)} a fill (${groupedNumber(metrics.fees, 2)} in all)`;
  const slippage = `slippage ${shareText(slippageRate)} a fill (${groupedNumber(metrics.slippage, 2)} in all)`;
  const notes: readonly (readonly [boolean, string])[] = [
    [data.some((source) => source.synthetic === true), 'Synthetic data: made by a generator, no market ever traded these prices.'],
    [isFree && !warned.has('NO_COSTS'), 'No costs: neither fees nor slippage are counted, so real results are worse.'],
    [!isFree, `Costs counted: ${fees}, ${slippage}.`],
    [
      conventions.fillAt === 'close' && !warned.has('FILL_AT_CLOSE'),
      'Orders fill at the close that decided them: only to compare with other tools, not tradable.',
    ],
    [conventions.sizeAt === 'fill', 'Quantities are fixed when an order fills, with a price that is not known when it goes out.'],
    [
      conventions.warmup === 'first' && !warned.has('WARM_UP_FIRST'),
      'Trading starts before all series have settled: the first trades depend on where the data begins.',
    ],
    [tradeCount === 0, 'No trade was closed: the trade figures have no value.'],
    [
      tradeCount > 0 && tradeCount < 30,
      `Only ${tradeCount} closed ${tradeCount === 1 ? 'trade' : 'trades'}: too few to tell skill from luck.`,
    ],
    [
      trades.some((trade) => trade.exitTime === null),
      'A position is open at the end: it counts in the equity only, at the last close and without the cost of closing.',
    ],
  ];
  return notes.filter(([holds]) => holds).map(([, text]) => text);
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
