import type { MarketBar } from 'strat/model/bar';
import type { Columns } from 'strat/model/columns';
import { parseTimeframe } from 'strat/model/timeframe';
import { createBarPace } from 'strat/ports/bar-pace';
import type { BarFeedPort } from 'strat/ports/bar-feed';
import type { FeedWish } from 'strat/ports/exchange';
import type { PluginContext, PluginInstance } from 'strat/ports/plugin';
import type { ReplayConfig } from './schema.ts';

/** Feeds of candle files. All feeds of one market share their candles and one pace. */
export function setup(config: ReplayConfig, context: PluginContext): PluginInstance<'exchange'> {
  const feeds = new Map<string, BarFeedPort>();
  return {
    port: {
      can: { bars: true, orders: false },
      openFeed: async (market, timeframe, _, wish) => {
        const key = [market, timeframe, wish?.isBeside === true, ...(wish?.columns ?? []).toSorted()].join(' ');
        const feed = feeds.get(key) ?? replayFeed(market, timeframe, wish, config, context);
        feeds.set(key, feed);
        return feed;
      },
    },
  };
}

function replayFeed(
  market: string,
  timeframe: string,
  wish: FeedWish | undefined,
  config: ReplayConfig,
  context: PluginContext,
): BarFeedPort {
  const { columns, further, file, sha256, warnings } = context.candles.load(config.files, market, timeframe, wish);
  const extra = [...further];
  const pace = createBarPace(context.clock, config.speed === 'max' ? Infinity : config.speed);
  const rows = columns.time.length;
  return {
    description: { kind: 'replay', file, sha256 },
    market,
    timeframe,
    stepMs: parseTimeframe(timeframe)?.stepMs ?? 0,
    rows,
    isSynthetic: false,
    warnings,
    columns: extra.map(([name]) => name),
    bar: (index) => {
      if (index >= rows) return null;
      const bar = barAt(columns, index);
      return extra.length === 0 ? bar : { ...bar, further: Object.fromEntries(extra.map(([name, values]) => [name, values[index]!])) };
    },
    due: pace.due,
  };
}

function barAt({ time, open, high, low, close, volume }: Columns, index: number): MarketBar {
  return {
    time: time[index]!,
    open: open[index]!,
    high: high[index]!,
    low: low[index]!,
    close: close[index]!,
    volume: volume[index]!,
  };
}
