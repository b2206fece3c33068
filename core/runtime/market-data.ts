import { readCandleFile } from '#core/data/candle-file.ts';
import type { CandleFile, StoredVersion } from '#core/data/candle-text.ts';
import { usualGaps } from '#core/data/quality/usual-gaps.ts';
import type { MarketColumn } from '#core/model/chart-column.ts';
import type { Columns } from '#core/model/columns.ts';
import type { Timeframe } from '#core/model/timeframe.ts';
import { type CapData, type CapSource, withCaps } from './cap-data.ts';
import type { AskData } from './ask-data.ts';
import type { DepthData } from './depth-data.ts';
import type { DetailData } from './detail-record.ts';
import { candlesOfMarket, candlesOfMarkets } from './market-candles.ts';
import type { UniverseNames } from './portfolio/universe-members.ts';
import type { MarkData } from './mark-data.ts';
import type { StockActions } from './stocks/stock-actions.ts';

/** Candles of a market on the strategy's timeframe, and what is worth knowing about them. */
export interface MarketSeries {
  /** The market as the strategy names it. */
  readonly market: string;
  readonly timeframe: Timeframe;
  readonly columns: Columns;
  /** What the data hold besides the candles, of what was asked for; at least a value a bar. */
  readonly further: ReadonlyMap<MarketColumn, Float64Array>;
  readonly file: string;
  readonly sha256: string;
  /** Where in the data store they are; left out: they are a file. */
  readonly stored?: StoredVersion;
  /** The file that told of market capitalisations; left out: none was asked. */
  readonly caps?: CapSource;
  /** Made by a generator, not by a market. */
  readonly synthetic?: true;
  readonly warnings: readonly string[];
}

/** Candles of the market that a strategy trades, and of those that it reads besides. */
export interface MarketData extends MarketSeries {
  /** Index of the first bar that counts; those before serve warm-up. */
  readonly fromIndex: number;
  readonly others: readonly MarketSeries[];
  /** What happened inside of the traded bars; left out: nothing is known. */
  readonly detail?: DetailData;
  /** Splits and dividends of the traded stock, whose candles are unadjusted; left out: it has none. */
  readonly stock?: StockActions;
  /** What buys meet; left out: what sales do. */
  readonly ask?: AskData;
  /** By what the venue liquidates and counts funding; left out: by the candles. */
  readonly mark?: MarkData;
  /** What recorded books show; left out: nothing is known. */
  readonly depth?: DepthData;
  /** The market ended with the last bar. */
  readonly isDelisted?: true;
  /** Of the first of a run: markets that take no part in it, each with the reason. */
  readonly leftOut?: readonly string[];
}

/** What of a strategy says which candles it needs. */
export interface DataNeeds {
  readonly file: string;
  readonly markets: readonly string[];
  readonly timeframe: string;
  /** Markets that it reads and does not trade. */
  readonly reads?: readonly string[];
  /** Columns that it reads besides candles. */
  readonly wanted?: readonly MarketColumn[];
  /** Its market is read beside another one: a single file of another name does not stand in for it. */
  readonly isBeside?: boolean;
  /** The same of a market that is traded beside others. */
  readonly isOneOfMany?: boolean;
  /** Where it says by what markets are chosen, in the place of `markets`. */
  readonly universe?: UniverseNames;
  /** Markets that could have been members of it, with what is in the way; left out: none is known. */
  readonly leftOut?: readonly string[];
}

export interface MarketDataRequest {
  /** `PATH` or `MARKET=PATH`, as given. */
  readonly data: readonly string[];
  /** Length of the bars that the strategy runs on; null = its `trade` line. */
  readonly timeframe: Timeframe | null;
  /** Half-open range of open times, ms; null = open. */
  readonly from: number | null;
  readonly to: number | null;
  /** Market capitalisations of files; left out: none were given. */
  readonly caps?: CapData;
}

/** Gaps are those of the market's calendar, where venue and market tell it. */
const readFile: typeof readCandleFile = (path, options) => readCandleFile(path, { ...options, gapsOf: usualGaps });

/** `candlesOfMarket` of files on the disk. @throws StratError as it does, and those of the candle reader */
export function loadMarketData(strategy: DataNeeds, request: MarketDataRequest): MarketData {
  return candlesOfMarket(strategy, request, readFile);
}

/**
 * `candlesOfMarkets` of files on the disk.
 * @param stored candles that were read from the data store, by names that stand among those of files
 * @throws StratError as `loadMarketData`
 */
export function loadMarkets(
  strategy: DataNeeds,
  request: MarketDataRequest,
  stored: ReadonlyMap<string, CandleFile> = new Map(),
): readonly MarketData[] {
  const { caps = new Map() } = request;
  return candlesOfMarkets(strategy, request, (path, options) =>
    withCaps(stored.get(path) ?? readFile(path, options), options.wanted ?? [], caps),
  );
}
