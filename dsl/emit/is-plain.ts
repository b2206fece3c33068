import type { Program, TradeBlock } from '../program.ts';

/** Whether the broker that is inlined into `run` knows everything that the program does; what it does not know takes the engine. */
export function isPlain({ entries, exits, setups, limits, guards, account, costs }: Program): boolean {
  const isEmpty = (rules: readonly unknown[]): boolean => rules.length === 0;
  return (
    costs.borrow === null &&
    costs.funding !== true &&
    (account.leverage === null || account.leverage === 1) &&
    account.margin === null &&
    [setups, limits, guards].every(isEmpty) &&
    [...entries, ...exits].every(({ order }) => order.type === 'market') &&
    entries.every(({ oco, block }) => oco === null && isPlainBlock(block))
  );
}

function isPlainBlock({ kellyTrades, stops, trail, takes, breakeven, timeouts, cooldowns, adds, cancels }: TradeBlock): boolean {
  return (
    kellyTrades === null &&
    breakeven === null &&
    stops.every(({ moving, closing, limit }) => !moving && !closing && limit === null) &&
    (trail === null || !(trail.moving || trail.closing || trail.step !== null || trail.distance.kind === 'r')) &&
    [takes, timeouts, cooldowns, adds, cancels].every((rules) => rules.length === 0)
  );
}
