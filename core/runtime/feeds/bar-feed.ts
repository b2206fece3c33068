import { createMarketGenerator, type MarketGenerator, type MarketGeneratorOptions } from '#core/data/market-generator.ts';
import { barSource } from '#core/data/columns/program-columns.ts';
import { SyntheticFunding } from '#core/data/funding-generator.ts';
import { isPerpetual } from '#core/model/market.ts';
import type { MarketBar } from '#core/model/bar.ts';
import type { MarketColumn } from '#core/model/chart-column.ts';
import type { Columns } from '#core/model/columns.ts';
import type { Timeframe } from '#core/model/timeframe.ts';
import type { BarFeedPort, FeedDescription } from '#core/ports/bar-feed.ts';
import { columnsDigest } from '../columns-digest.ts';
import type { MarketData, MarketSeries } from '../market-data.ts';
import { SYNTHETIC_START } from '../synthetic-market-data.ts';

/** Candles of one market by index: "the next bar" after a restart is exact, whatever happened in between. */
export interface BarFeed {
  readonly description: FeedDescription;
  readonly market: string;
  readonly timeframe: Timeframe;
  /** Bars in all; Infinity when the market never ends. */
  readonly rows: number;
  /** As of the port: of a feed whose bars are not all there yet. */
  readonly known?: NonNullable<BarFeedPort['known']>;
  readonly trouble?: NonNullable<BarFeedPort['trouble']>;
  readonly onNews?: NonNullable<BarFeedPort['onNews']>;
  /** Bar `index`; null when there are no more, or it is not known yet. Bars are asked for in order; going back is allowed and may cost time. */
  readonly bar: (index: number) => MarketBar | null;
  /** What its bars have besides the candle. */
  readonly columns: readonly MarketColumn[];
  /** SHA-256 of what the columns are from: the file's bytes, or the generated columns themselves. */
  readonly sha256: (columns: Columns) => string;
  readonly warnings: readonly string[];
  /** Of the markets that the strategy reads besides this one, by name, on the same timeframe. */
  readonly others: ReadonlyMap<string, BarFeed>;
}

/** The bars of a candle file, oldest first. */
export function replayFeed(data: MarketData): BarFeed {
  const others = data.others.map((other) => [other.market, seriesFeed(other, new Map())] as const);
  return seriesFeed(data, new Map(others));
}

function seriesFeed(series: MarketSeries, others: BarFeed['others']): BarFeed {
  const { columns, further, market, timeframe, sha256, file, warnings } = series;
  return {
    description: { kind: 'replay', file, sha256 },
    market,
    timeframe,
    rows: columns.time.length,
    bar: barSource(columns, further),
    columns: [...further.keys()],
    sha256: () => sha256,
    warnings,
    others,
  };
}

/** A generated market that never ends, the one that `strat backtest --synthetic SEED` runs on. */
export function simFeed(market: string, timeframe: Timeframe, seed: number): BarFeed {
  const options: MarketGeneratorOptions = { seed, stepMs: timeframe.stepMs, startTime: SYNTHETIC_START, startPrice: 30_000, tick: 0.01 };
  const isFunded = isPerpetual(market);
  let generator: MarketGenerator = createMarketGenerator(options);
  let funding = new SyntheticFunding(seed);
  let next = 0;
  const nextBar = (): MarketBar => {
    next += 1;
    const bar = generator.next();
    return isFunded ? { ...bar, further: { funding_rate: funding.rate(bar) } } : bar;
  };
  return {
    description: { kind: 'sim', seed },
    market,
    timeframe,
    rows: Infinity,
    bar: (index) => {
      if (index < next) {
        generator = createMarketGenerator(options);
        funding = new SyntheticFunding(seed);
        next = 0;
      }
      for (let skipped = index - next; skipped > 0; skipped--) nextBar();
      return nextBar();
    },
    columns: isFunded ? ['funding_rate'] : [],
    sha256: columnsDigest,
    warnings: [`synthetic market, seed ${seed}: made by a generator, it says nothing about real markets`],
    others: new Map(),
  };
}
