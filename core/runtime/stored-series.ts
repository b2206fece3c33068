import { StratError } from '#core/errors/strat-error.ts';
import type { SeriesEntry, SeriesStore } from '#core/data/store/series-store.ts';
import { parseMarket } from '#core/model/market.ts';
import { isWholeMultiple, parseTimeframe, type Timeframe } from '#core/model/timeframe.ts';
import type { DataNeeds } from './market-data.ts';
import type { StoredMarket } from './stored-market.ts';
import { universeMembers } from './portfolio/universe-members.ts';

/**
 * The series of the store that a strategy runs on: those that are named, and of its other markets those that exactly one venue has.
 * @param timeframe that it runs on: the longest stored bars that make these are taken
 * @throws StratError STORE_MISSING, STORE_VENUES
 */
export function storedSeries(
  store: SeriesStore,
  needs: DataNeeds,
  given: readonly StoredMarket[],
  timeframe: Timeframe,
): readonly SeriesEntry[] {
  const candles = store.list().filter(({ key }) => key.kind === 'candles');
  const named = given.map((one) => namedSeries(store, candles, one, timeframe));
  const venues = new Set(given.map(({ venue }) => venue));
  const isKnown = (market: string): boolean => named.some(({ key }) => key.market === market);
  const wanted = [...new Set([...membersOf(needs, candles, given.length > 0), ...(needs.reads ?? [])])];
  // Whoever names a market of a single strategy may mean it to stand in for another one.
  const isStandIn = given.length > 0 && wanted.length === 1;
  const found = isStandIn
    ? []
    : wanted.filter((market) => !isKnown(market)).flatMap((market) => foundSeries(candles, market, venues, timeframe));
  return [...named, ...found];
}

function membersOf({ markets, universe }: DataNeeds, candles: readonly SeriesEntry[], isNamed: boolean): readonly string[] {
  if (universe === undefined) return markets;
  // Who names members has said which ones there are.
  if (isNamed && universe.list === null) return [];
  const offered = candles.map(({ key }) => parseMarket(key.market)).filter((market) => market !== null);
  return universeMembers(universe, () => offered).map(({ name }) => name);
}

function namedSeries(
  store: SeriesStore,
  candles: readonly SeriesEntry[],
  { text, venue, market, version }: StoredMarket,
  timeframe: Timeframe,
): SeriesEntry {
  const ofMarket = candles.filter(({ key }) => key.venue === venue && key.market === market);
  const versions = version === null ? ofMarket : ofMarket.flatMap((entry) => versionOf(store, entry, version));
  const best = bestOf(versions, timeframe) ?? versions[0];
  if (best !== undefined) return best;
  const others = [...new Set(candles.map(({ key }) => `${key.venue}:${key.market}`))];
  const near = others.filter((name) => name.endsWith(`:${market}`) || name.startsWith(`${venue}:`));
  const hint =
    ofMarket.length > 0
      ? '"strat data versions" shows which are kept'
      : others.length === 0
        ? `There are no candles in "${store.path}"`
        : `There is ${(near.length > 0 ? near : others).slice(0, 5).join(', ')}${(near.length > 0 ? near : others).length > 5 ? ', ...' : ''}`;
  throw new StratError('STORE_MISSING', { what: ofMarket.length > 0 ? `version of ${text}` : `candles of ${text}`, hint });
}

function versionOf(store: SeriesStore, { key }: SeriesEntry, version: string): readonly SeriesEntry[] {
  try {
    const entry = store.find(key, version);
    return entry === null ? [] : [entry];
  } catch (error) {
    if (error instanceof StratError && error.code === 'STORE_MISSING') return [];
    throw error;
  }
}

/** The series of a market that nobody named; none when no venue has it. */
function foundSeries(
  candles: readonly SeriesEntry[],
  market: string,
  preferred: ReadonlySet<string>,
  timeframe: Timeframe,
): readonly SeriesEntry[] {
  const isTicker = !market.includes('/');
  const fits = (name: string): boolean => name === market || (isTicker && name.startsWith(`${market}/`));
  const all = candles.filter(({ key }) => fits(key.market));
  const near = all.filter(({ key }) => preferred.has(key.venue));
  const ofMarket = near.length > 0 ? near : all;
  const names = [...new Set(ofMarket.map(({ key }) => `${key.venue}:${key.market}`))];
  if (names.length > 1) throw new StratError('STORE_VENUES', { market, series: names.join(', '), example: names[0]! });
  const best = bestOf(ofMarket, timeframe) ?? ofMarket[0];
  return best === undefined ? [] : [best];
}

/** The longest bars that make those of a timeframe; undefined when none do. */
function bestOf(entries: readonly SeriesEntry[], timeframe: Timeframe): SeriesEntry | undefined {
  const usable = entries.flatMap((entry) => {
    const own = parseTimeframe(entry.key.timeframe ?? '');
    return own !== null && (own.name === timeframe.name || (own.stepMs < timeframe.stepMs && isWholeMultiple(timeframe, own)))
      ? [{ entry, own }]
      : [];
  });
  return usable.toSorted((a, b) => b.own.stepMs - a.own.stepMs)[0]?.entry;
}
