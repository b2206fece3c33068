import { dirname, join } from 'node:path';
import type { CandleFile } from '#core/data/candle-text.ts';
import { openSeriesStore } from '#core/data/store/open-series-store.ts';
import { seriesName } from '#core/data/store/series-key.ts';
import { readStoredCandles } from '#core/data/stored-candles.ts';
import { readStoredMarks } from '#core/data/stored-marks.ts';
import { StratError } from '#core/errors/strat-error.ts';
import { parseTimeframe, type Timeframe } from '#core/model/timeframe.ts';
import type { DataNeeds } from '#core/runtime/market-data.ts';
import type { StoredMarket } from '#core/runtime/stored-market.ts';
import { type FoundSeries, storedMark, storedSeries } from '#core/runtime/stored-series.ts';
import type { CommandInput, CommandIo } from './command.ts';

/** The folder of the data store that a command reads. */
export function storeFolder(input: CommandInput, io: CommandIo): string {
  const config = input.value('config');
  return join(io.env['STRAT_HOME'] ?? join(config === undefined ? '.' : dirname(config), '.strat'), 'data');
}

/** What the data store has for strategies. */
export interface StoredCandles {
  /** By the name of the series, which stands among the names of files. */
  readonly files: ReadonlyMap<string, CandleFile>;
  /** Mark prices by the name of the market's candles, `binance:BTC/USDT:USDT`. */
  readonly marks: ReadonlyMap<string, CandleFile>;
  /** Of each strategy those that it runs on. */
  readonly names: readonly (readonly string[])[];
  /** Of each strategy the markets that could have been members of its universe, with what is in the way. */
  readonly leftOut: readonly (readonly string[])[];
}

const USUAL = '1h';
const NOTHING: FoundSeries = { entries: [], leftOut: [] };

/**
 * Reads what strategies need from the data store.
 * @param timeframe of all; null = that of each strategy's `trade` line
 * @param areMarksWanted mark prices too, of derivatives that have some
 * @throws StratError STORE_MISSING, STORE_VENUES, STORE_CANDLES and what the store throws
 */
export async function readFromStore(
  folder: string,
  needs: readonly DataNeeds[],
  given: readonly StoredMarket[],
  timeframe: Timeframe | null,
  areMarksWanted: boolean,
): Promise<StoredCandles> {
  const store = openSeriesStore(folder, { now: () => Date.now() });
  try {
    const files = new Map<string, CandleFile>();
    const marks = new Map<string, CandleFile>();
    const wanted = [...new Set(needs.flatMap((one) => one.wanted ?? []))];
    const names: string[][] = [];
    const left: (readonly string[])[] = [];
    for (const one of needs) {
      const length = timeframe ?? parseTimeframe(one.timeframe);
      const { entries, leftOut } = length === null ? NOTHING : storedSeries(store, one, given, length);
      names.push(entries.map(({ key }) => seriesName(key)));
      left.push(leftOut);
      for (const entry of entries) {
        const name = seriesName(entry.key);
        const said = given.find(({ venue, market }) => venue === entry.key.venue && market === entry.key.market);
        if (files.has(name)) continue;
        files.set(name, await readStoredCandles(store, entry, wanted, said?.funding));
        const mark = areMarksWanted ? storedMark(store, entry, said?.mark ?? null, length!) : undefined;
        if (mark !== undefined) marks.set(`${entry.key.venue}:${entry.key.market}`, await readStoredMarks(store, mark));
      }
    }
    return { files, marks, names, leftOut: left };
  } finally {
    store.close();
  }
}

/**
 * The length of the bars of a market that nothing else says: an hour where it is stored, else the longest that is.
 * @throws StratError STORE_MISSING
 */
export function storedTimeframe(folder: string, { text, venue, market }: StoredMarket): string {
  const store = openSeriesStore(folder, { now: () => Date.now() });
  try {
    const lengths = store.list().flatMap(({ key }) => {
      const isIt = key.kind === 'candles' && key.venue === venue && key.market === market;
      const length = isIt ? parseTimeframe(key.timeframe ?? '') : null;
      return length === null ? [] : [length];
    });
    const longest = lengths.toSorted((a, b) => b.stepMs - a.stepMs)[0];
    if (longest === undefined)
      throw new StratError('STORE_MISSING', { what: `candles of ${text}`, hint: '"strat data list" shows what there is' });
    return lengths.find(({ name }) => name === USUAL)?.name ?? longest.name;
  } finally {
    store.close();
  }
}
