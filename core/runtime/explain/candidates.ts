import { ACCOUNT as A, SETTING as K, SIZE } from '#core/model/strategy-abi.ts';
import { isUsable } from '#core/engine/sizing.ts';
import { blockPlans } from '#core/engine/trading/block-plan.ts';
import { withdraw } from '#core/engine/trading/order-slot.ts';
import { LIMIT, NAN_WHEN_FLAT, OTHERS, POSITION as P, registerLayout, ZERO_WHEN_FLAT } from '#core/engine/trading/registers.ts';
import type { TradePlan } from '#core/model/trade-plan.ts';
import type { Cause } from './explain-document.ts';
import type { Lift } from './probe.ts';

/** Something that may keep a rule from acting, and how it is taken away. */
export interface Candidate {
  readonly cause: Cause;
  readonly lift: Lift;
}

/** What the words of causes are made of. */
export interface CauseSource {
  readonly plan: TradePlan;
  /** Registers at the close, before the decision. */
  readonly registers: Float64Array;
  /** What the rules decided by, laid out for the plan. */
  readonly row: Float64Array;
  readonly index: number;
  readonly warmUpBars: number;
  /** Statements of the file, by what they are in the plan. */
  readonly cooldowns: readonly Cause[];
  readonly limits: readonly Cause[];
  readonly guards: readonly Cause[];
  readonly entries: readonly Cause[];
  readonly exits: readonly Cause[];
  /** The limit that paused or halted entries last; null = none has. */
  readonly pausing: Cause | null;
  readonly capital: number;
  readonly close: number;
}

const cause = (kind: Cause['kind'], text: string): Cause => ({ kind, text, line: null, span: null });

/** What the venue asks of the size of an order. */
const MINIMUM: Candidate = {
  cause: cause('minimum', 'less than one lot or the minimum notional of the venue'),
  lift: {
    settings: (settings) => {
      settings[K.lot] = settings[K.lotInverse] = settings[K.minNotional] = 0;
    },
  },
};

function exposureCandidates({ maxLeverage }: TradePlan): readonly Candidate[] {
  if (maxLeverage === null) return [];
  const text = `the rules bound what is held to ${maxLeverage} times the equity`;
  return [{ cause: cause('exposure', text), lift: { plan: (now) => ({ ...now, maxLeverage: null }) } }];
}

/** A limit bounds nothing at the next open. */
function unlimited(plan: TradePlan, limit: number): (r: Float64Array) => void {
  const at = registerLayout(plan).limits[limit]! + LIMIT.most;
  return (r) => void (r[at] = Infinity);
}

/** What may keep any rule from acting. */
export function settledCandidates({
  index,
  warmUpBars,
  plan,
  registers,
  limits,
  guards,
  pausing,
  capital,
}: CauseSource): readonly Candidate[] {
  const isWarmingUp = index < warmUpBars;
  return [
    {
      cause: isWarmingUp
        ? cause('warmUp', `warming up: the rules need ${warmUpBars} bars before they act, and this is bar ${index + 1}`)
        : cause('period', 'the bar lies before the first that counts (--from)'),
      lift: { settings: (settings) => void (settings[K.firstBar] = 0) },
    },
    {
      cause: cause('end', 'the run ends here: what is held is closed, nothing is opened'),
      lift: { settings: (s) => void (s[K.endBar] = -1) },
    },
    ...(registers[P.isBankrupt] === 1 || !(registers[A.equity]! > 0)
      ? [
          {
            cause: cause('bankrupt', 'nothing is left of the account'),
            lift: {
              atClose: (r: Float64Array): void => {
                r[P.isBankrupt] = 0;
                r[A.cash] = r[A.equity] = r[A.peakEquity] = capital;
              },
            },
          },
        ]
      : []),
    { cause: cause('riskRule', 'a risk rule of the config, or a person, lets nothing through'), lift: { isUnreviewed: true } },
    ...plan.guards.map((_, place) => ({
      cause: guards[place]!,
      lift: { allRows: (row: Float64Array, now: TradePlan): void => void (row[now.guards[place]!.when] = 0) },
    })),
    ...plan.limits.map((_, place) => ({
      cause: limits[place]!,
      lift: {
        allRows: (row: Float64Array, now: TradePlan): void => void (row[now.limits[place]!.value.value] = Infinity),
        beforeNext: unlimited(plan, place),
      },
    })),
    {
      cause: pauseCause(pausing, registers[P.pausedUntil]!, index),
      lift: { atClose: (r) => void (r[P.pausedUntil] = 0) },
    },
  ];
}

