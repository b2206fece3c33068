import { COLUMN_NAMES } from '#core/model/columns.ts';
import { RowComparison } from '../store/diff-versions.ts';
import { type SeriesKey, seriesName } from '../store/series-key.ts';
import type { SeriesRows } from '../store/series-rows.ts';
import type { SeriesStore, VersionDiff } from '../store/series-store.ts';
import { StratError } from '#core/errors/strat-error.ts';

/**
 * Compares the bars of a market as they were live with its candles as they are in the store now: `added` are candles that were no bars live, `removed` bars that
 * the candles do not have.
 * @param key of either series
 * @throws StratError STORE_MISSING; those of the store
 */
export async function compareTape(store: SeriesStore, key: SeriesKey): Promise<VersionDiff> {
  const entryOf = (kind: 'live' | 'candles'): NonNullable<ReturnType<SeriesStore['find']>> => {
    const found = store.find({ ...key, kind });
    if (found !== null) return found;
    const hint = kind === 'live' ? 'The bot and "strat data watch" make it' : 'Download them with "strat data download"';
    throw new StratError('STORE_MISSING', { what: seriesName({ ...key, kind }), hint });
  };
  const [before, after] = [entryOf('live'), entryOf('candles')];
  const range = { from: before.from ?? 0, to: (before.to ?? -1) + 1 };
  const rows = async ({ key: of, version }: typeof before): Promise<SeriesRows> =>
    withVolume(await store.read(of, { version, ...range, columns: COLUMN_NAMES }));
  const comparison = new RowComparison();
  comparison.bars(await rows(before), await rows(after));
  const { added, revised, removed, first } = comparison;
  return { before, after, added, revised, removed, first };
}

/** A volume that is not known is 0 on the tape. */
function withVolume({ length, columns }: SeriesRows): SeriesRows {
  return { length, columns: { ...columns, volume: columns['volume']!.map((volume) => (Number.isNaN(volume) ? 0 : volume)) } };
}
