import type { SimulationSettings } from '#core/engine/simulation-settings.ts';
import { groupedNumber, shareText } from './number-text.ts';

/** A model of costs that a run goes by: the name of its option, and what it does. */
export type CostText = readonly [name: string, text: string];

/** What fills cost and how much of one there is, beyond a fee and a slippage; a line each. */
export function costTexts({ participation, minNotional, swap }: SimulationSettings): readonly CostText[] {
  const texts: CostText[] = [];
  if (participation !== undefined) texts.push(['participation', `Orders take at most ${shareText(participation)} of a bar's volume`]);
  if (minNotional !== undefined) texts.push(['minimum notional', `No order is worth less than ${groupedNumber(minNotional, 2)}`]);
  if (swap !== undefined)
    texts.push(['swap', `Longs pay ${shareText(swap.long)} a year and shorts ${shareText(swap.short)}, by the night`]);
  return texts;
}
