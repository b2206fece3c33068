import type { SimulationSettings } from '#core/engine/simulation-settings.ts';
import type { FeeModels, FeeTier } from '#core/model/fee-text.ts';
import type { SlippageModels } from '#core/model/slippage-text.ts';
import { type Data, fieldsOf } from './record-fields.ts';

/** Models of costs that an account goes by. */
export type CostSettings = Pick<
  SimulationSettings,
  'fees' | 'latency' | 'slippage' | 'participation' | 'minNotional' | 'queue' | 'swap' | 'pip' | 'contract' | 'isInverse'
>;

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
  const numbers = numbersOf(data, ['participation', 'minNotional', 'pip', 'contract']);
  const { isInverse } = data;
  if (numbers === undefined || (isInverse !== undefined && isInverse !== true)) return undefined;
  const fees = data['fees'] === undefined ? null : readFees(fieldsOf(data['fees']));
  if (fees === undefined) return undefined;
  const latency = data['latency'] === undefined ? null : numbersOf(fieldsOf(data['latency']), ['ms', 'bars']);
  if (latency === undefined) return undefined;
  const queue = data['queue'] === undefined ? null : numbersOf(fieldsOf(data['queue']), ['qty', 'share']);
  if (queue === undefined) return undefined;
  const swap = data['swap'] === undefined ? null : numbersOf(fieldsOf(data['swap']), ['long', 'short']);
  if (swap === undefined || (swap !== null && (swap.long === undefined || swap.short === undefined))) return undefined;
  const read = {
    ...numbers,
    ...(isInverse === true ? { isInverse: true as const } : {}),
    ...(fees === null ? {} : { fees }),
    ...(latency === null ? {} : { latency }),
    ...(queue === null ? {} : { queue }),
    ...(swap === null ? {} : { swap: { long: swap.long!, short: swap.short! } }),
  };
  if (data['slippage'] === undefined) return read;
  const slippage: SlippageModels | undefined = numbersOf(fieldsOf(data['slippage']), [
    'spreadRate',
    'spreadPips',
    'volumeShare',
    'squareRoot',
    'depth',
  ]);
  return slippage === undefined ? undefined : { ...read, slippage };
}

function readFees(data: Data): FeeModels | undefined {
  const numbers = numbersOf(data, ['perUnit', 'least']);
  const { tiers = [], isInBase } = data;
  if (numbers === undefined || !Array.isArray(tiers) || (isInBase !== undefined && isInBase !== true)) return undefined;
  const read: FeeTier[] = [];
  for (const tier of tiers) {
    const { from, maker, taker } = fieldsOf(tier);
    if (typeof from !== 'number' || typeof maker !== 'number' || typeof taker !== 'number') return undefined;
    read.push({ from, maker, taker });
  }
  return { ...numbers, ...(read.length === 0 ? {} : { tiers: read }), ...(isInBase === true ? { isInBase } : {}) };
}
