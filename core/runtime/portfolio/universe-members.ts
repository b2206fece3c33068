import { accountCurrency, type Market, parseMarket } from '#core/model/market.ts';

/** By what a universe names its markets. */
export interface UniverseNames {
  readonly quote: string | null;
  readonly list: readonly string[] | null;
  readonly exclude: readonly string[];
}

/**
 * Markets that may become members of a universe: those of its list in its order, or all that there are by name; without those that it leaves out.
 * @param offered asked where there is no list
 */
export function universeMembers({ quote, list, exclude }: UniverseNames, offered: () => readonly Market[]): readonly Market[] {
  const isMember = (market: Market): boolean =>
    (quote === null || quote === accountCurrency(market.name)) && !exclude.includes(market.name);
  if (list !== null)
    return list
      .map(parseMarket)
      .filter((market) => market !== null)
      .filter(isMember);
  const byName = new Map(offered().map((market) => [market.name, market]));
  return [...byName.values()].filter(isMember).toSorted((a, b) => (a.name < b.name ? -1 : 1));
}
