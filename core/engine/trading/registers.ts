import { ACCOUNT, ACCOUNT_FIELDS } from '#core/model/strategy-abi.ts';
import type { PlannedEntry, PlannedLimit, TradePlan } from '#core/model/trade-plan.ts';
import { TRADED_FIELDS } from '../costs/fees.ts';
import { MARKET_STATISTIC, MARKET_STATISTICS } from '../costs/market-statistics.ts';
import { QUEUE_FIELDS } from '../costs/limit-queue.ts';
import { type BlockPlan, blockPlans } from './block-plan.ts';

/** Registers of the open position, behind those of ACCOUNT. NaN = none. */
export const POSITION = {
  /** 1 + the entry rule that opened it; 0 when flat. */
  entryRule: ACCOUNT_FIELDS,
  /** Quantity of the first fill, and of all fills that opened or added, in base units. */
  firstQty: ACCOUNT_FIELDS + 1,
  boughtQty: ACCOUNT_FIELDS + 2,
  firstPrice: ACCOUNT_FIELDS + 3,
  /** Net profit booked so far, fees included. */
  profit: ACCOUNT_FIELDS + 4,
  /** Level that closes inside of bars, and the LOG_KIND under which it does. */
  stopLevel: ACCOUNT_FIELDS + 5,
  stopKind: ACCOUNT_FIELDS + 6,
  /** How much worse than the level a stop-limit may fill, in price; NaN = a market order. */
  stopSlack: ACCOUNT_FIELDS + 7,
  /** The limit price that a triggered stop-limit waits at. */
  stopWaits: ACCOUNT_FIELDS + 8,
  /** The same for what triggers on closes. */
  closingLevel: ACCOUNT_FIELDS + 9,
  closingKind: ACCOUNT_FIELDS + 10,
  /** Price that the bar's best must reach before trailing starts; NaN = it has started. */
  trailStart: ACCOUNT_FIELDS + 11,
  /** The same for break-even; NaN = done or none. */
  breakevenStart: ACCOUNT_FIELDS + 12,
  /** Digits of the targets that have filled: the first is 1, the second 2, the third 4, ... */
  takenDigits: ACCOUNT_FIELDS + 13,
  /** A market exit on its way: LOG_KIND (0 = none), share, and rule. */
  exitKind: ACCOUNT_FIELDS + 14,
  exitFraction: ACCOUNT_FIELDS + 15,
  exitRule: ACCOUNT_FIELDS + 16,
  /** The last position that ended: bar, sign of its profit, LOG_KIND; bar NaN before the first. */
  endedBar: ACCOUNT_FIELDS + 17,
  endedProfit: ACCOUNT_FIELDS + 18,
  endedKind: ACCOUNT_FIELDS + 19,
  /** No entries are decided before this bar; Infinity = halted. */
  pausedUntil: ACCOUNT_FIELDS + 20,
  /** What backs an isolated position, quote units. */
  margin: ACCOUNT_FIELDS + 21,
  /** Open time of the last bar, and the funding rate that the data have for it; NaN = none. */
  lastTime: ACCOUNT_FIELDS + 22,
  lastFundingRate: ACCOUNT_FIELDS + 23,
  /** 1 when nothing is left of the account. */
  isBankrupt: ACCOUNT_FIELDS + 24,
  /** 1 = the rules changed while the position was open: what protects it is taken anew from the values of the next close. */
  isAdopted: ACCOUNT_FIELDS + 25,
  /** What a market exit has still to close because bars had too little volume: base units (Infinity = all, 0 = nothing), LOG_KIND and rule. */
  leavingQty: ACCOUNT_FIELDS + 26,
  leavingKind: ACCOUNT_FIELDS + 27,
  leavingRule: ACCOUNT_FIELDS + 28,
  /** 1 = a limit of the whole account closes the position at the next decision. */
  isFlattenDue: ACCOUNT_FIELDS + 29,
  /** Of a universe: 1 = the filters let the market pass, 1 = it is a member, and the share of the sizes that falls to it. */
  isEligible: ACCOUNT_FIELDS + 30,
  isMember: ACCOUNT_FIELDS + 31,
  weight: ACCOUNT_FIELDS + 32,
  /** Of the account: the periods in which members were chosen and filters asked last; NaN = never. */
  rebalancePeriod: ACCOUNT_FIELDS + 33,
  refreshPeriod: ACCOUNT_FIELDS + 34,
} as const;

