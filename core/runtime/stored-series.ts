import { StratError } from '#core/errors/strat-error.ts';
import type { SeriesEntry, SeriesStore } from '#core/data/store/series-store.ts';
import { parseMarket } from '#core/model/market.ts';
import { isWholeMultiple, parseTimeframe, type Timeframe } from '#core/model/timeframe.ts';
import type { DataNeeds } from './market-data.ts';
import type { StoredMarket } from './stored-market.ts';
import { universeMembers } from './portfolio/universe-members.ts';

/** What the store has for a strategy. */
export interface FoundSeries {
  readonly entries: readonly SeriesEntry[];
  /** Markets that could have been members of its universe, with what is in the way. */
  readonly leftOut: readonly string[];
}

interface NamedMarket extends StoredMarket {
  readonly market: string;
}

/**
 * The series of the store that a strategy runs on: those that are named, and of its other markets those that exactly one venue has, or one of the venues that are
 * named. Of a universe without a list these are all that there are in its currency.
 * @param timeframe that it runs on: the longest stored bars that make these are taken
 * @throws StratError STORE_MISSING, STORE_VENUES
 */
export function storedSeries(store: SeriesStore, needs: DataNeeds, given: readonly StoredMarket[], timeframe: Timeframe): FoundSeries {
  const candles = store.list().filter(({ key }) => key.kind === 'candles');
  const single = given.filter((one): one is NamedMarket => one.market !== null);
  const whole = given.filter(({ market }) => market === null);
  for (const { text, venue } of whole)
    if (!candles.some(({ key }) => key.venue === venue))
      throw noneNamed(
        store,
        candles,
        text,
        candles.map(({ key }) => `${key.venue}:*`),
      );
  const named = single.map((one) => namedSeries(store, candles, one, timeframe));
  const venues = new Set(given.map(({ venue }) => venue));
  const isKnown = (market: string): boolean => named.some(({ key }) => key.market === market);
  const offered = whole.length === 0 ? candles : candles.filter(({ key }) => whole.some(({ venue }) => venue === key.venue));
  // Who names members of a universe without a list has said which ones there are.
  const members = needs.universe?.list === null && single.length > 0 && whole.length === 0 ? [] : membersOf(needs, offered);
  const wanted = [...new Set([...members, ...(needs.reads ?? [])])];
  // Whoever names a market of a single strategy may mean it to stand in for another one.
  const isStandIn = single.length > 0 && wanted.length === 1;
  const unknown = isStandIn ? [] : wanted.filter((market) => !isKnown(market));
  const found = unknown.flatMap((market) => foundSeries(candles, market, venues, timeframe, needs.universe?.list === null));
  if (needs.universe?.list !== null) return { entries: [...named, ...found], leftOut: [] };
  const { usable = [], longer = [] } = Object.groupBy(found, (entry) => (bestOf([entry], timeframe) === undefined ? 'longer' : 'usable'));
  // Where none is usable the reader of candles says what is wrong with them.
  if (usable.length + named.length === 0) return { entries: longer, leftOut: [] };
  return {
    entries: [...named, ...usable],
    leftOut: longer.map(({ key }) => `${key.market} (its bars are ${key.timeframe}, of which no ${timeframe.name} bars can be made)`),
  };
}

function membersOf({ markets, universe }: DataNeeds, candles: readonly SeriesEntry[]): readonly string[] {
  if (universe === undefined) return markets;
  const offered = candles.map(({ key }) => parseMarket(key.market)).filter((market) => market !== null);
  return universeMembers(universe, () => offered).map(({ name }) => name);
}

