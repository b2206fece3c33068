import { MARKET_CALENDARS } from '#core/data/calendar/market-calendar.ts';
import type { Conventions } from '#core/engine/simulation-settings.ts';
import { type Fee, FEE_WORDS, parseFee } from '#core/model/fee-text.ts';
import { type Latency, LATENCY_WORDS, parseLatency } from '#core/model/latency-text.ts';
import { MAINTENANCE_WORDS, type MaintenanceTier, parseMaintenance } from '#core/model/maintenance-text.ts';
import { parseQueue, QUEUE_WORDS, type QueueModel } from '#core/model/queue-text.ts';
import { parseSlippage, type Slippage, SLIPPAGE_WORDS } from '#core/model/slippage-text.ts';
import type { PrepareOptions } from '#core/runtime/prepare-strategy.ts';
import type { Command, CommandInput, CommandOption } from './command.ts';
import { usage } from './command-line.ts';
import { calendarOption } from './data/calendar-option.ts';
import { assignmentsOption, choiceOption, numberOption, rateOption, signedRateOption, timeframeOption } from './option-values.ts';

/** Options of every command that simulates trades. */
export const SIMULATION_OPTIONS: readonly CommandOption[] = [
  { name: 'set', value: 'NAME=VALUE', isMany: true, help: 'another value for a param of the strategy' },
  { name: 'capital', value: 'MONEY', help: "starting cash in the account's currency (10000; of an inverse perpetual 1 coin)" },
  { name: 'fee', value: 'FEE', help: 'fee of a fill: a rate, maker/taker, tiers by traded value, or unit:0.005 (0.1%)' },
  {
    name: 'slippage',
    value: 'MODEL',
    help: 'how much worse than the market each fill is: a rate, or spread:0.04%+square-root:1 and the like (0.05%)',
  },
];

/** What a leveraged or perpetual position costs and needs, where the strategy trades one. */
export const MARGIN_OPTIONS: readonly CommandOption[] = (
  [
    { name: 'leverage', value: 'N', help: 'value that a position may have over its margin (that of the strategy, else 1)' },
    {
      name: 'margin',
      value: 'isolated|cross',
      help: "what backs a position: its own margin, or all of the account (the strategy's, else cross)",
    },
    {
      name: 'funding',
      value: 'RATE',
      help: 'what longs of a perpetual pay to shorts each time, such as 0.01% (the funding_rate of the candles, where the strategy says "funding true")',
    },
    { name: 'funding-every', value: 'LENGTH', help: 'time between fundings (8h: at 00:00, 08:00 and 16:00 UTC)' },
    {
      name: 'maintenance',
      value: 'TIERS',
      help: 'share of a position that must back it, and that of the parts above given values: 0.4%,50000:0.5%,600000:0.65% (0.5%)',
    },
    { name: 'liquidation-fee', value: 'RATE', help: 'what a liquidation costs instead of the fee (the same)' },
  ] as const satisfies readonly CommandOption[]
).map((option) => ({ ...option, group: 'Perpetuals and margin' }));

/** What a fill costs and how much of one there is, beyond a fee and a slippage: each is off unless asked for. */
export const COST_OPTIONS: readonly CommandOption[] = (
  [
    {
      name: 'participation',
      value: 'SHARE',
      help: "share of a bar's volume that orders may take, such as 10%; the rest of an order goes on at the next bars (all at once)",
    },
    {
      name: 'queue',
      value: 'SIZE',
      help: "what stands before a limit order at its price: units such as 2.5, or 5% of a bar's volume (it fills when the market goes through)",
    },
    { name: 'fee-in', value: 'quote|base', help: 'coin that a purchase pays its fee in (quote)' },
    { name: 'fee-discount', value: 'SHARE', help: 'share off all fees, as for those paid in a coin of the venue (none)' },
    {
      name: 'latency',
      value: 'TIME',
      help: 'from a decision to its order at the market: 2s, 250ms, 1 bar; finer than bars with --detail (none)',
    },
    { name: 'min-notional', value: 'MONEY', help: "least value of an order, in the account's currency (none)" },
    {
      name: 'borrow',
      value: 'RATE',
      help: "what a short pays a year on its value, and a long on what it borrowed (the strategy's, else nothing)",
    },
    { name: 'swap-long', value: 'RATE', help: 'what a long currency position pays a year, by the night, such as 2.1% or -0.4% (nothing)' },
    { name: 'swap-short', value: 'RATE', help: 'the same for a short one' },
  ] as const satisfies readonly CommandOption[]
).map((option) => ({ ...option, group: 'Models of costs' }));

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
    { name: 'contract', value: 'SIZE', help: 'what a contract is: base units, of an inverse perpetual dollars (1)' },
    {
      name: 'calendar',
      value: 'NAME',
      help: `days of trading by which figures are brought to a year: ${MARKET_CALENDARS.join(', ')} (365 with weekends in the bars, else 252)`,
    },
    { name: 'lot', value: 'STEP', help: 'smallest step of quantities (none; of an inverse perpetual a contract)' },
    { name: 'tick', value: 'STEP', help: 'smallest step of prices (none)' },
  ] as const satisfies readonly CommandOption[]
).map((option) => ({ ...option, group: 'Conventions to compare with other tools' }));