/**
 * Registers, behind those of POSITION: what a market needs to know of the others on its account, each at its last close; all zero where it is alone.
 * Money in quote units.
 */
export const OTHERS = {
  /** Signed value of their positions: what they add to the equity. */
  value: ACCOUNT_FIELDS + 35,
  /** What they add to the free margin; zero or below. */
  free: ACCOUNT_FIELDS + 36,
  /** Of those of the same strategy: value of their positions without the sign, and what their orders would change of it: entries add, an exit of all takes away. */
  exposure: ACCOUNT_FIELDS + 37,
  ordered: ACCOUNT_FIELDS + 38,
  /** Value of the long ones. */
  long: ACCOUNT_FIELDS + 39,
  /** What must stand behind them, and what closing them costs. */
  maintenance: ACCOUNT_FIELDS + 40,
  /** Of the same strategy: how many are held, and how many more (or fewer) market orders leave. */
  held: ACCOUNT_FIELDS + 41,
  entering: ACCOUNT_FIELDS + 42,
  /** Of the same strategy: how many market orders open a position. */
  opening: ACCOUNT_FIELDS + 43,
} as const;
export const OTHERS_FIELDS = 9;
/** MARKET_STATISTIC from here on. */
export const STATISTICS_AT = OTHERS.value + OTHERS_FIELDS;
/** With latency: ms at which the market exit on its way reaches the market. */
export const EXIT_FROM_AT = STATISTICS_AT + MARKET_STATISTICS;
/** TRADED from here on. */
export const TRADED_AT = EXIT_FROM_AT + 1;
/** With a queue: what the bar before has traded, base units, and the place (QUEUE) of a triggered stop-limit. */
export const LAST_VOLUME_AT = TRADED_AT + TRADED_FIELDS;
export const STOP_QUEUE_AT = LAST_VOLUME_AT + 1;
const POSITION_END = STOP_QUEUE_AT + QUEUE_FIELDS;

/** Registers of a resting or pending order, one a rule. */
export const ORDER = {
  /** 0 = none; 1 market, 2 limit, 3 stop, 4 stop-limit. */
  type: 0,
  /** +1 buys, -1 sells. */
  side: 1,
  /** Base units; NaN = sized when it fills. Of an exit: the share. */
  qty: 2,
  /** Of a limit order its limit, else the trigger. */
  price: 3,
  limit: 4,
  /** Last bar on which it may fill, ms from which on it may not, bar at whose close it becomes a market order. */
  lastBar: 5,
  untilMs: 6,
  marketBar: 7,
  /** ORDER_IMMEDIATE: 1 = takes what there is at once, 2 = all at once or nothing; 0 = may wait. */
  isImmediate: 8,
  /** Of an add: distance to the next one, in price or as share. */
  distance: 9,
  percent: 10,
  /** Of a ladder of adds: orders left, and how much larger each is than the one before. */
  rungs: 11,
  scale: 12,
  /** What the rungs together may still buy or sell, base units. */
  most: 13,
  /** 1 = it was told that limits cut this add; told again only after they did not. */
  isLimited: 14,
  /** Base units that it has still to fill, once a bar gave it less than it wanted; 0 = none did. */
  rest: 15,
  /** Of an entry: 0..1, which of several markets is served first. */
  confidence: 16,
  /** With latency: ms at which it reaches the market. */
  fromMs: 17,
  /** Of a limit order with a queue: its place, QUEUE. */
  queue: 18,
  /** Frozen values of the block from here on. */
  frozen: 18 + QUEUE_FIELDS,
} as const;

/** Registers of a risk limit. */
export const LIMIT = {
  /** Key of the period, what is counted or measured from, and whether it is broken. */
  period: 0,
  base: 1,
  isBroken: 2,
  /** What it looks at (equity, losses, positions opened) as it was at the last check; NaN before the first. */
  last: 3,
  /** What it allowed at the last check, for orders that fill before the next; NaN before the first. */
  most: 4,
} as const;
export const LIMIT_FIELDS = 5;

