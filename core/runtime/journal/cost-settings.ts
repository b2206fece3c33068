import type { SimulationSettings } from '#core/engine/simulation-settings.ts';
import type { SlippageModels } from '#core/model/slippage-text.ts';
import { type Data, fieldsOf } from './record-fields.ts';

/** Models of costs that an account goes by. */
export type CostSettings = Pick<SimulationSettings, 'slippage' | 'participation' | 'minNotional'>;

/** Numbers by name, those that are there; undefined when one is no number. */
function numbersOf<Name extends string>(data: Data, names: readonly Name[]): Partial<Record<Name, number>> | undefined {
  const found: Partial<Record<Name, number>> = {};
  for (const name of names) {
    const value = data[name];
    if (value === undefined) continue;
    if (typeof value !== 'number') return undefined;
    found[name] = value;
  }
  return found;
}

/** Undefined when something is no number. */
export function readCosts(data: Data): CostSettings | undefined {
  const numbers = numbersOf(data, ['participation', 'minNotional']);
  if (numbers === undefined) return undefined;
  if (data['slippage'] === undefined) return numbers;
  const slippage: SlippageModels | undefined = numbersOf(fieldsOf(data['slippage']), [
    'spreadRate',
    'spreadPips',
    'volumeShare',
    'squareRoot',
  ]);
  return slippage === undefined ? undefined : { ...numbers, slippage };
}
