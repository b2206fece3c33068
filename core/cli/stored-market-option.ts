import { storedMarket, type StoredMarket } from '#core/runtime/stored-market.ts';
import type { Command, CommandInput } from './command.ts';
import { usage } from './command-line.ts';

/** The markets that `--market` names. @throws StratError USAGE */
export function storedMarkets(command: Command, input: CommandInput): readonly StoredMarket[] {
  return input.values('market').map((text) => {
    const market = storedMarket(text);
    if (market === null)
      throw usage(
        `--market takes VENUE:MARKET of the data store, such as binance:BTC/USDT, or VENUE:* for all of a venue, found "${text}"`,
        command,
      );
    return market;
  });
}
