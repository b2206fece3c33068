import { StratError } from '#core/errors/strat-error.ts';
import { parseMarket } from '#core/model/market.ts';
import { parseTimeframe, type Timeframe } from '#core/model/timeframe.ts';
import type { VenueHistories } from '#core/ports/exchange.ts';
import { didYouMean } from '#dsl/diagnostics/did-you-mean.ts';
import type { Command, CommandInput } from '../command.ts';
import { usage } from '../command-line.ts';

/** A market, and the venues to ask for it, one after the other. */
export interface VenueMarket {
  readonly market: string;
  readonly venues: readonly string[];
}

const LEAST_MS = 1000;

/** `VENUE:MARKET`, or `MARKET` with `--venue`. @throws StratError USAGE */
export function venueMarkets(command: Command, input: CommandInput): readonly VenueMarket[] {
  if (input.args.length === 0) throw usage('Name a market: VENUE:MARKET, such as binance:BTC/USDT', command);
  const shared = listOption(input, 'venue');
  return input.args.map((text) => {
    const colon = text.indexOf(':');
    const venue = /^[a-z0-9]+$/.test(text.slice(0, Math.max(0, colon))) ? text.slice(0, colon) : null;
    const market = venue === null ? text : text.slice(colon + 1);
    if (parseMarket(market) === null)
      throw usage(`"${text}" names no market: write binance:BTC/USDT, or BTC/USDT:USDT for a perpetual`, command);
    if (venue !== null) return { market, venues: [venue, ...shared.filter((other) => other !== venue)] };
    if (shared.length === 0) throw usage(`"${text}" names no venue: write VENUE:${market}, or give --venue`, command);
    return { market, venues: shared };
  });
}

/** Words with commas between them, each once. */
export const listOption = (input: CommandInput, name: string): readonly string[] => [
  ...new Set(
    (input.value(name) ?? '')
      .split(',')
      .map((word) => word.trim())
      .filter((word) => word !== ''),
  ),
];

/** The lengths of `--timeframe`; the default where it is not given. @throws StratError USAGE */
export function lengthsOption(command: Command, input: CommandInput, otherwise: string): readonly Timeframe[] {
  const words = listOption(input, 'timeframe');
  const lengths = (words.length === 0 ? [otherwise] : words).map((word) => {
    const timeframe = parseTimeframe(word);
    if (timeframe !== null && timeframe.stepMs >= LEAST_MS) return timeframe;
    throw usage(`--timeframe takes lengths such as 1m, 1h or 1d, found "${word}"`, command);
  });
  return [...new Map(lengths.map((length) => [length.name, length])).values()];
}

/** @throws StratError VENUE_UNKNOWN before anything is asked */
export function checkVenues(histories: VenueHistories, markets: readonly VenueMarket[]): void {
  const known = histories.venues();
  const unknown = markets.flatMap(({ venues }) => venues).find((venue) => !known.includes(venue));
  if (unknown === undefined) return;
  const near = didYouMean(unknown, known);
  throw new StratError('VENUE_UNKNOWN', {
    venue: unknown,
    hint: near ?? `there are ${known.length}, such as binance, bybit, coinbase, kraken, okx`,
  });
}