function pauseCause(limit: Cause | null, until: number, index: number): Cause {
  const bars = until - index;
  const how = until === Infinity ? 'halted' : bars > 0 ? `paused for ${barsText(bars)} more` : 'paused from this bar on';
  if (limit === null) return cause('pause', `entries are ${how}`);
  return { ...limit, kind: 'pause', text: `entries are ${how}: ${limit.text}` };
}

/** What may keep an entry from ordering, besides its condition and what may keep any rule. */
export function entryCandidates(source: CauseSource, rule: number): readonly Candidate[] {
  const { plan, registers, index } = source;
  const { block, basket, order } = plan.entries[rule]!;
  const qty = registers[A.qty]!;
  const held = qty > 0 ? 'long' : 'short';
  const bars = index - registers[A.entryBar]!;
  return [
    ...(qty === 0
      ? []
      : [
          {
            cause: cause('position', `already ${held} since ${barsText(bars)}: it enters when nothing is held`),
            lift: { atClose: flatten },
          },
        ]),
    ...plan.blocks[block]!.cooldowns.map((_, place) => ({
      cause: source.cooldowns[place]!,
      lift: { row: (row: Float64Array, now: TradePlan): void => void (row[now.blocks[block]!.cooldowns[place]!.bars] = 0) },
    })),
    ...plan.entries.flatMap((other, place) =>
      place < rule && other.order.type === 'market' && (other.basket ?? null) === (basket ?? null)
        ? [
            {
              cause: source.entries[place]!,
              lift: { row: (row: Float64Array, now: TradePlan): void => void (row[now.entries[place]!.when] = 0) },
            },
          ]
        : [],
    ),
    ...(plan.universe === null ? [] : [{ cause: cause('member', 'the market is no member of the universe'), lift: memberLift(plan) }]),
    ...exposureCandidates(plan),
    {
      cause: cause('invalid', unusableText(source, rule)),
      lift: { row: (row) => makeUsable(row, source, rule), plan: (now) => withoutKelly(now, rule) },
    },
    ...sizeCandidates(source),
    ...(order.postOnly
      ? [
          {
            cause: cause('postOnly', 'post_only: the order would have filled at once'),
            lift: {
              plan: (now: TradePlan): TradePlan => ({
                ...now,
                entries: now.entries.map((entry, at) => (at === rule ? { ...entry, order: { ...entry.order, postOnly: false } } : entry)),
              }),
            },
          },
        ]
      : []),
  ];
}

/** Which numbers of an entry cannot be used; where all can, the stop lies on the wrong side of the price. */
function unusableText({ plan, row, registers }: CauseSource, rule: number): string {
  const { block: place, order } = plan.entries[rule]!;
  const { size, max, stops, takes, trail, breakeven } = plan.blocks[place]!;
  const parts: readonly (readonly [name: string, places: readonly (number | null | undefined)[]])[] = [
    ['size', [size.value, max?.value]],
    ['stop', stops.flatMap((stop) => [stop.value, stop.limit?.value])],
    ['target', takes.filter(({ at }) => at.kind !== 'price').map(({ at }) => at.value)],
    ['trail', [trail?.distance.value, trail?.after?.value, trail?.step?.value]],
    ['break-even', [breakeven?.after.value]],
    ['price', [order.price, order.limit]],
  ];
  const wrong = parts.filter(([, places]) => places.some((at) => at !== null && at !== undefined && !isUsable(row[at]!)));
  if (wrong.length > 0) return `its ${wrong.map(([name]) => name).join(' and ')} ${wrong.length > 1 ? 'are' : 'is'} na or not above zero`;
  if (size.kind === SIZE.kellyShare) return 'its size is nothing: the trades so far have no Kelly share';
  return registers[A.equity]! > 0 ? 'its stop lies at or beyond the price, or its size is nothing' : 'its size is nothing';
}