/** Where each part of the registers begins. */
export interface RegisterLayout {
  readonly length: number;
  /** Frozen values of the position, of the longest block. */
  readonly frozen: number;
  readonly frozenCount: number;
  /** What targets have still to close once a bar gave them less than they wanted, base units each; of the block with the most. */
  readonly targets: number;
  readonly targetCount: number;
  /** Their places in queues, QUEUE_FIELDS each. */
  readonly targetQueues: number;
  readonly entries: readonly number[];
  readonly exits: readonly number[];
  /** By block, then by add. */
  readonly adds: readonly (readonly number[])[];
  readonly limits: readonly number[];
  /** The order that brings a member of a universe to its weight; null without a universe. */
  readonly rebalance: number | null;
  /** Of each setup, the rules outside of setups last: trades seen, then a ring of their profits as shares of the value. */
  readonly kelly: readonly number[];
  /** What the reason of each entry and exit rule said at its last signal. */
  readonly said: { readonly entries: readonly number[]; readonly exits: readonly number[] };
}

/** @param blocks those of the plan */
export function registerLayout(plan: TradePlan, blocks: readonly BlockPlan[] = blockPlans(plan)): RegisterLayout {
  const widest = blocks.reduce((most, { frozen }) => Math.max(most, frozen.length), 0);
  let next: number = POSITION_END;
  const take = (count: number): number => {
    const at = next;
    next += count;
    return at;
  };
  const frozen = take(widest);
  const targetCount = blocks.reduce((most, { takes }) => Math.max(most, takes.length), 0);
  const targets = take(targetCount);
  const targetQueues = take(targetCount * QUEUE_FIELDS);
  const entries = plan.entries.map(({ block }) => take(ORDER.frozen + blocks[block]!.frozen.length));
  const exits = plan.exits.map(() => take(ORDER.frozen));
  const adds = blocks.map(({ planned }) => planned.adds.map(() => take(ORDER.frozen)));
  const rebalance = plan.universe === null ? null : take(ORDER.frozen);
  const limits = plan.limits.map(() => take(LIMIT_FIELDS));
  const kelly = plan.kellyTrades === 0 ? [] : Array.from({ length: plan.setupCount + 1 }, () => take(1 + plan.kellyTrades));
  const saidBy = ({ reason = [] }: { readonly reason?: readonly number[] }): number => take(reason.length);
  const said = { entries: plan.entries.map(saidBy), exits: plan.exits.map(saidBy) };
  return {
    length: next,
    frozen,
    frozenCount: widest,
    targets,
    targetCount,
    targetQueues,
    entries,
    exits,
    adds,
    limits,
    rebalance,
    kelly,
    said,
  };
}

/** Whether a limit looks at all markets of the strategy (or at the account's money), or at one. */
export const isAccountLimit = (name: PlannedLimit['name']): boolean => name !== 'position';

const fieldsFrom = (at: number, length: number): number[] => Array.from({ length }, (_, field) => at + field);

/** What rounding leaves of an isolated margin that was all there was is nothing: a share of the highest equity. */
export const LOST_SHARE = 1e-12;

/** Registers that are the account's, markets that share one share them: its money. */
export const MONEY_REGISTERS: readonly number[] = [ACCOUNT.cash, ACCOUNT.equity, ACCOUNT.peakEquity, POSITION.isBankrupt];

/** And what it has traded, which nobody asks for where fees have no tiers. */
export const TRADED_REGISTERS: readonly number[] = fieldsFrom(TRADED_AT, TRADED_FIELDS);

/** And what a strategy counts on it, over all of its markets. */
export function countRegisters(plan: TradePlan): readonly number[] {
  const { limits, kelly } = registerLayout(plan);
  return [
    ACCOUNT.trades,
    ACCOUNT.wins,
    ACCOUNT.losses,
    ACCOUNT.losingStreak,
    POSITION.rebalancePeriod,
    POSITION.refreshPeriod,
    ...plan.limits.flatMap(({ name }, place) => (isAccountLimit(name) ? fieldsFrom(limits[place]!, LIMIT_FIELDS) : [])),
    ...kelly.flatMap((at) => fieldsFrom(at, 1 + plan.kellyTrades)),
  ];
}

/** Length of the registers that a plan needs. */
export function registerCount(plan: TradePlan): number {
  return registerLayout(plan).length;
}

