import type { CandleFile } from '#core/data/candle-text.ts';
import { readCandleFile } from '#core/data/candle-file.ts';
import { fileList } from '#core/data/import/file-list.ts';
import type { SeriesEntry, SeriesStore } from '#core/data/store/series-store.ts';
import { readStoredCandles } from '#core/data/stored-candles.ts';
import { StratError } from '#core/errors/strat-error.ts';
import type { MarketColumn } from '#core/model/chart-column.ts';
import { fileName } from '#core/model/file-name.ts';
import { accountCurrency, parseMarket } from '#core/model/market.ts';
import { isWholeMultiple, nextOpen, parseTimeframe, type Timeframe } from '#core/model/timeframe.ts';
import { type CapData, withCaps } from '#core/runtime/cap-data.ts';
import { dataPath } from '#core/runtime/data-path.ts';
import { type UniverseNames, universeMembers } from '#core/runtime/portfolio/universe-members.ts';
import type { ScanCandidate } from '#core/runtime/scan/scan-markets.ts';
import { bestOf } from '#core/runtime/stored-series.ts';
import type { StoredMarket } from '#core/runtime/stored-market.ts';

/** Markets that may be found, and when the newest of their bars closed, ms; -Infinity without any. */
export interface ScanSource {
  readonly candidates: readonly ScanCandidate[];
  readonly newestMs: number;
}

/** Which of the markets that there are. */
export interface Wanted {
  /** Those that may be members of it; null = all. */
  readonly universe: UniverseNames | null;
  readonly caps: CapData;
  readonly venues: readonly string[];
  readonly quotes: readonly string[];
  readonly markets: readonly StoredMarket[];
}

/** The markets of the store that are wanted. @throws StratError STORE_MISSING */
export function storedSource(store: SeriesStore, wanted: Wanted, timeframe: Timeframe): ScanSource {
  const all = store.list().filter(({ key }) => key.kind === 'candles' && parseMarket(key.market) !== null);
  const isAsked = ({ key }: SeriesEntry): boolean =>
    wanted.markets.length === 0 ||
    wanted.markets.some(({ venue, market }) => venue === key.venue && (market === null || market === key.market));
  const entries = all.filter((entry) => isOf(wanted, entry.key.venue, entry.key.market) && isAsked(entry));
  for (const { text, venue, market } of wanted.markets)
    if (!all.some(({ key }) => key.venue === venue && (market === null || market === key.market)))
      throw new StratError('STORE_MISSING', { what: `candles of ${text}`, hint: '"strat data list" shows what there is' });
  if (entries.length === 0) {
    const said = [...wanted.venues.map((venue) => `of ${venue}`), ...wanted.quotes.map((quote) => `in ${quote}`)].join(' ');
    const hint =
      all.length === 0
        ? `There are none in "${store.path}": strat data download or import brings some`
        : '"strat data list" shows what there is';
    throw new StratError('STORE_MISSING', { what: `candles${said === '' ? '' : ` ${said}`}`, hint });
  }
  const read = remembered(async (entry: SeriesEntry, columns) =>
    withCaps(await readStoredCandles(store, entry, columns), columns, wanted.caps),
  );
  const markets = Map.groupBy(entries, ({ key }) => `${key.venue}:${key.market}`);
  const candidates = [...markets.values()].map((own): ScanCandidate => {
    const { venue, market } = own[0]!.key;
    const given = wanted.markets.find((one) => one.venue === venue && one.market === market);
    const version = given?.version ?? null;
    const versions = version === null ? own : own.flatMap((entry) => versionOf(store, entry, version));
    const best = bestOf(versions, timeframe);
    const lengths = own.map(({ key }) => key.timeframe).join(', ');
    const fault =
      versions.length === 0 ? `it has no version ${version}` : `its bars are ${lengths}, of which no ${timeframe.name} bars can be made`;
    return {
      venue,
      market,
      ...(best === undefined ? { fault } : {}),
      load: async (columns) => withCaps(await readStoredCandles(store, best!, columns), columns, wanted.caps),
      loadOther: async (other, columns) => read(otherOf(all, venue, other, timeframe), columns),
    };
  });
  const newestMs = Math.max(...entries.map(({ key, to }) => closeOf(key.timeframe, to)));
  return { candidates: [...candidates, ...missingOf(wanted.universe, candidates)], newestMs };
}

function versionOf(store: SeriesStore, { key }: SeriesEntry, version: string): readonly SeriesEntry[] {
  try {
    return [store.find(key, version)!];
  } catch (error) {
    if (error instanceof StratError && error.code === 'STORE_MISSING') return [];
    throw error;
  }
}

/** A market that is read beside one of a venue: that venue's, else the only one there is. @throws StratError STORE_MISSING, STORE_VENUES */
function otherOf(all: readonly SeriesEntry[], venue: string, market: string, timeframe: Timeframe): SeriesEntry {
  const ofMarket = all.filter(({ key }) => key.market === market || (!market.includes('/') && key.market.startsWith(`${market}/`)));
  const near = ofMarket.filter(({ key }) => key.venue === venue);
  const own = near.length > 0 ? near : ofMarket;
  const names = [...new Set(own.map(({ key }) => `${key.venue}:${key.market}`))];
  if (names.length > 1) throw new StratError('STORE_VENUES', { market, series: names.join(', '), example: names[0]! });
  const best = bestOf(own, timeframe) ?? own[0];
  if (best === undefined)
    throw new StratError('STORE_MISSING', { what: `candles of ${market}, which an expression reads`, hint: 'Import or download them' });
  return best;
}