const barsText = (bars: number): string => `${bars} ${bars === 1 ? 'bar' : 'bars'}`;

/** What may keep an order small, or nothing. */
export function sizeCandidates({ capital }: CauseSource): readonly Candidate[] {
  const pay = (r: Float64Array): void => {
    r[A.cash] = Math.max(r[A.cash]!, 0) + 100 * capital;
    r[A.equity] = Math.max(r[A.equity]!, 0) + 100 * capital;
  };
  return [MINIMUM, { cause: cause('cash', 'the cash pays for nothing of it'), lift: { atClose: pay, beforeNext: pay } }];
}

/** What may keep a market order from filling at the next open. */
export function fillCandidates(source: CauseSource): readonly Candidate[] {
  const { plan, limits } = source;
  const pay = (r: Float64Array): void => void (r[A.cash] = Math.max(r[A.cash]!, 0) + 100 * source.capital);
  return [
    { cause: cause('cash', 'the cash pays for nothing of it'), lift: { beforeNext: pay } },
    MINIMUM,
    {
      cause: cause('volume', 'the next bar has too little volume for it'),
      lift: { settings: (settings) => void (settings[K.participation] = settings[K.depthShare] = 0) },
    },
    {
      cause: cause('order', 'it is on its way: it reaches the market later (latency)'),
      lift: { settings: (settings) => void (settings[K.latencyMs] = settings[K.latencyBars] = 0) },
    },
    ...plan.limits.map((_, place) => ({
      cause: limits[place]!,
      lift: { beforeNext: unlimited(plan, place) },
    })),
    { cause: cause('position', 'another order had opened a position first'), lift: { beforeNext: flatten } },
  ];
}

/** What may keep an exit from ordering. */
export function exitCandidates(source: CauseSource, rule: number): readonly Candidate[] {
  const { plan } = source;
  return [
    ...plan.exits.flatMap((_, place) =>
      place === rule
        ? []
        : [
            {
              cause: source.exits[place]!,
              lift: { row: (row: Float64Array, now: TradePlan): void => void (row[now.exits[place]!.when] = 0) },
            },
          ],
    ),
    {
      cause: cause('order', 'all of the position is on its way out already'),
      lift: { atClose: (r) => void (r[P.exitKind] = 0) },
    },
    { cause: cause('level', 'a stop that counts at closes was reached'), lift: { atClose: withoutClosingStop } },
    {
      cause: cause('invalid', 'the price of its order is na or no usable number'),
      lift: {
        row: (row, now) => {
          const { order } = now.exits[rule]!;
          for (const place of [order.price, order.limit]) if (place !== null && !(row[place]! > 0)) row[place] = source.close;
        },
      },
    },
    ...(plan.universe === null ? [] : [{ cause: cause('member', 'the market leaves the universe'), lift: memberLift(plan) }]),
  ];
}

function withoutClosingStop(r: Float64Array): void {
  r[P.closingLevel] = Number.NaN;
}

/** What may keep an add from ordering. */
export function addCandidates(source: CauseSource, block: number, add: number): readonly Candidate[] {
  const { plan, registers } = source;
  const at = registerLayout(plan).adds[block]![add]!;
  return [
    {
      cause: cause('adds', `it has been added ${registers[A.adds]} times, which is all that it may`),
      lift: { row: (row, now) => void (row[now.blocks[block]!.adds[add]!.maxTimes] = 1000) },
    },
    { cause: cause('order', 'all of the position is on its way out'), lift: { atClose: withoutExit, row: noExits } },
    { cause: cause('order', 'what was ordered before has still to fill'), lift: { atClose: (r) => withdraw(r, at) } },
    { cause: cause('level', 'a stop that counts at closes was reached'), lift: { atClose: withoutClosingStop } },
    ...exposureCandidates(plan),
    {
      cause: cause('invalid', 'its amount or price is na or no usable number'),
      lift: {
        row: (row, now) => {
          const { amount, scale, order, trigger } = now.blocks[block]!.adds[add]!;
          const value = amount.kind === 'share' ? amount.value : amount.amount.value;
          const all = [value, scale, order.price, order.limit, ...(trigger.kind === 'every' ? [trigger.distance.value] : [])];
          for (const place of all)
            if (place !== null && !(row[place]! > 0)) row[place] = place === value || place === scale ? 1 : source.close;
        },
      },
    },
    ...sizeCandidates(source),
  ];
}

