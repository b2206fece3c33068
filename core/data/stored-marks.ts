import { parseMarket } from '#core/model/market.ts';
import { parseTimeframe } from '#core/model/timeframe.ts';
import type { CandleFile } from './candle-text.ts';
import type { SeriesEntry, SeriesStore } from './store/series-store.ts';

/** Reads mark prices of the store, as a file of them is; they have no volume. @throws StratError those of the store */
export async function readStoredMarks(store: SeriesStore, { key, version, digest }: SeriesEntry): Promise<CandleFile> {
  const timeframe = parseTimeframe(key.timeframe ?? '')!;
  const { columns, length } = await store.read(key, { version: digest, columns: ['open', 'high', 'low', 'close'] });
  const { time, open, high, low, close } = columns as Record<'time' | 'open' | 'high' | 'low' | 'close', Float64Array>;
  return {
    path: `${key.venue}:${key.market} mark ${timeframe.name}`,
    columns: { time, open, high, low, close, volume: new Float64Array(length) },
    further: new Map(),
    rows: length,
    market: parseMarket(key.market),
    venue: key.venue,
    timeframe,
    stepMs: timeframe.stepMs,
    sha256: digest,
    stored: { series: `${key.venue}:${key.market}`, timeframe: timeframe.name, version },
    findings: [],
  };
}