export function simulationRequest(command: Command, input: CommandInput): PrepareOptions {
  return {
    set: assignmentsOption(command, input, 'set'),
    capital: numberOption(command, input, 'capital'),
    fee: feeOption(command, input),
    slippage: slippageOption(command, input),
  };
}

function feeOption(command: Command, input: CommandInput): Fee | undefined {
  const text = input.value('fee');
  if (text === undefined) return undefined;
  const fee = parseFee(text);
  if (fee === null) throw usage(`--fee takes ${FEE_WORDS}; found "${text}"`, command);
  return fee;
}

function latencyOption(command: Command, input: CommandInput): Latency | undefined {
  const text = input.value('latency');
  if (text === undefined) return undefined;
  const latency = parseLatency(text);
  if (latency === null) throw usage(`--latency takes ${LATENCY_WORDS}; found "${text}"`, command);
  return latency;
}

function queueOption(command: Command, input: CommandInput): QueueModel | undefined {
  const text = input.value('queue');
  if (text === undefined) return undefined;
  const queue = parseQueue(text);
  if (queue === null) throw usage(`--queue takes ${QUEUE_WORDS}; found "${text}"`, command);
  return queue;
}

function slippageOption(command: Command, input: CommandInput): Slippage | undefined {
  const text = input.value('slippage');
  if (text === undefined) return undefined;
  const slippage = parseSlippage(text);
  if (slippage === null) throw usage(`--slippage takes ${SLIPPAGE_WORDS}; found "${text}"`, command);
  return slippage;
}

export function costsRequest(command: Command, input: CommandInput): PrepareOptions {
  const participation = rateOption(command, input, 'participation');
  if (participation !== undefined && !(participation > 0 && participation <= 1))
    throw usage(`--participation takes more than 0% of the volume, found "${input.value('participation')}"`, command);
  return {
    participation,
    queue: queueOption(command, input),
    latency: latencyOption(command, input),
    minNotional: numberOption(command, input, 'min-notional'),
    borrowRate: rateOption(command, input, 'borrow'),
    swapLong: signedRateOption(command, input, 'swap-long'),
    swapShort: signedRateOption(command, input, 'swap-short'),
    feeIn: choiceOption(command, input, 'fee-in', ['quote', 'base']),
    feeDiscount: rateOption(command, input, 'fee-discount'),
  };
}

export function marginRequest(command: Command, input: CommandInput): PrepareOptions {
  const every = timeframeOption(command, input, 'funding-every');
  if (every !== null && !Number.isInteger(every.stepMs / 60_000))
    throw usage(`--funding-every takes whole minutes, hours or days such as 8h, found "${every.name}"`, command);
  const leverage = numberOption(command, input, 'leverage');
  if (leverage !== undefined && leverage < 1) throw usage(`--leverage takes 1 or more, found "${leverage}"`, command);
  return {
    leverage,
    margin: choiceOption(command, input, 'margin', ['isolated', 'cross']),
    fundingRate: signedRateOption(command, input, 'funding'),
    fundingMs: every?.stepMs,
    maintenance: tiersOption(command, input, 'maintenance'),
    liquidationRate: rateOption(command, input, 'liquidation-fee'),
  };
}

function tiersOption(command: Command, input: CommandInput, name: string): readonly MaintenanceTier[] | undefined {
  const text = input.value(name);
  if (text === undefined) return undefined;
  const tiers = parseMaintenance(text);
  if (tiers === null) throw usage(`--${name} takes ${MAINTENANCE_WORDS}; found "${text}"`, command);
  return tiers;
}

export function conventionsRequest(command: Command, input: CommandInput): Partial<Conventions> {
  const sizeAt = choiceOption(command, input, 'size-at', ['order', 'fill']);
  const fillAt = choiceOption(command, input, 'fill-at', ['nextOpen', 'close']);
  const limitFill = choiceOption(command, input, 'limit-fill', ['through', 'touch']);
  const opposite = choiceOption(command, input, 'opposite', ['ignore', 'reverse']);
  const warmup = choiceOption(command, input, 'warmup', ['settled', 'first']);
  const lot = numberOption(command, input, 'lot');
  const tick = numberOption(command, input, 'tick');
  const calendar = calendarOption(command, input);
  return {
    ...(sizeAt === undefined ? {} : { sizeAt }),
    ...(fillAt === undefined ? {} : { fillAt }),
    ...(limitFill === undefined ? {} : { limitFill }),
    ...(opposite === undefined ? {} : { opposite }),
    ...(warmup === undefined ? {} : { warmup }),
    ...(input.flag('close-at-end') ? { closeAtEnd: true } : {}),
    ...(lot === undefined ? {} : { lot }),
    ...(tick === undefined ? {} : { tick }),
    ...(calendar === null ? {} : { calendar: { name: calendar.name, daysOfYear: calendar.daysOfYear } }),
  };
}
