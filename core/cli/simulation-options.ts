import type { Conventions } from '#core/engine/simulation-settings.ts';
import type { PrepareOptions } from '#core/runtime/prepare-strategy.ts';
import type { Command, CommandInput, CommandOption } from './command.ts';
import { assignmentsOption, choiceOption, numberOption, rateOption } from './option-values.ts';

/** Options of every command that simulates trades. */
export const SIMULATION_OPTIONS: readonly CommandOption[] = [
  { name: 'set', value: 'NAME=VALUE', isMany: true, help: 'another value for a param of the strategy' },
  { name: 'capital', value: 'MONEY', help: 'starting cash in the quote currency (10000)' },
  { name: 'fee', value: 'RATE', help: 'fee of a fill, such as 0.1% or 10bp (0.1%)' },
  { name: 'slippage', value: 'RATE', help: 'how much worse than the market each fill is (0.05%)' },
];

/** Where tools differ: for comparisons and reference results. */
export const CONVENTION_OPTIONS: readonly CommandOption[] = (
  [
    { name: 'size-at', value: 'order|fill', help: 'when the quantity is fixed (order)' },
    { name: 'fill-at', value: 'nextOpen|close', help: 'where market orders fill (nextOpen; close only to compare)' },
    { name: 'limit-fill', value: 'through|touch', help: 'whether a limit that is only touched fills (through; touch only to compare)' },
    {
      name: 'opposite',
      value: 'ignore|reverse',
      help: 'whether a signal of the other side reverses a position (ignore; reverse only to compare)',
    },
    { name: 'warmup', value: 'settled|first', help: 'first bar that may trade (settled; first only to compare)' },
    { name: 'close-at-end', help: 'leave the market before the last bar ends' },
    { name: 'lot', value: 'STEP', help: 'smallest step of quantities (none)' },
    { name: 'tick', value: 'STEP', help: 'smallest step of prices (none)' },
  ] as const satisfies readonly CommandOption[]
).map((option) => ({ ...option, group: 'Conventions to compare with other tools' }));

export function simulationRequest(command: Command, input: CommandInput): PrepareOptions {
  return {
    set: assignmentsOption(command, input, 'set'),
    capital: numberOption(command, input, 'capital'),
    feeRate: rateOption(command, input, 'fee'),
    slippageRate: rateOption(command, input, 'slippage'),
  };
}

export function conventionsRequest(command: Command, input: CommandInput): Partial<Conventions> {
  const sizeAt = choiceOption(command, input, 'size-at', ['order', 'fill']);
  const fillAt = choiceOption(command, input, 'fill-at', ['nextOpen', 'close']);
  const limitFill = choiceOption(command, input, 'limit-fill', ['through', 'touch']);
  const opposite = choiceOption(command, input, 'opposite', ['ignore', 'reverse']);
  const warmup = choiceOption(command, input, 'warmup', ['settled', 'first']);
  const lot = numberOption(command, input, 'lot');
  const tick = numberOption(command, input, 'tick');
  return {
    ...(sizeAt === undefined ? {} : { sizeAt }),
    ...(fillAt === undefined ? {} : { fillAt }),
    ...(limitFill === undefined ? {} : { limitFill }),
    ...(opposite === undefined ? {} : { opposite }),
    ...(warmup === undefined ? {} : { warmup }),
    ...(input.flag('close-at-end') ? { closeAtEnd: true } : {}),
    ...(lot === undefined ? {} : { lot }),
    ...(tick === undefined ? {} : { tick }),
  };
}