function namedSeries(
  store: SeriesStore,
  candles: readonly SeriesEntry[],
  { text, venue, market, version }: NamedMarket,
  timeframe: Timeframe,
): SeriesEntry {
  const ofMarket = candles.filter(({ key }) => key.venue === venue && key.market === market);
  const versions = version === null ? ofMarket : ofMarket.flatMap((entry) => versionOf(store, entry, version));
  const best = bestOf(versions, timeframe) ?? versions[0];
  if (best !== undefined) return best;
  if (ofMarket.length > 0)
    throw new StratError('STORE_MISSING', { what: `version of ${text}`, hint: '"strat data versions" shows which are kept' });
  const others = candles.map(({ key }) => `${key.venue}:${key.market}`);
  const near = others.filter((name) => name.endsWith(`:${market}`) || name.startsWith(`${venue}:`));
  throw noneNamed(store, candles, text, near.length > 0 ? near : others);
}

function noneNamed(store: SeriesStore, candles: readonly SeriesEntry[], text: string, others: readonly string[]): StratError {
  const names = [...new Set(others)];
  const bars = store.list().filter(({ key }) => key.kind === 'bars' && text.startsWith(`${key.venue}:${key.market}`));
  const hint =
    bars.length > 0
      ? `There is ${bars.map(({ key }) => `bars ${key.timeframe}`).join(', ')}, which a backtest cannot run on: it wants bars of one length. Make candles of the trades: strat data resample ${text} --kind trades --timeframe 1m`
      : candles.length === 0
        ? `There are no candles in "${store.path}"`
        : `There is ${names.slice(0, 5).join(', ')}${names.length > 5 ? ', ...' : ''}`;
  return new StratError('STORE_MISSING', { what: `candles of ${text}`, hint });
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

/** The series of a market that nobody named; none when no venue has it. @param isOfAll the market is one of all that there are */
function foundSeries(
  candles: readonly SeriesEntry[],
  market: string,
  preferred: ReadonlySet<string>,
  timeframe: Timeframe,
  isOfAll: boolean,
): readonly SeriesEntry[] {
  const isTicker = !market.includes('/');
  const fits = (name: string): boolean => name === market || (isTicker && name.startsWith(`${market}/`));
  const all = candles.filter(({ key }) => fits(key.market));
  const near = all.filter(({ key }) => preferred.has(key.venue));
  const ofMarket = near.length > 0 ? near : all;
  const names = [...new Set(ofMarket.map(({ key }) => `${key.venue}:${key.market}`))];
  if (names.length > 1) {
    const example = isOfAll ? `${ofMarket[0]!.key.venue}:*` : names[0]!;
    throw new StratError('STORE_VENUES', { market, series: names.join(', '), example });
  }
  const best = bestOf(ofMarket, timeframe) ?? ofMarket[0];
  return best === undefined ? [] : [best];
}

/** Mark prices of a series of candles; undefined when there are none of which its bars can be made. @param version null = the newest @throws StratError STORE_MISSING */
export function storedMark(
  store: SeriesStore,
  { key }: SeriesEntry,
  version: string | null,
  timeframe: Timeframe,
): SeriesEntry | undefined {
  const marks = store.list().filter(({ key: one }) => one.kind === 'mark' && one.venue === key.venue && one.market === key.market);
  if (version === null) return bestOf(marks, timeframe);
  const found = bestOf(
    marks.flatMap((entry) => versionOf(store, entry, version)),
    timeframe,
  );
  if (found !== undefined) return found;
  const what = `version ${version} of mark prices of ${key.venue}:${key.market}`;
  throw new StratError('STORE_MISSING', { what, hint: '"strat data versions" shows which are kept' });
}

/** The longest bars that make those of a timeframe; undefined when none do. */
export function bestOf(entries: readonly SeriesEntry[], timeframe: Timeframe): SeriesEntry | undefined {
  const usable = entries.flatMap((entry) => {
    const own = parseTimeframe(entry.key.timeframe ?? '');
    return own !== null && (own.name === timeframe.name || (own.stepMs < timeframe.stepMs && isWholeMultiple(timeframe, own)))
      ? [{ entry, own }]
      : [];
  });
  return usable.toSorted((a, b) => b.own.stepMs - a.own.stepMs)[0]?.entry;
}
