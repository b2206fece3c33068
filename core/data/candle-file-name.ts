import type { Market } from '#core/model/market.ts';
import { parseFileMarket } from '#core/model/market.ts';
import type { Timeframe } from '#core/model/timeframe.ts';
import { parseTimeframe } from '#core/model/timeframe.ts';

/** What the name of a candle file says; null for each part that it does not say. */
export interface CandleFileName {
  readonly venue: string | null;
  readonly market: Market | null;
  readonly timeframe: Timeframe | null;
}

/** Reads `{venue}_{BASE}-{QUOTE}_{timeframe}` with the end of a format that is read; any other name says nothing, as half a match would be a guess. */
export function parseCandleFileName(fileName: string): CandleFileName {
  const match =
    /^([A-Za-z0-9][A-Za-z0-9.-]*)_([A-Za-z0-9.-]+)_([A-Za-z0-9]+)\.(?:csv|parquet|pq|feather|arrow|json|ndjson|zip)(?:\.gz|\.zst)?$/.exec(
      fileName,
    );
  const market = parseFileMarket(match?.[2] ?? '');
  const timeframe = parseTimeframe(match?.[3] ?? '');
  return match === null || market === null || timeframe === null
    ? { venue: null, market: null, timeframe: null }
    : { venue: match[1] ?? null, market, timeframe };
}
