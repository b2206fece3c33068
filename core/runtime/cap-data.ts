import { createHash } from 'node:crypto';
import { basename } from 'node:path';
import type { CandleFile } from '#core/data/candle-text.ts';
import { type CapSeries, capsAt, parseCaps } from '#core/data/cap-file.ts';
import { StratError } from '#core/errors/strat-error.ts';
import { readRegularFile } from '#core/files/regular-file.ts';
import type { MarketColumn } from '#core/model/chart-column.ts';
import { dataPath } from './data-path.ts';

const MAX_KB = 256 * 1024;

/** Where capitalisations came from. */
export interface CapSource {
  readonly file: string;
  readonly sha256: string;
}

/** Market capitalisations of files, by the name of a market or of what is traded. */
export type CapData = ReadonlyMap<string, CapSeries & CapSource>;

/** @param texts `PATH` or `MARKET=PATH`, as given @throws StratError FILE_UNREADABLE, DATA_CAPS */
export function loadCaps(texts: readonly string[]): CapData {
  const all = new Map<string, CapSeries & CapSource>();
  for (const text of texts) {
    const { forced, path } = dataPath(text);
    const file = basename(path).replace(/\p{C}/gu, '?');
    const bytes = readRegularFile(path, { maxKb: MAX_KB });
    if (!bytes.ok) throw new StratError('FILE_UNREADABLE', { file, reason: bytes.error });
    const table = parseCaps(bytes.value.toString('utf8'), forced?.name ?? null);
    if (!table.ok) throw new StratError('DATA_CAPS', { file, reason: table.error });
    const sha256 = createHash('sha256').update(bytes.value).digest('hex');
    for (const [name, series] of table.value) {
      if (all.has(name)) throw new StratError('DATA_CAPS', { file, reason: `another file tells of ${name}, too` });
      all.set(name, { ...series, file, sha256 });
    }
  }
  return all;
}

/** The candles with the capitalisations of their market, where these are wanted and the candles have none of their own. */
export function withCaps(candles: CandleFile, wanted: readonly MarketColumn[], caps: CapData): CandleFile {
  const { market, further, columns, timeframe } = candles;
  if (market === null || !wanted.includes('market_cap') || further.has('market_cap')) return candles;
  const found = caps.get(market.name) ?? caps.get(market.base);
  if (found === undefined) return candles;
  const { file, sha256 } = found;
  return { ...candles, further: new Map([...further, ['market_cap', capsAt(found, columns.time, timeframe)]]), caps: { file, sha256 } };
}