/** What may keep a timeout from closing. */
export function timeoutCandidates(source: CauseSource, block: number, timeout: number): readonly Candidate[] {
  const age = source.index - source.registers[A.entryBar]!;
  return [
    {
      cause: cause('age', `held for ${barsText(age)} so far`),
      lift: { row: (row, now) => void (row[now.blocks[block]!.timeouts[timeout]!.bars] = 0) },
    },
    { cause: cause('rule', 'an exit closes the position'), lift: { row: noExitRules, atClose: withoutExit } },
  ];
}

function withoutExit(r: Float64Array): void {
  r[P.exitKind] = 0;
}

function noExitRules(row: Float64Array, { exits }: TradePlan): void {
  for (const { when } of exits) row[when] = 0;
}

function noExits(row: Float64Array, plan: TradePlan): void {
  noExitRules(row, plan);
  for (const { timeouts } of plan.blocks) for (const { bars } of timeouts) row[bars] = Infinity;
}

/** Nothing is held, and what was held is money. */
function flatten(r: Float64Array): void {
  r[A.cash] = r[A.equity]! - r[OTHERS.value]!;
  r[A.qty] = 0;
  for (const field of NAN_WHEN_FLAT) r[field] = Number.NaN;
  for (const field of ZERO_WHEN_FLAT) r[field] = 0;
  r[P.exitKind] = 0;
}

/** Every market of the universe that could be a member is one, chosen on this bar. */
function memberLift(plan: TradePlan): Lift {
  const { universe } = plan;
  if (universe === null) return {};
  const open = {
    filters: [],
    rankBy: null,
    hold: null,
    weight: { mode: 'equal', value: null },
    rebalanceMs: null,
    refreshMs: null,
  } as const;
  return { plan: (now) => ({ ...now, universe: { ...universe, ...open } }) };
}

/** Puts plain numbers where an entry needs some and has none. */
function makeUsable(row: Float64Array, { plan, close }: CauseSource, rule: number): void {
  const { block: place, side, order } = plan.entries[rule]!;
  const { frozen, size, max, planned, stops, takes, trail, breakeven } = blockPlans(plan)[place]!;
  for (const at of [order.price, order.limit]) if (at !== null && !isUsable(row[at]!)) row[at] = close;
  const price = row[order.limit ?? order.price ?? -1] ?? close;
  const put = (at: number, value: number): void => {
    if (!isUsable(row[at]!)) row[at] = value;
  };
  const amountOf = (kind: number): number => (kind === SIZE.quantity ? 1 : kind === SIZE.money ? close : 0.1);
  put(frozen[size]!, amountOf(planned.size.kind));
  if (planned.max !== null) put(frozen[max]!, amountOf(planned.max.kind));
  const distances = { price, distance: price * 0.01, percent: 0.01, r: 1 } as const;
  for (const { kind, place: at, limit } of stops) {
    row[at] = kind === 'price' ? price * (1 - side * 0.01) : distances[kind];
    if (limit !== null) put(limit.place, distances[limit.kind]);
  }
  const others = [...takes.map(({ level }) => level), trail?.distance, trail?.after, trail?.step, breakeven?.after, breakeven?.plus];
  for (const level of others) if (level !== undefined && level !== null) put(level.place, distances[level.kind]);
}

/** A share that Kelly's record has made nothing of becomes one of the equity. */
function withoutKelly(plan: TradePlan, rule: number): TradePlan {
  const { block } = plan.entries[rule]!;
  const sized = plan.blocks.map((one, at) =>
    at === block && one.size.kind === SIZE.kellyShare ? { ...one, size: { ...one.size, kind: SIZE.equityShare } } : one,
  );
  return { ...plan, blocks: sized };
}
