import type { StoredRows } from '#core/data/store/series-store.ts';
import { sharedDoubles } from '#core/model/columns.ts';
import type { NamedSeries } from './raw-input.ts';
import type { Watch } from './stoppable.ts';

/** All rows of a series of the store, piece by piece. @throws StratError as the store; the reason of the signal */
export async function storedRows({ store, key }: NamedSeries, { onShare, signal }: Watch): Promise<StoredRows> {
  const { version, digest, rows } = store.find(key)!;
  const columns: Record<string, Float64Array> = {};
  let at = 0;
  for await (const piece of store.pieces(key, { version })) {
    signal.throwIfAborted();
    for (const [name, values] of Object.entries(piece.columns)) (columns[name] ??= sharedDoubles(rows)).set(values, at);
    at += piece.length;
    onShare(at / rows);
  }
  if (rows === 0) return store.read(key, { version });
  return { length: rows, columns, version, digest };
}