/** What is NaN while there is no position. */
export const NAN_WHEN_FLAT: readonly number[] = [
  ACCOUNT.avgPrice,
  ACCOUNT.entryBar,
  ACCOUNT.entryTime,
  ACCOUNT.riskDistance,
  POSITION.firstPrice,
  POSITION.stopLevel,
  POSITION.stopSlack,
  POSITION.stopWaits,
  POSITION.closingLevel,
  POSITION.trailStart,
  POSITION.breakevenStart,
];
/** What is zero while there is no position. */
export const ZERO_WHEN_FLAT: readonly number[] = [
  POSITION.entryRule,
  POSITION.firstQty,
  POSITION.boughtQty,
  POSITION.profit,
  POSITION.margin,
  POSITION.stopKind,
  POSITION.closingKind,
  ACCOUNT.adds,
  POSITION.takenDigits,
  POSITION.isAdopted,
  POSITION.leavingQty,
  POSITION.leavingKind,
  POSITION.leavingRule,
];

/** Registers of a sub-account that holds `capital` in cash and nothing else. */
export function openTradingRegisters(plan: TradePlan, capital: number): Float64Array {
  const layout = registerLayout(plan);
  const registers = new Float64Array(layout.length);
  registers[ACCOUNT.cash] = registers[ACCOUNT.equity] = registers[ACCOUNT.peakEquity] = capital;
  const unknown = [
    ACCOUNT.lastFill,
    POSITION.endedBar,
    POSITION.lastTime,
    POSITION.lastFundingRate,
    POSITION.rebalancePeriod,
    POSITION.refreshPeriod,
  ];
  for (const field of [...NAN_WHEN_FLAT, ...unknown]) registers[field] = Number.NaN;
  registers[STATISTICS_AT + MARKET_STATISTIC.lastClose] = Number.NaN;
  for (const at of layout.limits) for (const field of [LIMIT.period, LIMIT.last, LIMIT.most]) registers[at + field] = Number.NaN;
  return registers;
}

/** What the targets of the open position sell, as text. */
function sharesOf({ entries, blocks }: TradePlan, registers: Float64Array): string {
  const entry = entries[registers[POSITION.entryRule]! - 1];
  return JSON.stringify(entry === undefined ? [] : blocks[entry.block]!.takes.map(({ share }) => share));
}

/**
 * Registers under a plan in the place of those under another: account, position and stop go on, an open position is taken over by the first entry of its side.
 * Orders that wait are withdrawn; what limits count begins anew unless the limits are the same.
 * @param holder of a basket and its legs: the basket, and the side that it is held on
 */
export function adoptRegisters(
  was: TradePlan,
  now: TradePlan,
  registers: Float64Array,
  holder: { readonly basket: number; readonly side: number } | null = null,
): Float64Array {
  const [before, layout] = [registerLayout(was), registerLayout(now)];
  const adopted = openTradingRegisters(now, 0);
  adopted.set(registers.subarray(0, POSITION_END));
  const side = holder === null || registers[ACCOUNT.qty] === 0 ? Math.sign(registers[ACCOUNT.qty]!) : holder.side;
  const adopts = (entry: PlannedEntry): boolean => entry.side === side && (entry.basket ?? null) === (holder?.basket ?? null);
  adopted[POSITION.entryRule] = side === 0 ? 0 : now.entries.findIndex(adopts) + 1;
  adopted[POSITION.isAdopted] = side === 0 ? 0 : 1;
  // Targets that have filled are those of the new rules only where these sell the same shares.
  if (sharesOf(was, registers) !== sharesOf(now, adopted)) adopted[POSITION.takenDigits] = 0;
  else adopted.set(registers.subarray(before.targets, before.targets + Math.min(before.targetCount, layout.targetCount)), layout.targets);
  adopted.fill(Number.NaN, layout.frozen, layout.frozen + layout.frozenCount);
  const keep = (from: readonly number[], to: readonly number[], length: number): void => {
    for (const [place, at] of to.entries()) {
      const start = from[place]!;
      adopted.set(registers.subarray(start, start + length), at);
    }
  };
  // A rule of the new ones has another number; a pause or halt was the old limits'.
  adopted[POSITION.exitRule] = -1;
  adopted[POSITION.leavingRule] = -1;
  if (JSON.stringify(was.limits) === JSON.stringify(now.limits)) keep(before.limits, layout.limits, LIMIT_FIELDS);
  else adopted[POSITION.pausedUntil] = 0;
  if (was.kellyTrades === now.kellyTrades && was.setupCount === now.setupCount) keep(before.kelly, layout.kelly, 1 + now.kellyTrades);
  return adopted;
}
