import { type RunConventions, SIZE } from '#core/model/strategy-abi.ts';
import type { EntryRule, Program, TakeRule, TradeBlock } from '../program.ts';
import { saidValues } from '../trade-plan.ts';

/** Whether the broker that is inlined into `run` knows everything that the program does; what it does not know takes the engine. */
export function isPlain(program: Program, { opposite }: RunConventions): boolean {
  const { entries, exits, setups, limits, guards, account, costs } = program;
  const isEmpty = (rules: readonly unknown[]): boolean => rules.length === 0;
  return (
    opposite !== 'reverse' &&
    costs.borrow === null &&
    costs.funding !== true &&
    (account.leverage === null || account.leverage === 1) &&
    account.margin === null &&
    !canExceedBound(program) &&
    [setups, limits, guards].every(isEmpty) &&
    [...entries, ...exits].every(({ order, reason }) => order.type === 'market' && isEmpty(saidValues(reason))) &&
    entries.every(({ oco, block }) => oco === null && isPlainBlock(block))
  );
}

/** The cash of a short holds what it sold: a share of it, decided before the short is closed, is more than that share of the equity. */
function canExceedBound({ entries, exposure }: Program): boolean {
  const ofCash: readonly number[] = [SIZE.cashShare, SIZE.riskCashShare];
  const isOfCash = ({ block: { size, max, min } }: EntryRule): boolean =>
    [size, max, min].some((amount) => amount !== null && ofCash.includes(amount.kind));
  return exposure.enforcedLeverage < Infinity && entries.some(({ side }) => side < 0) && entries.some(isOfCash);
}

function isPlainBlock({ kellyTrades, stops, trail, takes, breakeven, timeouts, cooldowns, adds, cancels }: TradeBlock): boolean {
  return (
    kellyTrades === null &&
    breakeven === null &&
    stops.every(({ moving, closing, limit }) => !moving && !closing && limit === null) &&
    (trail === null || !(trail.moving || trail.closing || trail.step !== null || trail.distance.kind === 'r')) &&
    (takes.length === 0 || (takes.length === 1 && isPlainTake(takes[0]!))) &&
    [timeouts, cooldowns, adds, cancels].every((rules) => rules.length === 0)
  );
}

/** All of the position, at a level that stays where it is. */
function isPlainTake({ share, at }: TakeRule): boolean {
  return (share === null || share === 1) && at.kind !== 'price';
}