/** The candle files that are wanted. @param data files, folders and patterns @throws StratError of the list of files */
export function fileSource(data: readonly string[], wanted: Omit<Wanted, 'markets'>, timeframe: Timeframe): ScanSource {
  const paths = data.map(dataPath).flatMap(({ forced, path }) => fileList([path]).files.map((file) => ({ forced, path: file })));
  let newestMs = -Infinity;
  const known = paths.flatMap(({ forced, path }): readonly KnownFile[] => {
    const options = forced === null ? {} : { market: forced };
    try {
      const { market, venue, timeframe: own, columns } = readCandleFile(path, options);
      if (market === null) return [{ path, venue, market: fileName(path), own, fault: 'its name says no market: give --data MARKET=PATH' }];
      if (!isOf(wanted, venue, market.name)) return [];
      newestMs = Math.max(newestMs, closeOf(own.name, columns.time.at(-1)!));
      return [{ path, venue, market: market.name, own, fault: null }];
    } catch (error) {
      if (!(error instanceof StratError)) throw error;
      return [{ path, venue: null, market: fileName(path), own: null, fault: error.message.split('\n', 1)[0]! }];
    }
  });
  const read = remembered(async ({ path, market }: KnownFile, columns) =>
    withCaps(readCandleFile(path, { market: parseMarket(market)!, wanted: columns }), columns, wanted.caps),
  );
  const markets = Map.groupBy(known, ({ venue, market, fault, path }) => (fault === null ? `${venue}:${market}` : path));
  const usable = known.filter(({ fault }) => fault === null);
  const candidates = [...markets.values()].map((own): ScanCandidate => {
    const { venue, market, fault } = own[0]!;
    const best = longestOf(own, timeframe);
    const lengths = own.map((one) => one.own?.name).join(', ');
    const reason = fault ?? (best === undefined ? `its bars are ${lengths}, of which no ${timeframe.name} bars can be made` : null);
    return {
      venue,
      market,
      ...(reason === null ? {} : { fault: reason }),
      load: async (columns) =>
        withCaps(readCandleFile(best!.path, { market: parseMarket(market)!, wanted: columns }), columns, wanted.caps),
      loadOther: async (other, columns) => {
        const ofMarket = usable.filter((one) => one.market === other);
        const near = ofMarket.filter((one) => one.venue === venue);
        const found = longestOf(near.length > 0 ? near : ofMarket, timeframe);
        if (found !== undefined) return read(found, columns);
        throw new StratError('DATA_MISSING', { market: other, reason: 'an expression reads it', hint: 'Give its file with --data' });
      },
    };
  });
  return { candidates: [...candidates, ...missingOf(wanted.universe, candidates)], newestMs };
}

/** Markets of the list of a universe that there are no candles of. */
function missingOf(universe: UniverseNames | null, candidates: readonly ScanCandidate[]): readonly ScanCandidate[] {
  if (universe === null || universe.list === null) return [];
  const isThere = (name: string): boolean => candidates.some(({ market }) => isNamed(name, market));
  return universeMembers(universe, () => [])
    .filter(({ name }) => !isThere(name))
    .map(({ name }) => {
      const none = async (): Promise<never> => {
        throw new StratError('STORE_MISSING', { what: `candles of ${name}`, hint: '"strat data list" shows what there is' });
      };
      return { venue: null, market: name, fault: 'there are no candles of it', load: none, loadOther: none };
    });
}

/** Whether a name of a list is that of a market: a ticker is any market of it. */
const isNamed = (name: string, market: string): boolean => name === market || (!name.includes('/') && market.startsWith(`${name}/`));

interface KnownFile {
  readonly path: string;
  readonly venue: string | null;
  readonly market: string;
  /** Length of its bars; null = it cannot be read. */
  readonly own: Timeframe | null;
  readonly fault: string | null;
}

function longestOf(files: readonly KnownFile[], timeframe: Timeframe): KnownFile | undefined {
  return files
    .filter(
      ({ own }) => own !== null && (own.name === timeframe.name || (own.stepMs < timeframe.stepMs && isWholeMultiple(timeframe, own))),
    )
    .toSorted((a, b) => b.own!.stepMs - a.own!.stepMs)[0];
}

const isOf = ({ venues, quotes, universe }: Omit<Wanted, 'markets'>, venue: string | null, market: string): boolean =>
  (universe === null || universeMembers(universe, () => [parseMarket(market)!]).some(({ name }) => isNamed(name, market))) &&
  (venues.length === 0 || (venue !== null && venues.includes(venue))) &&
  (quotes.length === 0 || quotes.includes(accountCurrency(market) ?? ''));

function closeOf(timeframe: string | null, last: number | null): number {
  const length = parseTimeframe(timeframe ?? '');
  return length === null || last === null ? -Infinity : nextOpen(length, last);
}

/** What many markets read beside them is read once. */
function remembered<T extends object>(
  read: (of: T, columns: readonly MarketColumn[]) => Promise<CandleFile>,
): (of: T, columns: readonly MarketColumn[]) => Promise<CandleFile> {
  const known = new Map<T, Map<string, Promise<CandleFile>>>();
  return async (of, columns) => {
    const own = known.get(of) ?? new Map<string, Promise<CandleFile>>();
    known.set(of, own);
    const key = columns.join(' ');
    const file = own.get(key) ?? read(of, columns);
    own.set(key, file);
    return file;
  };
}
