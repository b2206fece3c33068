import { StratError } from '#core/errors/strat-error.ts';
import type { FileSettings, SettingsRequest } from './resolve-settings.ts';

/** Capital in coins where nobody says otherwise. */
const CAPITAL = 1;

/**
 * What a strategy says of its account, and what goes without saying where it trades inverse perpetuals: a long may lose more than it was worth, so that it is always
 * on margin.
 * @throws StratError USAGE where something is to be borrowed, or filled from recorded order books
 */
export function inverseAccount(market: string, { borrowRate, slippage }: SettingsRequest, { account, costs }: FileSettings): FileSettings {
  if ((borrowRate ?? costs.borrow) !== null)
    throw new StratError('USAGE', {
      reason: `A rate for borrowing is given, and ${market} is a contract: nobody lends anything to hold it`,
      hint: 'Leave it out; what longs and shorts pay each other is funding: costs { funding true }',
    });
  if (slippage?.models?.depth !== undefined)
    throw new StratError('USAGE', {
      reason: `Recorded order books do not tell whether they count coins or contracts, which ${market} is traded in`,
      hint: 'Leave out the slippage model depth',
    });
  return { account: { ...account, capital: account.capital ?? CAPITAL, margin: account.margin ?? 'cross' }, costs };
}
