import type { SimulationSettings } from '#core/engine/simulation-settings.ts';
import type { FeeModels } from '#core/model/fee-text.ts';
import type { SlippageModels } from '#core/model/slippage-text.ts';
import { groupedNumber, shareText } from './number-text.ts';

/** A model of costs that a run goes by: the name of its option, and what it does. */
export type CostText = readonly [name: string, text: string];

/** What fills cost and how much of one there is, beyond a fee and a slippage; a line each. */
export function costTexts({ fees, latency, slippage, participation, queue, minNotional, swap }: SimulationSettings): readonly CostText[] {
  const texts: CostText[] = [];
  if (fees !== undefined) texts.push(...feeTexts(fees).map((text): CostText => ['fees', text]));
  if (latency !== undefined)
    texts.push([
      'latency',
      `Orders reach the market ${latency.bars === undefined ? `${latency.ms ?? 0} ms` : `${latency.bars} bars`} after their decision`,
    ]);
  if (slippage !== undefined) texts.push(['slippage by', `Slippage besides: ${slippageTexts(slippage).join(', ')}`]);
  if (participation !== undefined) texts.push(['participation', `Orders take at most ${shareText(participation)} of a bar's volume`]);
  if (queue !== undefined) {
    const ahead = queue.share === undefined ? `${queue.qty ?? 0} units` : `${shareText(queue.share)} of the volume of the bar before`;
    texts.push(['queue', `Limit orders wait behind ${ahead} at their price`]);
  }
  if (minNotional !== undefined) texts.push(['minimum notional', `No order is worth less than ${groupedNumber(minNotional, 2)}`]);
  if (swap !== undefined)
    texts.push(['swap', `Longs pay ${shareText(swap.long)} a year and shorts ${shareText(swap.short)}, by the night`]);
  return texts;
}

function slippageTexts({ spreadRate, spreadPips, volumeShare, squareRoot, depth }: SlippageModels): readonly string[] {
  return [
    ...(spreadRate === undefined ? [] : [`half of a spread of ${shareText(spreadRate)}`]),
    ...(spreadPips === undefined ? [] : [`half of a spread of ${spreadPips} pips`]),
    ...(volumeShare === undefined ? [] : [`${volumeShare} times the square of the share of the bar's volume`]),
    ...(depth === undefined
      ? []
      : [depth === 1 ? 'the levels of the recorded books' : `${depth} times the sizes of the recorded books, level by level`]),
    ...(squareRoot === undefined ? [] : [`${squareRoot} times sigma times the square root of the share of the usual volume`]),
  ];
}

function feeTexts({ tiers = [], perUnit, least = 0, isInBase }: FeeModels): readonly string[] {
  const rates = tiers.map(({ from, maker, taker }) => `${shareText(maker)} / ${shareText(taker)} from ${groupedNumber(from, 0)} on`);
  return [
    ...(rates.length === 0 ? [] : [`Fees of maker / taker by the traded value of 30 days: ${rates.join(', ')}`]),
    ...(perUnit === undefined ? [] : [`Fee of ${perUnit} for each unit, at least ${least} a fill`]),
    ...(isInBase === true ? ['The fee of a purchase is taken from what was bought'] : []),
  ];
}
