import { isInverse } from '#core/model/market.ts';
import { SIZE } from '#core/model/strategy-abi.ts';
import type { NodeId } from '../graph/node.ts';
import type { AddRule, EntryRule, ExposureBound, Program, RiskLimit, SizeAmount, StopRule, TradeBlock } from '../program.ts';

/** Bounds of the values that a node can have. */
export type IntervalOf = (id: NodeId) => { readonly low: number; readonly high: number };

/** Capital of a run that nobody said anything about: what amounts of money are compared with. */
const DEFAULT_CAPITAL = 10_000;
const INVERSE_CAPITAL = 1;

/**
 * What the rules allow at most, over the whole range of the params, before gaps and slippage: the position's value as a multiple of equity at the order, and the
 * loss of one trade as a share of equity. An amount that only the market bounds (a quantity; a risk over a distance that may be tiny) is Infinity.
 */
export function exposureBound(program: Program, intervalOf: IntervalOf): ExposureBound {
  const { capital, leverage } = program.account;
  const usual = isOfInverse(program) ? INVERSE_CAPITAL : DEFAULT_CAPITAL;
  const bound = boundAt(program, { intervalOf, capital: capital ?? usual }, leverage ?? Infinity);
  // Against no capital at all every amount of money is too much: what is left holds whatever the account is worth. The leverage is kept by the margin.
  return { ...bound, enforcedLeverage: boundAt(program, { intervalOf, capital: 0 }, Infinity).leverage };
}

/** @param lent what the account's leverage allows all positions to be worth */
function boundAt(program: Program, { intervalOf, capital }: Numbers, lent: number): Omit<ExposureBound, 'enforcedLeverage'> {
  const lossAt = isOfInverse(program) ? inverseLoss : linearLoss;
  const bounds = program.entries.map((entry) => tradeBound(entry, { intervalOf, capital, lossAt: (share) => lossAt(share, entry.side) }));
  const cap = leverageCap(program.limits, { intervalOf, capital });
  const largest = Math.max(0, ...bounds.map((bound) => bound.leverage));
  const leverage = Math.min(lent, cap.total, allMarkets(program, largest, cap.position, intervalOf));
  const worst = (entry: EntryRule, { leverage: own, loss, perValue }: TradeBound): number => {
    const capped = Math.min(own, lent, cap.position, cap.total);
    // A long position without leverage can lose its value and no more; one of inverse contracts may owe any multiple of it.
    const whole = entry.side > 0 && !isOfInverse(program) ? 1 : Infinity;
    return Math.min(loss, capped * (Number.isFinite(perValue) ? perValue : whole), liquidatedLoss(program, capped));
  };
  return { leverage, lossPerTrade: Math.max(0, ...program.entries.map((entry, index) => worst(entry, bounds[index]!))) };
}

/** Positions of several markets add up; the members of a universe share one size, and each of them keeps to the limit of a position. */
function allMarkets({ universe, markets }: Program, largest: number, perPosition: number, intervalOf: IntervalOf): number {
  if (universe === null) return Math.max(1, markets.length) * Math.min(perPosition, largest);
  const held = universe.hold === null ? Infinity : intervalOf(universe.hold).high;
  return Math.min(largest, held * perPosition);
}

/** What the venue leaves to lose, as a share of equity: the margin of an isolated position, else the account; Infinity where nothing is liquidated. */
function liquidatedLoss(program: Program, value: number): number {
  const { leverage, margin } = program.account;
  if ((leverage ?? 1) === 1 && margin === null && !isOfInverse(program)) return Infinity;
  return margin === 'isolated' ? value / (leverage ?? 1) : 1;
}

interface Numbers {
  readonly intervalOf: IntervalOf;
  readonly capital: number;
}

/** With what of its value a position loses when the price has moved against it by a share of itself. */
interface TradeNumbers extends Numbers {
  readonly lossAt: (share: number) => number;
}

const linearLoss = (share: number): number => share;

/** N / p grows faster while p falls: of a long position that was worth 1, `1 / (1 - share) - 1` is lost. */
const inverseLoss = (share: number, side: 1 | -1): number =>
  side > 0 && share >= 1 ? Infinity : share === Infinity ? 1 : share / (1 - side * share);

function isOfInverse({ markets, universe }: Program): boolean {
  const [first] = [...markets, ...(universe?.list ?? [])];
  return first !== undefined && isInverse(first);
}

interface TradeBound {
  readonly leverage: number;
  /** Share of equity, by the size clause; Infinity when only the position's value bounds it. */
  readonly loss: number;
  /** Share of the position's value that is lost at the stop. */
  readonly perValue: number;
}

