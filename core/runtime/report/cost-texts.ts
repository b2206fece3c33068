import type { SimulationSettings } from '#core/engine/simulation-settings.ts';
import { shareText } from './number-text.ts';

/** A model of costs that a run goes by: the name of its option, and what it does. */
export type CostText = readonly [name: string, text: string];

/** What fills cost and how much of one there is, beyond a fee and a slippage; a line each. */
export function costTexts({ participation }: SimulationSettings): readonly CostText[] {
  const texts: CostText[] = [];
  if (participation !== undefined) texts.push(['participation', `Orders take at most ${shareText(participation)} of a bar's volume`]);
  return texts;
}