function tradeBound({ block, confidence }: EntryRule, numbers: TradeNumbers): TradeBound {
  const { intervalOf } = numbers;
  const perValue = numbers.lossAt(stopShare(block.stops, intervalOf));
  const isConfident = intervalOf(confidence).high <= 1;
  const single = firstEntry(block, perValue, numbers);
  const times = isConfident ? addedTimes(block.adds, intervalOf) : Infinity;
  const ownAdds = block.adds.some(({ amount }) => amount.kind === 'amount') ? Infinity : 0;
  return { leverage: single.leverage * times + ownAdds, loss: single.loss * times + ownAdds, perValue };
}

/** Value and loss of the first entry, with its ceiling; a floor can lift it above. */
function firstEntry(block: TradeBlock, perValue: number, numbers: TradeNumbers): { readonly leverage: number; readonly loss: number } {
  // Of several stops the tightest counts: a distance that may be tiny makes a position of fixed risk as large as one likes.
  const isPercent = block.stops.length > 0 && block.stops.every(({ kind }) => kind === 'percent');
  const nearest = isPercent ? numbers.lossAt(Math.min(...block.stops.map(({ value }) => numbers.intervalOf(value).low))) : Infinity;
  const shareOf = (amount: SizeAmount): number => valueShare(amount, nearest, numbers);
  let leverage = shareOf(block.size);
  let loss = riskShare(block.size, numbers);
  if (block.max !== null) leverage = Math.min(leverage, shareOf(block.max));
  if (block.min !== null) {
    const floor = shareOf(block.min);
    if (!(floor <= leverage)) [leverage, loss] = [Math.max(leverage, floor), Infinity];
    else if (Number.isFinite(loss)) loss = Math.max(loss, floor * perValue);
  }
  return { leverage, loss };
}

/** Value of an amount as a share of equity; `nearest`: what of it is lost at the nearest that the stop can lie, a share, Infinity = not known. */
function valueShare({ kind, value }: SizeAmount, nearest: number, { intervalOf, capital }: Numbers): number {
  const { high } = intervalOf(value);
  switch (kind) {
    case SIZE.equityShare:
    case SIZE.cashShare:
    case SIZE.kellyShare:
      return atLeastZero(high);
    case SIZE.money:
      return atLeastZero(high) / capital;
    case SIZE.riskEquityShare:
    case SIZE.riskCashShare:
      return nearest > 0 && Number.isFinite(nearest) ? atLeastZero(high) / nearest : Infinity;
    case SIZE.riskMoney:
      return nearest > 0 && Number.isFinite(nearest) ? atLeastZero(high) / capital / nearest : Infinity;
    default:
      return Infinity;
  }
}

function riskShare({ kind, value }: SizeAmount, { intervalOf, capital }: Numbers): number {
  const { high } = intervalOf(value);
  if (kind === SIZE.riskEquityShare || kind === SIZE.riskCashShare) return atLeastZero(high);
  return kind === SIZE.riskMoney ? atLeastZero(high) / capital : Infinity;
}

/** The largest share of the price at which a stop in percent lies; Infinity when there is none that acts inside of bars. */
function stopShare(stops: readonly StopRule[], intervalOf: IntervalOf): number {
  const shares = stops.filter(({ kind, closing }) => kind === 'percent' && !closing).map(({ value }) => intervalOf(value).high);
  return Math.min(Infinity, ...shares);
}

/** The position after all adds, in first entries. */
function addedTimes(adds: readonly AddRule[], intervalOf: IntervalOf): number {
  let times = 1;
  for (const { amount, maxTimes, scale } of adds) {
    if (amount.kind !== 'share') continue;
    const [share, most, factor] = [intervalOf(amount.value).high, intervalOf(maxTimes).high, intervalOf(scale).high];
    if (factor === Infinity) return Infinity;
    times += share * (factor === 1 ? most : (factor ** most - 1) / (factor - 1));
  }
  return times;
}

/** Ceilings that risk limits put on one position and on all of them. */
function leverageCap(limits: readonly RiskLimit[], numbers: Numbers): { readonly position: number; readonly total: number } {
  let [position, total] = [Infinity, Infinity];
  for (const { name, value } of limits) {
    if (name === 'position' && value.kind !== 'number') position = Math.min(position, valueShare(value, Infinity, numbers));
    if (name === 'exposure' && value.kind !== 'number') total = Math.min(total, valueShare(value, Infinity, numbers));
    if (name === 'leverage') total = Math.min(total, numbers.intervalOf(value.value).high);
  }
  return { position, total };
}

const atLeastZero = (x: number): number => (x > 0 ? x : 0);
